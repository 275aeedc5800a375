"""An estate as plain data for exporters. It counts what no exporter takes: that is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from privacy_rules.manifest import write
from privacy_rules.manifest.model import Estate
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity

_SECTIONS = {
    "parties": Entity.PARTY,
    "systems": Entity.SYSTEM,
    "flows": Entity.FLOW,
    "contracts": Entity.CONTRACT,
}
Identifiers = Mapping[str, Mapping[str, str]]
"""The identifier of a term in a published vocabulary, by section of a map (such as `data`) and by term."""


class EntityData:
    """The attributes of one entity. What is undeclared, or `null`, is absent."""

    def __init__(self, section: str, name: str, values: Mapping[str, Any], lost: Counter[str]) -> None:
        self.id, self._section, self._lost = name, section, lost
        self._left = {key: value for key, value in values.items() if value is not None}

    def text(self, name: str) -> str | None:
        """Take an attribute with one value. One with several values stays, and so is lost."""
        value = self._left.get(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None or isinstance(value, (list, dict)):
            return None
        del self._left[name]
        return _text(value)

    def texts(self, name: str) -> list[str] | None:
        """Take a list of terms or words. The facts that belong to one of its items are lost."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        return [self._item(name, each) for each in (value if isinstance(value, list) else [value])]

    def _item(self, name: str, item: Any) -> str:
        if not isinstance(item, dict):
            return _text(item)
        facts = dict(item)
        term = facts.pop("data" if "data" in facts else "purpose")
        self._lost.update(f"{self._section}.{name}.{each}" for each in facts)
        return _text(term)

    def maps(self, name: str) -> list[dict[str, Any]]:
        """Take a list of maps, such as `transforms`."""
        value = self._left.pop(name, None)
        return [each for each in value or () if isinstance(each, dict)]

    def has(self, name: str) -> bool:
        """Whether an attribute is declared and not taken."""
        return name in self._left

    def has_items(self, name: str) -> bool:
        """Whether a list is declared, not empty and not taken."""
        return bool(self._left.get(name))

    def lose(self, name: str) -> None:
        """Count something that the format cannot hold."""
        self._lost[f"{self._section}.{name}"] += 1

    def count_what_is_left(self) -> None:
        """Count the attributes that nobody took."""
        for name in self._left:
            self.lose(name)
        self._left = {}


@dataclass(slots=True)
class EstateData:
    """An estate as plain data. `lost` counts what the format cannot hold, by its path in a manifest."""

    title: str
    identifiers: Identifiers = field(default_factory=dict)
    parties: dict[str, EntityData] = field(default_factory=dict)
    systems: dict[str, EntityData] = field(default_factory=dict)
    flows: dict[str, EntityData] = field(default_factory=dict)
    contracts: dict[str, EntityData] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, estate: Estate, identifiers: Identifiers) -> EstateData:
        """The data of an estate. A default of a file becomes a value of each entity that it applies to."""
        made = cls(estate.name or "estate", identifiers)
        for section, entity in _SECTIONS.items():
            for name, record in estate.records(entity).items():
                made.add(section, name, write.record(record, defaults=True))
        if estate.organisation.declared:
            made.lost["organisation"] += 1
        if estate.waivers:
            made.lost["waivers"] += len(estate.waivers)
        return made

    def add(self, section: str, name: str, values: Mapping[str, Any]) -> None:
        """Add an entity."""
        getattr(self, section)[name] = EntityData(section, name, values, self.lost)

    def entities(self) -> Iterator[EntityData]:
        """All entities."""
        for section in _SECTIONS:
            yield from getattr(self, section).values()

    def count_what_is_left(self) -> None:
        """Count what no exporter took."""
        for each in self.entities():
            each.count_what_is_left()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
