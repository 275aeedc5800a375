"""The graph for users of the library: an estate as a `networkx.MultiDiGraph`, and such a graph as manifest data.

    graph = to_networkx(estate)         # node key = system id, edge key = flow id, attributes as in the manifest
    data = to_data(graph)               # plain data that `estate_from_data` reads and checks

An absent attribute is undeclared, None is `null`. `graph.graph` has `parties`, `contracts`, `organisation`,
`defaults`, `waivers` and `as_of`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privacy_rules.manifest import write
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.values import Duration

if TYPE_CHECKING:
    from networkx import MultiDiGraph

_ENDS = ("from", "to")
_ESTATE = ("name", "as_of", "parties", "contracts", "organisation", "defaults", "waivers")


def to_networkx(estate: Estate) -> MultiDiGraph[str]:
    """A new graph with all that the estate says; file defaults are written out on each entity that takes them."""
    import networkx

    graph: MultiDiGraph[str] = networkx.MultiDiGraph()
    for system in estate.systems.values():
        graph.add_node(system.id, **_attributes(system))
    for flow in estate.flows.values():
        said = _attributes(flow)
        source, target = (said.pop(end) for end in _ENDS)
        graph.add_edge(source, target, key=flow.id, **said)
    graph.graph["parties"] = {party.id: _attributes(party) for party in estate.parties.values()}
    graph.graph["contracts"] = {contract.id: _attributes(contract) for contract in estate.contracts.values()}
    graph.graph["organisation"] = _attributes(estate.organisation)
    if estate.waivers:
        graph.graph["waivers"] = [write.waiver(waiver) for waiver in estate.waivers]
    for name, value in (("name", estate.name), ("as_of", estate.as_of)):
        if value is not None:
            graph.graph[name] = value
    return graph


def to_data(graph: MultiDiGraph[Any]) -> dict[str, Any]:
    """The graph as plain manifest data: what a manifest file would say, unchecked."""
    said = {name: graph.graph[name] for name in _ESTATE if name in graph.graph}
    systems = {str(node): dict(attributes) for node, attributes in graph.nodes(data=True)}
    flows = [
        {**attributes, "id": str(key), "from": str(source), "to": str(target)}
        for source, target, key, attributes in graph.edges(keys=True, data=True)
    ]
    return {"manifest": 1, **said, "systems": systems, "flows": flows}


def _attributes(record: Record) -> dict[str, Any]:
    """The record as manifest data; several values are a list, even if there is only one."""
    found = write.record(
        record, defaults=True, scalar=lambda value: str(value) if isinstance(value, Duration) else value
    )
    if isinstance(found.get("role"), str):
        found["role"] = [found["role"]]
    for transform in found.get("transforms") or ():
        if isinstance(transform["to"], str):
            transform["to"] = [transform["to"]]
    return found
