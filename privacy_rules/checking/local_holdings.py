"""What a system holds apart from what it receives: what it stores, creates and sends."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.taxonomy import union


class Holdings:
    """What every system of a graph holds."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._values: dict[tuple[str, ...], bytes] = {}

    def __call__(self, terms: tuple[str, ...]) -> bytes:
        """Return for each system whether it stores, creates or sends one of some categories; unknown if it may."""
        found = self._values.get(terms)
        if found is None:
            mask = self._graph.data.below_any(terms)
            found = self._values[terms] = bytes(
                TRUE if names & mask else UNKNOWN if silent or leaves & mask else FALSE
                for names, leaves, silent in self._held
            )
        return found

    @cached_property
    def _held(self) -> list[tuple[int, int, bool]]:
        """For each system the bits of the names that it declares, those of all below them, and whether some list is not known."""
        return [self._held_by(system) for system in range(len(self._graph.systems))]

    def _held_by(self, system: int) -> tuple[int, int, bool]:
        data, built_in = self._graph.data, self._graph.policy.built_in
        lists: list[tuple[str, ...] | None] = [
            known(record, built_in(record.entity, name))[0]  # type: ignore[misc]
            for record, name in holding_records(self._graph, system)
        ]
        names = {each for one in lists if one is not None for each in one}
        return union(1 << data.index[each] for each in names), data.below_any(sorted(names)), None in lists


def holding_records(graph: FlowGraph, system: int) -> Iterator[tuple[Record, str]]:
    """Yield the records and attributes that say what a system stores, creates and sends."""
    record = graph.systems[system]
    yield record, "stores"
    yield record, "creates"
    yield from ((graph.flows[flow], "carries") for flow in graph.outgoing[system])
