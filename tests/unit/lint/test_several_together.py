"""What several rules find or forbid only together: a rule that they imply, contradict, or part of which they make pointless."""

from __future__ import annotations

import pytest

from tests.unit.lint.test_several_rules import TOO_LARGE, looked

COLOURS = "vocabulary colour { red green blue }\nattribute colour on flow: one of colour\n"
WANTED = ("subsumed-rule", "contradicting-rules", "forbidden-anyway")


def told(text: str) -> list[tuple[str, str]]:
    """The findings of the lints about several rules, with their messages."""
    found = looked(COLOURS + text).findings
    return [(each.lint.name, each.found.message) for each in found if each.lint.name in WANTED]


# ---- implied

ONE = "rule one { %s forbid disclosure of email }\n"
OTHER = "rule other { %s forbid disclosure of card }\n"
BOTH = "rule both { %s forbid disclosure of (email, card) when notice }\n"


def test_a_rule_that_two_imply_only_together_is_reported_with_both() -> None:
    message = "`both` finds nothing that `one` and `other` together do not find"
    assert told(ONE % "" + OTHER % "" + BOTH % "") == [("subsumed-rule", message)]
    assert told(BOTH % "" + OTHER % "" + ONE % "") == [
        ("subsumed-rule", message.replace("`one` and `other`", "`other` and `one`"))
    ]


def test_no_rule_is_named_that_is_not_needed() -> None:
    assert (
        "`one` and `other` together"
        in told(ONE % "" + "rule more { forbid disclosure of email when not notice }\n" + OTHER % "" + BOTH % "")[-1][1]
    )


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("severity note", "", ""),
        ("applies until 2030-01-01", "", ""),
        ("", "applies from 2027-01-01", "applies from 2026-12-31"),
    ],
)
def test_less_severe_rules_and_rules_of_other_days_imply_nothing_together(one: str, other: str, both: str) -> None:
    assert told(ONE % one + OTHER % other + BOTH % both) == []


def test_what_remains_undetermined_without_the_rule_is_not_implied() -> None:
    """With `notice` undeclared, `all` finds a violation, and each of the others leaves it open."""
    rules = "rule told { forbid disclosure of card when notice }\nrule untold { forbid disclosure of card when not notice }\n"
    found = told(rules + "rule all { forbid disclosure of card }\n")
    assert ("subsumed-rule", "`told` finds nothing that `all` does not find") in found
    assert not any("`all` finds nothing" in message for _, message in found)


def test_of_rules_that_imply_each_other_in_a_ring_enough_are_kept() -> None:
    rules = [
        "rule ab { forbid disclosure when colour is (red, green) }\n",
        "rule bc { forbid disclosure when colour is (green, blue) }\n",
        "rule ca { forbid disclosure when colour is (blue, red) }\n",
    ]
    assert told("".join(rules)) == [("subsumed-rule", "`ca` finds nothing that `ab` and `bc` together do not find")]


# ---- contradicted

ASKED = "rule asked { require colour is (red, green) on disclosure of card }\n"
NO_RED = "rule no_red { %s forbid disclosure when colour is red }\n"
NO_GREEN = "rule no_green { %s forbid disclosure of card when colour is green }\n"


def test_a_requirement_that_two_rules_leave_no_way_to_meet_contradicts_both() -> None:
    message = "if `asked`, `no_red` and `no_green` judge the same subject, whatever complies with `asked` violates `no_red` or `no_green`"
    assert told(ASKED + NO_RED % "" + NO_GREEN % "") == [("contradicting-rules", message)]


@pytest.mark.parametrize(
    "others",
    [
        NO_RED % "",
        NO_RED % "" + "rule no_green { forbid disclosure of card when colour is green and notice }\n",
        NO_RED % "" + "rule no_green { forbid disclosure of email when colour is green }\n",
        NO_RED % "applies until 2027-01-01" + NO_GREEN % "applies from 2027-01-01",
        NO_RED % "" + NO_GREEN % "" + "rule p { permit disclosure of card when notice despite no_green }\n",
    ],
)
def test_a_requirement_that_can_be_met_contradicts_nothing(others: str) -> None:
    assert told(ASKED + others) == []


# ---- forbidden anyway

ALLOWED = "rule allowed { allow disclosure only\n - to service_provider\n - to marketer when notice }\n"
NO_MARKETERS = "rule no_marketers { %s forbid disclosure to marketer %s }\n"


@pytest.mark.parametrize(
    "rules",
    [
        ALLOWED,
        "rule allowed { forbid disclosure of card unless recipient.role includes marketer }\n",
        "rule allowed { forbid disclosure of card }\nrule p { permit disclosure of card to marketer despite allowed }\n",
    ],
    ids=["alternative", "exception", "permit"],
)
def test_a_part_that_lets_through_only_what_another_rule_forbids_makes_no_difference(rules: str) -> None:
    (found,) = told(rules + NO_MARKETERS % ("", ""))
    assert found[0] == "forbidden-anyway"
    assert found[1].endswith(
        "makes no difference: everything that `allowed` lets through because of it violates `no_marketers`"
    )
    narrow, mild, passing = ("", "when exchange is sale"), ("severity note", ""), ("applies until 2030-01-01", "")
    assert [told(rules + NO_MARKETERS % other) for other in (narrow, mild, passing)] == [[], [], []]


def test_several_rules_forbid_a_part_together() -> None:
    rules = "rule allowed { allow disclosure only\n - to service_provider\n - of (card, email) to marketer }\n"
    others = "rule a { forbid disclosure of card to marketer }\nrule b { forbid disclosure of contact to marketer }\n"
    ((lint, message),) = told(rules + others)
    assert (lint, message) == (
        "forbidden-anyway",
        "this alternative makes no difference: everything that `allowed` lets through because of it violates `a` or `b`",
    )


# ---- beyond the bound


@pytest.mark.usefixtures("without_solver")
@pytest.mark.parametrize("lint", ["implied", "contradicted", "forbidden anyway"])
def test_what_is_beyond_the_bound_is_reported_as_not_proved(lint: str) -> None:
    words, _, rule = TOO_LARGE.partition("rule a ")
    marks = rule[rule.index("when ") + 5 : rule.index(" }")]
    text = {
        "implied": f"rule a {{ forbid party when {marks} }}\nrule b {{ forbid party when marks includes t0 and role includes marketer }}\n",
        "contradicted": f"rule a {{ require {marks} on party }}\nrule b {{ forbid party when marks includes t0 and role includes marketer }}\n",
        "forbidden anyway": f"rule a {{ forbid party unless {marks} }}\nrule b {{ forbid party when role includes marketer }}\n",
    }[lint]
    found = looked(words + text)
    assert "a" in found.unproved
    assert found.undecided > 0
    assert not [each for each in found.findings if each.lint.name in WANTED]
