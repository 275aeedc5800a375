"""Shortest witness paths: one breadth-first search from all starts at once, kept for every end.

Among equally short paths the one whose flow ids come first is taken, so a finding shows the same path every time.
"""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.propagation import ApplyTransforms
from privacy_rules.vocabulary.taxonomy import bits

Node = tuple[int, int]
"""A system and a bit (a category name or a leaf) that has arrived there."""


class Search:
    """All shortest paths of one test, in one reading, for `origins` (the bits that each system starts with)."""

    def __init__(
        self,
        graph: FlowGraph,
        masks: Sequence[int],
        origins: Sequence[int],
        blocked: Sequence[bool] | None,
        transform: ApplyTransforms | None,
    ) -> None:
        self._graph, self._masks, self._blocked, self._transform = graph, masks, blocked, transform
        self._before: dict[Node, tuple[int, Node | None]] = {}
        self._lengths: dict[Node, int] = {}
        self._arrived: dict[int, list[Node]] = {}
        self._seen = [0] * len(graph.systems)
        self._run(origins)

    def _run(self, origins: Sequence[int]) -> None:
        flows = self._graph.flows
        level = 1
        reached: list[Node] = []
        for flow in range(len(flows)):
            self._cross(flow, origins[self._graph.source[flow]], None, level, reached)
        while reached:
            level += 1
            frontier, reached = reached, []
            for system, bit in frontier:
                if self._blocked is not None and self._blocked[system]:
                    continue
                sends = self._transform(system, 1 << bit) if self._transform is not None else 1 << bit
                for flow in self._graph.outgoing[system]:
                    self._cross(flow, sends, (system, bit), level, reached)

    def _cross(self, flow: int, sends: int, before: Node | None, level: int, reached: list[Node]) -> None:
        end = self._graph.target[flow]
        new = sends & self._masks[flow] & ~self._seen[end]
        if not new:
            return
        self._seen[end] |= new
        arrived = [(end, bit) for bit in bits(new)]
        self._before.update(dict.fromkeys(arrived, (flow, before)))
        self._lengths.update(dict.fromkeys(arrived, level))
        self._arrived.setdefault(end, []).extend(arrived)
        reached += arrived

    def shortest(self, system: int) -> tuple[int, list[tuple[int, int]]] | None:
        """The length of a shortest path that ends at `system`, and its flows (numbers, in order), each with the bit that arrives by it."""
        nodes = self._arrived.get(system)
        if not nodes:
            return None
        node: Node | None = min(nodes, key=lambda each: (self._lengths[each], each[1]))
        path: list[tuple[int, int]] = []
        while node is not None:
            bit = node[1]
            flow, node = self._before[node]
            path.append((flow, bit))
        return len(path), path[::-1]
