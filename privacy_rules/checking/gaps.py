"""Find gaps in a manifest, whatever the rules are: data without a declared source, and data that goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from privacy_rules.checking.logic import TRUE
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.unsourced import Unsourced
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import union


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the declarations of one system leave open.

    `unsourced`: the system sends or stores the data, and no declaration brings or creates it there; stored data may
    have a broader or narrower name than the data that is brought. `idle transform`: nothing brings the data that the
    system transforms. `swallowed`: the system receives data, stores nothing and sends nothing.
    """

    kind: Literal["unsourced", "idle transform", "swallowed"]
    system: str
    data: tuple[str, ...]
    location: Span | None


def gaps(graph: FlowGraph) -> tuple[Gap, ...]:
    """Return the gaps of an estate, in the order of the systems' ids. The systems of data subjects have none."""
    roles = Roles(graph)
    finder = _Finder(graph, Unsourced(graph, roles))
    persons = roles.systems("data_subject")
    return tuple(gap for system, person in enumerate(persons) if person != TRUE for gap in finder.of(system))


class _Finder:
    def __init__(self, graph: FlowGraph, unsourced: Unsourced) -> None:
        self._graph, self._unsourced = graph, unsourced
        self._creates = graph.policy.built_in(Entity.SYSTEM, "creates")

    def of(self, system: int) -> Iterator[Gap]:
        graph, record = self._graph, self._graph.systems[system]
        leaving = union(graph.names[flow] for flow in graph.outgoing[system])
        sent = self._unsourced.without_source(system, leaving) if leaving else 0
        there = self._there(system) if record.items or record.transforms else 0
        kept = {item.term for item in record.items or () if not graph.data.below(item.term) & there}
        if sent or kept:
            place = record.location() if sent else record.location("stores")
            yield Gap("unsourced", record.id, tuple(sorted({*graph.data.names(sent), *kept})), place)
        idle = {each.takes for each in record.transforms or () if not graph.data.below(each.takes) & there}
        if idle:
            yield Gap("idle transform", record.id, tuple(sorted(idle)), record.location("transforms"))
        if record.items == () and graph.incoming[system] and not graph.outgoing[system]:
            brought = graph.data.names(union(graph.names[flow] for flow in graph.incoming[system]))
            yield Gap("swallowed", record.id, tuple(brought), record.location("stores"))

    def _there(self, system: int) -> int:
        """The categories that flows may bring to a system, that it may make, or that it creates."""
        graph, record = self._graph, self._graph.systems[system]
        creates: tuple[str, ...] = known(record, self._creates)[0] or ()  # type: ignore[assignment]
        there = union(graph.leaves[flow] for flow in graph.incoming[system]) | graph.data.below_any(creates)
        for each in record.transforms or ():
            there |= graph.data.below_any(each.makes)
        return there
