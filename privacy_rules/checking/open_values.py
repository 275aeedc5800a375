"""Tests of values as parts of a formula: the fact that a name refers to, and its possible values.

Two names refer to the same fact if they refer to the same attribute of the same entity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from privacy_rules.checking.attribute_lookup import read, system_of
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.open_formula import Formula
from privacy_rules.checking.possible_answers import Form, Values
from privacy_rules.checking.term_tests import truth
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FROM_PARTY
from privacy_rules.language.policy import (
    Compares,
    ComparesFact,
    Includes,
    IsFlagged,
    IsTerm,
    Owner,
    Reference,
    Within,
)
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import METHOD, NOBODY, Attribute, Entity
from privacy_rules.vocabulary.attributes import Form as Type
from privacy_rules.vocabulary.values import Duration, Value, moved

if TYPE_CHECKING:
    from privacy_rules.checking.condition_compiler import Evaluator

_FORMS: dict[Type, Form] = {
    Type.FLAG: "flag",
    Type.NUMBER: "number",
    Type.DURATION: "number",
    Type.DATE: "number",
    Type.ONE: "one",
    Type.SET: "set",
    Type.ROLES: "set",
    Type.TEXTS: "texts",
}
_ENDLESS = float("inf")
_OF_ITS_PARTY = "of its party"
_SWAPPED = {"<": ">", "<=": ">=", "=": "=", "!=": "!=", ">=": "<=", ">": "<"}


class OpenValues:
    """Adds tests of values to a formula."""

    def __init__(self, evaluator: Evaluator, formula: Formula, may_be_at: Callable[[int], Sequence[str]]) -> None:
        """`may_be_at` returns the parties that the rule asks about at a system whose party is not known."""
        self._graph, self._policy, self._formula = evaluator.graph, evaluator.policy, formula
        self._may_be_at = may_be_at

    def key(self, frame: Frame, reference: Reference) -> Hashable:
        """A key for the fact that a name refers to: the entity that declares it, and its attribute."""
        return self._key(frame, reference, *read(self._graph, frame, reference)[1:])

    def _key(self, frame: Frame, reference: Reference, given: Given, record: Record | None) -> tuple[Hashable, ...]:
        name, owner = reference.attribute.name, reference.owner
        own = (
            frame.item is None or reference.attribute == METHOD or any(name == each for each, _ in frame.item.declared)
        )
        if owner is Owner.ITEM and own:
            return "item", name
        inherited = owner in (Owner.SYSTEM, Owner.ITEM) and name in FROM_PARTY and given is Given.UNDECLARED
        if record is None or (inherited and record.entity is Entity.SYSTEM):
            return _OF_ITS_PARTY, self._graph.systems[system_of(self._graph, frame, reference.side)].id, name
        return record.entity, record.id, name

    def test(self, reference: Reference, frame: Frame, test: Hashable) -> int:
        """The node of a test of the fact that a name refers to."""
        value, given, record = read(self._graph, frame, reference)
        key = self._key(frame, reference, given, record)
        node = self._formula.test(key, test, lambda: self._values(reference.attribute, value))
        if key[0] is not _OF_ITS_PARTY:
            return node
        return self._of_its_party(system_of(self._graph, frame, reference.side), reference.attribute.name, test, node)

    def _of_its_party(self, system: int, name: str, test: Hashable, of_another: int) -> int:
        """A test of a system's unknown party, which may be one that the rule asks about."""
        make, attribute = self._formula, self._policy.attributes[Entity.PARTY, name]
        ways, others = list[int](), list[int]()
        for party in self._may_be_at(system):
            is_it, record = self.is_party(system, party), self._graph.estate.parties[party]
            its = make.test(
                (Entity.PARTY, party, name), test, partial(self._values, attribute, known(record, attribute)[0])
            )
            ways.append(make.all_of([is_it, its]))
            others.append(make.negation(is_it))
        return make.any_of([*ways, make.all_of([*others, of_another])])

    def is_party(self, system: int, party: str) -> int:
        """Whether a system whose party is not known belongs to a party."""
        return self._formula.test(party_key(self._graph.systems[system]), party, lambda: Values("name"))

    def _values(self, attribute: Attribute, value: Value | None) -> Values:
        """The values that a fact may have if it is declared like this: not at all (None), by a broad name, or exactly."""
        type_ = attribute.type
        form = _FORMS.get(type_.form, "name")
        match value:
            case Duration() | Decimal() | date():
                exact = _number(value)
                return Values(form, least=exact, most=exact)
            case bool():
                return Values(form, (value,))
        if type_.form is Type.DURATION:
            return Values(form, least=Fraction(0), most=_ENDLESS)
        if type_.form is Type.DATE:
            return Values(form, least=date.min.toordinal(), most=date.max.toordinal(), whole=True)
        listed = None if value is None else value if isinstance(value, tuple) else (value,)
        if form not in ("one", "set"):
            return Values(form, listed, non_empty=attribute.non_empty)
        terms = self._policy.taxonomy(type_.vocabulary or "")
        among = None if listed is None else tuple(terms.below(str(each)) for each in listed)
        none_of_them = 1 << len(terms.terms) if form == "one" else 0
        return Values(form, among, terms.everything | none_of_them, attribute.non_empty)

    def of_value(self, condition: IsTerm | Includes | Within | Compares | IsFlagged, frame: Frame) -> int:
        reference, make = condition.reference, self._formula
        match condition:
            case IsFlagged():
                return self.test(reference, frame, test=True)
            case Compares(operator=sign, value=value):
                return self._compared(reference, frame, sign, value)
            case Includes(every=True, terms=named):
                masks = [self._meant(reference, (each,)) for each in named]
                return make.all_of([self.test(reference, frame, ("includes", each)) for each in masks])
        mask = self._meant(reference, condition.terms)
        if reference.attribute.type.form is Type.ONE:
            return self.test(reference, frame, mask)
        if not isinstance(condition, Within):
            return self.test(reference, frame, ("includes", mask))
        parts = [self.test(reference, frame, ("within", mask))]
        if condition.non_empty:
            parts.append(self.test(reference, frame, ("includes", mask)))
        return make.all_of(parts)

    def _compared(self, reference: Reference, frame: Frame, sign: str, value: Value) -> int:
        """A comparison with a known value."""
        form = reference.attribute.type.form
        if isinstance(value, Duration | date | Decimal):
            return self.test(reference, frame, (sign, _number(value)))
        test: Hashable = value
        if reference.attribute.is_parent and value == NOBODY:
            return truth(sign == "!=")  # two that nobody owns have no parent in common
        if form is Type.ONE:
            test = self._policy.taxonomy(reference.attribute.type.vocabulary or "").bits_of([str(value)])
        node = self.test(reference, frame, test)
        return node if sign == "=" else self._formula.negation(node)

    def _meant(self, reference: Reference, terms: tuple[str, ...]) -> Hashable:
        if reference.attribute.type.form is Type.TEXTS:
            return frozenset(terms)
        return self._policy.taxonomy(reference.attribute.type.vocabulary or "").below_any(terms)

    # ---- two facts

    def two_facts(self, test: ComparesFact, frame: Frame) -> int:
        one, other = test.reference, test.other
        if other is None:
            return self.with_today(self.key(frame, one), test.shift, test.operator)
        left, right = (read(self._graph, frame, each)[0] for each in (one, other))
        if right is not None and self._is_exact(one, right):
            limit = right if test.shift is None or not isinstance(right, date) else moved(right, test.shift)
            return self._compared(one, frame, test.operator, limit)
        if left is not None and test.shift is None and self._is_exact(one, left):
            return self._compared(other, frame, _SWAPPED[test.operator], left)
        keys = self.key(frame, one), self.key(frame, other)
        if test.shift is not None:
            return self._order((*keys, test.shift), test.operator)
        if one.attribute.type.form in (Type.NUMBER, Type.DURATION, Type.DATE):
            sign, ends = (
                (test.operator, keys) if repr(keys[0]) <= repr(keys[1]) else (_SWAPPED[test.operator], keys[::-1])
            )
            return self._order(ends, sign) if ends[0] != ends[1] else TRUE if sign in ("<=", "=", ">=") else FALSE
        same = self._formula.free(keys) if one.attribute.is_parent and keys[0] == keys[1] else self.equal(*keys)
        return same if test.operator == "=" else self._formula.negation(same)

    def _is_exact(self, reference: Reference, value: Value) -> bool:
        """Whether a value is exact, and not a broad name for several."""
        type_ = reference.attribute.type
        return type_.form is not Type.ONE or self._policy.taxonomy(type_.vocabulary or "").is_narrowest(str(value))

    def with_today(self, key: Hashable, shift: Duration | None, sign: str) -> int:
        """A comparison with today, which moves on; its result for a day that stays fixed is not known."""
        return self._order((key, "today", shift), sign)

    def _order(self, key: Hashable, sign: str) -> int:
        return self._formula.test(("order", key), sign, lambda: Values("order"))

    def equal(self, one: Hashable, other: Hashable) -> int:
        return TRUE if one == other else self._formula.free(("equal", frozenset((one, other))))


def party_key(system: Record) -> Hashable:
    """The key of the fact that says which party a system belongs to."""
    return Entity.SYSTEM, system.id, "party"


def _number(value: Duration | date | Decimal) -> Any:
    match value:
        case Duration(length=length):
            return length if length == _ENDLESS else Fraction(length)
        case date():
            return value.toordinal()
    return Fraction(value)
