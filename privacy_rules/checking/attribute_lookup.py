"""Look up a name of a condition: its value, what gave it, and the record that has it."""

from __future__ import annotations

from privacy_rules.checking.frame import Frame
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Owner, Reference, Side
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.values import Value

Lookup = tuple[Value | None, Given, Record | None]


def system_of(graph: FlowGraph, frame: Frame, side: Side) -> int:
    """Return the number of the system on a side of the subject; -1 for a party, a contract or the organisation."""
    match side:
        case Side.SOURCE:
            return graph.source[frame.flow]
        case Side.RECIPIENT:
            return graph.target[frame.flow]
        case _:
            return frame.system


def party_of(graph: FlowGraph, frame: Frame, side: Side) -> Record | None:
    """Return the party on a side of the subject; None if the system's party is not known."""
    system = system_of(graph, frame, side)
    if system < 0:
        return None if frame.party is None else graph.estate.parties[frame.party]
    return graph.party(system)


def read(graph: FlowGraph, frame: Frame, reference: Reference) -> Lookup:
    """Return the value of a name (None: not known), what gave it, and the record that has it (None: an unknown party's)."""
    attribute = reference.attribute
    match reference.owner:
        case Owner.FLOW:
            record = graph.flows[frame.flow]
            return *known(record, attribute), record
        case Owner.SYSTEM:
            return graph.of_system(system_of(graph, frame, reference.side), attribute)
        case Owner.PARTY:
            party = party_of(graph, frame, reference.side)
            return (None, Given.UNDECLARED, None) if party is None else (*known(party, attribute), party)
        case Owner.CONTRACT:
            assert frame.contract is not None
            return *known(frame.contract, attribute), frame.contract
        case Owner.ORGANISATION:
            record = graph.estate.organisation
            return *known(record, attribute), record
        case Owner.ITEM:
            return _read_item(graph, frame, reference)


def _read_item(graph: FlowGraph, frame: Frame, reference: Reference) -> Lookup:
    record = graph.systems[frame.system]
    if frame.item is None:  # the system does not say what it stores, so an item may say anything
        return None, Given.UNDECLARED, record
    for name, value in frame.item.declared:
        if name == reference.attribute.name:
            return value, (Given.NULL if value is None else Given.DECLARED), record
    return graph.of_system(frame.system, reference.attribute)


def is_declared(graph: FlowGraph, frame: Frame, reference: Reference) -> bool:
    """Return whether the manifests, with their own defaults and the shared ones, declare the value of a name."""
    return read(graph, frame, reference)[1] in (Given.DECLARED, Given.MANIFEST_DEFAULT, Given.SHARED_DEFAULT)
