"""Update which data arrives at which system after flows were added or removed, if that is safe.

If everything that a removed flow brought still arrives at its end by another path, nothing changes anywhere. The data
of an added flow is propagated from its end, as in any pass.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import bits


@dataclass(frozen=True, slots=True)
class Rewiring:
    """The removed flows, by their old numbers, and the added flows, by their new numbers. The systems are the same."""

    before: FlowGraph
    after: FlowGraph
    gone: tuple[int, ...]
    new: tuple[int, ...]

    @property
    def transforms(self) -> bool:
        """Whether any flow was added or removed."""
        return bool(self.gone or self.new)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of `propagation.propagate`: its masks, and what is the same before and after.

    The pass is not `plain` if what a flow forwards depends on other flows, or if data also passes outside the flows
    (`edges`).
    """

    masks: Sequence[int]
    origins: Sequence[int]
    blocked: Sequence[bool] | None
    arrived: Sequence[int] | None = None
    plain: bool = True

    def sends(self, system: int, state: int) -> int:
        """Return the bits that a system with some bits sends."""
        barred = self.blocked is not None and self.blocked[system]
        return self.origins[system] | (0 if barred else state)

    def agrees(self, other: Pass) -> bool:
        """Whether both passes are plain and differ at most in their masks."""
        same = self.plain and other.plain and self.origins == other.origins and self.blocked == other.blocked
        return same and (self.arrived or None) == (other.arrived or None)


def carried_over(rewiring: Rewiring, was: Pass, now: Pass, before: Sequence[int]) -> list[int] | None:
    """Return the bits that arrive at each system now, given those `before`; None if a whole pass is needed."""
    if not was.agrees(now):
        return None
    for flow in rewiring.gone:
        source, target = rewiring.before.source[flow], rewiring.before.target[flow]
        brought = was.sends(source, before[source]) & was.masks[flow]
        if not all(_comes_otherwise(rewiring.after, now, target, bit) for bit in bits(brought)):
            return None
    return _with_new(rewiring, now, list(before))


_MOST_LOOKS = 500
"""Stop looking for an alternative path after this many flows; recomputing everything is cheaper."""


def _comes_otherwise(graph: FlowGraph, now: Pass, system: int, bit: int) -> bool:
    """Return whether a bit provably arrives at a system, by a backward search to where it starts."""
    wanted, looks = 1 << bit, 0
    seen, waiting = {system}, deque([system])
    while waiting:
        end = waiting.popleft()
        if now.arrived is not None and now.arrived[end] & wanted:
            return True
        looks += len(graph.incoming[end])
        if looks > _MOST_LOOKS:
            return False
        for flow in graph.incoming[end]:
            start = graph.source[flow]
            if not now.masks[flow] & wanted:
                continue
            if now.origins[start] & wanted:
                return True
            if start not in seen and not (now.blocked is not None and now.blocked[start]):
                seen.add(start)
                waiting.append(start)
    return False


def _with_new(rewiring: Rewiring, now: Pass, state: list[int]) -> list[int]:
    """Propagate what new flows bring, system by system, until nothing more arrives."""
    graph, waiting = rewiring.after, deque(rewiring.new)
    while waiting:
        flow = waiting.popleft()
        source, target = graph.source[flow], graph.target[flow]
        fresh = now.sends(source, state[source]) & now.masks[flow] & ~state[target]
        if fresh:
            state[target] |= fresh
            waiting.extend(graph.outgoing[target])
    return state
