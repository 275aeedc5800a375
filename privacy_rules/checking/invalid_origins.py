"""Check manifests with the graph: an `origin` must not name a flow that cannot be a collection."""

from __future__ import annotations

from privacy_rules.checking.logic import FALSE
from privacy_rules.checking.roles import Roles
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic


def diagnose(graph: FlowGraph) -> tuple[Diagnostic, ...]:
    """Return an E212 for each flow that an `origin` names although it cannot be a collection."""
    declared = [
        (record, item, named) for record in (*graph.flows, *graph.systems) for item, named in record.origins() if named
    ]
    if not declared:
        return ()
    gives = Roles(graph).gives
    return tuple(
        Diagnostic(
            codes.ORIGIN,
            f"`origin`{f' of {item.term} in `{item.within}`' if item else ''} of {record.entity} `{record.id}` "
            f"names `{name}`, which is not a collection",
            record.location_in_item(item, "origin") if item else record.location("origin"),
            "name flows that come from a data subject's system, or enter the organisation from outside",
        )
        for record, item, named in declared
        for name in named  # type: ignore[union-attr]
        if gives[graph.flow_number[str(name)]] == FALSE
    )
