"""What lints say of rules that permits lift, and of rules and permits with days of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from privacy_rules.lint.framework.runner import Files, lint

WORDS = "use std.core\ndata { contact { email }  card }\npurpose { orders }\n"


def found(text: str, day: date = date(2026, 6, 15), words: str = WORDS) -> set[tuple[str, str]]:
    """The names of lints with the words that they point at."""
    path = Path("policy.privacy")
    linted, wrong = lint(Files((path,), Path.cwd(), {path: words + text}), day)
    assert linted is not None, wrong
    lines = (words + text).split("\n")
    return {
        (each.lint.name, lines[span.line - 1][span.column - 1 : span.end_column - 1])
        for each in linted.findings
        for span in [each.found.span]
    }


RULES = """
rule narrow { forbid disclosure of email when exchange is sale }
rule wide   { forbid disclosure of contact }
"""


def test_a_rule_is_implied_by_a_wider_one() -> None:
    assert ("subsumed-rule", "narrow") in found(RULES)


@pytest.mark.parametrize(
    ("permit", "implied"),
    [
        ("permit disclosure of email when necessary despite wide", False),
        ("permit disclosure of email when necessary despite narrow", True),
        ("permit disclosure of email when necessary despite narrow, wide", True),
        ("applies from 2027-01-01  permit disclosure when necessary despite wide", False),
    ],
)
def test_permits_count_where_a_rule_is_said_to_be_implied(permit: str, implied: bool) -> None:
    said = ("subsumed-rule", "narrow") in found(f"{RULES}rule p {{ {permit} }}")
    assert said == implied


def test_a_permit_of_both_that_ends_does_not_make_one_imply_the_other() -> None:
    """While it holds nothing of `card` is found by either; once it has ended only one finds it."""
    rules = """
rule one   { forbid flow of (email, card) }
rule other { forbid flow of email }
rule p     { %s permit flow of card despite one, other }
"""
    assert ("subsumed-rule", "one") not in found(rules % "applies until 2027-01-01")
    assert ("same-meaning", "other") not in found(rules % "applies until 2027-01-01")
    always = found(rules % "")
    assert ("same-meaning", "other") in always


@pytest.mark.parametrize(
    ("days", "implied"),
    [
        ("applies from 2026-01-01", True),
        ("applies from 2026-01-01 until 2026-12-31", True),
        ("applies from 2025-01-01", False),
        ("", False),
    ],
)
def test_a_rule_is_implied_only_on_days_on_which_the_other_is_in_force(days: str, implied: bool) -> None:
    text = f"""
rule narrow {{ {days}  forbid disclosure of email when exchange is sale }}
rule wide   {{ applies from 2026-01-01  forbid disclosure of contact }}
"""
    assert (("subsumed-rule", "narrow") in found(text)) == implied


def test_a_less_severe_rule_does_not_stand_in_for_a_more_severe_one() -> None:
    assert ("subsumed-rule", "narrow") not in found(RULES.replace("wide   {", "wide   { severity warning "))


def test_what_a_permit_lifts_can_comply() -> None:
    rule = "rule r { require data is card on disclosure of email }\n"
    assert ("cannot-be-met", "r") in found(rule)
    assert ("cannot-be-met", "r") not in found(rule + "rule p { permit disclosure when necessary despite r }")


def test_a_permit_that_is_never_in_force_with_its_rule_lifts_nothing() -> None:
    text = """
rule r { applies until 2026-01-01  forbid disclosure of email }
rule p { applies from 2026-01-01   permit disclosure when necessary despite r }
"""
    assert ("idle-permit", "r") in found(text)
    assert ("idle-permit", "r") not in found(text.replace("from 2026-01-01", "from 2025-12-31"))


def test_a_country_is_known_without_being_declared() -> None:
    """It is the party's: `is declared` may be false where the country is one all the same."""
    text = "rule r { forbid system when country is US and not (country is declared) }\n"
    assert not {name for name, _ in found(text)} & {"always-false", "never-applies"}


DATED = """use std.core
data { a  b in a until 2026-01-01  c in a  d { e f }  g in d from 2026-01-01 }
purpose { orders }
"""


@pytest.mark.parametrize(
    ("text", "lint", "other"),
    [
        ("forbid flow of (a, b)", "broad-and-narrow", "forbid flow of (a, c)"),
        ("forbid flow of (e, f, g)", "listed-children", None),
        ("forbid flow of b when not data is a", "never-applies", "forbid flow of c when not data is a"),
        ("require data is a on flow of b", "cannot-fail", "require data is a on flow of c"),
    ],
)
def test_what_is_not_so_on_every_day_is_not_claimed(text: str, lint: str, other: str | None) -> None:
    """The same is claimed of a term whose parent has no dates."""
    assert lint not in {each for each, _ in found(f"rule r {{ {text} }}", words=DATED)}
    if other is not None:
        assert lint in {each for each, _ in found(f"rule r {{ {other} }}", words=DATED)}
