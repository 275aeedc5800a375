"""Check a changed estate by judging again only what the change can affect. The result is that of a whole check.

    base = Base(policy, graph, day)
    judged = judge_again(base, FlowGraph.of(changed, policy))
    judged = judge_wholly_again(base, FlowGraph.of(changed, policy))     # exactly as a whole check reports it

The verdict on a subject depends on its own record, those of its ends, of their parties and of contracts that may bind these,
on the organisation's, on the data that paths bring to its systems and on where its data was collected. The last two are computed
for both estates and compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from privacy_rules.checking.checker import (
    MOST_EXPLAINED,
    NonCompliant,
    Reasoner,
    judge,
    over_all,
    verdict_alone,
    with_reasons,
)
from privacy_rules.checking.core_rules import CoreRule, conditions, core_rules
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.judgements import Judged, Judgement, RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Rewiring
from privacy_rules.language.policy import CollectedWith, Policy, Reached, WithinCollectedPurposes
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity


@dataclass(slots=True, eq=False, repr=False)
class Base:
    """The check that others are compared with: its judgements and its evaluator.

    It covers all rules in force, or `rules` if given.
    """

    policy: Policy
    graph: FlowGraph
    day: date
    rules: Collection[str] | None = None
    evaluator: Evaluator = field(init=False)
    judged: Judged = field(init=False)
    _of_rule: dict[str, dict[str, Judgement]] = field(init=False)

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.policy, self.graph, self.day)
        self.judged = judge(self.policy, self.graph, self.day, rules=self.rules, evaluator=self.evaluator)
        self._of_rule = defaultdict(dict)
        for each in self.judged.judgements:
            self._of_rule[each.rule.name][each.subject] = each

    def of_rule(self, rule: str) -> Mapping[str, Judgement]:
        """Return the non-compliant subjects of a rule."""
        return self._of_rule.get(rule, {})


def judge_again(base: Base, graph: FlowGraph, *, rules: Collection[str] | None = None) -> Judged | None:
    """Check a changed graph under the same policy on the same day; by only `rules`, if given.

    None if the change affects so much that only a whole check will do. Assumptions are not collected.
    An unchanged judgement keeps its reasons, unless they mention something that changed.
    """
    again = _again(base, graph, rules)
    if again is None:
        return None
    reasoner = Reasoner.of(again.evaluator, MOST_EXPLAINED)
    judgements = (
        reasoner.judgement(each) if isinstance(each, NonCompliant) else each for found in again.found for each in found
    )
    return Judged(tuple(judgements), again.counts, ())


def judge_wholly_again(base: Base, graph: FlowGraph) -> Judged | None:
    """Do the same with the reasons, assumptions and order of `judge`: all reasons are made again."""
    again = _again(base, graph, base.rules)
    if again is None:
        return None
    found: list[NonCompliant] = []
    for core, bad in zip(again.cores, again.found, strict=True):
        ruling = Ruling(again.evaluator, core)
        names = sorted(each.subject[0] if isinstance(each, NonCompliant) else each.subject for each in bad)
        found += over_all(ruling, [named_subject(graph, ruling.family, name) for name in names])
    return with_reasons(again.evaluator, again.cores, found, again.counts)


@dataclass(frozen=True, slots=True)
class _Again:
    """The non-compliant subjects after a change, rule by rule, and the earlier judgements."""

    evaluator: Evaluator
    cores: Sequence[CoreRule]
    found: Sequence[Sequence[Judgement | NonCompliant]]
    counts: tuple[RuleCount, ...]


def _again(base: Base, graph: FlowGraph, rules: Collection[str] | None) -> _Again | None:
    evaluator = Evaluator(base.policy, graph, base.day)
    if base.evaluator.roles.us != evaluator.roles.us or _differ(*_organisations(base.graph, graph)):
        return None
    changed = {each: _changed(base.graph.estate.records(each), graph.estate.records(each)) for each in Entity}
    rewiring: Rewiring | None = None
    if not changed[Entity.PARTY] and not changed[Entity.SYSTEM]:
        rewiring = _rewiring(base.graph, graph, changed[Entity.FLOW])
        evaluator.adopt(base.evaluator, rewiring if rewiring.turns else None, contracts=not changed[Entity.CONTRACT])
    evaluator.collected.hold_against(base.evaluator.collected, rewiring)
    cores = [each for each in core_rules(base.policy, base.day) if rules is None or each.rule.name in rules]
    touched = _touched(base, evaluator, cores, changed)
    rejudged = [_rejudged(base, evaluator, core, touched) for core in cores]
    return _Again(evaluator, cores, [found for found, _ in rejudged], tuple(count for _, count in rejudged))


def _rejudged(
    base: Base, evaluator: Evaluator, core: CoreRule, touched: _Touched
) -> tuple[list[Judgement | NonCompliant], RuleCount]:
    """Return the findings of one rule: the earlier ones on unaffected subjects, and new ones on the others."""
    ruling, before = Ruling(evaluator, core), base.of_rule(core.rule.name)
    stale = {name for name, each in before.items() if not touched.changed.isdisjoint(_mentions(each))}
    names = touched.names(core) | stale | _also_by_collections(base, evaluator, core, touched)
    entity = entity_of(ruling.family)
    known, now = base.graph.estate.records(entity), evaluator.graph.estate.records(entity)
    found: list[Judgement | NonCompliant] = [each for name, each in before.items() if name in now and name not in names]
    for name in sorted(names & now.keys()):
        subject = named_subject(evaluator.graph, ruling.family, name)
        worst = ruling.worst(subject)
        if worst:
            new = NonCompliant(ruling, subject, worst, max(each for each, _ in worst.values()), 0)
            old = before.get(name)
            same = old is not None and name not in stale and verdict_alone(new).judged == old.judged
            found.append(old if old is not None and same else new)
    applied_before = _applied(Ruling(base.evaluator, core), base.graph, names & known.keys())
    was = next(each for each in base.judged.counts if each.rule.name == core.rule.name)
    applies = was.applies - applied_before + _applied(ruling, evaluator.graph, names & now.keys())
    violations = sum(each.verdict is Verdict.VIOLATION for each in found)
    total, bad = len(now), len(found)
    return found, RuleCount(core.rule, total, applies, total - bad, violations, bad - violations)


def _applied(ruling: Ruling, graph: FlowGraph, names: Iterable[str]) -> int:
    """Return how many of the subjects the rule applies to."""
    subjects = (named_subject(graph, ruling.family, name) for name in names)
    return sum(ruling.verdict(frame, bindings) is not None for _, frame, bindings in subjects)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The entities whose verdict may change, by id; `naming`: flows whose origin names an affected one."""

    flows: frozenset[str]
    systems: frozenset[str]
    parties: frozenset[str]
    contracts: frozenset[str]
    changed: frozenset[tuple[Entity, str]]
    naming: frozenset[str]

    def names(self, core: CoreRule) -> frozenset[str]:
        """Return the subjects of a rule that are judged again."""
        named = {
            Entity.FLOW: self.flows,
            Entity.SYSTEM: self.systems,
            Entity.PARTY: self.parties,
            Entity.CONTRACT: self.contracts,
            Entity.ORGANISATION: frozenset({Entity.ORGANISATION.value}),
        }
        return named[entity_of(core.rule.subject.kind.family)]


def _rewiring(one: FlowGraph, other: FlowGraph, changed: Collection[str]) -> Rewiring:
    """Return the flows that are added, removed, rerouted or carry something else. The systems are the same."""
    gone, new = [], []
    for name in sorted(changed):
        was, now = one.flow_number.get(name), other.flow_number.get(name)
        if was is None or now is None or _wiring(one, was) != _wiring(other, now):
            gone += [] if was is None else [was]
            new += [] if now is None else [now]
    return Rewiring(one, other, tuple(gone), tuple(new))


def _wiring(graph: FlowGraph, flow: int) -> tuple[int, int, int, int]:
    return graph.source[flow], graph.target[flow], graph.names[flow], graph.leaves[flow]


def _touched(
    base: Base,
    evaluator: Evaluator,
    cores: Sequence[CoreRule],
    changed: Mapping[Entity, set[str]],
) -> _Touched:
    before, after = base.graph, evaluator.graph
    contracts = changed[Entity.CONTRACT]
    parties = changed[Entity.PARTY] | _bound(before, contracts) | _bound(after, contracts)
    with_us = (graph.estate.contracts.get(each) for graph in (before, after) for each in contracts)
    if len(evaluator.roles.us) > 1 and any(each and "with" in each.declared for each in with_us):
        parties |= evaluator.roles.us.keys()  # one of us may be under a contract with another of us
    systems = changed[Entity.SYSTEM] | _reached_otherwise(base, evaluator, cores)
    for graph in (before, after):
        systems |= {
            record.id
            for record, party in zip(graph.systems, graph.parties, strict=True)
            if party in parties or (party is None and contracts)
        }
    flows = changed[Entity.FLOW] | _at(before, systems) | _at(after, systems)
    return _Touched(
        frozenset(flows),
        frozenset(systems),
        frozenset(parties | _owners(before, systems) | _owners(after, systems)),
        frozenset(contracts),
        frozenset((entity, name) for entity, names in changed.items() for name in names),
        frozenset(name for graph in (before, after) for name in _naming(graph, flows)),
    )


def _also_by_collections(base: Base, evaluator: Evaluator, core: CoreRule, touched: _Touched) -> frozenset[str]:
    """Return the flows and systems whose data may be collected differently from before, if the rule depends on that."""
    tests = [each for each in conditions([core]) if isinstance(each, CollectedWith | WithinCollectedPurposes)]
    if not tests:
        return frozenset()
    systems = {name for each in tests for name in evaluator.collected.differing(each)}
    if entity_of(core.rule.subject.kind.family) is Entity.SYSTEM:
        return frozenset(systems)
    return frozenset(_at(base.graph, systems) | _at(evaluator.graph, systems)) | touched.naming


def _naming(graph: FlowGraph, flows: set[str]) -> Iterator[str]:
    """The flows whose `origin` names one of the flows."""
    origin = graph.policy.attributes[Entity.FLOW, "origin"]
    for flow in graph.flows:
        named = known(flow, origin)[0]
        if isinstance(named, tuple) and not flows.isdisjoint(named):
            yield flow.id


def _mentions(judgement: Judgement) -> Iterator[tuple[Entity, str]]:
    """Return the ids that a judgement's reasons mention."""
    yield from ((Entity.FLOW, flow) for flow in judgement.path)
    yield from ((each.entity, each.id) for each in judgement.missing)
    for each in (node for root in judgement.because for node in root.walk()):
        yield from ((fact.entity, fact.id) for fact in each.facts)
        yield from ((Entity.FLOW, flow) for flow in (*each.path, *each.collections))


def _organisations(before: FlowGraph, after: FlowGraph) -> tuple[Record, Record]:
    return before.estate.organisation, after.estate.organisation


def _differ(one: Record, other: Record) -> bool:
    return one is not other and (one.declared != other.declared or one.defaults != other.defaults)


def _changed(before: Mapping[str, Record], after: Mapping[str, Record]) -> set[str]:
    """Return the ids of what was added, removed or changed."""
    both = before.keys() & after.keys()
    return (before.keys() ^ after.keys()) | {each for each in both if _differ(before[each], after[each])}


def _bound(graph: FlowGraph, contracts: Iterable[str]) -> set[str]:
    records = (graph.estate.contracts.get(each) for each in contracts)
    return {party for each in records if each is not None for party in each.parties}


def _at(graph: FlowGraph, systems: Collection[str]) -> set[str]:
    """The flows that begin or end in one of the systems."""
    numbers = {graph.system_number[each] for each in systems if each in graph.system_number}
    found = {flow for each in numbers for flow in (*graph.outgoing[each], *graph.incoming[each])} if numbers else set()
    return {graph.flows[each].id for each in found}


def _owners(graph: FlowGraph, systems: Collection[str]) -> set[str]:
    """Return the parties that own, or may own, one of the systems: any of them if that is not known."""
    owners = {graph.parties[graph.system_number[each]] for each in systems if each in graph.system_number}
    return set(graph.estate.parties) if None in owners else {each for each in owners if each is not None}


def _reached_otherwise(base: Base, evaluator: Evaluator, cores: Iterable[CoreRule]) -> set[str]:
    """Return the systems at which some path test has changed."""
    found: set[str] = set()
    for test in (each for each in conditions(cores) if isinstance(each, Reached)):
        was, now = (asked.paths.values(test) for asked in (base.evaluator, evaluator))
        if was is not now:
            before, after = (
                dict(zip(each.graph.system_number, values, strict=True))
                for each, values in ((base, was), (evaluator, now))
            )
            found |= {name for name in before.keys() & after.keys() if before[name] != after[name]}
    return found
