"""The reference evaluator gives what the conformance cases expect, so that it is no third opinion."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from privacy_rules.checking.logic import Verdict
from privacy_rules.language.loader import load
from privacy_rules.manifest.loader import estate, read
from tests.reference.evaluator import Outcome, evaluate

CASES = Path(__file__).parents[2] / "dsl" / "conformance"


def cases() -> list[Path]:
    """The cases that are judged, not refused."""
    expected = sorted(CASES.glob("*/*/expected.json"))
    return [each.parent for each in expected if "findings" in json.loads(each.read_text(encoding="utf-8"))]


def manifest_of(case: Path) -> Path:
    return next(each for each in (case / "manifest.yaml", case / "manifest.json") if each.exists())


def pairs(outcome: Outcome) -> set[tuple[str | None, str | None, str]]:
    return {(each.datum, each.purpose, each.verdict.word) for each in outcome.at_fault}


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_the_reference_gives_what_the_case_expects(case: Path) -> None:
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    policy, wrong = load([case / "policy.privacy"], root=case)
    assert policy is not None, wrong
    documents, wrong = read([manifest_of(case)], root=case)
    assert documents is not None, wrong
    found, wrong = estate(documents, policy)
    assert found is not None, wrong
    outcomes = evaluate(policy, found, date.fromisoformat(expected["as_of"]))
    by_rule = {(rule, subject): outcome for (rule, _, subject), outcome in outcomes.items()}
    wanted = {(each["rule"], subject_id(each)): each for each in expected["findings"]}
    at_fault = {key: each for key, each in by_rule.items() if each.verdict is not Verdict.COMPLIANT}
    assert {key: each.verdict.word for key, each in at_fault.items()} == {
        key: each["verdict"] for key, each in wanted.items()
    }
    for key, each in wanted.items():
        if "judged" in each and not any("pair" in pair for pair in each["judged"]):
            listed = {(pair.get("data"), pair.get("purpose"), pair["verdict"]) for pair in each["judged"]}
            assert pairs(at_fault[key]) == listed


def subject_id(finding: dict[str, Any]) -> str:
    subject = finding["subject"]
    return str(subject["id"] if isinstance(subject, dict) else subject)
