"""What lints say of rules and permits held against each other, and of questions that are too large."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.implications import implications
from privacy_rules.lint.framework.runner import Files, Linted, lint, lint_input_of
from privacy_rules.reports.registry import View, render

WORDS = "use std.core\ndata { contact { email }  card }\npurpose { orders news }\n"


def looked(text: str, words: str = WORDS) -> Linted:
    path = Path("policy.privacy")
    linted, wrong = lint(Files((path,), Path.cwd(), {path: words + text}), date(2026, 6, 15))
    assert linted is not None, wrong
    return linted


def found(text: str) -> set[tuple[str, str]]:
    """The lints that look at several rules, with their messages' first names."""
    wanted = ("contradicting-rules", "subsumed-permit", "subsumed-rule", "same-meaning", "idle-permit")
    told = [each for each in looked(text).findings if each.lint.name in wanted]
    return {(each.lint.name, each.found.message.split("`")[1]) for each in told}


ALLOWED = "rule a { allow disclosure of contact only - for orders }\n"


@pytest.mark.parametrize(
    "other",
    [
        "forbid disclosure of contact for orders",
        "forbid flow of contact when purpose is orders",
        "require not purpose is orders on disclosure of contact",
        "applies until 2027-01-01 forbid disclosure of contact for orders",
    ],
)
def test_a_rule_that_allows_only_what_another_forbids_is_at_odds_with_it(other: str) -> None:
    assert "contradicting-rules" in {lint for lint, _ in found(f"{ALLOWED}rule b {{ {other} }}")}


@pytest.mark.parametrize(
    "other",
    [
        "forbid disclosure of contact for orders when exchange is sale",
        "forbid disclosure of contact for orders unless notice",
        "forbid disclosure of email for orders",
        "forbid disclosure of card for orders",
        "require notice on disclosure of contact",
        "forbid collection of contact for orders",
    ],
)
def test_a_rule_that_something_can_satisfy_beside_another_is_not(other: str) -> None:
    assert found(f"{ALLOWED}rule b {{ {other} }}") == set()


def test_what_a_permit_lifts_or_never_meets_on_a_day_is_no_contradiction() -> None:
    ban = "rule b { %s forbid disclosure of contact for orders }\n"
    assert found(f"{ALLOWED}{ban % ''}rule p {{ permit disclosure of contact when notice despite b }}") == set()
    early = ALLOWED.replace("{ ", "{ applies until 2027-01-01 ")
    assert found(f"{early}{ban % 'applies from 2027-01-01'}") == set()


def test_two_requirements_that_exclude_each_other_are_reported_once_at_the_later() -> None:
    rules = "rule a { require choice is opt_in on disclosure }\nrule b { require choice is opt_out on disclosure }\n"
    assert found(rules) == {("contradicting-rules", "b")}


def test_a_rule_that_another_implies_is_reported_once() -> None:
    assert found(f"{ALLOWED}rule b {{ forbid disclosure of contact }}") == {("subsumed-rule", "a")}


BAN = "rule r { forbid disclosure of card }\nrule wide { %s permit disclosure of card when notice despite r }\n"
NARROW = "rule narrow { %s permit disclosure of card for orders when notice despite r }\n"


@pytest.mark.parametrize(
    ("wide", "narrow", "told"),
    [
        ("", "", True),
        ("applies from 2027-01-01", "", False),
        ("applies until 2028-01-01", "", False),
        ("applies until 2028-01-01", "applies until 2027-01-01", True),
    ],
)
def test_a_permit_within_another_is_reported_where_that_is_always_there(wide: str, narrow: str, told: bool) -> None:
    assert (("subsumed-permit", "narrow") in found(BAN % wide + NARROW % narrow)) == told


def test_of_two_permits_that_lift_the_same_the_later_is_reported() -> None:
    same = BAN % "" + "rule again { permit disclosure of card when notice despite r }\n"
    assert found(same) == {("subsumed-permit", "again")}


def test_a_permit_that_several_make_needless_together_is_reported() -> None:
    rules = BAN % "" + "rule other { permit disclosure of card when not notice despite r }\n"
    rules += "rule both { permit disclosure of card for orders when notice is declared and (notice or not notice) despite r }\n"
    (told,) = [each for each in looked(rules).findings if each.lint.name == "subsumed-permit"]
    assert told.found.message == "`both` lifts nothing of `r` that others together do not lift"


MARKS = " ".join(f"t{number}" for number in range(14))
TOO_LARGE = (
    f"vocabulary mark {{ {MARKS} }}\nattribute marks on party: set of mark\nrule a {{ forbid party when "
    + " and ".join(f"marks includes {each}" for each in MARKS.split())
    + " }\nrule small { forbid flow of card }\n"
)


@pytest.mark.usefixtures("without_solver")
def test_what_is_too_large_to_decide_is_reported_with_its_rules() -> None:
    linted = looked(TOO_LARGE)
    assert linted.undecided > 0
    assert linted.unproved == ("a",)
    found = FixResult(linted, (), 0)
    assert f"not proved: {linted.undecided} questions about a too large to decide" in render(
        "lint", "text", found, View()
    )
    told = json.loads(render("lint", "json", found, View()))
    assert (told["not_proved"], told["not_proved_of"]) == (linted.undecided, ["a"])
    assert looked("rule small { forbid flow of card }").unproved == ()


def test_copies_of_a_rule_are_reported_once_each_and_asked_about_once() -> None:
    """Of as many copies as there are, each says the same as the first: they are not held against each other."""
    rules = "".join(f"rule r{number} {{ forbid disclosure of card when notice }}\n" for number in range(60))
    path = Path("policy.privacy")
    files = Files((path,), Path.cwd(), {path: WORDS + rules})
    made, _ = files.survey()
    turns: list[None] = []
    lint_input = lint_input_of(made, files, date(2026, 6, 15), lambda: turns.append(None))
    told = [(each.rule.name, each.others[0].name) for each in implications(lint_input)]
    assert told == [(f"r{number}", "r0") for number in range(1, 60)]
    assert len(turns) < 20 * 60


def test_rules_of_one_meaning_in_other_words_are_reported_against_the_first() -> None:
    rules = (
        "rule a { forbid disclosure of card when notice }\nrule b { forbid disclosure of card when not not notice }\n"
    )
    rules += "rule c { require not notice on disclosure of card }\nrule d { forbid disclosure when data is card and notice }\n"
    told = [each.found for each in looked(rules).findings if each.lint.name == "same-meaning"]
    assert [each.message for each in told] == [f"`{name}` means the same as `a`" for name in "bcd"]
