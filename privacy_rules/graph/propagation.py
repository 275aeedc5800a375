"""Compute what travels where: the least fixpoint of `state[v] |= state[u] & mask[flow]`, for all categories in one pass.

Bits are category names for "must" and leaves for "may"; the algorithm is the same.
When a system's bits grow, it forwards only the new ones, so a pass takes at most flows × categories steps,
and about one step per flow if data spreads in few waves. It does not recurse: chains and cycles of any length end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from privacy_rules.graph.flow_graph import FlowGraph

ApplyTransforms = Callable[[int, int], int]
"""Applies a system's transforms: (system, bits held) → those bits and the bits made."""


def propagate(
    graph: FlowGraph,
    masks: Sequence[int],
    origins: Sequence[int],
    blocked: Sequence[bool] | None = None,
    *,
    arrived: Sequence[int] | None = None,
    transform: ApplyTransforms | None = None,
) -> list[int]:
    """The bits that arrive at each system.

    `masks`: for each flow the bits that it forwards. `origins`: for each system the bits that it sends out of its
    own accord. `blocked`: systems that do not forward what arrives. `arrived`: bits that have arrived to begin with.
    """
    state = list(arrived) if arrived is not None else [0] * len(graph.systems)
    sent = [0] * len(graph.systems)
    waiting = deque(number for number in range(len(state)) if origins[number] or state[number])
    queued = [bool(origins[number] or state[number]) for number in range(len(state))]
    outgoing, target = graph.outgoing, graph.target
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
            end = target[flow]
            if arriving & ~state[end]:
                state[end] |= arriving
                if not queued[end]:
                    queued[end] = True
                    waiting.append(end)
    return state
