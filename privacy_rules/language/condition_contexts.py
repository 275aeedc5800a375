"""The kinds of place that a condition may be in, and the names that mean something at each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from privacy_rules.language.policy import Owner, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import METHOD, Attribute, Entity, is_item_attribute


class Site(StrEnum):
    """What a condition is about; the values are its names in messages."""

    FLOW = "a flow"
    COLLECTED = "a collection in `collected with`"
    SYSTEM = "a system"
    STORAGE = "a storage"
    JOINING = "a joining"
    USE = "a use"
    DERIVATION = "a derivation"
    PARTY = "a party"
    CONTRACT = "a contract"
    ORGANISATION = "the organisation"
    END = "the end that a selector tests"
    OWNER = "an owner in `owned by`"
    TERMS = "a contract in `under contract`"


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of place: its site, and whether one datum and one purpose are judged there."""

    site: Site
    datum: bool = False
    purpose: bool = False

    def terms(self) -> Place:
        """Return the place inside `under contract (…)`."""
        return Place(Site.TERMS, self.datum, self.purpose)


END = Place(Site.END)
OWNER = Place(Site.OWNER)
COLLECTED = Place(Site.COLLECTED)
_OF_KINDS = {
    Kind.FLOW: Place(Site.FLOW, datum=True, purpose=True),
    Kind.STORAGE: Place(Site.STORAGE, datum=True),
    Kind.SYSTEM: Place(Site.SYSTEM),
    Kind.JOINING: Place(Site.JOINING),
    Kind.USE: Place(Site.USE, datum=True, purpose=True),
    Kind.DERIVATION: Place(Site.DERIVATION),
    Kind.PARTY: Place(Site.PARTY),
    Kind.CONTRACT: Place(Site.CONTRACT),
    Kind.ORGANISATION: Place(Site.ORGANISATION),
}
PLACES = (
    *_OF_KINDS.values(),
    COLLECTED,
    END,
    OWNER,
    *dict.fromkeys(place.terms() for place in _OF_KINDS.values()),
)
"""Every kind of place."""

FLOWS = (Site.FLOW, Site.COLLECTED)
IN_SYSTEMS = (Site.STORAGE, Site.JOINING, Site.USE, Site.DERIVATION)
_SYSTEMS = (Site.SYSTEM, *IN_SYSTEMS, Site.END)
_WITH_ITEMS = (Site.STORAGE, Site.USE, Site.DERIVATION)
_ONE_ENTITY = {
    Site.PARTY: (Entity.PARTY, Owner.PARTY),
    Site.OWNER: (Entity.PARTY, Owner.PARTY),
    Site.CONTRACT: (Entity.CONTRACT, Owner.CONTRACT),
    Site.TERMS: (Entity.CONTRACT, Owner.CONTRACT),
    Site.ORGANISATION: (Entity.ORGANISATION, Owner.ORGANISATION),
}
_ENDS = {"source": Side.SOURCE, "recipient": Side.RECIPIENT}


def place_of(kind: Kind) -> Place:
    """Return the place of a rule's conditions."""
    return _OF_KINDS[kind.family]


Lookup = tuple[Side, Owner, Attribute]


class Names:
    """The attributes that names mean at each kind of place."""

    def __init__(self, attributes: Mapping[tuple[Entity, str], Attribute]) -> None:
        self._attributes = attributes
        self._entities: dict[str, list[Entity]] = {}
        for entity, name in attributes:
            self._entities.setdefault(name, []).append(entity)

    def find(self, name: str, place: Place) -> Lookup | None:
        """Return the side, owner and attribute that a name means at a place, or None."""
        if place.site in _ONE_ENTITY:
            entity, owner = _ONE_ENTITY[place.site]
            return _whose(Side.SUBJECT, owner, self._attributes.get((entity, name)))
        if place.site in _SYSTEMS:
            if place.site is Site.DERIVATION and name == METHOD.name:
                return Side.SUBJECT, Owner.ITEM, METHOD
            return self._of_system(name, Side.SUBJECT, place.site in _WITH_ITEMS)
        end, _, rest = name.partition(".")
        if rest:
            return self._of_system(rest, _ENDS[end], items=False) if end in _ENDS else None
        return _whose(Side.SUBJECT, Owner.FLOW, self._attributes.get((Entity.FLOW, name)))

    def entities(self, name: str) -> list[Entity]:
        """Return the entities with an attribute of that name, with or without a prefix such as `source.`."""
        return self._entities.get(name) or self._entities.get(name.rpartition(".")[2], [])

    def known(self, place: Place) -> Iterable[str]:
        """Yield the names that mean something at a place, as suggestions for a typo."""
        if place.site is Site.DERIVATION:
            yield METHOD.name
        for entity, name in self._attributes:
            if place.site in _ONE_ENTITY:
                fits = entity is _ONE_ENTITY[place.site][0]
            elif place.site in _SYSTEMS:
                fits = entity in (Entity.SYSTEM, Entity.PARTY)
            else:
                fits = entity is Entity.FLOW
                if entity in (Entity.SYSTEM, Entity.PARTY):
                    yield f"source.{name}"
                    yield f"recipient.{name}"
            if fits:
                yield name

    def _of_system(self, name: str, side: Side, items: bool) -> Lookup | None:
        entity, _, rest = name.partition(".")
        if rest:
            if entity not in ("system", "party"):
                return None
            return _whose(side, Owner(entity), self._attributes.get((Entity(entity), rest)))
        if found := self._attributes.get((Entity.SYSTEM, name)):
            return side, Owner.ITEM if items and is_item_attribute(found) else Owner.SYSTEM, found
        return _whose(side, Owner.PARTY, self._attributes.get((Entity.PARTY, name)))


def _whose(side: Side, owner: Owner, attribute: Attribute | None) -> Lookup | None:
    return (side, owner, attribute) if attribute else None
