"""The formats of other tools that are read as manifests: how each is recognised, and the module that reads it.

A new format is a module in `formats/` with a function `read(sources, draft)`, a line here, a section in `docs/importing.md` and a fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from importlib import import_module

from privacy_rules.manifest.importing.draft import Draft
from privacy_rules.manifest.importing.fields import Source
from privacy_rules.manifest.nodes import Node
from privacy_rules.source.fast_dataclasses import dataclass

_LOOKED_AT = 50
"""How many items of a list are checked to recognise a format."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `recognises` says whether data is clearly in it."""

    name: str
    title: str
    recognises: Callable[[Node], bool]

    def read(self, sources: Iterable[Source], draft: Draft) -> None:
        """Read files into a draft. Errors go to their sinks."""
        import_module(f"privacy_rules.manifest.importing.formats.{self.name}").read(sources, draft)


def _has(data: Node, *keys: str) -> bool:
    return type(data) is dict and all(key in data for key in keys)


def _says(data: Node, key: str, start: str) -> bool:
    return type(data) is dict and isinstance(data.get(key), str) and data[key].startswith(start)


def _first(data: Node, key: str) -> list[Node]:
    """The first items of a list in a map."""
    found = data.get(key) if type(data) is dict else None
    return found[:_LOOKED_AT] if type(found) is list else []


def _fides(data: Node) -> bool:
    items = (each for key in _FIDES for each in _first(data, key))
    return any(_has(each, "fides_key") or _has(each, "fidesKey") for each in items)


_FIDES = ("system", "dataset", "organization", "policy", "registry", "data_category", "data_use", "data_subject")


def _openlineage(data: Node) -> bool:
    events = data[:_LOOKED_AT] if type(data) is list else [data]
    return any(
        (_has(each, "job") and any(_has(each, key) for key in ("inputs", "outputs", "eventType", "run")))
        or _has(each, "dataset", "eventTime", "producer")
        for each in events
    )


def _dbt(data: Node) -> bool:
    metadata = data.get("metadata") if type(data) is dict else None
    return _has(data, "nodes") and isinstance(metadata, dict) and "dbt_schema_version" in metadata


def _odcs(data: Node) -> bool:
    return _says(data, "kind", "DataContract") and _says(data, "apiVersion", "v3")


def _backstage(data: Node) -> bool:
    entities = data[:_LOOKED_AT] if type(data) is list else [data]
    return any(_says(each, "apiVersion", "backstage.io/") for each in entities)


def _pytm(data: Node) -> bool:
    return _has(data, "elements", "flows") and any(
        _has(data, key) for key in ("boundaries", "isOrdered", "onDuplicates")
    )


def _bearer(data: Node) -> bool:
    return _has(data, "data_types") and any(_has(data, key) for key in ("components", "risks", "dependencies"))


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "tables of systems and flows", lambda _: False),
        Format("fides", "Fides resources", _fides),
        Format("threagile", "a Threagile model", lambda data: _has(data, "threagile_version")),
        Format("openlineage", "OpenLineage events", _openlineage),
        Format("dbt", "a dbt manifest", _dbt),
        Format("odcs", "a data contract (ODCS v3)", _odcs),
        Format("cyclonedx", "a CycloneDX document", lambda data: _says(data, "bomFormat", "CycloneDX")),
        Format("otm", "an Open Threat Model", lambda data: _has(data, "otmVersion")),
        Format("pytm", "a pytm model", _pytm),
        Format("backstage", "Backstage catalogue entities", _backstage),
        Format("bearer", "a Bearer data-flow report", _bearer),
    )
}
"""The formats by name. A table is recognised by its file extension."""


def recognised(data: Node) -> Format | None:
    """The format that the data is clearly in; None if there is none."""
    if type(data) not in (dict, list) or _has(data, "manifest"):
        return None
    return next((each for each in FORMATS.values() if each.recognises(data)), None)


def listing(names: Collection[str] = tuple(FORMATS)) -> str:
    """The names of formats as a list for a message."""
    return ", ".join(f"`{each}`" for each in names)
