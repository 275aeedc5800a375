"""What lints say of vocabularies that a rule uses without naming a term."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from privacy_rules.lint.framework.runner import Files, lint


def lints(rule: str) -> set[str]:
    path = Path("policy.privacy")
    text = f"use std.regions\nvocabulary wing {{ north south }}\nattribute wing on system: one of wing\nrule r {{ {rule} }}\n"
    linted, wrong = lint(Files((path,), Path.cwd(), {path: text}), date(2026, 6, 15))
    assert linted is not None, wrong
    return {each.lint.name for each in linted.findings}


@pytest.mark.parametrize(
    ("rule", "unused"),
    [
        ("require source.country = recipient.country on flow", {"unused-term"}),
        ("require source.wing = recipient.wing on flow", {"unused-use"}),
        ("require notice on flow", {"unused-term", "unused-use"}),
    ],
)
def test_a_comparison_of_two_facts_uses_their_vocabulary(rule: str, unused: set[str]) -> None:
    assert lints(rule) & {"unused-term", "unused-use"} == unused
