"""Runs cases: each changed estate judged by the whole policy, and what is found held against what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from privacy_rules import engine
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.finding import Finding
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.testing.comparison import unlike
from privacy_rules.testing.suite import Case, Expectation, Loaded, Suite


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what is found is not what is expected.

    `missing`: nothing was found; `other`: something else of the same rule and subject; `unexpected`: found, not expected.
    `explanations` say of a missing finding why the rule is content.
    """

    kind: Literal["missing", "other", "unexpected"]
    expected: Expectation | None = None
    found: Finding | None = None
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case with what was found and all that differs."""

    suite: Suite
    case: Case
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return not self.differences


Results = tuple[CaseResult, ...]


def run(loaded: Loaded) -> tuple[Results | None, tuple[Diagnostic, ...]]:
    """The result of each case, in order; None where a case cannot be judged (an `origin` that is no collection)."""
    results: list[CaseResult] = []
    wrong: list[Diagnostic] = []
    for suite, case in loaded.cases:
        result, found = run_case(suite, case)
        results += [result] if result else []
        wrong += found
    return (None, in_order(wrong)) if wrong else (tuple(results), ())


def run_case(suite: Suite, case: Case) -> tuple[CaseResult | None, tuple[Diagnostic, ...]]:
    """One case, judged and compared."""
    inputs = engine.Inputs(suite.policy, case.estate)
    report, wrong = engine.check(inputs, day=case.day)
    if report is None:
        return None, wrong
    differing = unlike(case.expected, report.findings, case.mode)
    differences = tuple(_difference(expected, finding, inputs, case) for expected, finding in differing)
    return CaseResult(suite, case, report.findings, differences), ()


def _difference(expected: Expectation | None, found: Finding | None, inputs: engine.Inputs, case: Case) -> Difference:
    if expected is None or found is not None:
        return Difference("unexpected" if expected is None else "other", expected, found)
    explanations, _ = engine.explain(inputs, expected.rule, expected.subject, day=case.day)
    return Difference("missing", expected, None, explanations or ())
