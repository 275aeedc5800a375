"""Complete a manifest each way: with facts that make an undetermined finding compliant, and with others that make it a violation.

    EachWays(policy, graph, day).of("no_selling", "crm-to-broker")

The completions may use more than a manifest can declare: a broad name may mean something that none of its narrower
names means, and a system may belong to a party that the manifest does not name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, product

from privacy_rules.checking.checker import NonCompliant, verdict_alone
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.explanations import Explainer
from privacy_rules.checking.judgements import Completed, EachWay, Explained
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.missing_facts import Needs, proposals
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import named_subject
from privacy_rules.checking.trial_completions import STRANGER, Completions, Need
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Value

_FOR_ONE = 40_000
"""The budget of one finding, in entities read by its trials."""
_OF_ONE_SET = 512
"""At most this many values of one set of facts are tried."""
_ALWAYS_ONE = ("data", "purpose", "role")
"""The vocabularies of which some term always applies."""

_Ways = dict[Verdict, tuple[Completed, ...]]


class EachWays:
    """Finds completions within a budget for the whole check.

    The budget counts work, not time, so that every run has the same result.
    """

    def __init__(self, policy: Policy, graph: FlowGraph, day: date, budget: int = 400_000) -> None:
        self._policy, self._graph, self._day, self._budget = policy, graph, day, budget
        self._wide = replace(policy, vocabularies={name: _widened(each) for name, each in policy.vocabularies.items()})
        self._evaluator = Evaluator(policy, graph, day)
        self._explainer = Explainer(self._evaluator)
        self._cores = {core.rule.name: core for core in core_rules(policy, day)}

    def of(self, rule: str, subject: str) -> EachWay | None:
        """Return completions of an undetermined subject, each with no fact that it does not need; None if the budget is spent."""
        if self._budget <= 0:
            return None
        ruling = Ruling(self._evaluator, self._cores[rule])
        asked = named_subject(self._graph, ruling.family, subject)
        found = NonCompliant(ruling, asked, ruling.worst(asked), Verdict.UNDETERMINED, 0)
        judgement, options, ways = verdict_alone(found), proposals(list(self._trees(found))), _Ways()
        granted = min(self._budget, _FOR_ONE)
        for policy in (self._policy, self._wide):  # what the manifest can declare comes first
            completions = Completions(policy, self._graph, self._day, ruling.core, judgement)
            strangers = completions.with_strangers() if policy is self._wide else {}
            most = granted // completions.cost
            self._budget -= completions.cost * _search(completions, options, strangers, ways, most)
        return EachWay(ways.get(Verdict.COMPLIANT), ways.get(Verdict.VIOLATION))

    def _trees(self, found: NonCompliant) -> Iterator[tuple[Explained, Explained]]:
        """Yield scope and requirement of each undetermined pair."""
        for verdict, binding in found.worst.values():
            if verdict is Verdict.UNDETERMINED:
                found.ruling.bind(found.subject[1], binding)
                yield self._explainer.rule(found.ruling.core, found.subject[1])


def _search(
    completions: Completions, options: Sequence[Needs], strangers: Mapping[str, Record], ways: _Ways, most: int
) -> int:
    """Add a completion for each verdict that has none yet, in at most `most` trials. Return the number of trials."""
    trials = 0
    for needs in options:
        if len(ways) == 2:
            break
        for values in islice(product(*map(completions.values, needs)), min(_OF_ONE_SET, most - trials)):
            trials += 1
            facts = dict(zip(needs, values, strict=True))
            verdict = completions.verdict_with(facts)
            if verdict is not Verdict.UNDETERMINED and verdict not in ways:
                ways[verdict] = tuple(_completed(_least(completions, facts, verdict), strangers))
    return trials


def _least(completions: Completions, facts: Mapping[Need, Value], verdict: Verdict) -> Mapping[Need, Value]:
    """Return the facts without those that the verdict does not need."""
    for need in facts:
        fewer = {each: value for each, value in facts.items() if each != need}
        if fewer and completions.verdict_with(fewer) is verdict:
            return _least(completions, fewer, verdict)
    return facts


def _completed(facts: Mapping[Need, Value], strangers: Mapping[str, Record]) -> Iterator[Completed]:
    """The facts, with what is assumed about a party that the manifest does not name."""
    for need, value in facts.items():
        stranger = strangers.get(value) if isinstance(value, str) else None
        yield Completed(need.entity, need.id, need.attribute, need.action, STRANGER if stranger else value, need.item)
        said = stranger.declared if stranger else {}
        yield from (Completed(Entity.PARTY, STRANGER, name, "declare", each) for name, each in said.items() if each)


def _widened(terms: Taxonomy) -> Taxonomy:
    """The vocabulary with a term for the rest of each broad name, and one for what no term means."""
    others = {f"other {each}": (each,) for each in terms.terms if not terms.is_narrowest(each)}
    nothing: dict[str, tuple[str, ...]] = {} if terms.name in _ALWAYS_ONE else {f"no {terms.name}": ()}
    return Taxonomy(terms.name, {**terms.parents, **others, **nothing})
