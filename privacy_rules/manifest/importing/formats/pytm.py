"""pytm models as JSON: elements, data flows, data and boundaries."""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.manifest.importing.draft import Draft, Placed
from privacy_rules.manifest.importing.fields import Field, Source

_LISTS = ("elements", "actors", "assets")


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read models. pytm lists the same element under several keys."""
    for source in sources:
        data = {each["name"].text(): each for each in source.top["data"].maps()}
        for key in _LISTS:
            for each in source.top[key].maps():
                _system(each, draft)
        for each in source.top["flows"].maps():
            _flow(each, data, draft)


def _system(field: Field, draft: Draft) -> None:
    name = field["name"].text()
    if name is None:
        field.lose("an element without `name`")
        return
    system = draft.system(name, field["name"])
    draft.put_term(system, "kind", "kinds", field["__class__"])
    draft.set_zone(system, field["inBoundary"])


def _flow(field: Field, data: dict[str | None, Field], draft: Draft) -> None:
    source, target = field["source"].text(), field["sink"].text()
    if source is None or target is None:
        field.lose("a flow without both ends")
        return
    name = field["name"].text() or f"{source} -> {target}"
    if name in draft.flows:
        name = f"{name} ({source} -> {target})"
    number = 2
    while name in draft.flows:  # pytm lets several flows have one name
        name, number = f"{name.removesuffix(f' {number - 1}')} {number}", number + 1
    flow = draft.flow(source, target, field["name"] or field, name)
    flow.put_text("protocol", field["protocol"])
    words = field["data"].texts()
    if words:
        flow.add("carries", [said for each in words for said in _data(each, data, draft)], field["data"])


def _data(word: Field, data: dict[str | None, Field], draft: Draft) -> list[Placed]:
    """The categories of data, by its name, else by its classification."""
    name = word.text() or ""
    known = data.get(name)
    classification = known["classification"].text() if known else None
    short = classification.removeprefix("Classification.") if classification else None
    return draft.data([("data", name), ("classifications", short)], name, word)
