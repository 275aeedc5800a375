"""The formats of other tools that are read as manifests: how each is recognised, and the module that reads it.

A new format is a module in `formats/` with a function `read(sources, draft)`, a line here, a section in `docs/importing.md` and a fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from privacy_rules.manifest.importing.draft import Draft
from privacy_rules.manifest.importing.fields import Source
from privacy_rules.manifest.nodes import Node

_LOOKED_AT = 50
"""How many items of a list are looked at."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `recognises` says whether data clearly is of it."""

    name: str
    title: str
    recognises: Callable[[Node], bool]

    def read(self, sources: Iterable[Source], draft: Draft) -> None:
        """Read files into a draft. What is wrong in them is reported in their sinks."""
        import_module(f"privacy_rules.manifest.importing.formats.{self.name}").read(sources, draft)


def _has(data: Node, *keys: str) -> bool:
    return type(data) is dict and all(key in data for key in keys)


def _says(data: Node, key: str, start: str) -> bool:
    return type(data) is dict and isinstance(data.get(key), str) and data[key].startswith(start)


def _fides(data: Node) -> bool:
    if type(data) is not dict:
        return False
    listed = (data.get(key) for key in _FIDES)
    items = (each for found in listed if type(found) is list for each in found[:_LOOKED_AT])
    return any(_has(each, key) for each in items for key in ("fides_key", "fidesKey"))


_FIDES = ("system", "dataset", "organization", "policy", "registry", "data_category", "data_use", "data_subject")


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "tables of systems and flows", lambda _: False),
        Format("fides", "Fides resources", _fides),
    )
}
"""The formats by name. A table is recognised by the ending of its file."""


def recognised(data: Node) -> Format | None:
    """The format that data clearly is of."""
    if type(data) not in (dict, list) or _has(data, "manifest"):
        return None
    return next((each for each in FORMATS.values() if each.recognises(data)), None)


def listing(names: Collection[str] = tuple(FORMATS)) -> str:
    """The names for a message."""
    return ", ".join(f"`{each}`" for each in names)
