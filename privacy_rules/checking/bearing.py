"""The part of an estate that can affect one judgement, so that a trial is cheap on a large estate and has the same result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from privacy_rules.checking.contracts import Contracts
from privacy_rules.checking.core_rules import CoreRule, conditions
from privacy_rules.checking.judgements import Judgement
from privacy_rules.checking.roles import Roles
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import (
    CollectedWith,
    Condition,
    Holds,
    Reached,
    UnderContract,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.vocabulary.taxonomy import union


def bearing_on(graph: FlowGraph, core: CoreRule, judgement: Judgement) -> Estate:
    """The estate without the systems and flows that cannot affect the judgement."""
    estate = graph.estate
    tests = list(conditions([core]))
    if any(isinstance(each, Holds) or (isinstance(each, CollectedWith) and _follows(each.terms)) for each in tests):
        return estate  # what any system sends may count, and a collection that is asked for paths of its own may look anywhere
    follows = any(isinstance(each, Reached | CollectedWith | WithinCollectedPurposes) for each in tests)
    if judgement.kind is Kind.FLOW:
        flow = graph.flow_number[judgement.subject]
        flows, systems = {flow}, {graph.source[flow], graph.target[flow]}
    elif judgement.kind.at_system:
        flows, systems = set(), {graph.system_number[judgement.subject]}
    elif judgement.kind is Kind.PARTY:
        flows, systems = set(), {n for n, party in enumerate(graph.parties) if party in (judgement.subject, None)}
    else:
        flows, systems = set(), set()
    waiting, beside = list(systems), list(flows)
    while waiting or beside:
        more, starts, named = list[int](), set[int](), list[object]()
        if waiting:
            system = waiting.pop()
            if follows:
                more += [*graph.incoming[system], *_maybe_unsourced(graph, system)]
                starts |= {graph.source[each] for each in graph.incoming[system]}
        else:
            origins = [value for _, value in graph.flows[beside.pop()].origins()]
            if None in origins and follows:
                return estate  # any collection may be the origin
            named += [each for value in origins for each in value or ()]  # type: ignore[union-attr]
        for each in named:
            flow = graph.flow_number[str(each)]
            more.append(flow)
            starts |= {graph.source[flow], graph.target[flow]}
        beside += set(more) - flows
        waiting += starts - systems
        flows |= set(more)
        systems |= starts
    systems |= {graph.target[each] for each in flows}
    if any(isinstance(each, UnderContract) for each in tests):
        contracts = Contracts(graph, Roles(graph), date.min)
        systems |= {graph.system_number[name] for each in contracts.all for name in contracts.systems(each) or ()}
    if _names_collections(graph, systems):
        return estate  # what an item names may lie anywhere
    return replace(
        estate,
        flows={graph.flows[each].id: graph.flows[each] for each in sorted(flows)},
        systems={graph.systems[each].id: graph.systems[each] for each in sorted(systems)},
    )


def _follows(condition: Condition) -> bool:
    """Whether a condition contains a test on paths."""
    return any(isinstance(each, Reached) for each in walk(condition))


def _maybe_unsourced(graph: FlowGraph, system: int) -> Iterator[int]:
    """Yield the flows that carry more out of a system than other flows bring to it."""
    brought = union(graph.names[flow] for flow in graph.incoming[system])
    return (flow for flow in graph.outgoing[system] if (graph.names[flow] or graph.leaves[flow]) & ~brought)


def _names_collections(graph: FlowGraph, systems: Iterable[int]) -> bool:
    """Whether an item that a system stores states its own origin."""
    return any(True for each in systems for _ in graph.systems[each].origins())
