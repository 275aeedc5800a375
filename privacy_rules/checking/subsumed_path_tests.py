"""Find the `reached by` and `holds` tests of a rule that follow from another one: the looser ones.

implied = ImpliedTests(policy, conditions)
implied.by(test)        # the tests in the conditions that are true whenever `test` is
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import fields

from privacy_rules.language.conditions import CONNECTIVES, walk
from privacy_rules.language.policy import (
    All,
    AnyOf,
    Condition,
    Defined,
    EndMatches,
    Holds,
    IsTerm,
    Policy,
    Reached,
    Reference,
)

OfData = Reached | Holds


class ImpliedTests:
    """The `reached by` and `holds` tests of one rule. Tests that differ only in their data and their side count as one."""

    def __init__(self, policy: Policy, conditions: Iterable[Condition]) -> None:
        self._policy = policy
        self._forms: dict[int, Hashable] = {}
        tests = walk(*conditions, enter=lambda each: isinstance(each, (*CONNECTIVES, EndMatches)))
        self._tests = {self.of_data(each): each for each in tests if isinstance(each, OfData)}
        self._implied: dict[Hashable, Sequence[OfData]] = {}

    def by(self, test: OfData) -> Sequence[OfData]:
        """Return the other tests that are true whenever this one is, supposing that they are about the same data."""
        key = self.of_data(test)
        found = self._implied.get(key)
        if found is None:
            others = ((form, each) for form, each in self._tests.items() if form != key)
            found = self._implied[key] = [each for _, each in others if self._implies(test, each)]
        return found

    def of_data(self, test: OfData) -> Hashable:
        """What identifies a test apart from its data and its side."""
        path = path_of(test)
        return type(test), *map(self.form, (path.start, path.avoiding, path.derived, path.methods))

    def _implies(self, one: OfData, other: OfData) -> bool:
        first, second = path_of(one), path_of(other)
        if isinstance(one, Holds) and isinstance(other, Reached):
            return False
        if first.derived and not (second.derived and self._makes_less(first.methods, second.methods)):
            return False
        starts_within = second.start is None or (first.start is not None and self._within(first.start, second.start))
        avoids_less = second.avoiding is None or (
            first.avoiding is not None and self._within(second.avoiding, first.avoiding)
        )
        return starts_within and avoids_less

    def _makes_less(self, one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
        return other is None or (one is not None and self._terms_within("method", one, other))

    def _terms_within(self, vocabulary: str, one: Iterable[str], other: Iterable[str]) -> bool:
        terms = self._policy.taxonomy(vocabulary)
        return not terms.below_any(one) & ~terms.below_any(other)

    def _within(self, one: Condition, other: Condition) -> bool:
        """Whether each system that a selector selects is certainly selected by another."""
        if self.form(one) == self.form(other):
            return True
        match one, other:
            case Defined(body=body), _:
                return self._within(body, other)
            case _, Defined(body=body):
                return self._within(one, body)
            case AnyOf(parts=parts), _:
                return all(self._within(each, other) for each in parts)
            case _, All(parts=parts):
                return all(self._within(one, each) for each in parts)
            case _, AnyOf(parts=parts):
                return any(self._within(one, each) for each in parts)
            case All(parts=parts), _:
                return any(self._within(each, other) for each in parts)
            case IsTerm(reference=reference), IsTerm() if self.form(reference) == self.form(other.reference):
                return self._terms_within(reference.attribute.type.vocabulary or "", one.terms, other.terms)
        return False

    def form(self, part: object) -> Hashable:
        """The content of a part of a condition, without its place: equal for parts that mean the same."""
        if isinstance(part, tuple):
            return tuple(map(self.form, part))
        if isinstance(part, Reference):
            return part.side, part.owner, part.attribute.entity, part.attribute.name
        if isinstance(part, Defined):
            return self.form(part.body)
        if not isinstance(part, Condition):
            return part
        found = self._forms.get(id(part))
        if found is None:
            said = (getattr(part, each.name) for each in fields(part) if each.name not in ("span", "text"))
            found = self._forms[id(part)] = (type(part), *map(self.form, said))
        return found


def path_of(test: OfData) -> Reached:
    """The path test of a test."""
    return test.received if isinstance(test, Holds) else test
