"""Shortest witness paths: one breadth-first search from all starts at once, kept for every end.

Among equally short paths, the one with the first flow ids is taken, so that a finding shows the same path every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.propagation import NO_EDGES, ApplyTransforms, Edges
from privacy_rules.vocabulary.taxonomy import bits

Node = tuple[int, int]
"""A system and a bit (a category name or a leaf) that has arrived there."""


class _Way(NamedTuple):
    """One or two flows that bring bits to a system, from an earlier node or a start (None)."""

    by: tuple[int, ...]
    end: int
    bits: int
    before: Node | None


class Search:
    """All shortest paths of one test, as it must or may hold, for `origins` (the bits that each system starts with).

    `first`: for each flow the bits with which a path may begin there, if these differ from `masks`.
    """

    def __init__(
        self,
        graph: FlowGraph,
        masks: Sequence[int],
        origins: Sequence[int],
        blocked: Sequence[bool] | None,
        transform: ApplyTransforms | None,
        *,
        edges: Edges = NO_EDGES,
        first: Sequence[int] | None = None,
    ) -> None:
        self._graph, self._masks, self._blocked, self._transform = graph, masks, blocked, transform
        self._edges, self._first = edges, first
        self._before: dict[Node, tuple[tuple[int, ...], Node | None]] = {}
        self._lengths: dict[Node, int] = {}
        self._arrived: dict[int, list[Node]] = {}
        self._seen = [0] * len(graph.systems)
        self.looked_at = len(graph.flows)
        """How many flows the search has looked at."""
        self._run(origins)

    def _run(self, origins: Sequence[int]) -> None:
        self._level = 1
        self._reached: list[Node] = []
        self._later: list[_Way] = []  # over two flows: they arrive one level later
        masks = self._masks if self._first is None else self._first
        for flow, (source, target) in enumerate(zip(self._graph.source, self._graph.target, strict=True)):
            if begun := origins[source] & masks[flow]:
                self._cross(_Way((flow,), target, begun, None))
        for system in self._edges.leaving:
            self._send_beside(system, origins[system], None)
        while self._reached or self._later:
            self._level += 1
            frontier, due = self._reached, self._later
            self._reached, self._later = [], []
            for system, bit in frontier:
                if self._blocked is None or not self._blocked[system]:
                    sends = self._transform(system, 1 << bit) if self._transform is not None else 1 << bit
                    self.looked_at += len(self._graph.outgoing[system])
                    for flow in self._graph.outgoing[system]:
                        self._cross(_Way((flow,), self._graph.target[flow], sends & self._masks[flow], (system, bit)))
                    self._send_beside(system, sends, (system, bit))
            for way in due:
                self._cross(way)

    def _send_beside(self, system: int, sends: int, before: Node | None) -> None:
        self.looked_at += len(self._edges.of(system))
        for end, mask, by in self._edges.of(system):
            begun = -1 if self._first is None or before is not None else self._first[by[0]]
            way = _Way(by, end, sends & mask & begun, before)
            if len(by) == 1:
                self._cross(way)
            elif way.bits:
                self._later.append(way)

    def _cross(self, way: _Way) -> None:
        end, new = way.end, way.bits & ~self._seen[way.end]
        if not new:
            return
        self._seen[end] |= new
        arrived = [(end, bit) for bit in bits(new)]
        self._before.update(dict.fromkeys(arrived, (way.by, way.before)))
        self._lengths.update(dict.fromkeys(arrived, self._level))
        self._arrived.setdefault(end, []).extend(arrived)
        self._reached += arrived

    def arrived(self) -> dict[int, int]:
        """Return the bits that arrive at each system at which some do."""
        return {system: self._seen[system] for system in self._arrived}

    def shortest(self, system: int) -> tuple[int, list[tuple[int, int]]] | None:
        """The length of a shortest path that ends at `system`, and its flows (numbers, in order), each with the bit that arrives by it."""
        nodes = self._arrived.get(system)
        if not nodes:
            return None
        node: Node | None = min(nodes, key=lambda each: (self._lengths[each], each[1]))
        path: list[tuple[int, int]] = []
        while node is not None:
            bit = node[1]
            flows, node = self._before[node]
            path += [(flow, bit) for flow in reversed(flows)]
        return len(path), path[::-1]
