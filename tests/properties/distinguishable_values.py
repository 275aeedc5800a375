"""The values of an open fact that a rule can distinguish, one of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from privacy_rules.language.conditions import references, terms, walk
from privacy_rules.language.policy import Compares, ComparesFact, Condition, Policy, Rule
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import Attribute, Entity, Form, is_item_attribute
from privacy_rules.vocabulary.values import UNLIMITED, Duration, Item, Transform, Value, moved

NARROWED_ALIKE = ("data", "purpose")
_ROLES = ("organisation", "outside", "us", "data_subject")
_MOST_ELEMENTS = 4
"""If the rule distinguishes more terms than this, sets have at most two of them, or all."""


class DistinguishableValues:
    """The values that some rules can distinguish. `strangers`: parties that the manifest does not name, by the entity that may belong to them."""

    def __init__(self, policy: Policy, estate: Estate, rules: Sequence[Rule], day: date) -> None:
        self.policy, self.estate, self.day = policy, estate, day
        limits = [each for rule in rules for each in rule.subject.limits]
        parts = [each for rule in rules for each in (rule.when, rule.unless, rule.required, *rule.alternatives) if each]
        self.conditions = list(walk(*limits, *parts))
        self.names = {each.attribute.name for one in self.conditions for each in references(one)}
        compared = [each.reference.attribute.type for each in self.conditions if isinstance(each, ComparesFact)]
        self.compares_facts, self.equated = bool(compared), {each.vocabulary for each in compared}
        self.named = self._named()
        self.strangers: dict[str, str] = {}

    def has(self, *classes: type[Condition]) -> bool:
        return any(isinstance(each, classes) for each in self.conditions)

    def _named(self) -> dict[str, list[str]]:
        """The terms of each vocabulary that the rule can ask about here."""
        found: dict[str, set[str]] = {"role": set(_ROLES)}
        for condition in self.conditions:
            for vocabulary, term in terms(condition):
                found.setdefault(vocabulary, set()).add(term)
        for record in self.records():
            for value in (*record.declared.values(), *record.defaults.values()):
                for each in value if isinstance(value, tuple) else ():
                    parts = (each.takes, *each.makes) if isinstance(each, Transform) else each
                    parts = (parts.term,) if isinstance(parts, Item) else (parts,) if isinstance(parts, str) else parts
                    for vocabulary in NARROWED_ALIKE:
                        known = self.policy.taxonomy(vocabulary)
                        found.setdefault(vocabulary, set()).update(one for one in parts if one in known)
        return {name: sorted(each) for name, each in found.items()}

    def records(self) -> Iterator[Record]:
        estate = self.estate
        for each in (estate.parties, estate.systems, estate.flows, estate.contracts):
            yield from each.values()
        yield estate.organisation

    def is_broad(self, vocabulary: str, term: str) -> bool:
        return len(self.policy.taxonomy(vocabulary).descendants(term)) > 1

    def kinds(self, vocabulary: str, among: str | None = None, *, none: bool = False) -> list[str]:
        """A narrowest term for each way in which the rule tells them apart; each one if it compares terms. `none`: also none of the terms."""
        known, kinds = self.policy.taxonomy(vocabulary), dict[tuple[bool, ...], list[str]]()
        for term in known.terms if among is None else known.descendants(among):
            if len(known.descendants(term)) == 1 and (none or term != f"no {vocabulary}"):
                kind = tuple(known.is_a(term, each) for each in self.named.get(vocabulary, ()) if each in known)
                kinds.setdefault(kind, []).append(term)
        return [term for each in kinds.values() for term in each[: None if vocabulary in self.equated else 1]]

    def sets(self, elements: Sequence[str], *, empty: bool) -> list[tuple[str, ...]]:
        sizes = range(0 if empty else 1, len(elements) + 1)
        if len(elements) > _MOST_ELEMENTS:
            sizes = [each for each in sizes if each <= 2 or each == len(elements)]  # type: ignore[assignment]
        return [tuple(sorted(each)) for size in sizes for each in combinations(elements, size)]

    def values(self, attribute: Attribute, record: Record) -> Iterable[Any]:  # noqa: C901 (one case for each form)
        form, vocabulary = attribute.type.form, attribute.type.vocabulary or ""
        match form:
            case Form.FLAG:
                return (True, False)
            case Form.NUMBER:
                found = {each for each in self._limits() if isinstance(each, Decimal)} or {Decimal(0)}
                return sorted({one + step for one in found for step in (-1, 0, 1)})
            case Form.DURATION:
                lengths = {each for each in self._limits() if isinstance(each, Duration)}
                hours = {round(each.length / 1000) for each in lengths if each.unit != "unlimited"} | {0}
                around = {Duration(each + step, "hour") for each in hours for step in (-1, 0, 1) if each + step >= 0}
                return sorted(lengths | around | {UNLIMITED})
            case Form.DATE:
                days = {each for each in self._limits() if isinstance(each, date)} | {self.day}
                return sorted({each + timedelta(step) for each in days for step in (-1, 0, 1)})
            case Form.TEXT:
                return self._texts(3 if self.compares_facts else 1)
            case Form.TEXTS:
                return self.sets(self._texts(1), empty=not attribute.non_empty)
            case Form.ONE:
                return self.kinds(vocabulary, none=True)
            case Form.SET | Form.ROLES if attribute.name in ("stores", "uses") and attribute.span is None:
                return self._lists(attribute.name)
            case Form.SET | Form.ROLES:
                return self.sets(self.kinds(vocabulary), empty=not attribute.non_empty)
            case Form.REFERENCE:
                return self._parties(attribute, record)
            case Form.REFERENCES:
                ids = list(self.estate.systems if attribute.name == "systems" else self.estate.flows)
                return self.sets(ids, empty=False)
            case Form.PAIRS:
                pairs = list(combinations(self.kinds("data"), 2)) + [(each, each) for each in self.kinds("data")]
                return [(), *((each,) for each in pairs), tuple(pairs)]
            case Form.TRANSFORMS:
                return self._transforms()

    def _limits(self) -> Iterator[Value]:
        """What the rule compares with, and all of the manifest if it compares facts; days also as it moves them."""
        shifts = [each.shift for each in self.conditions if isinstance(each, ComparesFact) and each.shift]
        found = [each.value for each in self.conditions if isinstance(each, Compares)]
        if self.compares_facts:
            found += [each for record in self.records() for each in record.declared.values() if each is not None]  # type: ignore[misc]
            found += [self.day]
        for each in found:
            yield each
            for shift in shifts if isinstance(each, date) else ():
                yield moved(each, shift)
                yield moved(each, replace(shift, count=-shift.count))

    def _texts(self, others: int) -> list[str]:
        named = {each for each in self._limits() if isinstance(each, str)} | set(self.named.get("", ()))
        return [*sorted(named), *(f"text {number}" for number in range(others))]

    def _parties(self, attribute: Attribute, record: Record) -> list[str]:
        self.strangers[record.id] = f"another party: {attribute.name} of {record.id}"
        found = [*self.estate.parties, *self.strangers.values()]
        return [*found, "none"] if attribute.name == "parent" else found

    def _lists(self, name: str) -> list[tuple[Item, ...]]:
        """Nothing, one item, or an item of each category; each plain, or with one fact of its own."""
        data, own = self.kinds("data"), self._own_facts()
        if name == "uses":
            sets = [(each,) for each in self.kinds("purpose")]
            own = [tuple(sorted((*each, ("purposes", some)))) for each in own for some in sets]
        lists = [tuple(Item(each, facts, name) for each in data) for facts in own]
        return [(), *((each,) for listed in lists for each in listed), *lists]

    def _transforms(self) -> list[tuple[Transform, ...]]:
        data, methods = self.kinds("data"), self.kinds("method")
        own = self._own_facts()
        found = [[Transform(a, (b,), method, facts) for a in data for b in data] for method in methods for facts in own]
        return [(), *((each,) for listed in found for each in listed), *map(tuple, found)]

    def _own_facts(self) -> list[tuple[tuple[str, Any], ...]]:
        """What an item of a list of a system may state of its own: nothing, or one fact that the rule asks for."""
        own = list[tuple[tuple[str, Any], ...]]([()])
        for each in self.policy.of_entity(Entity.SYSTEM).values():
            if is_item_attribute(each) and each.name in self.names:
                own += [((each.name, value),) for value in self.values(each, self.estate.organisation)]
        return own
