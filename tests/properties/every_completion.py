"""Every completion of a small estate, as far as one rule can distinguish completions.

A completion gives each open fact a value: what is undeclared is declared, and what is broad is one or several of the
narrowest terms below it. Beside what a manifest can declare, something may be what a broad name means beside its narrower
ones, none of the terms, or of a party that the manifest does not name.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod
from typing import Any

from privacy_rules.language.policy import (
    CollectedWith,
    Holds,
    OwnedBy,
    Policy,
    Reached,
    Rule,
    UnderContract,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import (
    ITEM_LISTS,
    OWN_OF_ITEMS,
    Attribute,
    Entity,
    Form,
    is_item_attribute,
)
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Item, Transform
from tests.properties.distinguishable_values import NARROWED_ALIKE, DistinguishableValues
from tests.reference.facts import Facts
from tests.reference.terms import FALSE

_DEFAULTED = {"from", "until", "systems", "origin"}
"""Undeclared, they have a value; only `null` is open."""
_ENDS = {"from", "to", "with", "between"}


def widened(policy: Policy) -> Policy:
    """The policy with a term for what each broad name means beside its narrower ones, and for none of the terms."""

    def of(terms: Taxonomy) -> Taxonomy:
        broad = [each for each in terms.terms if len(terms.descendants(each)) > 1]
        others = {f"other {each}": (each,) for each in broad}
        return Taxonomy(terms.name, {**terms.parents, **others, f"no {terms.name}": ()})

    return replace(policy, vocabularies={name: of(each) for name, each in policy.vocabularies.items()})


@dataclass(frozen=True)
class Slot:
    """An open fact with its values: an attribute of an entity, or of an item (by its place in a list of the entity).

    A slot with no entity is what a category or purpose is narrowed to, in a vocabulary that `attribute` names.
    """

    entity: Entity | None
    id: str
    attribute: str
    values: tuple[Any, ...]
    within: str = ""
    place: int = 0

    def __str__(self) -> str:
        item = f" of {self.within} {self.place}" if self.within else ""
        return f"{self.entity or 'narrowed'} {self.id}: {self.attribute}{item}"


class Completions:
    """The open facts of an estate that may matter to a rule; `policy` is of one day."""

    def __init__(self, policy: Policy, estate: Estate, rules: Sequence[Rule], day: date) -> None:
        self.policy, self.estate, self.rule = widened(policy), estate, rules[0]
        self.family = self.rule.subject.kind.family
        self.distinguishable = DistinguishableValues(self.policy, estate, rules, day)
        self.strangers = self.distinguishable.strangers
        self.slots = [each for each in self._slots() if len(each.values) > 1]

    @property
    def count(self) -> int:
        return prod(len(each.values) for each in self.slots)

    def __iter__(self) -> Iterator[Estate]:
        for chosen in product(*(each.values for each in self.slots)):
            yield self.with_values(zip(self.slots, chosen, strict=True))

    def some(self, source: random.Random, count: int) -> Iterator[Estate]:
        for _ in range(count):
            yield self.with_values((each, source.choice(each.values)) for each in self.slots)

    def is_valid(self, estate: Estate) -> bool:
        """Whether every `origin` names collections."""
        facts = Facts(self.policy, estate)
        records = (*estate.flows.values(), *estate.systems.values())
        origins = {str(each) for record in records for _, named in record.origins() for each in named or ()}  # type: ignore[union-attr]
        return all(facts.counts_as_collection(each) is not FALSE for each in origins)

    # What is open.

    def _slots(self) -> Iterator[Slot]:
        for record in self.distinguishable.records():
            yield from self._of_record(record)
        for stranger in list(self.strangers.values()):  # its owner, if it has one, is another party, too
            yield from self._of_record(Record(Entity.PARTY, stranger, {}), made_up=True)
        owned = [each for each in self.strangers if each in self.strangers.values()]
        for stranger in [self.strangers[each] for each in owned]:
            yield from self._of_record(Record(Entity.PARTY, stranger, {"parent": "none"}), made_up=True)
        for vocabulary in NARROWED_ALIKE:
            broad = {each for record in self.distinguishable.records() for each in self._narrowable(record, vocabulary)}
            for term in sorted(broad):
                sets = self.distinguishable.sets(self.distinguishable.kinds(vocabulary, term), empty=False)
                yield Slot(None, term, vocabulary, tuple(sets))

    def _of_record(self, record: Record, *, made_up: bool = False) -> Iterator[Slot]:
        """`made_up`: the manifest does not name it, so defaults say nothing of it."""
        for name, attribute in self.policy.of_entity(record.entity).items():
            if name in _ENDS and attribute.span is None and (record.entity, name) != (Entity.CONTRACT, "from"):
                continue
            if not self._matters(record.entity, attribute):
                continue
            said = record.stated(name)
            if said is not None:
                yield from self._narrowed(record, attribute, said)
            elif (
                name in record.declared
                or name in record.defaults
                or made_up
                or (attribute.default is None and not self._has_default(record.entity, attribute))
            ):
                yield from self._declared(record, attribute)
        yield from self._of_items(record)

    def _has_default(self, entity: Entity, attribute: Attribute) -> bool:
        if attribute.span is not None:
            return False
        inherited = entity is Entity.SYSTEM and attribute.name in ("country", "role")
        return inherited or attribute.name in _DEFAULTED

    def _matters(self, entity: Entity, attribute: Attribute) -> bool:
        name = attribute.name
        if name in self.distinguishable.names:
            return True
        if attribute.span is not None:
            return False
        paths = self.distinguishable.has(Reached, Holds, CollectedWith, WithinCollectedPurposes)
        match entity, name:
            case (Entity.SYSTEM, "party") | (_, "role"):
                return True
            case (Entity.FLOW, "carries" | "purposes") | (_, "origin"):
                return self.family is Kind.FLOW or paths
            case Entity.SYSTEM, "stores":
                return self.family is Kind.STORAGE or paths
            case Entity.SYSTEM, "creates":
                return paths
            case Entity.SYSTEM, "transforms":
                return self.family is Kind.DERIVATION or paths
            case Entity.SYSTEM, "uses":
                return self.family is Kind.USE
            case Entity.SYSTEM, "joins":
                return self.family is Kind.JOINING
            case Entity.PARTY, "parent":
                return self.distinguishable.has(OwnedBy)
            case Entity.CONTRACT, "from" | "until" | "systems" | "covers.data" | "covers.purposes":
                return self.distinguishable.has(UnderContract) or self.family is Kind.CONTRACT
        return False

    def _declared(self, record: Record, attribute: Attribute) -> Iterator[Slot]:
        values = tuple(self.distinguishable.values(attribute, record))
        lists = ("carries", "purposes") if record.entity is Entity.FLOW and is_item_attribute(attribute) else ()
        said = {name: self._items(record, name) for name in lists}
        stating = [name for name, items in said.items() if any(attribute.name in dict(each.declared) for each in items)]
        within = stating[0] if stating else next((name for name in lists if len(said[name]) > 1), "")
        if within:  # each datum (or purpose) may have its own
            for place, item in enumerate(said[within]):
                if attribute.name not in dict(item.declared):
                    yield Slot(record.entity, record.id, attribute.name, values, within, place)
        else:
            yield Slot(record.entity, record.id, attribute.name, values)

    def _items(self, record: Record, name: str) -> list[Item]:
        listed: Any = record.stated(name) or ()
        return [each if isinstance(each, Item) else Item(str(each), within=name) for each in listed]

    def _narrowed(self, record: Record, attribute: Attribute, said: Any) -> Iterator[Slot]:
        vocabulary, form = attribute.type.vocabulary or "", attribute.type.form
        if form is Form.ONE and self.distinguishable.is_broad(vocabulary, said):
            yield Slot(record.entity, record.id, attribute.name, tuple(self.distinguishable.kinds(vocabulary, said)))
        promise = attribute.name in ("creates", "covers.data", "covers.purposes")
        lists = attribute.name in ITEM_LISTS.get(record.entity, ()) and attribute.span is None
        if form in (Form.SET, Form.ROLES) and not promise and not lists:
            yield from self._one_by_one(record, attribute.name, vocabulary, said)

    def _one_by_one(self, record: Record, name: str, vocabulary: str, said: Sequence[str]) -> Iterator[Slot]:
        if any(self.distinguishable.is_broad(vocabulary, each) for each in said):
            ways = [
                self.distinguishable.sets(self.distinguishable.kinds(vocabulary, each), empty=False) for each in said
            ]
            found = {tuple(sorted({one for some in chosen for one in some})) for chosen in product(*ways)}
            yield Slot(record.entity, record.id, name, tuple(sorted(found)))

    def _of_items(self, record: Record) -> Iterator[Slot]:
        """The open facts of list items: declared as unknown, or by a broad term."""
        for name in ("stores", "uses", "transforms", "carries", "purposes"):
            listed: Any = record.stated(name) if name in self.policy.of_entity(record.entity) else None
            for place, item in enumerate(listed or ()):
                own = dict(item.declared) if isinstance(item, Item | Transform) else {}
                if isinstance(item, Transform):
                    own.setdefault("method", None)
                if name == "uses" and isinstance(item, Item):
                    own.setdefault("purposes", None)
                for each, value in own.items():
                    attribute = OWN_OF_ITEMS.get(name, {}).get(each) or self.policy.attributes[record.entity, each]
                    if each in self.distinguishable.names or each in ("method", "purposes", "origin"):
                        values = self._values_of_item(record, attribute, value)
                        yield Slot(record.entity, record.id, each, tuple(values), name, place)

    def _values_of_item(self, record: Record, attribute: Attribute, value: Any) -> Iterable[Any]:
        if value is None:
            return self.distinguishable.values(attribute, record)
        if attribute.name == "purposes":
            return (value,)  # narrowed as everywhere
        return next((each.values for each in self._narrowed(record, attribute, value)), (value,))

    def _narrowable(self, record: Record, vocabulary: str) -> Iterator[str]:
        """Categories or purposes that a record declares by a broad term, and that may be narrowed everywhere."""
        names = ("carries", "stores", "uses", "joins", "transforms") if vocabulary == "data" else ("purposes", "uses")
        for name in names:
            for each in record.stated(name) or ():  # type: ignore[union-attr]
                found: Any = each
                if vocabulary == "data":
                    found = each.makes if isinstance(each, Transform) else each.term if isinstance(each, Item) else each
                elif name == "uses":
                    found = dict(each.declared).get("purposes") or ()  # type: ignore[union-attr]
                elif isinstance(each, Item):
                    found = each.term
                for one in (found,) if isinstance(found, str) else found:
                    if self.distinguishable.is_broad(vocabulary, one):
                        yield one

    # Estates.

    def with_values(self, chosen: Iterable[tuple[Slot, Any]]) -> Estate:
        """The estate with values of some slots."""
        chosen = list(chosen)
        records: dict[tuple[Entity, str], dict[str, Any]] = {}
        narrowing = {(slot.attribute, slot.id): value for slot, value in chosen if slot.entity is None}
        strangers = {value for slot, value in chosen if slot.attribute in ("party", "parent")} & set(
            self.strangers.values()
        )
        absent = set(self.strangers.values()) - strangers
        for slot, value in chosen:
            if slot.entity is None or (slot.entity is Entity.PARTY and slot.id in absent):
                continue
            own = records.setdefault((slot.entity, slot.id), {})
            if not slot.within:
                own[slot.attribute] = value
                continue
            record = self.estate.records(slot.entity)[slot.id]
            listed = list(own.get(slot.within) or record.stated(slot.within) or ())  # type: ignore[arg-type]
            listed = [each if isinstance(each, Item | Transform) else Item(each, within=slot.within) for each in listed]
            item = listed[slot.place]
            listed[slot.place] = item.stating({**dict(item.declared), slot.attribute: value})
            own[slot.within] = tuple(listed)

        def made(record: Record) -> Record:
            declared = {**record.declared, **records.get((record.entity, record.id), {})}
            return narrowed(replace(record, declared=declared), narrowing)

        estate = self.estate
        parties = {
            **estate.parties,
            **{
                each: Record(Entity.PARTY, each, {"parent": "none"} if " of another" in each else {})
                for each in sorted(strangers)
            },
        }
        return replace(
            estate,
            parties={name: made(each) for name, each in parties.items()},
            systems={name: made(each) for name, each in estate.systems.items()},
            flows={name: made(each) for name, each in estate.flows.items()},
            contracts={name: made(each) for name, each in estate.contracts.items()},
            organisation=made(estate.organisation),
        )


def narrowed(record: Record, narrowing: Mapping[tuple[str, str], tuple[str, ...]]) -> Record:
    """The record with categories and purposes narrowed; what it promises is not."""
    if not narrowing or record.entity not in (Entity.SYSTEM, Entity.FLOW):
        return record
    data: Callable[[str], tuple[str, ...]] = lambda term: narrowing.get(("data", term), (term,))  # noqa: E731
    purposes: Callable[[str], tuple[str, ...]] = lambda term: narrowing.get(("purpose", term), (term,))  # noqa: E731

    def items(listed: Any, of: Callable[[str], tuple[str, ...]]) -> Any:
        found = []
        for each in listed:
            if isinstance(each, Item):
                own = dict(each.declared)
                if own.get("purposes") and each.within == "uses":
                    own["purposes"] = tuple(sorted({one for some in own["purposes"] for one in purposes(some)}))  # type: ignore[union-attr]
                found += [replace(each.stating(own), term=term) for term in of(each.term)]
            else:
                found += of(each)
        if any(isinstance(each, Item) and each.within in ("carries", "purposes") for each in found):
            found = list({each.term: each for each in reversed(found)}.values())  # a term has the facts of one item
        return tuple(found) if any(isinstance(each, Item) for each in found) else tuple(sorted(set(found)))

    changed: dict[str, Any] = {}
    for name in ("carries", "purposes", "stores", "uses", "joins", "transforms"):
        said: Any = record.stated(name)
        if not said:
            continue
        if name == "joins":
            changed[name] = tuple((a, b) for one, other in said for a in data(one) for b in data(other))
        elif name == "transforms":
            changed[name] = tuple(
                replace(each, makes=tuple(sorted({one for made in each.makes for one in data(made)}))) for each in said
            )
        else:
            changed[name] = items(said, purposes if name == "purposes" else data)
    return replace(record, declared={**record.declared, **changed})
