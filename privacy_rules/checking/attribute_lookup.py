"""Look up a name in a condition: its value, where the value comes from, and the record that has it."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.frame import Frame
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Owner, Reference, Side
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import METHOD, Attribute, Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Item, Transform, Value

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


def systems_asked(graph: FlowGraph, frame: Frame, side: Side) -> tuple[int, ...]:
    """Return the systems (numbers) that a test on contracts asks about: both ends, or one side; none for a party."""
    if side is Side.BOTH:
        return graph.source[frame.flow], graph.target[frame.flow]
    system = system_of(graph, frame, side)
    return (system,) if system >= 0 else ()


def party_of(graph: FlowGraph, frame: Frame, side: Side) -> Record | None:
    """Return the party on a side of the subject; None if the system's party is not known."""
    system = system_of(graph, frame, side)
    if system < 0:
        return None if frame.party is None else graph.estate.parties[frame.party]
    return graph.party(system)


def read(graph: FlowGraph, frame: Frame, reference: Reference) -> Lookup:
    """Return a name's value (None: not known), where it comes from, and its record (None: an unknown party)."""
    attribute = reference.attribute
    match reference.owner:
        case Owner.FLOW:
            record = graph.flows[frame.flow]
            if frame.flow in graph.facts and (item := item_of(graph, frame, attribute.name)):
                return *_own(item, attribute.name), record
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
    if any(name == reference.attribute.name for name, _ in frame.item.declared):
        return *_own(frame.item, reference.attribute.name), record
    if reference.attribute == METHOD:
        return None, Given.UNDECLARED, record
    return graph.of_system(frame.system, reference.attribute)


def _own(item: Item | Transform, name: str) -> tuple[Value | None, Given]:
    """The value that an item states."""
    value = dict(item.declared)[name]
    return value, Given.NULL if value is None else Given.DECLARED


def item_of(graph: FlowGraph, frame: Frame, name: str) -> Item | None:
    """Return the item that states a flow's attribute for the judged pair; None if the flow's own value applies."""
    facts = graph.facts.get(frame.flow)
    return None if facts is None else facts.of(name, frame.data, frame.purpose)


def pairs_meant(graph: FlowGraph, frame: Frame) -> Sequence[Frame]:
    """Return the pairs of a collection that the judged ones may mean, each as a frame; else the frame itself.

    The pairs combine each datum and each purpose of the collection that overlaps the judged one. If the judged purpose
    is certainly not one of the collection's, the collection's own facts also count.
    """
    if not frame.collected or frame.flow not in graph.facts:
        return (frame,)
    record, policy = graph.flows[frame.flow], graph.policy
    data = _overlapping(record, policy.attributes[Entity.FLOW, "carries"], policy.taxonomy("data"), frame.data)
    terms = policy.taxonomy("purpose")
    purposes = _overlapping(record, policy.attributes[Entity.FLOW, "purposes"], terms, frame.purpose)
    if frame.purpose is None or not any(terms.is_a(frame.purpose, each) for each in purposes if each):
        purposes = [*purposes, None]
    return [Frame(flow=frame.flow, data=one, purpose=other) for one in data or [None] for other in purposes]


def _overlapping(record: Record, attribute: Attribute, terms: Taxonomy, judged: str | None) -> list[str | None]:
    listed: tuple[str, ...] = known(record, attribute)[0] or ()  # type: ignore[assignment]
    return [each for each in listed if judged is None or terms.overlaps(each, judged)]


def is_declared(graph: FlowGraph, frame: Frame, reference: Reference) -> bool:
    """Return whether the manifests, with their own defaults and the shared ones, declare the value of a name."""
    return read(graph, frame, reference)[1] in (Given.DECLARED, Given.MANIFEST_DEFAULT, Given.SHARED_DEFAULT)
