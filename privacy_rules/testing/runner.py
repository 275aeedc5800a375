"""Run cases: check each changed estate against the whole policy, and compare the findings with the expected ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from privacy_rules import engine
from privacy_rules.checking.checker import MOST_KEPT, judge
from privacy_rules.checking.repeated_work import RepeatedWork
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.checking.subjects import entity_of
from privacy_rules.findings.finding import Finding, order
from privacy_rules.findings.report import Findings
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.testing.finding_comparison import differences
from privacy_rules.testing.suite import FEWER, Case, Expectation, Loaded, Suite


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
MOST_JUDGED = 40_000_000
"""How many subjects the rules of all cases may judge, those of each rule counted."""
OF_FINDING = 200
"""A finding counts as this many subjects that are judged."""
_MOST_EXPLAINED = 20
"""At most this many differences of one case are explained."""


def run(loaded: Loaded) -> tuple[Results | None, tuple[Diagnostic, ...]]:
    """Run all cases in order. Returns None and the errors if a case cannot be judged (an `origin` that is not a collection)."""
    results: list[CaseResult] = []
    wrong: list[Diagnostic] = []
    bench = _Bench()
    for suite, case in loaded.cases:
        result, found = bench.run(suite, case)
        results += [result] if result else []
        wrong += found
    return (None, in_order(wrong)) if wrong else (tuple(results), ())


def run_case(suite: Suite, case: Case) -> tuple[CaseResult | None, tuple[Diagnostic, ...]]:
    """Run one case. Returns None and the errors if it cannot be judged."""
    return _Bench().run(suite, case)


class _Bench:
    """Runs cases one after the other."""

    def __init__(self) -> None:
        self._work = RepeatedWork("the cases", MOST_JUDGED, FEWER)
        self._policies: dict[tuple[int, frozenset[str]], tuple[Policy, Policy]] = {}

    def run(self, suite: Suite, case: Case) -> tuple[CaseResult | None, tuple[Diagnostic, ...]]:
        """Run one case. Returns None and the errors if it cannot be judged."""
        policy, rules = suite.policy, None
        if case.mode == "includes":  # findings that a case may have besides the expected ones are not looked for
            rules = frozenset(each.rule for each in case.expected)
            policy = self._only(policy, rules)
        policy = policy.on(case.day)
        graph = FlowGraph.of(case.estate, policy)
        wrong = engine.unjudgeable(policy, graph, rules or ())
        if wrong:
            return None, wrong
        self._work.take(sum(len(case.estate.records(entity_of(each.subject.kind.family))) for each in policy.rules))
        judged = judge(policy, graph, case.day, rules=rules, most_kept=MOST_KEPT)
        self._work.take(OF_FINDING * len(judged.judgements))
        maker = Findings.of(policy, case.estate, case.day)
        findings = tuple(sorted(map(maker.finding, judged.judgements), key=order))
        inputs = engine.Inputs(suite.policy, case.estate)
        differing = differences(case.expected, findings, case.mode)
        found = tuple(
            _difference(expected, finding, inputs, case, explained=number < _MOST_EXPLAINED)
            for number, (expected, finding) in enumerate(differing)
        )
        return CaseResult(suite, case, findings, found), ()

    def _only(self, policy: Policy, rules: frozenset[str]) -> Policy:
        """Return a policy with only these rules and the permits that lift them."""
        key = id(policy), rules
        if key not in self._policies:
            wanted = (each for each in policy.rules if each.name in rules or not rules.isdisjoint(each.despite))
            self._policies[key] = policy, replace(policy, rules=tuple(wanted))
        return self._policies[key][1]


def _difference(
    expected: Expectation | None, found: Finding | None, inputs: engine.Inputs, case: Case, *, explained: bool
) -> Difference:
    if expected is None or found is not None:
        return Difference("unexpected" if expected is None else "other", expected, found)
    if not explained:
        return Difference("missing", expected)
    explanations, _ = engine.explain(inputs, expected.rule, expected.subject, day=case.day)
    return Difference("missing", expected, None, explanations or ())
