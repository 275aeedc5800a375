"""Threagile models: technical assets, their communication links in both directions, data assets and trust boundaries."""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.manifest.importing.draft import Draft, Placed
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.source import codes

UNKNOWN_TECHNOLOGY, UNKNOWN_PROTOCOL = "unknown-technology", "unknown-protocol"
"""Threagile's words for what a model does not say."""
_INCLUDES = "`includes` names other files, which are never read"


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read models."""
    for source in sources:
        _model(source.top, draft)


def _model(top: Field, draft: Draft) -> None:
    if top["includes"]:
        top.source.sink.add(codes.UNREADABLE_DATA, _INCLUDES, ("includes",), help="let Threagile write one model")
    assets = {each["id"].text() or name: each for name, each in top["data_assets"].entries()}
    systems = [(each["id"].text() or name, each) for name, each in top["technical_assets"].entries()]
    for name, each in systems:
        _system(name, each, assets, draft)
    _zones(top, draft)
    for name, each in systems:
        for title, link in each["communication_links"].entries():
            _link(name, title, link, assets, draft)


def _system(name: str, field: Field, assets: dict[str, Field], draft: Draft) -> None:
    system = draft.system(name, field["id"] or field)
    technology = field.first("technology", "technologies")
    for each in technology.texts()[:1] or [field["type"]]:
        if each.text() != UNKNOWN_TECHNOLOGY or draft.map.known("kinds", UNKNOWN_TECHNOLOGY):
            draft.put_term(system, "kind", "kinds", each)
    draft.set_owner(system, field["owner"])
    stored = field["data_assets_stored"]
    if stored:
        system.add("stores", _data(stored, assets, draft), stored)
    for each in field["data_assets_processed"].texts():
        each.lose("it does not say whether the system uses it for its own purposes")
    system.put_tags(field["tags"])


def _data(listed: Field, assets: dict[str, Field], draft: Draft) -> list[Placed]:
    """The categories of data assets, by their id, else by their tags or their confidentiality."""
    found: list[Placed] = []
    for each in listed.texts():
        word = each.text() or ""
        asset = assets.get(word)
        tags = asset["tags"].texts() if asset else []
        candidates = [("data", word), *(("tags", tag.text()) for tag in tags)]
        candidates += [("classifications", asset["confidentiality"].text())] if asset else []
        found += draft.data(candidates, word, each)
    return found


def _zones(top: Field, draft: Draft) -> None:
    """The trust boundaries of systems: the innermost one is the zone, and what a map says about outer ones also applies."""
    boundaries = {each["id"].text() or name: each for name, each in top["trust_boundaries"].entries()}
    outer = {
        inner.text(): name for name, each in boundaries.items() for inner in each["trust_boundaries_nested"].texts()
    }
    for name, each in boundaries.items():
        for inside in each["technical_assets_inside"].texts():
            system = draft.systems.get(inside.text() or "")
            zone: str | None = name
            seen = set[str]()
            while system is not None and zone is not None and zone not in seen:
                seen.add(zone)
                draft.set_zone(system, inside, zone)
                zone = outer.get(zone)


def _link(source: str, title: str, link: Field, assets: dict[str, Field], draft: Draft) -> None:
    """A link is a flow for what is sent, and one back for what is received."""
    target = link["target"].text()
    if target is None:
        link.lose("a link without `target`")
        return
    sent, received = link["data_assets_sent"], link["data_assets_received"]
    ways = [(source, target, sent)] if sent.texts() or not received.texts() else []
    ways += [(target, source, received)] if received.texts() else []
    for one, other, listed in ways:
        flow = draft.flow(one, other, link, f"{one} -> {other}: {title}")
        if link["protocol"].text() != UNKNOWN_PROTOCOL:
            flow.put_text("protocol", link["protocol"])
        flow.put_tags(link["tags"])
        if listed.texts():
            flow.add("carries", _data(listed, assets, draft), listed)
