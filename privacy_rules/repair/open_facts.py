"""Undeclared facts as questions: which facts would make a finding pass if they were true.

They are asked, and never part of an offer: declaring a fact changes the manifest, but not what the systems do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice, product
from typing import Any

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, conditions
from privacy_rules.checking.judgements import Judgement
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import named_subject
from privacy_rules.checking.trial_completions import Completions, Need, completed
from privacy_rules.findings.finding import Finding
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import IsDeclared, Policy, Reference
from privacy_rules.manifest import write
from privacy_rules.simulation.world import World
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity, Form
from privacy_rules.vocabulary.values import Item, Transform, Value

_MOST_TRIES = 200
_MOST = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """A fact that would be enough; `value` is None if any value is."""

    entity: Entity
    id: str
    attribute: str
    value: Value | None
    item: Item | Transform | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Facts that together would make a finding pass if they were true."""

    finding: Finding
    answers: tuple[Answer, ...]


def answered(answer: Answer) -> dict[str, Any]:
    """Return a fact as a change that declares it."""
    return {"set": {answer.entity.value: answer.id, **write.attributes({answer.attribute: answer.value})}}


def questions(world: World, findings: Iterable[Finding]) -> tuple[Question, ...]:
    """Return the questions about findings, in the order of the findings."""
    found = []
    for finding in islice(findings, _MOST):
        judgement = world.judgement(finding.rule, finding.subject.kind, finding.subject.id)
        if judgement is not None:
            answers = _Asked(world.policy, world.graph, world.day, world.cores[finding.rule], judgement).answers()
            found += [Question(finding, answers)] if answers else []
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One subject that a rule does not find compliant."""

    policy: Policy
    graph: FlowGraph
    day: date
    core: CoreRule
    judgement: Judgement

    def answers(self) -> tuple[Answer, ...]:
        """Return facts that would make the subject pass; none if no such facts are found."""
        if self.judgement.verdict is Verdict.VIOLATION:
            return self._to_be_declared()
        needs = [
            Need(each.entity, each.id, each.attribute, each.action, each.item, each.about)
            for each in self.judgement.missing
        ]
        if not needs:
            return ()
        completions = Completions(self.policy, self.graph, self.day, self.core, self.judgement)
        domains = [self._domain(completions, need) for need in needs]
        for values in islice(product(*domains), _MOST_TRIES):
            chosen = dict(zip(needs, values, strict=True))
            if self._passes(chosen):
                return tuple(
                    Answer(need.entity, need.id, need.attribute, value, need.item) for need, value in chosen.items()
                )
        return ()

    def _domain(self, completions: Completions, need: Need) -> list[Value]:
        """The values to try, the simplest first: that there is none."""
        vocabulary = need.attribute_in(self.policy).type
        values = list(completions.values(need))
        none = vocabulary.form is Form.ONE and "none" in self.policy.taxonomy(vocabulary.vocabulary or "")
        return ["none", *values] if none and need.action == "declare" else values

    def _passes(self, values: Mapping[Need, Value]) -> bool:
        changed = completed(self.graph.estate, values)
        graph = self.graph.with_records(changed)
        ruling = Ruling(Evaluator(self.policy, graph, self.day), self.core)
        return not ruling.worst(named_subject(graph, self.judgement.kind, self.judgement.subject))

    def _to_be_declared(self) -> tuple[Answer, ...]:
        """Return what the rule requires to be declared: nothing else that is undeclared can fix a violation."""
        found = []
        for condition in conditions([replace(self.core, scope=())]):
            reference = condition.reference if isinstance(condition, IsDeclared) else None
            if isinstance(reference, Reference) and reference.attribute.entity == self.judgement.kind.value:
                record = self.graph.estate.records(reference.attribute.entity)[self.judgement.subject]
                if record.declared.get(reference.attribute.name) is None:
                    found.append(Answer(record.entity, record.id, reference.attribute.name, None))
        return tuple(found)
