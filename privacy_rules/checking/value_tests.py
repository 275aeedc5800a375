"""The tests of a name's value, each as a function of the value (None: not known)."""

from __future__ import annotations

from collections.abc import Callable

from privacy_rules.checking.logic import FALSE, UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS, includes, is_term, truth, within
from privacy_rules.language.policy import Compares, Includes, IsFlagged, IsTerm, Policy, Within
from privacy_rules.vocabulary.attributes import Form
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration, Value

ValueCondition = IsTerm | Includes | Within | Compares | IsFlagged
ValueTest = Callable[[Value | None], int]


def value_test(policy: Policy, condition: ValueCondition) -> ValueTest:
    """The condition as a function of its name's value."""
    match condition:
        case IsFlagged():
            return truth  # type: ignore[return-value]
        case Compares(operator=sign, value=limit):
            compare = COMPARISONS[sign]
            if isinstance(limit, Duration):
                length = limit.length
                return lambda value: UNKNOWN if value is None else truth(compare(value.length, length))  # type: ignore[union-attr]
            return lambda value: UNKNOWN if value is None else truth(compare(value, limit))
    form = condition.reference.attribute.type.form
    if form is Form.TEXTS:
        return _of_texts(condition)
    taxonomy = policy.taxonomy(condition.reference.attribute.type.vocabulary or "")
    return _of_terms(taxonomy, condition, several=form is not Form.ONE)


def _of_terms(taxonomy: Taxonomy, condition: IsTerm | Includes | Within, *, several: bool) -> ValueTest:
    mask = taxonomy.below_any(condition.terms)
    match condition:
        case IsTerm() if not several:
            return lambda value: is_term(taxonomy, value, mask)  # type: ignore[arg-type]
        case Within(non_empty=True):
            return lambda value: FALSE if value == () else within(taxonomy, value, mask)  # type: ignore[arg-type]
        case Within():
            return lambda value: within(taxonomy, value, mask)  # type: ignore[arg-type]
        case Includes(every=True, terms=terms):
            masks = [taxonomy.below(term) for term in terms]
            return lambda value: min(includes(taxonomy, value, each) for each in masks)  # type: ignore[arg-type]
        case _:
            return lambda value: includes(taxonomy, value, mask)  # type: ignore[arg-type]


def _of_texts(condition: IsTerm | Includes | Within) -> ValueTest:
    wanted = frozenset(condition.terms)

    def run(value: Value | None) -> int:
        if value is None:
            return UNKNOWN
        found = frozenset(value)  # type: ignore[arg-type]
        if isinstance(condition, Within):
            return truth(found <= wanted and (bool(found) or not condition.non_empty))
        if isinstance(condition, Includes) and condition.every:
            return truth(wanted <= found)
        return truth(bool(wanted & found))

    return run
