"""Find new flows that bring a system the data that must reach it, similar to existing flows of the same data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.checking.logic import TRUE
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import Reached
from privacy_rules.repair.moves import Connect
from privacy_rules.vocabulary.taxonomy import bits

_MOST = 2


def wanted_at(evaluator: Evaluator, core: CoreRule, system: int) -> list[Reached]:
    """Return the tests of a rule's requirement that ask for a path to a system, if there is none yet."""
    required = walk(
        *(each.condition for each in core.requirement), enter=lambda condition: not isinstance(condition, Reached)
    )
    tests = [each for each in required if isinstance(each, Reached)]
    return [each for each in tests if evaluator.paths.values(each)[system] != TRUE]


def openings(evaluator: Evaluator, tests: Sequence[Reached], system: int) -> list[Connect]:
    """Return flows that bring a system all data that the tests require, from the system that sends it most often.

    Systems that already have a flow to this one come next.
    """
    graph = evaluator.graph
    if any(each.derived for each in tests):
        return []
    there = [
        number
        for number in range(len(graph.systems))
        if number != system and all(evaluator.paths.values(test)[number] == TRUE for test in tests)
    ]
    wanted = graph.data.below_any(tuple(sorted({term for test in tests for term in test.data})))
    leaving = {number: [f for f in graph.outgoing[number] if graph.names[f] & wanted] for number in there}
    feeding = {graph.source[flow] for flow in graph.incoming[system]}
    able = [number for number in there if leaving[number]]
    able.sort(key=lambda number: (-len(leaving[number]), graph.systems[number].id))
    chosen = dict.fromkeys([*able[:1], *(each for each in able if each in feeding)])
    return [_flow(evaluator, tests, number, system, leaving[number]) for number in list(chosen)[:_MOST]]


def _flow(evaluator: Evaluator, tests: Iterable[Reached], source: int, system: int, leaving: list[int]) -> Connect:
    graph = evaluator.graph
    data: set[str] = set()
    for test in tests:
        below = graph.data.below_any(test.data)
        carried = {bit for flow in leaving for bit in bits(graph.names[flow] & below)}
        data |= {graph.data.terms[bit] for bit in carried} or set(test.data)
    like = max(leaving, key=lambda flow: (bin(graph.names[flow] & _bits(evaluator, data)).count("1"), -flow))
    return Connect(graph.systems[source].id, graph.systems[system].id, tuple(sorted(data)), graph.flows[like].id)


def _bits(evaluator: Evaluator, names: Iterable[str]) -> int:
    index = evaluator.graph.data.index
    return sum(1 << index[name] for name in names)
