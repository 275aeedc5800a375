"""What a system holds apart from what it receives: what it stores, creates and sends."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.checking.logic import FALSE
from privacy_rules.checking.term_tests import includes
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.manifest.model import Record


def holding(graph: FlowGraph, system: int, mask: int) -> int:
    """Return whether a system stores, creates or sends a category of the mask; unknown if it may."""
    best, built_in = FALSE, graph.policy.built_in
    for record, name in holding_records(graph, system):
        value: tuple[str, ...] | None = known(record, built_in(record.entity, name))[0]  # type: ignore[assignment]
        best = max(best, includes(graph.data, value, mask))
    return best


def holding_records(graph: FlowGraph, system: int) -> Iterator[tuple[Record, str]]:
    """Yield the records and attributes that say what a system stores, creates and sends."""
    record = graph.systems[system]
    yield record, "stores"
    yield record, "creates"
    yield from ((graph.flows[flow], "carries") for flow in graph.outgoing[system])
