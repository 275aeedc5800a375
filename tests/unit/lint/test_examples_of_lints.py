"""Lints that show an example: a subject for which one rule requires what others forbid, and one to which no rule applies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.runner import Files, Finding, Level, Linted, lint
from privacy_rules.reports.registry import View, render
from tests.builders import estate_of, policy_of
from tests.properties.claims import found as verdicts_of

WORDS = "use std.core\ndata { contact { email phone }  card }\npurpose { orders news }\n"
DAY = date(2026, 6, 15)
GAPS: Mapping[str, Level] = {"no-rule-applies": "note"}
WANTED = ("required-and-forbidden", "no-rule-applies")


def linted(text: str, levels: Mapping[str, Level] | None = None) -> Linted:
    path = Path("policy.privacy")
    found, wrong = lint(Files((path,), Path.cwd(), {path: WORDS + text}), DAY, levels or {})
    assert found is not None, wrong
    return found


def shown(text: str, levels: Mapping[str, Level] | None = None) -> list[Finding]:
    """The findings with examples, each of which has the verdicts that it names."""
    found = [each for each in linted(text, levels).findings if each.lint.name in WANTED]
    policy = policy_of(WORDS + text)
    for each in found:
        assert each.found.example is not None
        for rule, verdict in each.found.example.verdicts:
            judged = verdicts_of(policy, estate_of(each.found.example.data, policy), DAY, rule)
            assert judged.get("it", verdict.COMPLIANT) is verdict
    return found


# ---- required and forbidden

ASKED = "rule asked { %s require choice is opt_in on disclosure of contact }\n"
NO_EMAILS = "rule no_emails { %s forbid disclosure of email %s when choice is opt_in }\n"


def test_a_subject_of_which_one_rule_requires_what_another_forbids_is_shown() -> None:
    (found,) = shown(ASKED % "" + NO_EMAILS % ("", ""))
    assert found.found.message == "for some subjects, whatever complies with `asked` violates `no_emails`"
    example = found.found.example
    assert example is not None
    (flow,) = example.data["flows"]
    assert (flow["carries"], flow["choice"], "purposes" in flow) == (["email"], "opt_in", False)
    assert [(rule, verdict.word) for rule, verdict in example.verdicts] == [
        ("asked", "compliant"),
        ("no_emails", "violation"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        NO_EMAILS % ("", "to marketer"),
        "rule no_emails { forbid disclosure of email when choice is opt_in and exchange is sale }\n",
        "rule no_emails { require not choice is opt_in on disclosure of email for orders }\n",
    ],
)
def test_the_facts_that_say_what_the_subject_is_are_those_of_the_example(other: str) -> None:
    assert len(shown(ASKED % "" + other)) == 1


@pytest.mark.parametrize(
    "rules",
    [
        ASKED % "" + "rule no_emails { forbid disclosure of email }\n",
        ASKED % "" + "rule no_emails { forbid disclosure of email when choice is opt_out }\n",
        ASKED % "" + "rule no_cards { forbid disclosure of card when choice is opt_in }\n",
        ASKED % "" + "rule no_emails { forbid disclosure of email when choice is opt_in unless notice }\n",
        ASKED % "applies until 2027-01-01" + NO_EMAILS % ("applies from 2027-01-01", ""),
        ASKED % "" + NO_EMAILS % ("", "") + "rule p { permit disclosure of email despite asked }\n",
        "rule any { require choice is (opt_in, opt_out) on disclosure }\n" + NO_EMAILS % ("", ""),
    ],
)
def test_what_can_be_complied_with_is_not_reported(rules: str) -> None:
    assert shown(rules) == []


def test_several_rules_that_leave_no_way_are_named_together() -> None:
    rules = "rule asked { require choice is (opt_in, opt_out) on disclosure of card }\n"
    rules += "rule no_in { forbid disclosure of card to marketer when choice is opt_in }\n"
    rules += "rule no_out { forbid disclosure to marketer when choice is opt_out }\n"
    (found,) = shown(rules)
    assert {"`no_in`", "`no_out`"} <= set(found.found.message.split())


def test_a_rule_that_contradicts_another_as_a_whole_is_reported_once() -> None:
    rules = ASKED % "" + "rule no_contact { forbid disclosure of contact when choice is opt_in }\n"
    assert shown(rules) == []
    assert "contradicting-rules" in {each.lint.name for each in linted(rules).findings}


@pytest.mark.usefixtures("without_solver")
def test_beyond_the_bound_the_rule_is_named_as_not_proved() -> None:
    marks = [f"t{number}" for number in range(14)]
    words = f"vocabulary mark {{ {' '.join(marks)} }}\nattribute marks on flow: set of mark\n"
    each = " and ".join(f"marks includes {name}" for name in marks)
    rules = f"rule a {{ require {each} on disclosure of contact }}\nrule b {{ forbid disclosure of email when marks includes t3 and {each} }}\n"
    found = linted(words + rules)
    assert "a" in found.unproved
    assert not [each for each in found.findings if each.lint.name in WANTED]


# ---- no rule applies


def test_the_smallest_subject_to_which_no_rule_applies_is_shown_for_each_kind() -> None:
    rules = (
        "rule sold { forbid disclosure of contact when exchange is sale }\nrule told { require notice on collection }\n"
    )
    found = shown(rules, GAPS)
    assert [each.found.message for each in found] == [
        "no rule applies to some disclosures",
        "no rule applies to some uses",
    ]
    assert all(each.severity == "note" for each in found)
    disclosure = found[0].found.example
    assert disclosure is not None
    (flow,) = disclosure.data["flows"]
    assert (flow["carries"], set(flow)) == (["card"], {"id", "from", "to", "carries"})
    policy = policy_of(WORDS + rules)
    assert verdicts_of(policy, estate_of(disclosure.data, policy), DAY, "sold") == {}


def test_a_kind_to_which_a_rule_always_applies_has_no_gap() -> None:
    every = "".join(
        f"rule r{at} {{ require notice on {kind} }}\n" for at, kind in enumerate(("collection", "disclosure"))
    )
    assert [each.found.message for each in shown(every, GAPS)] == ["no rule applies to some uses"]
    assert shown(every + "rule used { require purpose is orders on use }\n", GAPS) == []


@pytest.mark.parametrize("gone", ["applies until 2026-06-15", "severity note"])
def test_a_rule_counts_if_it_is_in_force_however_severe_it_is(gone: str) -> None:
    found = shown(f"rule r {{ {gone} require notice on disclosure }}\n", GAPS)
    assert ("no rule applies to some disclosures" in [each.found.message for each in found]) == gone.startswith(
        "applies"
    )


def test_gaps_are_only_looked_for_if_the_configuration_asks() -> None:
    assert shown("rule sold { forbid disclosure of contact when exchange is sale }\n") == []


def test_reports_show_the_example() -> None:
    content = FixResult(linted(ASKED % "" + NO_EMAILS % ("", "")), (), 0)
    text = render("lint", "text", content, View())
    assert "  example: disclosure of email to " in text
    assert "    manifest: 1\n    as_of: 2026-06-15\n" in text
    (found,) = [
        each for each in json.loads(render("lint", "json", content, View()))["findings"] if each["code"] == "L151"
    ]
    assert found["example"]["verdicts"] == {"asked": "compliant", "no_emails": "violation"}
    assert found["example"]["manifest"]["flows"][0]["carries"] == ["email"]
    assert "for example " in render("lint", "github", content, View())
