"""The estate: everything that the manifests of one check declare, merged and checked, each value with its place.

`declared` has the values that an entity declares itself: an absent key is undeclared, None is `null` (declared as not
known). `defaults` has the values that the entity's file declares for its kind, and those that some file declares for
all files (`shared_defaults`). Both hold values in the form of the attribute's type (see `vocabulary/values.py`): terms
and ids as str, sets as sorted tuples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Protocol

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item, Transform, Value

PathKey = tuple[str | int, ...]


_WITH_FACTS = ("carries", "purposes")
_NONE_SHARED: Mapping[str, Span | None] = {}


class Located(Protocol):
    """A document that knows the places of the values in it."""

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """The place of the value (with `key`, of its key) at a path, or of the nearest enclosing value; None without a text."""
        ...


@dataclass(frozen=True, slots=True)
class Declaration:
    """The declaration of an entity: a document, and the path of the entity in it."""

    document: Located
    path: PathKey

    def place(self, *inner: str | int) -> Span | None:
        """The place of the entity (of its id, if that is a key), or of an attribute: `place("covers", "data")`."""
        named = not inner and isinstance(self.path[-1], str)
        return self.document.place(self.path + inner, named)


@dataclass(frozen=True, slots=True)
class Record:
    """One declared entity. `where` is None if the estate came from Python data.

    `shared` has the places of those `defaults` that are shared ones.
    """

    entity: Entity
    id: str
    declared: Mapping[str, Value | None]
    defaults: Mapping[str, Value | None] = field(default_factory=dict)
    where: Declaration | None = None
    shared: Mapping[str, Span | None] = field(default_factory=lambda: _NONE_SHARED)

    def location(self, attribute: str | None = None) -> Span | None:
        """The place of the attribute's declaration, else of its default, else of the entity."""
        if self.where is None:
            return None
        if attribute is None:
            return self.where.place()
        inner = tuple(attribute.split(".")) if self.entity is Entity.CONTRACT else (attribute,)
        if attribute in self.declared:
            return self.where.place(*inner)
        if attribute in self.shared:
            return self.shared[attribute]
        if attribute in self.defaults:
            return self.where.document.place(("defaults", self.entity.value, *inner))
        return self.where.place()

    def location_in_item(self, item: Item | Transform, attribute: str) -> Span | None:
        """The place where an item of one of the entity's lists declares an attribute of its own, else of the item."""
        listed: tuple[object, ...] = self.declared.get(item.within) or ()  # type: ignore[assignment]
        if self.where is None or item not in listed:
            return self.location(item.within)
        return self.where.place(item.within, listed.index(item), attribute)

    def stated(self, attribute: str) -> Value | None:
        """Return the declared or default value of an attribute, with items as items; None if undeclared or null."""
        return self.declared[attribute] if attribute in self.declared else self.defaults.get(attribute)

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties that a contract names, by `with` or `between`."""
        other, several = self.declared.get("with"), self.declared.get("between")
        return (other,) if isinstance(other, str) else several or ()  # type: ignore[return-value]

    @property
    def items(self) -> tuple[Item, ...] | None:
        """A system's stored items, its own or by default; None if `stores` is undeclared or null."""
        return self.stated("stores")  # type: ignore[return-value]

    def items_of(self, attribute: str) -> tuple[Item | Transform, ...]:
        """Return the items of a list; none if it is undeclared, or if its values are not items."""
        listed = self.stated(attribute)
        return tuple(each for each in listed if isinstance(each, Item | Transform)) if isinstance(listed, tuple) else ()

    @property
    def uses(self) -> tuple[Item, ...] | None:
        """Return the declared or default items of `uses`; None if undeclared or null."""
        return self.stated("uses")  # type: ignore[return-value]

    @property
    def states_facts(self) -> bool:
        """Whether a flow states facts of single data or purposes.

        Most flows do not, and there may be very many flows.
        """
        declared, defaults = self.declared, self.defaults
        for name in _WITH_FACTS:
            listed = declared[name] if name in declared else defaults.get(name)
            if listed and type(listed[0]) is Item:  # type: ignore[index]
                return True
        return False

    def facts(self, attribute: str) -> Mapping[str, Item]:
        """The items by term of a flow's `carries` or `purposes`, if one of them states something of its own; else empty."""
        listed = self.stated(attribute)
        if not (isinstance(listed, tuple) and listed and isinstance(listed[0], Item)):
            return {}
        return {each.term: each for each in listed if isinstance(each, Item)}

    def origins(self) -> Iterator[tuple[Item | None, Value | None]]:
        """Yield the declared origins: that of a flow itself (None), and that of each item of `carries` or `stores`."""
        if "origin" in self.declared or "origin" in self.defaults:
            yield None, self.stated("origin")
        for item in (self.items if self.entity is Entity.SYSTEM else self.facts("carries").values()) or ():
            own = dict(item.declared)
            if "origin" in own:
                yield item, own["origin"]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...] | None:
        """A system's joins; None if undeclared or null."""
        return self.stated("joins")  # type: ignore[return-value]

    @property
    def transforms(self) -> tuple[Transform, ...] | None:
        """A system's transforms; None if undeclared or null."""
        return self.stated("transforms")  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that is tolerated until the day before `until`, with a reason and who approved it."""

    rule: str
    subject: str
    reason: str
    approved_by: str
    until: date
    from_: date | None = None
    data: tuple[str, ...] | None = None
    location: Span | None = None

    def in_force(self, day: date) -> bool:
        """Whether it applies on a day."""
        return (self.from_ is None or self.from_ <= day) and day < self.until


@dataclass(frozen=True, slots=True)
class Estate:
    """All declared entities by id, and the statements of the files about the estate as a whole."""

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

    @property
    def size(self) -> int:
        """How many parties, systems, flows and contracts there are."""
        return sum(map(len, (self.parties, self.systems, self.flows, self.contracts)))

    def records(self, entity: Entity) -> Mapping[str, Record]:
        """All entities of a kind, by id; the organisation's id is `organisation`."""
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
