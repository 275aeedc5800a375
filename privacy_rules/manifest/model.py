"""The estate: what all manifests of one check declare, merged and checked, every value with its place.

`declared` has what is said outright: an absent key is undeclared, None is `null` (said not to be known).
`defaults` has what the entity's own file says once for all of its kind. Both hold values in the form that
the attribute's type calls for (see `vocabulary/values.py`): terms and ids as str, sets as sorted tuples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import StoredItem, Transform, Value

PathKey = tuple[str | int, ...]


class Located(Protocol):
    """A document that can tell where the value (or, with `key`, the key) at a path stands."""

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """The place of the nearest enclosing value that has one; None where the document has no text."""
        ...


@dataclass(frozen=True, slots=True)
class Declaration:
    """Where an entity is declared: a document and the path of the entity in it."""

    document: Located
    path: PathKey

    def place(self, *inner: str | int) -> Span | None:
        """Where the entity (its id, where that is a key), or an attribute of it, stands (`place("covers", "data")`)."""
        named = not inner and isinstance(self.path[-1], str)
        return self.document.place(self.path + inner, named)


@dataclass(frozen=True, slots=True)
class Record:
    """One declared entity. `where` is None in an estate that came from no file."""

    entity: Entity
    id: str
    declared: Mapping[str, Value | None]
    defaults: Mapping[str, Value | None] = field(default_factory=dict)
    where: Declaration | None = None

    def location(self, attribute: str | None = None) -> Span | None:
        """Where the attribute is declared, else where its default is, else where the entity stands."""
        if self.where is None:
            return None
        if attribute is None:
            return self.where.place()
        inner = tuple(attribute.split(".")) if self.entity is Entity.CONTRACT else (attribute,)
        if attribute in self.declared:
            return self.where.place(*inner)
        if attribute in self.defaults:
            return self.where.document.place(("defaults", self.entity.value, *inner))
        return self.where.place()

    def location_in_item(self, item: StoredItem, attribute: str) -> Span | None:
        """Where an item of a system's `stores` declares an attribute of its own."""
        items = self.items or ()
        if self.where is None or "stores" not in self.declared or item not in items:
            return self.location("stores")
        return self.where.place("stores", items.index(item), attribute)

    def _stated(self, attribute: str) -> Value | None:
        return self.declared[attribute] if attribute in self.declared else self.defaults.get(attribute)

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties that a contract names, by `with` or `between`."""
        other, several = self.declared.get("with"), self.declared.get("between")
        return (other,) if isinstance(other, str) else several or ()  # type: ignore[return-value]

    @property
    def items(self) -> tuple[StoredItem, ...] | None:
        """A system's stored items; None where `stores` is undeclared or null (file defaults count)."""
        return self._stated("stores")  # type: ignore[return-value]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...] | None:
        """A system's declared joins; None where undeclared or null."""
        return self._stated("joins")  # type: ignore[return-value]

    @property
    def transforms(self) -> tuple[Transform, ...] | None:
        """A system's declared transforms; None where undeclared or null."""
        return self._stated("transforms")  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding tolerated until a day (which no longer counts), with a reason and who approved it."""

    rule: str
    subject: str
    reason: str
    approved_by: str
    until: date
    from_: date | None = None
    data: tuple[str, ...] | None = None
    location: Span | None = None

    def in_force(self, day: date) -> bool:
        """Whether it shelters on `day`."""
        return (self.from_ is None or self.from_ <= day) and day < self.until


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything declared, merged. Mappings keep the order of declaration; nothing may depend on it."""

    parties: Mapping[str, Record]
    systems: Mapping[str, Record]
    flows: Mapping[str, Record]
    contracts: Mapping[str, Record]
    organisation: Record
    waivers: tuple[Waiver, ...] = ()
    as_of: date | None = None
    name: str | None = None
    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def records(self, entity: Entity) -> Mapping[str, Record]:
        """All entities of a kind by id; the organisation's id is `organisation`."""
        match entity:
            case Entity.PARTY:
                return self.parties
            case Entity.SYSTEM:
                return self.systems
            case Entity.FLOW:
                return self.flows
            case Entity.CONTRACT:
                return self.contracts
            case _:
                return {"organisation": self.organisation}
