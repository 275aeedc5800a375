"""The steps that lints may take: one that runs out says so, and the others still run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.analysis.step_budget import Effort, Spent
from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.runner import Files, Linted, lint_input_of, run
from privacy_rules.reports.registry import View, render

POLICY = """use std.core
data { contact { email }  card  unused }
rule a { forbid flow of card when card_like and not card_like }
rule b { forbid flow of (email, card, email) when notice or not notice }
define card_like as notice
"""


def linted(most: int) -> Linted:
    path = Path("policy.privacy")
    files = Files((path,), Path.cwd(), {path: POLICY})
    made, wrong = files.survey()
    assert not wrong
    lint_input = lint_input_of(made, files, date(2026, 6, 15))
    lint_input.effort = Effort(most)
    return run(lint_input, {})


def lints(found: Linted) -> set[str]:
    return {each.lint.name for each in found.findings}


def test_a_lint_that_runs_out_of_steps_says_so_and_the_others_still_run() -> None:
    whole, cut = linted(1_000_000), linted(30)
    assert whole.unfinished == ()
    assert {"always-true", "always-false", "duplicate-term", "unused-term"} <= lints(whole)
    assert {"always-true", "always-false"} <= set(cut.unfinished)
    assert {"duplicate-term", "unused-term"} <= lints(cut) <= lints(whole)
    assert not lints(cut) & set(cut.unfinished)


def test_the_reports_name_the_lints_that_were_not_finished() -> None:
    cut = linted(30)
    text, json_, sarif = (render("lint", name, FixResult(cut, (), 0), View()) for name in ("text", "json", "sarif"))
    assert f"not finished: {', '.join(cut.unfinished[:2])}" in text
    assert json.loads(json_)["not_finished"] == list(cut.unfinished)
    (told,) = json.loads(sarif)["runs"]
    assert told["properties"]["not_finished"] == list(cut.unfinished)


def test_a_lint_has_a_third_of_the_steps_that_are_left() -> None:
    effort = Effort(90)
    effort.begin()
    effort.take(30)
    with pytest.raises(Spent):
        effort.take(1)
    effort.begin()  # 59 steps are left
    effort.take(19)
    with pytest.raises(Spent):
        effort.take(1)
