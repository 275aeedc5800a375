"""Bearer data-flow reports: the kinds of data that code handles, and the services and stores that it calls."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from privacy_rules.manifest.importing.draft import Draft, Placed
from privacy_rules.manifest.importing.fields import Field, Source

_OF_SCHEMAS = ("schema_rb", "sql")
"""The detectors that look at the schemas of databases."""


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read reports. A report does not name the code: its system has the name of the report's file."""
    for source in sources:
        _report(source, draft)


def _report(source: Source, draft: Draft) -> None:
    top = source.top
    name = PurePosixPath(source.document.name).name.rpartition(".")[0] or source.document.name
    system = draft.system(name, top)
    for each in top["data_types"].maps():
        word = each["name"]
        found = draft.terms("data", [word])
        detectors = [one["name"].text() for one in each["detectors"].maps()]
        if any(one not in _OF_SCHEMAS for one in detectors):
            system.add("uses", [Placed({"data": one}, one.at) for one in found], word)
        if any(one in _OF_SCHEMAS for one in detectors):
            system.add("stores", found, word)
    for each in top["components"].maps():
        _component(name, each, draft)


def _component(system: str, field: Field, draft: Draft) -> None:
    """A flow to a component that the code calls; the report does not say which data flows."""
    name = field["name"].text()
    if name is None:
        field.lose("a component without `name`")
        return
    called = draft.system(name, field["name"])
    draft.put_term(called, "kind", "kinds", field.first("sub_type", "type"))
    draft.flow(system, name, field["name"])
