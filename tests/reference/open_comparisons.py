"""Comparisons of two facts of which one is open, and of an open day with today."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import TYPE_CHECKING

from privacy_rules.language.policy import ComparesFact, Reference
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Form
from privacy_rules.vocabulary.values import Duration, moved
from tests.reference import possible
from tests.reference.facts import Context, Silence
from tests.reference.formulas import Formula, Not
from tests.reference.possible import Test
from tests.reference.terms import FALSE, TRUE

if TYPE_CHECKING:
    from tests.reference.cases import Cases

OPPOSITE_ORDER = {"<": ">", "<=": ">=", "=": "=", "!=": "!=", ">=": "<=", ">": "<"}


class OpenComparisons:
    def __init__(self, cases: Cases) -> None:
        self.cases = cases

    def two_facts(self, test: ComparesFact, context: Context, contract: Record | None) -> Formula:
        one, other, sign = test.reference, test.other, test.operator
        key = self.cases.fact_of(one, context, contract)
        if other is None:
            return self.with_today(key, test.shift, sign)
        left, right = (self.exact(each, context, contract) for each in (one, other))
        if right is not None:
            limit = moved(right, test.shift) if test.shift and isinstance(right, date) else right
            return self.cases.with_value(one, context, contract, sign, limit)
        if left is not None and test.shift is None:
            return self.cases.with_value(other, context, contract, OPPOSITE_ORDER[sign], left)
        keys = key, self.cases.fact_of(other, context, contract)
        if test.shift is not None:
            return self.order((*keys, test.shift), sign)
        if one.attribute.type.form in (Form.NUMBER, Form.DURATION, Form.DATE):
            if keys[0] == keys[1]:
                return TRUE if sign in ("<=", "=", ">=") else FALSE
            turned = repr(keys[0]) > repr(keys[1])
            return self.order(keys[::-1] if turned else keys, OPPOSITE_ORDER[sign] if turned else sign)
        may_be_none = one.attribute.is_parent and keys[0] == keys[1]
        same = self.cases.by_itself("has a parent", keys[0]) if may_be_none else self.cases.same_fact(*keys)
        return same if sign == "=" else Not(same)

    def exact(self, reference: Reference, context: Context, contract: Record | None) -> object:
        """The value of a fact; None if it is not known, or names several."""
        found = self.cases.facts.named(context, reference, contract)
        if found is Silence.FROM_EVER:
            return date.min
        if found is Silence.UNTIL_ENDED:
            return date.max
        type_ = reference.attribute.type
        if isinstance(found, Silence) or found is None:
            return None
        broad = (
            type_.form is Form.ONE
            and len(self.cases.policy.taxonomy(type_.vocabulary or "").descendants(str(found))) > 1
        )
        return None if broad else found

    def with_today(self, key: Hashable, shift: Duration | None, sign: str) -> Formula:
        return self.order((key, "today", shift), sign)

    def order(self, key: Hashable, sign: str) -> Formula:
        return self.cases.ask(("order", key), possible.earlier_or_later(), Test(sign))
