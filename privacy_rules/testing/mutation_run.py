"""Runs cases against changed policies: a change that no case notices could be made without anybody knowing.

Only rules that a change affects are judged anew, and of a case only what it says of them is compared. What a case's estate
comes to is worked out once, and a change is given up at the first case that notices it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from privacy_rules.checking.core_rules import CoreRule, core_rules
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import Subject, subjects
from privacy_rules.findings.finding import Part
from privacy_rules.findings.finding import Subject as About
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Kind, Policy
from privacy_rules.testing.comparison import differences
from privacy_rules.testing.mutants import Mutant, mutants
from privacy_rules.testing.suite import Case, Suite


@dataclass(frozen=True, slots=True)
class Mutation:
    """How many changes there are, and those that no case notices."""

    total: int
    survivors: tuple[Mutant, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A finding as far as cases speak of it."""

    rule: str
    subject: About
    verdict: Verdict
    judged: tuple[Part, ...]
    waived: bool = False


def mutate(cases: Iterable[tuple[Suite, Case]]) -> Mutation:
    """Every change of the policies, tried on the cases of each; the cases are known to pass."""
    by_policy: dict[int, tuple[Policy, list[Bench]]] = {}
    for suite, case in cases:
        _, benches = by_policy.setdefault(id(suite.policy), (suite.policy, []))
        benches.append(Bench(suite.policy, case))
    total, survivors = 0, list[Mutant]()
    for policy, benches in by_policy.values():
        found = mutants(policy)
        total += len(found)
        survivors += [each for each in found if not _is_noticed(each, policy, benches)]
    return Mutation(total, tuple(survivors))


def _is_noticed(mutant: Mutant, policy: Policy, benches: Sequence[Bench]) -> bool:
    changed = {rule.name: rule for rule in mutant.rules}
    rules = tuple(
        changed.get(rule.name, rule)
        for rule in policy.rules
        if rule.name in mutant.affected or rule.statement == "permit"
    )
    other = replace(policy, rules=rules)
    likely = sorted(benches, key=lambda each: mutant.affected.isdisjoint(each.speaks_of))
    return any(bench.notices(other, mutant.affected) for bench in likely)


class Bench:
    """One case, on which changed policies are tried."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self._case = case
        self._graph = FlowGraph.of(case.estate, policy)
        self._evaluator = Evaluator(policy, self._graph, case.day)
        self._subjects: dict[Kind, Sequence[Subject]] = {}
        self.speaks_of = frozenset(each.rule for each in case.expected)

    def notices(self, policy: Policy, rules: frozenset[str]) -> bool:
        """Whether the rules, as a changed policy has them, find something else than the case expects of them."""
        expected = [replace(each, waived=None) for each in self._case.expected if each.rule in rules]
        cores = [core for core in core_rules(policy, self._case.day) if core.rule.name in rules]
        found = [each for core in cores for each in self._judged(core)]
        return any(True for _ in differences(expected, found, self._case.mode))

    def _judged(self, core: CoreRule) -> list[_Judged]:
        ruling = Ruling(self._evaluator, core)
        found = []
        for subject in self._of_family(ruling.family):
            worst = ruling.worst(subject)
            if worst:
                verdict = max(each for each, _ in worst.values())
                parts = tuple(Part(key[0], key[1], bad, False, key[2]) for key, (bad, _) in worst.items())
                found.append(_Judged(core.rule.name, About(ruling.family, subject[0]), verdict, parts))
        return found

    def _of_family(self, family: Kind) -> Sequence[Subject]:
        if family not in self._subjects:
            self._subjects[family] = list(subjects(self._graph, family))
        return self._subjects[family]
