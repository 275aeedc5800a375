"""Open Threat Model: components, data flows, assets and trust zones."""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.manifest.importing.draft import Draft, DraftEntity, Placed
from privacy_rules.manifest.importing.fields import Field, Source


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read models."""
    for source in sources:
        _model(source.top, draft)


def _model(top: Field, draft: Draft) -> None:
    zones = {each["id"].text(): each for each in top["trustZones"].maps()}
    parents = {each["id"].text(): each["parent"] for each in top["components"].maps()}
    for each in top["components"].maps():
        name = each["id"].text()
        if name is None:
            each.lose("a component without `id`")
            continue
        system = draft.system(name, each["id"])
        draft.put_term(system, "kind", "kinds", each["type"])
        _zone(system, each["parent"], zones, parents, draft)
        stored = each["assets"]["stored"] if each["assets"] else each["assets"]
        if stored.texts():
            system.add("stores", _data(stored, draft), stored)
        for one in each["assets"]["processed"].texts() if each["assets"] else ():
            one.lose("it does not say whether the component uses it for its own purposes")
        system.put_tags(each["tags"])
    for each in top["dataflows"].maps():
        _flow(each, draft)


def _zone(
    system: DraftEntity, parent: Field, zones: dict[str | None, Field], parents: dict[str | None, Field], draft: Draft
) -> None:
    """The trust zone of a component, or of the component that it is part of."""
    seen = set[str]()
    while parent["component"].text() and parent["component"].text() not in seen:
        seen.add(parent["component"].text() or "")
        outer = parents.get(parent["component"].text())
        if outer is None:
            return
        parent = outer
    word = parent["trustZone"].text()
    zone = zones.get(word)
    if word is not None:
        draft.set_zone(system, parent["trustZone"], (zone["name"].text() if zone else None) or word)


def _data(listed: Field, draft: Draft) -> list[Placed]:
    return draft.terms("data", listed.texts())


def _flow(field: Field, draft: Draft) -> None:
    source, target = field["source"].text(), field["destination"].text()
    if source is None or target is None:
        field.lose("a data flow without both ends")
        return
    name = field["id"].text() or f"{source} -> {target}"
    ways = [(name, source, target)]
    if field["bidirectional"].flag():
        ways.append((f"{name} (back)", target, source))
    for id_, one, other in ways:
        flow = draft.flow(one, other, field["id"] or field, id_)
        if field["assets"].texts():
            flow.add("carries", _data(field["assets"], draft), field["assets"])
        flow.put_tags(field["tags"])
