"""Find how a test of a value would get another result: what to assign, add or remove.

Only things that somebody can do are offered (a safeguard, a choice, a shorter retention). No measure can change who
somebody is, what an occasion was, or whether a disclosure is necessary. Only known values are changed: an undeclared
value is a question, never an offer to declare something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.term_tests import is_term
from privacy_rules.language.policy import (
    Compares,
    ComparesFact,
    Includes,
    IsFlagged,
    IsTerm,
    Owner,
    Policy,
    Reference,
    Within,
)
from privacy_rules.repair.moves import How, Step
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Attribute, Entity, Form
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration, Scalar, Value, moved

ValueCondition = IsTerm | Includes | Within | Compares | IsFlagged

_MEASURES = {
    Entity.FLOW: {
        "exchange",
        "notice",
        "choice",
        "safeguards",
        "retention",
        "retention_from",
        "protocol",
        "legal_basis",
    },
    Entity.SYSTEM: {"supports", "retention", "retention_from", "safeguards", "zone", "access", "country"},
    Entity.CONTRACT: {"from", "until", "covers.data", "covers.purposes", "obliges", "allows_onward"},
    Entity.ORGANISATION: {"notifies_material_changes", "trains_employees"},
}
_MOST_TERMS = 6


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps; one of them is enough. `complete`: there are no others."""

    each: tuple[Step, ...] = ()
    complete: bool = True


def is_measure(attribute: Attribute) -> bool:
    """Whether somebody can change the attribute; those that a policy declares can be changed."""
    return attribute.span is not None or attribute.name in _MEASURES.get(attribute.entity, ())


def steps(policy: Policy, condition: ValueCondition, now: Value | None, *, wanted: bool) -> Steps:
    """Return what would give a test the wanted result; no steps if the value is not known."""
    attribute = condition.reference.attribute
    if now is None or not is_measure(attribute):
        return Steps()
    name = attribute.name
    match condition:
        case IsFlagged():
            return Steps((Step(name, How.ASSIGN, wanted),))
        case Compares(operator=sign, value=limit):
            return _compared(name, sign if wanted else _OPPOSITE[sign], limit, attribute.type.form)
    if attribute.type.form is Form.TEXTS:
        return _of_texts(condition, now, wanted=wanted)
    taxonomy = policy.taxonomy(attribute.type.vocabulary or "")
    if isinstance(condition, IsTerm):
        return _one_of(taxonomy, name, condition.terms, wanted=wanted)
    return _of_set(taxonomy, condition, now, wanted=wanted)


def steps_of_two(
    policy: Policy, test: ComparesFact, left: Value | None, right: Value | None, *, wanted: bool
) -> Iterator[tuple[Reference, Steps]]:
    """Yield the changes of each of two compared facts that would give the test the wanted result."""
    one, other, shift = test.reference, test.other, test.shift
    if left is None or right is None:
        return
    limit = moved(right, shift) if shift and isinstance(right, date) else right
    later = (">=", ">") if wanted else ("<", "<=")
    if other is None and test.operator in later and isinstance(right, date) and limit < right:  # type: ignore[operator]
        limit = right  # a date that must be recent becomes today
    yield one, _toward(policy, test, left, limit, wanted=wanted)
    if other is not None and other.owner is not Owner.CONTRACT:  # of one contract, the first fact is changed
        back = moved(left, replace(shift, count=-shift.count)) if shift and isinstance(left, date) else left
        mirrored = replace(test, reference=other, operator=_MIRRORED[test.operator], other=one)
        yield other, _toward(policy, mirrored, right, back, wanted=wanted)


def _toward(policy: Policy, test: ComparesFact, now: Value, limit: Value, *, wanted: bool) -> Steps:
    """Return what would make the fact on the left equal to the other. There may be other ways."""
    condition: ValueCondition
    if test.reference.attribute.type.form is Form.ONE:
        condition = IsTerm(test.span, test.text, test.reference, (str(limit),))
        wanted = wanted is (test.operator == "=")
    elif isinstance(limit, Scalar) and limit not in (date.min, date.max):
        condition = Compares(test.span, test.text, test.reference, test.operator, limit)
    else:
        return Steps(complete=False)
    found = steps(policy, condition, now, wanted=wanted)
    return Steps(found.each, found.complete and not found.each)


_MIRRORED = {"<": ">", "<=": ">=", "=": "=", "!=": "!=", ">=": "<=", ">": "<"}
_OPPOSITE = {"<": ">=", "<=": ">", "=": "!=", "!=": "=", ">=": "<", ">": "<="}


def _compared(name: str, sign: str, limit: Any, form: Form) -> Steps:
    """Return the nearest value that keeps the limit."""
    if sign in ("<=", ">=", "="):
        return Steps((Step(name, How.ASSIGN, limit),))
    if form is Form.NUMBER:
        step = Decimal(-1) if sign == "<" else Decimal(1)
        return Steps((Step(name, How.ASSIGN, limit + step),))
    if form is Form.DURATION and isinstance(limit, Duration) and limit.unit != "unlimited":
        count = limit.count - 1 if sign == "<" else limit.count + 1
        if count >= 0:
            return Steps((Step(name, How.ASSIGN, Duration(count, limit.unit)),))
    return Steps(complete=False)


def _one_of(taxonomy: Taxonomy, name: str, terms: tuple[str, ...], *, wanted: bool) -> Steps:
    if wanted:
        return Steps(tuple(Step(name, How.ASSIGN, term) for term in terms))
    mask = taxonomy.below_any(terms)
    others = [each for each in taxonomy.terms if not taxonomy.below(each) & mask]
    if "none" in others:
        return Steps((Step(name, How.ASSIGN, "none"),))
    roots = [each for each in others if not any(parent in others for parent in taxonomy.parents[each])]
    return Steps(tuple(Step(name, How.ASSIGN, each) for each in roots[:_MOST_TERMS]), len(roots) <= _MOST_TERMS)


def _of_set(taxonomy: Taxonomy, condition: Includes | Within, now: Any, *, wanted: bool) -> Steps:
    name = condition.reference.attribute.name
    mask = taxonomy.below_any(condition.terms)

    def taken(which: int) -> tuple[str, ...]:
        return tuple(each for each in now if taxonomy.below(each) & which)

    if isinstance(condition, Within):
        outside = tuple(each for each in now if is_term(taxonomy, each, mask) != TRUE)
        empty = condition.non_empty and len(outside) == len(now)
        return Steps((Step(name, How.TAKE, outside),)) if wanted and not empty else Steps(complete=False)
    if not condition.every:
        if wanted:
            return Steps(tuple(Step(name, How.PUT, (term,)) for term in condition.terms))
        return Steps((Step(name, How.TAKE, taken(mask)),))
    if wanted:
        masks = {term: taxonomy.below(term) for term in condition.terms}
        lacking = [
            term
            for term, below in masks.items()
            if max((is_term(taxonomy, each, below) for each in now), default=FALSE) != TRUE
        ]
        return Steps((Step(name, How.PUT, tuple(sorted(lacking))),))
    return Steps(tuple(Step(name, How.TAKE, taken(taxonomy.below(term))) for term in condition.terms))


def _of_texts(condition: IsTerm | Includes | Within, now: Any, *, wanted: bool) -> Steps:
    name, terms = condition.reference.attribute.name, condition.terms
    if isinstance(condition, Within):
        outside = tuple(each for each in now if each not in terms)
        empty = condition.non_empty and len(outside) == len(now)
        return Steps((Step(name, How.TAKE, outside),)) if wanted and not empty else Steps(complete=False)
    every = isinstance(condition, Includes) and condition.every
    if wanted:
        if every:
            return Steps((Step(name, How.PUT, tuple(sorted(set(terms) - set(now)))),))
        return Steps(tuple(Step(name, How.PUT, (term,)) for term in terms))
    if every:
        return Steps(tuple(Step(name, How.TAKE, (term,)) for term in terms))
    return Steps((Step(name, How.TAKE, tuple(each for each in now if each in terms)),))
