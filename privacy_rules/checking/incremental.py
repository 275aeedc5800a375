"""Check a changed estate by judging again only what the change can affect. The result is that of a whole check.

    difference = Difference.of(evaluator, FlowGraph.of(changed, policy), cores)
    difference.evaluator, difference.subjects(core)      # whose verdicts by the rule may differ

    judged = judge_wholly_again(difference, judge(policy, graph, day), cores)            # as a whole check reports it

The verdict on a subject depends on its own record, those of its ends, of their parties and of contracts that may bind these,
on the organisation's, on the data that paths bring to its systems and on where its data was collected. The last two are computed
for both estates and compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from privacy_rules.checking.checker import NonCompliant, over_all, with_reasons
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, conditions
from privacy_rules.checking.judgements import Judged, RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Rewiring
from privacy_rules.language.policy import CollectedWith, Holds, OwnedBy, Reached, UnderContract, WithinCollectedPurposes
from privacy_rules.manifest.model import Record
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class Difference:
    """The effects that a change of a graph can have.

    `evaluator` is for the changed graph, and reuses unaffected results.
    """

    before: Evaluator
    evaluator: Evaluator
    touched: _Touched

    @classmethod
    def of(cls, before: Evaluator, graph: FlowGraph, cores: Collection[CoreRule]) -> Difference | None:
        """Compare a graph with that of an evaluator.

        None if the change affects so much that a whole check is needed.
        """
        evaluator = Evaluator(before.policy, graph, before.day)
        if before.roles.us != evaluator.roles.us or _differ(
            before.graph.estate.organisation, graph.estate.organisation
        ):
            return None
        changed = {each: _changed(before.graph.estate.records(each), graph.estate.records(each)) for each in Entity}
        if _named_origins_differ(before, evaluator, changed):
            return None
        rewiring: Rewiring | None = None
        if not changed[Entity.PARTY] and not changed[Entity.SYSTEM]:
            rewiring = _rewiring(before.graph, graph, changed[Entity.FLOW])
            evaluator.adopt(before, rewiring if rewiring.transforms else None, contracts=not changed[Entity.CONTRACT])
        evaluator.collected.hold_against(before.collected, rewiring)
        return cls(before, evaluator, _touched(before, evaluator, cores, changed))

    def subjects(self, core: CoreRule) -> frozenset[str]:
        """Return the subjects whose verdict by a rule may have changed, including those that one graph lacks."""
        return self.touched.names(core) | _also_by_collections(self.before, self.evaluator, core, self.touched)


def judge_wholly_again(difference: Difference, before: Judged, cores: Sequence[CoreRule]) -> Judged:
    """Check a changed graph with the reasons, assumptions and order of `judge`; all reasons are computed again.

    `before` is the check of the other graph by the same rules.
    """
    was_bad: dict[str, set[str]] = defaultdict(set)
    for each in before.judgements:
        was_bad[each.rule.name].add(each.subject)
    graph = difference.evaluator.graph
    found: list[NonCompliant] = []
    counts: list[RuleCount] = []
    for core, count in zip(cores, before.counts, strict=True):
        ruling, names = Ruling(difference.evaluator, core), difference.subjects(core)
        now = graph.estate.records(entity_of(ruling.family))
        asked = sorted((names | was_bad[core.rule.name]) & now.keys())
        bad = list(over_all(ruling, [named_subject(graph, ruling.family, name) for name in asked]))
        found += bad
        counts.append(_counted(difference, count, ruling, names, [each.verdict for each in bad]))
    return with_reasons(difference.evaluator, cores, found, counts)


def _counted(
    difference: Difference, was: RuleCount, ruling: Ruling, names: frozenset[str], bad: Sequence[Verdict]
) -> RuleCount:
    """Return the figures of one rule; only the results of these subjects may have changed."""
    applied_before = _applied(Ruling(difference.before, ruling.core), difference.before.graph, names)
    applies = was.applies - applied_before + _applied(ruling, difference.evaluator.graph, names)
    total, violations = (
        len(difference.evaluator.graph.estate.records(entity_of(ruling.family))),
        bad.count(Verdict.VIOLATION),
    )
    return RuleCount(ruling.core.rule, total, applies, total - len(bad), violations, len(bad) - violations)


def _applied(ruling: Ruling, graph: FlowGraph, names: frozenset[str]) -> int:
    """Return the number of a graph's subjects that the rule applies to."""
    known = graph.estate.records(entity_of(ruling.family))
    subjects = (named_subject(graph, ruling.family, name) for name in names & known.keys())
    return sum(ruling.verdict(frame, bindings) is not None for _, frame, bindings in subjects)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The entities whose verdict may change, by id; `naming`: the flows and systems that name an affected flow as an origin."""

    flows: frozenset[str]
    systems: frozenset[str]
    parties: frozenset[str]
    contracts: frozenset[str]
    naming: frozenset[tuple[Entity, str]]

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
    """Return the flows that are added, removed, rerouted or carry different data. The systems are the same."""
    gone, new = [], []
    for name in sorted(changed):
        was, now = one.flow_number.get(name), other.flow_number.get(name)
        if was is None or now is None or _wiring(one, was) != _wiring(other, now):
            gone += [] if was is None else [was]
            new += [] if now is None else [now]
    return Rewiring(one, other, tuple(gone), tuple(new))


def _wiring(graph: FlowGraph, flow: int) -> tuple[object, ...]:
    origins = tuple((None if item is None else item.term, named) for item, named in graph.flows[flow].origins())
    return graph.source[flow], graph.target[flow], graph.names[flow], graph.leaves[flow], origins


def _touched(
    base: Evaluator,
    evaluator: Evaluator,
    cores: Collection[CoreRule],
    changed: Mapping[Entity, set[str]],
) -> _Touched:
    before, after = base.graph, evaluator.graph
    contracts = changed[Entity.CONTRACT] | _naming_systems(base, evaluator, changed[Entity.SYSTEM])
    parties = changed[Entity.PARTY] | _bound(before, contracts) | _bound(after, contracts)
    with_us = (graph.estate.contracts.get(each) for graph in (before, after) for each in contracts)
    if len(evaluator.roles.us) > 1 and any(each and "with" in each.declared for each in with_us):
        parties |= evaluator.roles.us.keys()  # one of us may be under a contract with another of us
    if (contracts or parties) and any(isinstance(each, UnderContract) and each.chain for each in conditions(cores)):
        parties |= after.estate.parties.keys()  # a chain may lead from anybody over what has changed
    if changed[Entity.PARTY] and any(isinstance(each, OwnedBy) for each in conditions(cores)):
        parties |= after.estate.parties.keys()  # what has changed may own anybody
    systems = changed[Entity.SYSTEM] | _reached_otherwise(base, evaluator, cores)
    if any(isinstance(each, Holds) for each in conditions(cores)):
        systems |= {name for graph in (before, after) for name in _senders(graph, changed[Entity.FLOW])}
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
        frozenset(named for graph in (before, after) for named in _naming(graph, flows)),
    )


def _also_by_collections(base: Evaluator, evaluator: Evaluator, core: CoreRule, touched: _Touched) -> frozenset[str]:
    """Return the flows and systems whose data may be collected differently from before, if the rule depends on that."""
    tests = [each for each in conditions([core]) if isinstance(each, CollectedWith | WithinCollectedPurposes)]
    if not tests:
        return frozenset()
    systems = {name for each in tests for name in evaluator.collected.differing(each)}
    entity = entity_of(core.rule.subject.kind.family)
    naming = frozenset(name for kind, name in touched.naming if kind is entity)
    if entity is Entity.SYSTEM:
        return naming | systems
    return naming | _at(base.graph, systems) | _at(evaluator.graph, systems)


def _naming(graph: FlowGraph, flows: set[str]) -> Iterator[tuple[Entity, str]]:
    """The flows and systems whose `origin` names one of the flows."""
    for record in (*graph.flows, *graph.systems):
        if any(isinstance(named, tuple) and not flows.isdisjoint(named) for _, named in record.origins()):
            yield record.entity, record.id


def _differ(one: Record, other: Record) -> bool:
    return one is not other and (one.declared != other.declared or one.defaults != other.defaults)


def _changed(before: Mapping[str, Record], after: Mapping[str, Record]) -> set[str]:
    """Return the ids of what was added, removed or changed."""
    both = before.keys() & after.keys()
    return (before.keys() ^ after.keys()) | {each for each in both if _differ(before[each], after[each])}


def _named_origins_differ(before: Evaluator, after: Evaluator, changed: Mapping[Entity, set[str]]) -> bool:
    """Whether anything has changed about flows that must be collections because an `origin` names them."""
    stating = [*changed[Entity.FLOW], *changed[Entity.SYSTEM]]
    records = (
        graph.estate.records(each) for graph in (before.graph, after.graph) for each in (Entity.FLOW, Entity.SYSTEM)
    )
    if not any(True for known in records for each in stating if each in known for _ in known[each].origins()):
        after.named_origins.adopt(before.named_origins)
    return before.named_origins.state != after.named_origins.state


def _bound(graph: FlowGraph, contracts: Iterable[str]) -> set[str]:
    records = (graph.estate.contracts.get(each) for each in contracts)
    return {party for each in records if each is not None for party in each.parties}


def _naming_systems(base: Evaluator, evaluator: Evaluator, changed: set[str]) -> set[str]:
    """Return the contracts that are or may be limited to some of the changed systems: their owners may matter at other systems."""
    each_limit = (
        (each.id, asked.contracts.systems(each)) for asked in (base, evaluator) for each in asked.contracts.all
    )
    return {name for name, systems in each_limit if systems and not changed.isdisjoint(systems)} if changed else set()


def _senders(graph: FlowGraph, flows: Iterable[str]) -> Iterator[str]:
    """The systems that some flows leave."""
    return (graph.systems[graph.source[graph.flow_number[each]]].id for each in flows if each in graph.flow_number)


def _at(graph: FlowGraph, systems: Collection[str]) -> set[str]:
    """The flows that begin or end in one of the systems."""
    numbers = {graph.system_number[each] for each in systems if each in graph.system_number}
    found = {flow for each in numbers for flow in (*graph.outgoing[each], *graph.incoming[each])} if numbers else set()
    return {graph.flows[each].id for each in found}


def _owners(graph: FlowGraph, systems: Collection[str]) -> set[str]:
    """Return the parties that own, or may own, one of the systems: any of them if that is not known."""
    owners = {graph.parties[graph.system_number[each]] for each in systems if each in graph.system_number}
    return set(graph.estate.parties) if None in owners else {each for each in owners if each is not None}


def _reached_otherwise(base: Evaluator, evaluator: Evaluator, cores: Iterable[CoreRule]) -> set[str]:
    """Return the systems at which the result of a path test has changed."""
    found: set[str] = set()
    for test in (each for each in conditions(cores) if isinstance(each, Reached)):
        was, now = (asked.paths.values(test) for asked in (base, evaluator))
        if was is not now:
            before, after = (
                dict(zip(each.graph.system_number, values, strict=True))
                for each, values in ((base, was), (evaluator, now))
            )
            found |= {name for name in before.keys() & after.keys() if before[name] != after[name]}
    return found
