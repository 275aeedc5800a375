"""Flows that an `origin` names, and that are therefore collections even if the roles of their ends leave this open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, UNKNOWN
from privacy_rules.checking.roles import Roles
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.manifest.model import Record

MOST_NEAR = 10
"""At most this many named flows are considered for one judged pair."""


class NamedOrigins:
    """The flows that the origins of an estate name."""

    def __init__(self, graph: FlowGraph, roles: Roles) -> None:
        self._graph, self._roles = graph, roles

    @cached_property
    def named(self) -> frozenset[str]:
        """The ids of all flows that some origin names."""
        graph = self._graph
        stating = (
            each
            for number, each in enumerate(graph.flows)
            if number in graph.facts or "origin" in each.declared or "origin" in each.defaults
        )
        found = (named for record in (*stating, *graph.systems) for _, named in record.origins())
        return frozenset(str(each) for named in found for each in named or ())  # type: ignore[union-attr]

    def adopt(self, other: NamedOrigins) -> None:
        """Reuse `named` of an estate with the same origins."""
        self.__dict__["named"] = other.named

    @cached_property
    def broken(self) -> bool:
        """Whether an origin names a flow that cannot be a collection, which makes a manifest invalid."""
        number = self._graph.flow_number
        return any(self._roles.gives[number[each]] == FALSE for each in self.named if each in number)

    @cached_property
    def in_doubt(self) -> Sequence[int]:
        """The named flows of which it is unknown whether they are collections, in the order of their ids."""
        if not self.named:
            return ()
        number = self._graph.flow_number
        return [flow for each in sorted(self.named) if self._roles.gives[flow := number[each]] == UNKNOWN]

    @property
    def state(self) -> Sequence[object]:
        """Everything that decides whether the flows in doubt are collections."""
        graph = self._graph
        ends = [(each, graph.source[each], graph.target[each]) for each in self.in_doubt]
        return [
            (
                graph.flows[flow].id,
                *(_declared(record) for end in both for record in (graph.systems[end], graph.party(end))),
            )
            for flow, *both in ends
        ]

    def near(self, frame: Frame) -> Sequence[int]:
        """Return the flows in doubt that begin or end at the systems of a frame, or at a system of the same party."""
        if not self.in_doubt:
            return ()
        graph = self._graph
        systems = {graph.source[frame.flow], graph.target[frame.flow]} if frame.flow >= 0 else {frame.system}
        parties = {frame.party, *(graph.parties[each] for each in systems if each >= 0)} - {None}

        def is_near(system: int) -> bool:
            return system in systems or graph.parties[system] in parties

        found = [each for each in self.in_doubt if is_near(graph.source[each]) or is_near(graph.target[each])]
        return found[:MOST_NEAR]


def _declared(record: Record | None) -> object:
    return None if record is None else (record.id, dict(record.declared), dict(record.defaults))
