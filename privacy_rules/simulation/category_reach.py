"""Find the systems that a category reaches by the paths that rules ask about.

Each rule decides which transforms it follows.

reached = reaching(policy, graph, date(2026, 11, 1), "email_address")
reached["no_selling_through_others"]          # the systems (numbers) that the rule's path tests follow it to, by the side of a flow
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, core_rules
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import children
from privacy_rules.language.policy import CollectedWith, Condition, EndMatches, Policy, Reached, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """The systems to which a path test of a rule follows a category, and the end of a flow that the test is about."""

    side: Side
    systems: frozenset[int]


def reaching(policy: Policy, graph: FlowGraph, day: date, category: str) -> dict[str, tuple[Arrival, ...]]:
    """Return, by rule, where its path tests must or may find the category or a narrower one. Rules without such tests are left out.

    If a test is about a wider or narrower category, what both have in common counts.
    """
    evaluator, below = Evaluator(policy, graph, day), graph.data.below(category)
    found: dict[str, tuple[Arrival, ...]] = {}
    kept: list[Reached] = []  # the evaluator tells tests apart by identity
    for core in core_rules(policy, day):
        arrivals = []
        for test, side in path_tests(core):
            common = graph.data.names(graph.data.below_any(test.data) & below)
            if common:
                kept.append(replace(test, data=common))
                values = evaluator.paths.values(kept[-1])
                arrivals.append(Arrival(side, frozenset(number for number, value in enumerate(values) if value)))
        if arrivals:
            found[core.rule.name] = tuple(arrivals)
    return found


def subjects_at(graph: FlowGraph, kind: Kind, arrivals: tuple[Arrival, ...]) -> set[str]:
    """Return the ids of the subjects at whose systems the category arrives."""
    found: set[str] = set()
    for each in arrivals:
        match kind:
            case Kind.FLOW:
                ends = graph.source if each.side is Side.SOURCE else graph.target
                found |= {flow.id for flow, end in zip(graph.flows, ends, strict=True) if end in each.systems}
            case Kind.PARTY:
                found |= {party for number in each.systems if (party := graph.parties[number]) is not None}
            case _:
                found |= {graph.systems[number].id for number in each.systems}
    return found


def path_tests(core: CoreRule) -> Iterator[tuple[Reached, Side]]:
    """Yield the path tests of a rule's subject, each with the end of a flow that it is about; not those inside another path test."""
    waiting: list[tuple[Condition, Side | None]] = [(part.condition, None) for part in (*core.scope, *core.requirement)]
    seen: set[tuple[int, Side | None]] = set()
    while waiting:
        condition, side = waiting.pop()
        if (id(condition), side) in seen:
            continue
        seen.add((id(condition), side))
        match condition:
            case Reached():
                yield condition, side or condition.side
            case EndMatches():
                waiting.append((condition.selector, side or condition.side))
            case CollectedWith():  # asked about collections, not about the subject
                pass
            case _:
                waiting += [(each, side) for each in children(condition)]
