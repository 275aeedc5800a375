"""The check: every rule in force against every subject of its kind.

    judged = judge(policy, FlowGraph.of(estate, policy), date(2026, 11, 1))

Verdicts come first, by functions that stop as soon as they can; reasons are worked out only for subjects that
are not compliant.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from privacy_rules.checking.assumptions import assumptions
from privacy_rules.checking.core import CoreRule, core_rules
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.explaining import Explainer, deciding
from privacy_rules.checking.judgement import Explained, Fact, Judged, JudgedPair, Judgement, RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.missing import Missings
from privacy_rules.checking.subjects import Subject, subjects
from privacy_rules.checking.verdicts import Ruling, Worst
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Kind, Policy


def judge(policy: Policy, graph: FlowGraph, day: date, *, rules: Collection[str] | None = None) -> Judged:
    """Judge every subject by every rule in force on `day` (or by those of `rules`, with the permits that lift them)."""
    evaluator = Evaluator(policy, graph, day)
    wanted = [core for core in core_rules(policy, day) if rules is None or core.rule.name in rules]
    missings = Missings(policy, graph, day)
    judgements: list[Judgement] = []
    counts: list[RuleCount] = []
    speaking: dict[Kind, list[Subject]] = {}
    for core in wanted:
        family = core.rule.subject.kind.family
        if family not in speaking:
            speaking[family] = list(subjects(graph, family))
        found, count = _over_all(evaluator, core, missings, speaking[family])
        judgements += found
        counts.append(count)
    return Judged(tuple(judgements), tuple(counts), assumptions(policy, graph, wanted))


def _over_all(
    evaluator: Evaluator, core: CoreRule, missings: Missings, of_family: Sequence[Subject]
) -> tuple[list[Judgement], RuleCount]:
    """One rule's judgements that are not compliant, and the count of all."""
    ruling, explainer = Ruling(evaluator, core), Explainer(evaluator)
    found, total = [], len(of_family)
    for subject in of_family:
        worst = ruling.worst(subject)
        if worst:
            found.append(_judgement(ruling, explainer, missings, subject, worst))
    violations = sum(each.verdict is Verdict.VIOLATION for each in found)
    compliant, undetermined = total - len(found), len(found) - violations
    return found, RuleCount(core.rule, total, ruling.spoke_of, compliant, violations, undetermined)


def _judgement(ruling: Ruling, explainer: Explainer, missings: Missings, subject: Subject, worst: Worst) -> Judgement:
    name, frame, _ = subject
    verdict = max(each for each, _ in worst.values())
    pairs = sorted((JudgedPair(*key[:2], bad, key[2]) for key, (bad, _) in worst.items()), key=_order)
    explained = []
    for pair in pairs:
        if pair.verdict is verdict:
            ruling.turn_to(frame, worst[pair.data, pair.purpose, pair.pair][1])
            explained.append(explainer.rule(ruling.core, frame))
            if verdict is Verdict.VIOLATION:
                break
    because = reasons(explained[0])
    path = next((test.path for test in because if test.path), ())
    judgement = Judgement(ruling.core.rule, ruling.family, name, verdict, tuple(pairs), because, path)
    return missings.complete(ruling.core, judgement, explained)


def _order(pair: JudgedPair) -> tuple[object, ...]:
    return pair.data is None, pair.data or "", pair.purpose is None, pair.purpose or "", pair.pair or ()


def reasons(explained: Sequence[Explained]) -> tuple[Explained, ...]:
    """The tests that decided, each once, with the facts of all that is inside them."""
    found = [test for root in explained for test in deciding(root) if not _plain(test)]
    return tuple(dict.fromkeys(replace(test, facts=_facts(test)) if test.children else test for test in found))


def _plain(test: Explained) -> bool:
    """That a system is a system is no reason."""
    return not test.facts and test.text in set(Kind)


def _facts(test: Explained) -> tuple[Fact, ...]:
    inside = [child for child in test.children if child.value == test.value] or list(test.children)
    facts = [*test.facts, *(fact for child in inside for fact in _facts(child))]
    return tuple(dict.fromkeys(facts))
