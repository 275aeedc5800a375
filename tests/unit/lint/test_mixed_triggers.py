"""Which comparisons of `retention` say what the periods start with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from privacy_rules.lint.framework.runner import Files, lint

TELLING = "rule t { require retention <= 60 days and retention_from is account_closed on storage of email }"
SAME = "recipient.retention_from = source.retention_from"


def found(rules: str) -> list[str]:
    """What the lint says, with the words at fault."""
    path = Path("policy.privacy")
    text = f"use std.core\ndata {{ email  card }}\npurpose {{ orders }}\n{rules}\n"
    linted, wrong = lint(Files((path,), Path.cwd(), {path: text}), date(2026, 6, 15))
    assert linted is not None, wrong
    spans = [each.found.span for each in linted.findings if each.lint.name == "mixed-triggers"]
    lines = text.splitlines()
    return [lines[span.line - 1][span.column - 1 : span.end_column - 1] for span in spans]


@pytest.mark.parametrize(
    "rule",
    [
        "require retention <= 30 days on storage of card",
        "require retention >= 6 years on storage of card",
        "forbid storage of card when retention > 30 days",
        "forbid storage of card at (retention > 30 days)",
        "forbid flow when recipient.retention > 30 days and retention_from is collection",
        "forbid flow when recipient.retention > 30 days and source.retention_from is collection",
        "forbid flow to (retention > 30 days) when source.retention_from is collection",
        "require retention <= 30 days on flow of card",
        "permit storage when retention <= 30 days despite t",
        "require recipient.retention <= source.retention on flow",
        "require recipient.retention <= source.retention and recipient.retention_from is collection on flow",
        "require recipient.retention <= source.retention and recipient.retention_from is collection on flow"
        " when source.retention_from is last_use",
        "require recipient.retention <= source.retention and recipient.retention_from is (collection, last_use)"
        " and source.retention_from is (collection, last_use) on flow",
        f"require recipient.retention <= retention and {SAME} on flow",
    ],
)
def test_a_comparison_that_does_not_say_the_start_is_found(rule: str) -> None:
    (words,) = found(f"{TELLING}\nrule r {{ {rule} }}")
    assert "retention " in words


@pytest.mark.parametrize(
    "rule",
    [
        "require retention <= 30 days and retention_from is collection on storage of card",
        "require retention <= 30 days and retention_from is (collection, last_use) on storage of card",
        "require retention <= 30 days and retention_from is declared on storage of card",
        "require retention <= 30 days on storage of card when retention_from is collection",
        "require retention <= 30 days on storage of card unless retention_from is last_use",
        "forbid storage of card at (retention > 30 days and retention_from is collection)",
        "forbid flow to (retention_from is collection) when recipient.retention > 30 days",
        "require retention != unlimited on storage of card",
        "require retention is declared on storage of card",
        f"require recipient.retention <= source.retention and {SAME} on flow",
        "require recipient.retention <= source.retention on flow unless source.retention_from != recipient.retention_from",
        "require recipient.retention <= source.retention and recipient.retention_from is collection on flow"
        " when source.retention_from is collection",
    ],
)
def test_a_comparison_that_says_the_start_is_not_found(rule: str) -> None:
    assert found(f"{TELLING}\nrule r {{ {rule} }}") == []


def test_nothing_is_found_if_no_rule_tells_starts_apart() -> None:
    rules = "rule r { require recipient.retention <= source.retention on flow }\nrule s { require retention <= 1 year on storage }"
    assert found(rules) == []
    assert found(f"{rules}\nrule t {{ require retention_from is declared on storage }}") == []
    assert found(f"{rules}\nrule t {{ require {SAME} on flow }}") == [
        "recipient.retention <= source.retention",
        "retention <= 1 year",
    ]


def test_each_alternative_says_its_start_or_the_rest_of_the_rule_does() -> None:
    one, other = "when retention <= 60 days and retention_from is account_closed", "when retention <= 1 year"
    assert found(f"rule r {{ allow storage only - {one} - {other} }}") == ["retention <= 1 year"]
    assert (
        found(f"rule r {{ allow storage at (retention_from is collection) only - {other} - when kind is office }}")
        == []
    )


def test_a_broad_event_of_both_periods_may_be_two_events() -> None:
    both = "recipient.retention_from is account_closed and source.retention_from is account_closed"
    rule = f"rule r {{ require recipient.retention <= source.retention on flow when {both} }}"
    assert found(rule) == []
    assert found(f"trigger {{ account_closed {{ closed_by_us }} }}\n{rule}") == [
        "recipient.retention <= source.retention"
    ]


def test_a_define_is_found_once_at_its_own_place() -> None:
    rules = "define short as retention <= 30 days\nrule r { require short on storage of card }\nrule s { require short on system }"
    assert found(f"{TELLING}\n{rules}") == ["retention <= 30 days"]


def test_an_own_attribute_of_an_older_policy_is_about_something_else() -> None:
    own = "vocabulary event { account_closed }\nattribute retention_from on system: one of event"
    assert found(f"{own}\n{TELLING}\nrule r {{ require retention <= 30 days on storage of card }}") == []
