"""`explain`: the whole tree of a rule for one subject, pair by pair, compliant or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from privacy_rules.checking.core import core_rules
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.explaining import Explainer
from privacy_rules.checking.judgement import Explained, JudgedPair
from privacy_rules.checking.logic import Verdict, verdict
from privacy_rules.checking.subjects import entity_of, named_subject, subjects, turn_to
from privacy_rules.checking.verdicts import Ruling
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Kind, Policy, Rule


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one judged pair of a subject has its verdict. A storage's items are explained each by itself."""

    rule: Rule
    kind: Kind
    subject: str
    judged: JudgedPair
    scope: Explained
    requirement: Explained

    @property
    def verdict(self) -> Verdict:
        """The verdict of this pair."""
        return self.judged.verdict


def explain(policy: Policy, graph: FlowGraph, day: date, rule: str, subject: str) -> tuple[Explanation, ...]:
    """One explanation for each pair that the rule judges of the subject, in order.

    Empty where the rule is not in force, is a permit, or where its kind has no such subject (or nothing of it is
    judged: a system that stores nothing).
    """
    core = next((each for each in core_rules(policy, day) if each.rule.name == rule), None)
    if core is None:
        return ()
    family = core.rule.subject.kind.family
    evaluator = Evaluator(policy, graph, day)
    if subject not in graph.estate.records(entity_of(family)):
        return ()
    _, frame, turns = named_subject(graph, family, subject)
    explainer, turn, found = Explainer(evaluator), turn_to(family), []
    for each in turns:
        turn(frame, each)
        scope, requirement = explainer.rule(core, frame)
        pair = JudgedPair(frame.data, frame.purpose, verdict(scope.value, requirement.value), frame.joined)
        found.append(Explanation(core.rule, family, subject, pair, scope, requirement))
    return tuple(found)


def spoken_of(policy: Policy, graph: FlowGraph, day: date, rule: str) -> tuple[tuple[str, Verdict], ...]:
    """Each subject that a rule's kind and limits do not surely leave out, with its verdict, in order of id.

    Empty where the rule is not in force or is a permit.
    """
    core = next((each for each in core_rules(policy, day) if each.rule.name == rule), None)
    if core is None:
        return ()
    ruling, found = Ruling(Evaluator(policy, graph, day), core), []
    for subject in subjects(graph, ruling.family):
        before = ruling.spoke_of
        worst = ruling.worst(subject)
        if ruling.spoke_of > before:
            found.append((subject[0], max((each for each, _ in worst.values()), default=Verdict.COMPLIANT)))
    return tuple(sorted(found))
