"""Values for facts that are compared with each other, or with today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice, product
from typing import Any

from privacy_rules.analysis.domains import DECLARED, is_below
from privacy_rules.analysis.drafts import Unrealisable
from privacy_rules.analysis.formula import Variable
from privacy_rules.analysis.model_facts import Facts, ModelFact
from privacy_rules.analysis.translator import FORMS
from privacy_rules.analysis.variables import Fact, FactsTest, ValueOf
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS
from privacy_rules.language.policy import Owner, Policy
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration, moved

_MOST_TRIED = 20_000
_NEAR = (1, 2, 3, 0)
_SOME_DAY = date(2026, 1, 1)


def settle(facts: Facts, policy: Policy, day: date) -> None:
    """Give the compared facts values that make each comparison true or false, as the search found it.

    Raises Unrealisable.
    """
    asked = {
        key: answer
        for key in facts
        if isinstance(key, FactsTest) and (answer := facts.truth(key)) is not None and answer != UNKNOWN
    }
    names = list(dict.fromkeys(each for key in asked for each in (key.one, key.other) if each is not None))
    if not names:
        return
    limits = [moved(day, key.shift or Duration(0, "day")) for key in asked if key.other is None]
    shifts = [key.shift for key in asked if key.shift is not None and key.other is not None]
    steps = (Duration(sign * each.count, each.unit) for each in shifts for sign in (1, -1))
    limits += [_SOME_DAY, *(moved(_SOME_DAY, each) for each in steps)] if shifts else []
    known = {name: _known(facts, policy, name) for name in names}
    choices = [list(_choices(known[name], policy, limits)) for name in names]
    for values in islice(product(*choices), _MOST_TRIED):
        chosen = dict(zip(names, values, strict=True))
        if all(_compares(key, chosen, known, day) == (answer == TRUE) for key, answer in asked.items()):
            for name, value in chosen.items():
                found = known[name]
                facts.put(ModelFact(found.variable, found.answers, value))
            return
    raise Unrealisable


def _known(facts: Facts, policy: Policy, fact: Fact) -> ModelFact:
    """What the search found about a fact by itself; nothing if only its comparison matters."""
    side, owner, name = fact
    found = facts.attributes(side, owner).get(name)
    if found is not None:
        return found
    entity = Entity.SYSTEM if owner is Owner.ITEM else Entity(owner.value)
    attribute = policy.attributes.get((entity, name))
    if attribute is None:  # what only a transform has
        raise Unrealisable
    key = ValueOf(side, owner, name, attribute.type, attribute.default)
    form = FORMS.get(attribute.type.form, "id")
    return ModelFact(Variable(key, form, attribute.type.vocabulary or "", attribute), {}, None)


def _choices(found: ModelFact, policy: Policy, days: Sequence[date]) -> Iterator[Any]:
    """The values that a fact may have, those of its own tests first."""
    variable = found.variable
    tests = {test: answer for test, answer in found.answers.items() if test != DECLARED}
    if set(tests.values()) == {UNKNOWN}:
        return
    taxonomy = policy.taxonomy(variable.vocabulary)
    for value in dict.fromkeys(_values(variable, tests, taxonomy, days)):
        if all(_answer(variable, test, value, taxonomy) == answer for test, answer in tests.items()):
            yield value


def _values(variable: Variable, tests: Mapping[Any, int], taxonomy: Taxonomy, days: Sequence[date]) -> Iterator[Any]:
    limits = [test[1] for test in tests if isinstance(test, tuple)]
    match variable.form:
        case "one":
            yield from (each for each in taxonomy.terms if taxonomy.is_narrowest(each))
        case "flag":
            yield from (TRUE, FALSE)
        case "duration":
            yield from (each for each in limits if each != float("inf"))
            near = [Duration(count, unit) for unit in ("year", "month", "day") for count in _NEAR]
            yield from (Fraction(int(each.length)) for each in near)
            yield from (each + Fraction(int(step.length)) for each in limits if each != float("inf") for step in near)
        case "date":
            marks = [*limits, *(each.toordinal() for each in days)] or [_SOME_DAY.toordinal()]
            yield from (each + step for each in marks for step in (0, 1, -1, 40, -40))
        case "number":
            yield from (each + step for each in (limits or [Fraction(0)]) for step in (0, 1, -1, 2))
        case "text":
            yield from (*limits, "this", "that")
        case _:
            return


def _answer(variable: Variable, test: Any, value: Any, taxonomy: Taxonomy) -> int:
    if variable.form == "flag":
        return int(value)
    if variable.form == "one":
        return is_below(taxonomy, value, test)
    return TRUE if COMPARISONS[test[0]](value, test[1]) else FALSE


def _compares(key: FactsTest, chosen: Mapping[Fact, Any], known: Mapping[Fact, ModelFact], day: date) -> bool:
    one = chosen[key.one]
    other = day.toordinal() if key.other is None else chosen[key.other]
    if key.shift is not None and known[key.one].variable.form == "date":
        other = moved(date.fromordinal(other), key.shift).toordinal()
    return bool(COMPARISONS[key.operator](one, other))
