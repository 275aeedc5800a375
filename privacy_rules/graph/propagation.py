"""Compute which data travels where, in one pass: the least fixpoint of `state[v] |= state[u] & mask[flow]`.

Bits are category names for "must" and leaves for "may"; the algorithm is the same. When a system's bits grow, it
forwards only the new ones, so a pass takes at most flows × categories steps, and about one step per flow if data
spreads in few waves. There is no recursion, so chains and cycles may have any length.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.source.fast_dataclasses import dataclass

ApplyTransforms = Callable[[int, int], int]
"""Applies a system's transforms: (system, bits held) → those bits and the bits made."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Bits that pass between systems outside the flows: by sender, the receiving system, the bits and the flows."""

    leaving: dict[int, list[tuple[int, int, tuple[int, ...]]]]

    def add(self, source: int, target: int, mask: int, by: tuple[int, ...]) -> None:
        """Let bits pass from one system to another."""
        self.leaving.setdefault(source, []).append((target, mask, by))

    def doubled(self, width: int) -> Edges:
        """The same for each bit and for the one `width` higher."""
        both = {
            source: [(target, mask | mask << width, by) for target, mask, by in found]
            for source, found in self.leaving.items()
        }
        return Edges(both)

    @property
    def backwards(self) -> Edges:
        """The same from the receiving systems to the sending ones."""
        found = Edges({})
        for source, leaving in self.leaving.items():
            for target, mask, by in leaving:
                found.add(target, source, mask, by[::-1])
        return found

    def of(self, system: int) -> Sequence[tuple[int, int, tuple[int, ...]]]:
        """Those that leave a system."""
        return self.leaving.get(system, ())


NO_EDGES = Edges({})


def propagate(
    graph: FlowGraph,
    masks: Sequence[int],
    origins: Sequence[int],
    blocked: Sequence[bool] | None = None,
    *,
    arrived: Sequence[int] | None = None,
    transform: ApplyTransforms | None = None,
    edges: Edges | None = None,
) -> list[int]:
    """The bits that arrive at each system.

    `masks`: for each flow the bits that it forwards. `origins`: for each system the bits that originate there.
    `blocked`: systems that do not forward what arrives. `arrived`: bits that have arrived before the pass begins.
    `edges`: bits that pass between systems outside the flows.
    """
    state = list(arrived) if arrived is not None else [0] * len(graph.systems)
    sent = [0] * len(graph.systems)
    waiting = deque(number for number in range(len(state)) if origins[number] or state[number])
    queued = [bool(origins[number] or state[number]) for number in range(len(state))]
    outgoing, target, beside = graph.outgoing, graph.target, edges or NO_EDGES

    def arrive(end: int, arriving: int) -> None:
        state[end] |= arriving
        if not queued[end]:
            queued[end] = True
            waiting.append(end)

    while waiting:
        system = waiting.popleft()
        queued[system] = False
        sends = origins[system]
        if state[system] and not (blocked is not None and blocked[system]):
            sends |= transform(system, state[system]) if transform is not None else state[system]
        fresh = sends & ~sent[system]
        if not fresh:
            continue
        sent[system] = sends
        for flow in outgoing[system]:
            arriving = fresh & masks[flow]
            if arriving & ~state[target[flow]]:
                arrive(target[flow], arriving)
        for end, mask, _ in beside.of(system):
            if fresh & mask & ~state[end]:
                arrive(end, fresh & mask)
    return state
