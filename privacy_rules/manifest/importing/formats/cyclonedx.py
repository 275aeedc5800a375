"""CycloneDX services (SaaSBOM): who provides them, and the data that flows in and out, by classification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from privacy_rules.manifest.importing.draft import Draft
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.manifest.nodes import MAX_DEPTH

_WAYS = {"inbound": ("in",), "outbound": ("out",), "bi-directional": ("in", "out")}
_BOM_LINK = "urn:cdx:"


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read documents. All services come first, because data may flow between any of them."""
    services = [each for source in sources for each in _services(source.top)]
    named = [(name, each) for each in services if (name := _name(each)) is not None]
    for name, each in named:
        system = draft.system(name, each["bom-ref"] or each["name"])
        provider = each["provider"]["name"] if each["provider"] else each["provider"]
        if provider.text():
            system.put("party", draft.party(provider.text() or "", provider), provider)
        draft.set_zone(system, each["trustZone"])
        system.put_tags(each["tags"])
    for name, each in named:
        for data in each["data"].maps():
            _data(name, data, draft)


def _services(top: Field) -> Iterator[Field]:
    """The services, and those inside them."""
    waiting = [(each, 0) for each in top["services"].maps()]
    while waiting:
        each, depth = waiting.pop(0)
        yield each
        if depth < MAX_DEPTH:
            waiting += [(one, depth + 1) for one in each["services"].maps()]


def _name(service: Field) -> str | None:
    """The reference of a service, else its group and name."""
    ref, name, group = (service[key].text() for key in ("bom-ref", "name", "group"))
    if ref is None and name is None:
        service.lose("a service without `bom-ref` and `name`")
    return ref or (f"{group}/{name}" if group and name else name)


def _data(service: str, data: Field, draft: Draft) -> None:
    """A flow for each direction and each other end. Data without another end is lost."""
    word = data["classification"]
    ways = _WAYS.get(data["flow"].text() or "")
    ends = {"in": data["source"].texts(), "out": data["destination"].texts()}
    if ways is None or not any(ends[way] for way in ways):
        data.lose("it does not say where the data comes from or goes to")
        return
    for way in ways:
        for end in ends[way]:
            other = _end(end.text() or "")
            source, target = (other, service) if way == "in" else (service, other)
            flow = draft.flow(source, target, data)
            if word.text():
                draft.put_terms(flow, "carries", "classifications", [word], word)


def _end(link: str) -> str:
    """The system that a link names: the reference in a link to a BOM, else the address itself."""
    if link.startswith(_BOM_LINK) and "#" in link:
        return unquote(link.partition("#")[2])
    return link
