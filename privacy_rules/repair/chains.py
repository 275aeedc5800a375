"""Follow one category along a witness path: which category crosses each flow, transforms included.

Whatever ends the path breaks this chain somewhere: a flow is cut, or no longer carries the category that crosses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.reachability import Reading
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Reached
from privacy_rules.vocabulary.taxonomy import bits

Chain = list[tuple[int, int]]
"""Each flow (its number) with the bit of the category that crosses it."""


def chain(evaluator: Evaluator, test: Reached, system: int, *, sure: bool) -> Chain:
    """Return a shortest path that brings a system what a test asks for; empty if there is none."""
    graph = evaluator.graph
    path = evaluator.paths.witness(test, system, sure=sure)
    if not path:
        return []
    reading = evaluator.paths.reading(test, sure=sure)
    arrived = _forward(graph, reading, path)
    wanted = arrived[-1] if test.derived else arrived[-1] & graph.data.below_any(test.data)
    found = [bits(wanted)[0]]
    for place in range(len(path) - 1, 0, -1):
        found.append(_came_from(reading, graph.source[path[place]], arrived[place - 1], found[-1]))
    return list(zip(path, reversed(found), strict=True))


def _forward(graph: FlowGraph, reading: Reading, path: Sequence[int]) -> list[int]:
    sent = reading.origins[graph.source[path[0]]]
    arrived = []
    for flow in path:
        arrived.append(sent & reading.masks[flow])
        system = graph.target[flow]
        sent = reading.turn(system, arrived[-1]) if reading.turn else arrived[-1]
    return arrived


def _came_from(reading: Reading, system: int, arrived: int, bit: int) -> int:
    """Return a bit that arrived at a system and left it as `bit`: the same bit, if it arrived."""
    if reading.turn is None or arrived >> bit & 1:
        return bit
    return next(each for each in bits(arrived) if reading.turn(system, 1 << each) >> bit & 1)


def named(graph: FlowGraph, flow: int, bit: int, *, sure: bool) -> list[str]:
    """Return the declared categories of a flow that must be (`sure`), or may be, the category of the bit."""
    data = graph.data
    if sure:
        return [data.terms[bit]]
    return [name for name in data.names(graph.names[flow]) if data.below(name) >> bit & 1]
