"""What a rule says of its subjects: which it applies to and, for one of them, the whole tree, pair by pair, compliant or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.explanations import Explainer
from privacy_rules.checking.judgements import Explained, JudgedPair
from privacy_rules.checking.logic import Verdict, verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject, subjects, turn_to
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


class Explanations:
    """Explains one check. What is worked out for one subject is kept for the next."""

    def __init__(self, policy: Policy, graph: FlowGraph, day: date) -> None:
        self._graph = graph
        self._cores = {core.rule.name: core for core in core_rules(policy, day)}
        self._evaluator = Evaluator(policy, graph, day)
        self._explainer = Explainer(self._evaluator)

    def of(self, rule: str, subject: str) -> tuple[Explanation, ...]:
        """One explanation for each pair that the rule judges of the subject, in order.

        Empty where the rule is not in force, is a permit, or where its kind has no such subject (or nothing of it is
        judged: a system that stores nothing).
        """
        core = self._cores.get(rule)
        if core is None:
            return ()
        family = core.rule.subject.kind.family
        if subject not in self._graph.estate.records(entity_of(family)):
            return ()
        _, frame, turns = named_subject(self._graph, family, subject)
        turn, found = turn_to(family), []
        for each in turns:
            turn(frame, each)
            scope, requirement = self._explainer.rule(core, frame)
            pair = JudgedPair(frame.data, frame.purpose, verdict(scope.value, requirement.value), frame.joined)
            found.append(Explanation(core.rule, family, subject, pair, scope, requirement))
        return tuple(found)

    def spoken_of(self, rule: str) -> tuple[tuple[str, Verdict], ...]:
        """Each subject that a rule's kind and limits do not surely leave out, with its verdict, in order of id.

        Empty where the rule is not in force or is a permit.
        """
        core = self._cores.get(rule)
        if core is None:
            return ()
        ruling, found = Ruling(self._evaluator, core), []
        for subject in subjects(self._graph, ruling.family):
            verdict = ruling.verdict(*subject[1:])
            if verdict is not None:
                found.append((subject[0], verdict))
        return tuple(sorted(found))


def explain(policy: Policy, graph: FlowGraph, day: date, rule: str, subject: str) -> tuple[Explanation, ...]:
    """The explanations of one rule and subject alone."""
    return Explanations(policy, graph, day).of(rule, subject)
