"""Count what depends on a flow: the flows that forward its data, unchanged or transformed."""

from __future__ import annotations

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.propagation import propagate
from privacy_rules.graph.transforms import Transforming


class Dependants:
    """Counts the flows that depend on another flow, or on one category of it. Each answer is kept."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._transform = Transforming(graph, None, sure=True).transform
        self._memo: dict[tuple[str, str | None], int] = {}

    def flows(self, flow: str, datum: str | None) -> int:
        """Return how many other flows carry on a category (None: anything) that a flow brings."""
        key = flow, datum
        if key not in self._memo:
            self._memo[key] = self._count(flow, datum)
        return self._memo[key]

    def _count(self, flow: str, datum: str | None) -> int:
        graph = self._graph
        number = graph.flow_number.get(flow)
        if number is None:
            return 0
        none = [0] * len(graph.systems)
        arrived = list(none)
        arrived[graph.target[number]] = graph.names[number] if datum is None else 1 << graph.data.index[datum]
        state = propagate(graph, graph.names, none, arrived=arrived, transform=self._transform)
        return sum(
            other != number and bool(self._transform(start, state[start]) & graph.names[other])
            for other, start in enumerate(graph.source)
            if state[start]
        )
