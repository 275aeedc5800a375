"""Find minimum cuts: the cheapest moves that end all paths of one test, and a lower bound of their cost.

Every flow on a path is an edge. Its capacity is the cost of stopping everything that crosses it. At the end of a path
there is an edge with the cost of fixing the finding in another way. A flow that several categories cross is still one
edge, because one cut stops them all: the resulting moves stop everything. For the bound, each flow counts with one
category only, so that the bound is never too high.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.reachability import PropagationInput
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.propagation import propagate
from privacy_rules.language.policy import Reached
from privacy_rules.repair.moves import Move
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import bits

Stop = tuple[float, tuple[Move, ...]]
"""The cost of stopping something, and the moves that do it."""
Stopping = Callable[[int, Sequence[int]], Stop | None]
"""Returns how to stop these bits on a flow (its number); None if that is not allowed."""


@dataclass(frozen=True, slots=True)
class MinimumCut:
    """The moves that end all paths, a lower bound of the cost of any such moves, and the flows on the paths."""

    moves: tuple[Move, ...]
    least: float
    flows: frozenset[str]


def minimum_cut(
    evaluator: Evaluator,
    test: Reached,
    ends: Mapping[int, Stop | None],
    stops: Stopping,
    *,
    sure: bool,
) -> MinimumCut | None:
    """Return the cut between the starts of a test and the systems of `ends`; None if no moves make one.

    `ends` have, for each end, the cost of fixing its finding in another way (None: there is none).
    """
    network = _Network(evaluator.graph, evaluator.paths.inputs(test, sure=sure), test, ends)
    whole = network.cut(network.live, stops)
    if whole is None:
        return None
    often: dict[int, int] = defaultdict(int)
    for found in network.live.values():
        for bit in found:
            often[bit] += 1
    single = {flow: [max(found, key=lambda bit: (often[bit], -bit))] for flow, found in network.live.items()}
    bound = network.cut(single, stops)
    flows = frozenset(evaluator.graph.flows[flow].id for flow in network.live)
    return MinimumCut(whole[1], bound[0] if bound else 0, flows)


class _Network:
    """The flows on paths, each with the bits that cross it between a start and an end."""

    def __init__(
        self, graph: FlowGraph, inputs: PropagationInput, test: Reached, ends: Mapping[int, Stop | None]
    ) -> None:
        self._graph, self._inputs, self._ends = graph, inputs, ends
        self._arrived = propagate(graph, inputs.masks, inputs.origins, inputs.blocked, transform=inputs.transform)
        self._final = graph.everything if test.derived else graph.data.below_any(test.data)
        self.live = self._live()

    def _passed(self, system: int, held: int) -> int:
        """Return the part of the arriving bits that a system forwards."""
        inputs = self._inputs
        if not held or (inputs.blocked is not None and inputs.blocked[system]):
            return 0
        return inputs.transform(system, held) if inputs.transform is not None else held

    def _live(self) -> dict[int, list[int]]:
        graph, inputs = self._graph, self._inputs
        crossing = [
            (inputs.origins[start] | self._passed(start, self._arrived[start])) & inputs.masks[flow]
            for flow, start in enumerate(graph.source)
        ]
        leading = [self._arrived[n] & self._final if n in self._ends else 0 for n in range(len(graph.systems))]
        waiting = [number for number, found in enumerate(leading) if found]
        while waiting:
            system = waiting.pop()
            for flow in graph.incoming[system]:
                start = graph.source[flow]
                useful = crossing[flow] & leading[system]
                more = sum(
                    1 << bit
                    for bit in bits(self._arrived[start] & ~leading[start])
                    if self._passed(start, 1 << bit) & useful
                )
                if more:
                    leading[start] |= more
                    waiting.append(start)
        found = {flow: bits(crossing[flow] & leading[end]) for flow, end in enumerate(graph.target)}
        return {flow: each for flow, each in found.items() if each}

    def cut(self, crossing: Mapping[int, Sequence[int]], stops: Stopping) -> tuple[float, tuple[Move, ...]] | None:
        """Return the cost and the moves of a minimum cut if these bits cross each flow. None if there is none."""
        import networkx

        network: Any = networkx.DiGraph()
        network.add_nodes_from(["start", "end"])
        prices = {flow: stops(flow, each) for flow, each in crossing.items()}
        for flow, each in crossing.items():
            self._add_flow(network, flow, each, prices[flow])
        for system, stop in self._ends.items():
            network.add_edge(("at", system), "end", **_capacity(stop))
        try:
            value, (near, _) = networkx.minimum_cut(network, "start", "end")
        except networkx.NetworkXUnbounded:
            return None
        chosen = [prices[flow] for flow in crossing if ("in", flow) in near and ("out", flow) not in near]
        chosen += [stop for system, stop in self._ends.items() if ("at", system) in near]
        return value, tuple(dict.fromkeys(move for stop in chosen if stop for move in stop[1]))

    def _add_flow(self, network: Any, flow: int, crossing: Sequence[int], stop: Stop | None) -> None:
        graph, inputs = self._graph, self._inputs
        start, end = graph.source[flow], graph.target[flow]
        network.add_edge(("in", flow), ("out", flow), **_capacity(stop))
        for bit in crossing:
            if inputs.origins[start] >> bit & 1:
                network.add_edge("start", ("in", flow))
            for held in bits(self._arrived[start]):
                if self._passed(start, 1 << held) >> bit & 1:
                    network.add_edge(("held", start, held), ("in", flow))
            network.add_edge(("out", flow), ("held", end, bit))
            if end in self._ends and self._final >> bit & 1:
                network.add_edge(("out", flow), ("at", end))


def _capacity(stop: Stop | None) -> dict[str, float]:
    """Without a capacity an edge cannot be cut."""
    return {} if stop is None else {"capacity": stop[0]}
