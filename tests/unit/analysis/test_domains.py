"""The values of variables: each gives the answers of its row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from privacy_rules.analysis import domains
from privacy_rules.analysis.domains import DECLARED, MOST_ROWS, rows, values
from privacy_rules.analysis.formula import Formulas, Variable
from privacy_rules.analysis.queries import Questions
from privacy_rules.checking.core_rules import Cores
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.vocabulary.taxonomy import Taxonomy
from tests.builders import policy_of
from tests.properties.checking import TODAY

DATA = Taxonomy("data", {"contact": (), "email": ("contact",), "phone": ("contact",), "card": ()})


def answered(variable: Variable, *tests: Any, complete: bool = False) -> dict[tuple[int, ...], Any]:
    make = Formulas()
    for each in tests:
        make.test(variable, each)
    found = values(variable, range(len(tests)), DATA, complete=complete)
    assert found is not None
    assert complete or set(found) <= set(rows(variable, range(len(tests)), DATA) or [])
    return found


def mask(*terms: str) -> int:
    return DATA.below_any(terms)


def test_the_most_specific_terms_come_first() -> None:
    found = answered(Variable("data", "one", "data"), mask("contact"), mask("email"))
    assert found == {
        (FALSE, FALSE): "card",
        (TRUE, TRUE): "email",
        (TRUE, FALSE): "phone",
        (TRUE, UNKNOWN): "contact",
        (UNKNOWN, UNKNOWN): None,
    }


def test_complete_values_are_known_and_have_nothing_below_them() -> None:
    found = answered(Variable("data", "one", "data"), mask("contact"), mask("email"), complete=True)
    assert found == {(FALSE, FALSE): "card", (TRUE, TRUE): "email", (TRUE, FALSE): "phone"}
    assert answered(Variable("x", "free", nullable=False), (), complete=True) == {(FALSE,): 0, (TRUE,): 2}


def test_a_set_has_the_elements_that_its_answers_need() -> None:
    tests = ("includes", mask("email")), ("within", mask("contact"))
    found = answered(Variable("carries", "set", "data"), *tests)
    assert found[TRUE, TRUE] == ("email",)
    assert found[TRUE, FALSE] == ("card", "email")
    assert found[FALSE, TRUE] == ()
    assert found[UNKNOWN, UNKNOWN] is None


@pytest.mark.parametrize(
    ("form", "tests", "expected"),
    [
        ("duration", [("<=", Fraction(3)), (">", Fraction(5))], {(2, 0): 0, (0, 0): 5, (0, 2): 6}),
        ("date", [(">=", 5)], {(0,): 1, (2,): 5}),
        ("text", [("=", "other")], {(2,): "other", (0,): "other 0"}),
        ("flag", ["yes"], {(0,): 0, (2,): 2}),
    ],
)
def test_a_value_for_each_answer(form: Any, tests: list[Any], expected: dict[tuple[int, ...], Any]) -> None:
    assert answered(Variable("x", form), *tests, complete=True).items() >= expected.items()


def test_an_undeclared_value_fails_is_declared() -> None:
    assert answered(Variable("notice", "flag"), "yes", DECLARED) == {(0, 2): 0, (2, 2): 2, (1, 0): None}


def test_a_rule_and_its_core_have_one_formula() -> None:
    policy = policy_of("""
        use std.core
        data { card }
        rule r { forbid disclosure of card when exchange is sale unless notice }
        rule p { permit disclosure to court despite r }
    """)
    ask, rule, permit = Questions(policy), policy.rules[0], policy.rules[1]
    core = Cores(policy).of(rule, TODAY)
    assert ask.core(core) == ask.verdict_of(rule, [permit])
    assert ask.core(core) != ask.verdict_of(rule)


def test_a_broad_term_by_itself_has_the_last_row() -> None:
    variable = Variable("data", "one", "data")
    answered(variable, mask("email"), mask("phone"), mask("contact"))
    found = rows(variable, range(3), DATA)
    assert found is not None
    assert found[-1] == (FALSE, FALSE, TRUE)


def test_more_limits_than_rows_are_too_many_without_comparing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    duration = Variable("retention", "duration")
    make = Formulas()
    for each in range(MOST_ROWS + 3):
        make.test(duration, ("<=", Fraction(each)))
    monkeypatch.setattr(domains, "_of_points", None)
    assert values(duration, range(MOST_ROWS + 3), DATA) is None
    with pytest.raises(TypeError):
        values(duration, range(MOST_ROWS + 2), DATA)
