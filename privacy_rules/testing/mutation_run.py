"""Run the cases of a policy on its mutants, to find changes that no case notices.

Only the rules that a change affects are judged again, and only the expectations about them are compared. Each case's
graph is built once, and a mutant is finished when one case notices it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, Cores
from privacy_rules.checking.judgements import JudgedPair
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.repeated_work import RepeatedWork
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import Subject, subjects
from privacy_rules.findings.finding import Subject as About
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.testing.finding_comparison import differences
from privacy_rules.testing.mutants import Mutant, mutants
from privacy_rules.testing.suite import FEWER, Case, Expectation, Suite

MOST_JUDGED = 2_000_000
"""How many subjects the rules of all mutants may judge in all cases."""
_OF_RULE, _OF_ENTITY = 20, 10
"""A rule that is judged, and an entity of a case, count as this many subjects."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """The number of mutants tried, the mutants that no case notices, and the rules too large to try all their mutants."""

    total: int
    survivors: tuple[Mutant, ...]
    cut_short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a case can expect of a finding."""

    rule: str
    subject: About
    verdict: Verdict
    judged: tuple[JudgedPair, ...]
    waived: bool = False


def mutate(cases: Iterable[tuple[Suite, Case]]) -> Mutation:
    """Try the mutants of each policy on its cases, which must all pass."""
    by_policy: dict[int, tuple[Policy, list[Bench]]] = {}
    work = RepeatedWork("the changes of the policy", MOST_JUDGED, FEWER)
    for suite, case in cases:
        work.take(_OF_ENTITY * case.estate.size)
        _, benches = by_policy.setdefault(id(suite.policy), (suite.policy, []))
        benches.append(Bench(suite.policy, case, work))
    total, survivors, cut_short = 0, list[Mutant](), list[str]()
    for policy, benches in by_policy.values():
        made = mutants(policy)
        trial = Trial(policy, benches)
        total += len(made.found)
        survivors += [each for each in made.found if not trial.is_noticed(each)]
        cut_short += made.cut_short
    return Mutation(total, tuple(survivors), tuple(cut_short))


class Trial:
    """The cases of one policy.

    Unchanged parts of a mutant are the same objects, so that cases need not evaluate them again.
    """

    def __init__(self, policy: Policy, benches: Sequence[Bench]) -> None:
        self._benches = benches
        self._rules = {rule.name: rule for rule in policy.rules}
        self._cores = Cores(policy)
        self._no_rules = replace(policy, rules=())
        self._without_permits = Cores(self._no_rules)

    def is_noticed(self, mutant: Mutant) -> bool:
        """Whether some case notices the change; the cases that expect something of its rules come first."""
        likely = sorted(self._benches, key=lambda each: mutant.affected.isdisjoint(each.expected_of))
        return any(bench.notices(self._changed(mutant, bench.day), mutant.affected) for bench in likely)

    def _changed(self, mutant: Mutant, day: date) -> list[CoreRule]:
        """The affected rules as the mutant has them, if they are in force on the day."""
        changed = {rule.name: rule for rule in mutant.rules}
        fresh = Cores(self._no_rules)
        found = []
        for name in sorted(mutant.affected):
            rule = changed.get(name, self._rules[name])
            if rule.in_force(day):
                core = (fresh if name in changed else self._without_permits).of(rule, day)
                lifts = [
                    (fresh if now is not before else self._cores).lifts(now)
                    for before in self._cores.permits(rule)
                    if name in (now := changed.get(before.name, before)).despite and now.in_force(day)
                ]
                found.append(replace(core, requirement=(*core.requirement, *lifts)))
        return found


class Bench:
    """One case on which mutants are tried. `expected_of` has the expectations for each rule."""

    def __init__(self, policy: Policy, case: Case, work: RepeatedWork) -> None:
        self._mode, self._work, policy = case.mode, work, policy.on(case.day)
        self._graph = FlowGraph.of(case.estate, policy)
        self._evaluator = Evaluator(policy, self._graph, case.day)
        self._subjects: dict[Kind, Sequence[Subject]] = {}
        self.day = case.day
        self.expected_of: dict[str, list[Expectation]] = {}
        for each in case.expected:
            self.expected_of.setdefault(each.rule, []).append(replace(each, waived=None))

    def notices(self, cores: Iterable[CoreRule], rules: frozenset[str]) -> bool:
        """Whether changed rules find something other than what the case expects of the rules with these names."""
        expected = [each for name in sorted(rules) for each in self.expected_of.get(name, ())]
        found = [each for core in cores for each in self._judged(core)]
        return any(True for _ in differences(expected, found, self._mode))

    def _judged(self, core: CoreRule) -> list[_Judged]:
        ruling = Ruling(self._evaluator, core)
        judged, found = self._of_family(ruling.family), []
        self._work.take(_OF_RULE + len(judged))
        for subject in judged:
            worst = ruling.worst(subject)
            if worst:
                verdict = max(each for each, _ in worst.values())
                parts = tuple(JudgedPair(key[0], key[1], bad, key[2]) for key, (bad, _) in worst.items())
                found.append(_Judged(core.rule.name, About(ruling.family, subject[0]), verdict, parts))
        return found

    def _of_family(self, family: Kind) -> Sequence[Subject]:
        if family not in self._subjects:
            self._subjects[family] = list(subjects(self._graph, family))
        return self._subjects[family]
