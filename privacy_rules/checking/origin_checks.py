"""Check manifests with the graph: an `origin` must not name a flow that cannot be a collection."""

from __future__ import annotations

from privacy_rules.checking.logic import FALSE
from privacy_rules.checking.roles import Roles
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.vocabulary.attributes import Entity


def diagnose(policy: Policy, graph: FlowGraph) -> tuple[Diagnostic, ...]:
    """Return an E212 for each flow that an `origin` names although it cannot be a collection."""
    attribute = policy.attributes[Entity.FLOW, "origin"]
    declared = [
        (f"flow `{flow.id}`", named, flow.location("origin"))
        for flow in graph.flows
        if (named := known(flow, attribute)[0])
    ]
    declared += [
        (f"`{item.term}` in `stores` of system `{system.id}`", named, system.location_in_item(item, "origin"))
        for system in graph.systems
        for item in system.items or ()
        if (named := dict(item.declared).get("origin"))
    ]
    if not declared:
        return ()
    gives = Roles(graph).gives
    return tuple(
        Diagnostic(
            codes.ORIGIN,
            f"`origin` of {what} names `{name}`, which is not a collection",
            place,
            "name flows that come from a data subject's system, or enter the organisation from outside",
        )
        for what, named, place in declared
        for name in named  # type: ignore[union-attr]
        if gives[graph.flow_number[str(name)]] == FALSE
    )
