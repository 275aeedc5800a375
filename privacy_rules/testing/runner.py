"""Run cases: check each changed estate against the whole policy, and compare the findings with the expected ones."""

from __future__ import annotations

from typing import Literal

from privacy_rules import engine
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.finding import Finding
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.testing.finding_comparison import differences
from privacy_rules.testing.suite import Case, Expectation, Loaded, Suite


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between the findings and the expectations of a case.

    `missing`: there is no finding; `other`: the finding differs; `unexpected`: the finding is not expected.
    `explanations` show why a missing finding is compliant.
    """

    kind: Literal["missing", "other", "unexpected"]
    expected: Expectation | None = None
    found: Finding | None = None
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The findings and the differences of one case. If it expects some findings among others, only those of their rules."""

    suite: Suite
    case: Case
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there are no differences."""
        return not self.differences


Results = tuple[CaseResult, ...]
_MOST_EXPLAINED = 20
"""At most this many differences of one case are explained."""


def run(loaded: Loaded) -> tuple[Results | None, tuple[Diagnostic, ...]]:
    """Run all cases in order. Returns None and the errors if a case cannot be judged (an `origin` that is not a collection)."""
    results: list[CaseResult] = []
    wrong: list[Diagnostic] = []
    for suite, case in loaded.cases:
        result, found = run_case(suite, case)
        results += [result] if result else []
        wrong += found
    return (None, in_order(wrong)) if wrong else (tuple(results), ())


def run_case(suite: Suite, case: Case) -> tuple[CaseResult | None, tuple[Diagnostic, ...]]:
    """Run one case. Returns None and the errors if it cannot be judged."""
    inputs = engine.Inputs(suite.policy, case.estate)
    # Findings that a case may have besides the expected ones are not looked for.
    rules = {each.rule for each in case.expected} if case.mode == "includes" else None
    report, wrong = engine.check(inputs, day=case.day, rules=rules)
    if report is None:
        return None, wrong
    differing = differences(case.expected, report.findings, case.mode)
    found = tuple(
        _difference(expected, finding, inputs, case, explained=number < _MOST_EXPLAINED)
        for number, (expected, finding) in enumerate(differing)
    )
    return CaseResult(suite, case, report.findings, found), ()


def _difference(
    expected: Expectation | None, found: Finding | None, inputs: engine.Inputs, case: Case, *, explained: bool
) -> Difference:
    if expected is None or found is not None:
        return Difference("unexpected" if expected is None else "other", expected, found)
    if not explained:
        return Difference("missing", expected)
    explanations, _ = engine.explain(inputs, expected.rule, expected.subject, day=case.day)
    return Difference("missing", expected, None, explanations or ())
