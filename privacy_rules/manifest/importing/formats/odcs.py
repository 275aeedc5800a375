"""Open Data Contract Standard v3: one system for each contract, which stores what its schemas describe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.manifest.importing.draft import Draft, DraftEntity, Placed
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.manifest.nodes import MAX_DEPTH

_UNITS = {"d": "days", "day": "days", "days": "days", "y": "years", "yr": "years", "year": "years", "years": "years"}
_UNITS |= {"m": "months", "month": "months", "months": "months", "w": "weeks", "week": "weeks", "weeks": "weeks"}


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read contracts."""
    for source in sources:
        _contract(source.top, draft)


def _contract(top: Field, draft: Draft) -> None:
    key = top["id"] if top["id"].text() else top["name"]
    name = key.text()
    if name is None:
        top.lose("a contract without `id`")
        return
    system = draft.system(name, key)
    for each in top["schema"].maps():
        object_ = each["name"].text() or ""
        for field, path in _properties(each):
            system.add("stores", _data(field, object_, path, draft), field)
    for each in top["servers"].maps():
        draft.put_term(system, "kind", "kinds", each["type"])
    draft.set_owner(system, top["team"]["name"] if type(top["team"].node) is dict else top["tenant"])
    roles = [each["role"].text() for each in top["roles"].maps()]
    system.put("access", ", ".join(each for each in roles if each) or None, top["roles"])
    system.put_tags(top["tags"])
    _retention(top, system)


def _properties(schema: Field) -> Iterator[tuple[Field, str]]:
    """The properties of an object that hold data, at any depth, each with its dotted name."""
    waiting = [(each, "", 0) for each in reversed(list(schema["properties"].maps()))]
    while waiting:
        each, outer, depth = waiting.pop()
        name = each["name"].text() or ""
        path = f"{outer}.{name}" if outer else name
        inner = list(each["properties"].maps()) if depth < MAX_DEPTH else []
        items = each["items"]
        if depth < MAX_DEPTH and type(items.node) is dict:
            inner += items["properties"].maps()
        if not inner:
            yield each, path
        waiting += [(one, path, depth + 1) for one in reversed(inner)]


def _data(field: Field, object_: str, path: str, draft: Draft) -> list[Placed]:
    """The categories of a property: by its full name, its tags, its classification, else by its own name."""
    last = path.rpartition(".")[2]
    candidates = [("data", f"{object_}.{path}"), *(("tags", each.text()) for each in field["tags"].texts())]
    candidates += [("data", last), ("classifications", field["classification"].text())]
    return draft.data(candidates, last, field["name"] or field)


def _retention(top: Field, system: DraftEntity) -> None:
    """How long data is kept, if the contract gives one period for all of it."""
    for each in top["slaProperties"].maps():
        if each["property"].text() != "retention":
            continue
        value, unit = each["value"].text(), _UNITS.get((each["unit"].text() or "").lower())
        if each["element"].text() or value is None or unit is None or not value.isdecimal():
            each.lose("the retention of a part, or in an unknown unit")
        else:
            system.put("retention", f"{value} {unit}", each["value"])
