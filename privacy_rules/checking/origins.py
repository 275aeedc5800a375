"""Evaluate declared origins: a flow takes exactly what the collections brought that its `origin` names.

An item of `carries` may state an origin of its own; the flow's origin is for its other data. An origin *may apply* to a
datum if a named flow may carry it, and *must apply* if a named flow must. If a flow's origin is `null`, any collection
may be its origin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.work_limit import EDGES, PASSES, Work
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.propagation import Edges
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import bits, union

_SILENT = object()
"""Represents an origin that is not declared."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a flow, as numbers of flows; None: unknown (`null`). It is about some of the flow's data (bits)."""

    flow: int
    named: tuple[int, ...] | None
    names: int
    leaves: int


class Origins:
    """The declared origins of an estate."""

    def __init__(self, graph: FlowGraph, roles: Roles, work: Work) -> None:
        self._graph, self._roles, self._work = graph, roles, work

    @cached_property
    def declared(self) -> tuple[Origin, ...]:
        """All of them, in the order of the flows."""
        return tuple(each for flow in range(len(self._graph.flows)) for each in self._of(flow))

    def __bool__(self) -> bool:
        return bool(self.declared)

    def _of(self, flow: int) -> Iterator[Origin]:
        graph = self._graph
        value, given = known(graph.flows[flow], graph.policy.attributes[Entity.FLOW, "origin"])
        whole = _SILENT if given is Given.UNDECLARED else value
        facts = graph.facts.get(flow)
        if facts is None or "origin" not in facts.names:
            if whole is not _SILENT:
                yield Origin(flow, self._numbers(whole), graph.names[flow], graph.leaves[flow])
            return
        names: dict[object, int] = {}
        for name in graph.data.names(graph.names[flow]):
            item = facts.data.get(name)
            said = dict(item.declared).get("origin", whole) if item is not None else whole
            names[said] = names.get(said, 0) | 1 << graph.data.index[name]
        for said, some in names.items():
            if said is not _SILENT:
                yield Origin(flow, self._numbers(said), some, graph.data.below_any(graph.data.names(some)))

    def _numbers(self, said: object) -> tuple[int, ...] | None:
        return None if said is None else tuple(self._graph.flow_number[str(each)] for each in said)  # type: ignore[attr-defined]

    def may_be(self, origin: Origin) -> Sequence[int]:
        """The flows that an origin names, or any collection if it is unknown."""
        return self._collections if origin.named is None else origin.named

    @cached_property
    def _collections(self) -> list[int]:
        return [flow for flow, value in enumerate(self._roles.gives) if value != FALSE]

    def masks(self, *, sure: bool) -> Sequence[int]:
        """Return for each flow the bits that it forwards although its origin does not say where they came from."""
        graph = self._graph
        if not self.declared:
            return graph.names if sure else graph.leaves
        return self._must_forward if sure else self._may_forward

    @cached_property
    def _must_forward(self) -> list[int]:
        found = list(self._graph.names)
        for origin in self.declared:
            brought = union(self._graph.leaves[flow] for flow in self.may_be(origin))
            for name in bits(origin.names):
                if self._graph.data.below(self._graph.data.terms[name]) & brought:
                    found[origin.flow] &= ~(1 << name)
        return found

    @cached_property
    def _may_forward(self) -> list[int]:
        graph, data = self._graph, self._graph.data
        found, names = list(graph.leaves), dict[int, int]()
        for origin in self.declared:
            names[origin.flow] = names.get(origin.flow, 0) | origin.names
        for flow, some in names.items():
            found[flow] = data.below_any(data.names(graph.names[flow] & ~some))
        for origin in self.declared:
            for leaf in bits(origin.leaves):
                if not any(self._must_apply(origin, flow, leaf) for flow in origin.named or ()):
                    found[origin.flow] |= 1 << leaf
        return found

    def _must_apply(self, origin: Origin, flow: int, leaf: int) -> bool:
        """Whether a named flow must carry a leaf.

        A broad leaf must be carried under each of the flow's names that includes it.
        """
        data, carried = self._graph.data, self._graph.names[flow]
        if data.below(data.terms[leaf]) == 1 << leaf:
            return bool(carried >> leaf & 1)
        names = [name for name in bits(origin.names) if data.below(data.terms[name]) >> leaf & 1]
        return bool(names) and all(carried >> name & 1 for name in names)

    def brought(self, *, sure: bool) -> Iterator[tuple[Origin, int, int]]:
        """Yield each origin with each flow that it must, or may, draw on, and the bits that come from there."""
        graph = self._graph
        for origin in self.declared:
            carried, own = (graph.names, origin.names) if sure else (graph.leaves, origin.leaves)
            for flow in (origin.named or ()) if sure else self.may_be(origin):
                if carried[flow] & own:
                    yield origin, flow, carried[flow] & own

    @cached_property
    def named(self) -> Sequence[tuple[int, int, int]]:
        """Each flow whose origin is known, with each flow that it may draw on, and the bits that may come from there."""
        graph = self._graph
        return [
            (origin.flow, flow, graph.leaves[flow] & origin.leaves)
            for origin in self.declared
            for flow in origin.named or ()
            if graph.leaves[flow] & origin.leaves
        ]

    @cached_property
    def _by_flow(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for own, flow, brought in self.named:
            found.setdefault(own, []).append((flow, brought))
        return found

    def naming(self, flow: int, leaves: int) -> list[int]:
        """The collections that a flow names for some of the leaves."""
        return [named for named, brought in self._by_flow.get(flow, ()) if brought & leaves]

    def edges(self, stops: Sequence[int] | None, *, sure: bool) -> Edges | None:
        """Return what passes from the sources of origins to the flows' recipients, for paths; None if no origin is declared.

        `stops` says for each system whether it is avoided. If `sure`, there must be a path between the two
        flows over systems that are certainly not avoided. Otherwise it is enough that neither the first nor the last system between
        them is certainly avoided.
        """
        if not self.declared:
            return None
        graph, found, arrived = self._graph, Edges({}), dict[int, Mapping[int, int]]()
        if not sure:
            self._work.take(EDGES, len(self._collections) * sum(each.named is None for each in self.declared))
        for origin, flow, brought in self.brought(sure=sure):
            if stops is None or flow == origin.flow:
                mask = brought
            elif sure:
                start, end = graph.target[flow], graph.source[origin.flow]
                if start != end and start not in arrived:
                    arrived[start] = self._avoiding(start, stops)
                passed = graph.everything if start == end else arrived[start].get(end, 0)
                mask = brought & passed if stops[end] == FALSE else 0
            else:
                mask = 0 if TRUE in (stops[graph.target[flow]], stops[graph.source[origin.flow]]) else brought
            if mask:
                by = (flow,) if flow == origin.flow else (flow, origin.flow)
                found.add(graph.source[flow], graph.target[origin.flow], mask, by)
        return found

    def _avoiding(self, start: int, stops: Sequence[int]) -> Mapping[int, int]:
        """Return the names that flows must carry from one system to others, only over systems that are certainly not avoided."""
        graph = self._graph
        if stops[start] != FALSE:
            return {}
        arrived, waiting = {start: graph.everything}, [start]
        while waiting:
            system = waiting.pop()
            self._work.take(PASSES, len(graph.outgoing[system]))
            for flow in graph.outgoing[system]:
                target = graph.target[flow]
                fresh = arrived[system] & graph.names[flow] & ~arrived.get(target, 0)
                if fresh and stops[target] == FALSE:
                    arrived[target] = arrived.get(target, 0) | fresh
                    waiting.append(target)
        return arrived
