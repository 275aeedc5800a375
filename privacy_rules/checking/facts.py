"""The facts that a test depended on, with their places. Findings show them, and missing facts are derived from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from privacy_rules.checking.attribute_lookup import item_of, pairs_meant, read, system_of, systems_asked
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import Fact
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Owner, Reached, Reference, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity, own_attribute
from privacy_rules.vocabulary.values import Item, Transform, Value


class Facts:
    """Reads the facts of tests from one graph."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._memo: dict[tuple[Entity, str, str], Fact] = {}

    def attribute(self, record: Record, name: str) -> Fact:
        """Return the fact of a record's attribute."""
        key = (record.entity, record.id, name)
        found = self._memo.get(key)
        if found is None:
            attribute = self._graph.policy.attributes[record.entity, name]
            value, given = known(record, attribute)
            found = Fact(record.entity, record.id, name, value, given.value, record.location(name))
            found = self._memo[key] = replace(found, own=True) if attribute.span else found
        return found

    def of_reference(self, frame: Frame, reference: Reference) -> list[Fact]:
        """Return the facts for a name in a condition: one, or several if a collection states them item by item."""
        pairs = pairs_meant(self._graph, frame) if reference.owner is Owner.FLOW else (frame,)
        return list(dict.fromkeys(self._of_pair(each, reference) for each in pairs))

    def _of_pair(self, frame: Frame, reference: Reference) -> Fact:
        """Return a judged pair's fact; if the party is unknown, the fact that says so."""
        value, given, record = read(self._graph, frame, reference)
        if record is None:
            return self.party(system_of(self._graph, frame, reference.side))
        name = reference.attribute.name
        if reference.owner is Owner.SYSTEM and name == "role":
            return self._role(system_of(self._graph, frame, reference.side))
        if reference.owner is Owner.FLOW and (item := item_of(self._graph, frame, name)):
            place = record.location_in_item(item, name)
            return Fact(record.entity, record.id, name, value, given.value, place, item)
        if reference.owner is not Owner.ITEM:
            return self.attribute(record, name)
        return self._of_item(frame, record, Fact(record.entity, record.id, name, value, given.value, None))

    def _of_item(self, frame: Frame, system: Record, found: Fact) -> Fact:
        """Return the fact declared by an item of `stores`, or else by its system; for an unknown item, the fact that it is unknown."""
        item, name = frame.item, found.attribute
        if own_attribute(frame.within, name):
            return self._own(system, item, name, found.value) if item else self.attribute(system, frame.within)
        if item is not None and any(own == name for own, _ in item.declared):
            return replace(found, location=system.location_in_item(item, name), item=item)
        said = self.attribute(system, name)
        return self.attribute(system, frame.within) if item is None and said.value is not None else said

    def party(self, system: int) -> Fact:
        """The fact that says which party a system belongs to."""
        return self.attribute(self._graph.systems[system], "party")

    def roles(self, frame: Frame, side: Side) -> list[Fact]:
        """The facts that give the roles of the party on a side, or say that the party is not known."""
        system = system_of(self._graph, frame, side)
        return [self._role(system)] if system >= 0 else []

    def _role(self, system: int) -> Fact:
        """Return the fact of the role of a system or its party; if the party is not known, the fact that says so."""
        played = self._graph.policy.attributes[Entity.SYSTEM, "role"]
        _, given, record = self._graph.of_system(system, played)
        is_unknown = given is Given.UNDECLARED and record is not None and record.entity is Entity.SYSTEM
        return self.party(system) if is_unknown or record is None else self.attribute(record, "role")

    def parties(self, frame: Frame, side: Side) -> list[Fact]:
        """The facts of the parties that a test on contracts asks about, if they are parties of systems."""
        return [self.party(system) for system in systems_asked(self._graph, frame, side)]

    def judged(self, frame: Frame, judged: str) -> Fact:
        """The judged category or purpose, as the flow or the system declares it."""
        value: Value | None = frame.data if judged == "data" else frame.purpose
        if frame.flow >= 0:
            record, name = self._graph.flows[frame.flow], "carries" if judged == "data" else "purposes"
        else:
            record = self._graph.systems[frame.system]
            name = frame.within
            if judged == "purpose" and frame.item is not None:
                return self._own(record, frame.item, "purposes", value)
        said = self.attribute(record, name)
        return Fact(record.entity, record.id, name, value, said.source, said.location)

    @staticmethod
    def _own(record: Record, item: Item | Transform, name: str, value: Value | None) -> Fact:
        """Return the fact of an attribute that only items have."""
        source = "declared" if value is not None else "null" if name in dict(item.declared) else "undeclared"
        place = record.location_in_item(item, name)
        return Fact(record.entity, record.id, name, value, source, place, item)

    def joined(self, frame: Frame) -> Fact:
        """The judged pair of a joining, or the judged transform."""
        system = self._graph.systems[frame.system]
        said = self.attribute(system, "transforms" if frame.within == "transforms" else "joins")
        value: Value | None = frame.joined if frame.item is None else (frame.item,)  # type: ignore[assignment]
        return Fact(said.entity, said.id, said.attribute, value, said.source, said.location)

    def subject(self, frame: Frame, kind: Kind) -> list[Fact]:
        """Return the facts that decide whether the subject is of the kind."""
        match kind:
            case Kind.COLLECTION:
                return self.roles(frame, Side.SOURCE) + self.roles(frame, Side.RECIPIENT)
            case Kind.SHARING:
                ends = [self.party(system_of(self._graph, frame, side)) for side in (Side.SOURCE, Side.RECIPIENT)]
                return ends + self.roles(frame, Side.SOURCE) + self.roles(frame, Side.RECIPIENT)
            case Kind.DISCLOSURE:
                ends = [self.party(system_of(self._graph, frame, side)) for side in (Side.SOURCE, Side.RECIPIENT)]
                return ends + self.roles(frame, Side.RECIPIENT)
            case Kind.STORAGE | Kind.USE:
                return [self.judged(frame, "data")]
            case Kind.JOINING | Kind.DERIVATION:
                return [self.joined(frame)]
            case _:
                return []

    def along(self, path: list[int], test: Reached) -> list[Fact]:
        """Return what the flows of a path carry and, for derived data, the transforms of the sending systems."""
        facts: list[Fact] = []
        for flow in path:
            if test.derived:
                facts += self._transforms(self._graph.source[flow], by_method=test.methods is not None)
            facts.append(self.attribute(self._graph.flows[flow], "carries"))
        return facts

    def built_in(self, record: Record, name: str) -> list[Fact]:
        """Return the fact of a built-in attribute; none if the policy has its own attribute of this name instead."""
        return [self.attribute(record, name)] if self._graph.policy.has_built_in(record.entity, name) else []

    def created(self, system: int, unsourced: Sequence[str]) -> list[Fact]:
        """Return the fact `creates` of a system from which the categories leave although nothing brings them."""
        return [replace(each, about=tuple(unsourced)) for each in self.built_in(self._graph.systems[system], "creates")]

    def origin(self, frame: Frame, collections: Sequence[int]) -> Fact:
        """Return the origin of a flow, or of one of its or a system's items; it may be one or several of the collections."""
        flows, of_flow = self._graph.flows, frame.flow >= 0
        about = tuple(flows[each].id for each in collections)
        item = item_of(self._graph, frame, "origin") if of_flow else frame.item
        if item is None:
            return replace(self.attribute(flows[frame.flow], "origin"), about=about)
        record = flows[frame.flow] if of_flow else self._graph.systems[frame.system]
        return replace(self._own(record, item, "origin", dict(item.declared).get("origin")), about=about)

    def _transforms(self, system: int, *, by_method: bool) -> list[Fact]:
        """Return the fact of a system's transforms unless it has none; if methods matter, also the unknown methods."""
        record = self._graph.systems[system]
        said = self.attribute(record, "transforms")
        if said.value == ():
            return []
        unknown = [each for each in record.transforms or () if by_method and each.method is None]
        return [said, *(self._own(record, each, "method", None) for each in unknown)]
