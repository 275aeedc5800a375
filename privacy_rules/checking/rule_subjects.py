"""The subjects that a rule applies to, and the whole explanation of one of them, compliant or not."""

from __future__ import annotations

from datetime import date

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.explanations import Explainer
from privacy_rules.checking.judgements import Explained, JudgedPair, pair_word
from privacy_rules.checking.logic import Verdict, verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject, subjects
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one judged pair of a subject has its verdict. Each item of a storage has its own explanation."""

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

    @property
    def in_every_case(self) -> bool:
        """Whether the values of scope and requirement leave the verdict open, but every case gives the same one."""
        return verdict(self.scope.value, self.requirement.value) is not self.verdict


class Explanations:
    """The explanations of one check. Work for one subject is used again for the next."""

    def __init__(self, policy: Policy, graph: FlowGraph, day: date, evaluator: Evaluator | None = None) -> None:
        self._graph = graph
        self._cores = {core.rule.name: core for core in core_rules(policy, day)}
        self._evaluator = evaluator or Evaluator(policy, graph, day)
        self._explainer = Explainer(self._evaluator)

    def of(self, rule: str, subject: str) -> tuple[Explanation, ...]:
        """Return one explanation for each pair of the subject that the rule judges, in order.

        Empty if the rule is not in force or is a permit, if its kind has no such subject, or if nothing of the subject
        is judged (a system that stores nothing).
        """
        core = self._cores.get(rule)
        if core is None:
            return ()
        family = core.rule.subject.kind.family
        if subject not in self._graph.estate.records(entity_of(family)):
            return ()
        _, frame, bindings = named_subject(self._graph, family, subject)
        ruling, found = Ruling(self._evaluator, core), []
        for each in bindings:
            ruling.bind(frame, each)
            scope, requirement = self._explainer.rule(core, frame)
            pair = JudgedPair(frame.data, frame.purpose, ruling.judged(frame), frame.joined, word=pair_word(family))
            found.append(Explanation(core.rule, family, subject, pair, scope, requirement))
        return tuple(found)

    def subjects_of(self, rule: str) -> tuple[tuple[str, Verdict], ...]:
        """Return each subject that a rule applies to, with its verdict, in order of id.

        Empty if the rule is not in force or is a permit.
        """
        core = self._cores.get(rule)
        if core is None:
            return ()
        ruling, found = Ruling(self._evaluator, core), []
        for subject in subjects(self._graph, ruling.family):
            worst = ruling.verdict(*subject[1:])
            if worst is not None:
                found.append((subject[0], worst))
        return tuple(sorted(found))


def explain(policy: Policy, graph: FlowGraph, day: date, rule: str, subject: str) -> tuple[Explanation, ...]:
    """Return the explanations of one rule and subject."""
    return Explanations(policy, graph, day).of(rule, subject)
