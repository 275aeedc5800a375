"""The facts that a test depended on, with their places. Findings show them, and missing facts are found from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from privacy_rules.checking.attribute_lookup import item_of, pairs_meant, party_of, read, system_of
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import Fact
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Kind, Owner, Reference, Side
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Transform, Value


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
            value, given = known(record, self._graph.policy.attributes[record.entity, name])
            found = self._memo[key] = Fact(record.entity, record.id, name, value, given.value, record.location(name))
        return found

    def of_reference(self, frame: Frame, reference: Reference) -> list[Fact]:
        """Return the facts for a name in a condition: one, or several of a collection that states it item by item."""
        pairs = pairs_meant(self._graph, frame) if reference.owner is Owner.FLOW else (frame,)
        return list(dict.fromkeys(self._of_pair(each, reference) for each in pairs))

    def _of_pair(self, frame: Frame, reference: Reference) -> Fact:
        """Return the fact of one judged pair; for an unknown party, the fact that the system's party is unknown."""
        value, given, record = read(self._graph, frame, reference)
        if record is None:
            return self.party(system_of(self._graph, frame, reference.side))
        name = reference.attribute.name
        if reference.owner is Owner.FLOW and (item := item_of(self._graph, frame, name)):
            place = record.location_in_item(item, name)
            return Fact(record.entity, record.id, name, value, given.value, place, item)
        if reference.owner is not Owner.ITEM:
            return self.attribute(record, name)
        return self._of_item(frame, record, Fact(record.entity, record.id, name, value, given.value, None))

    def _of_item(self, frame: Frame, system: Record, found: Fact) -> Fact:
        """Return the fact declared by an item of `stores`, or else by its system; for an unknown item, the fact that it is unknown."""
        item, name = frame.item, found.attribute
        if item is not None and any(own == name for own, _ in item.declared):
            return replace(found, location=system.location_in_item(item, name), item=item)
        said = self.attribute(system, name)
        return self.attribute(system, "stores") if item is None and said.value is not None else said

    def party(self, system: int) -> Fact:
        """Which party a system belongs to."""
        return self.attribute(self._graph.systems[system], "party")

    def roles(self, frame: Frame, side: Side) -> list[Fact]:
        """The roles of the party on a side, or that the party is not known."""
        party = party_of(self._graph, frame, side)
        if party is not None:
            return [self.attribute(party, "role")]
        system = system_of(self._graph, frame, side)
        return [self.party(system)] if system >= 0 else []

    def parties(self, frame: Frame, side: Side) -> list[Fact]:
        """The parties that a test on contracts asks about, as far as they are systems' parties."""
        sides = (Side.SOURCE, Side.RECIPIENT) if side is Side.BOTH else (side,)
        systems = [system_of(self._graph, frame, each) for each in sides]
        return [self.party(system) for system in systems if system >= 0]

    def judged(self, frame: Frame, judged: str) -> Fact:
        """The judged category or purpose, as the flow or the system declares it."""
        name = "carries" if judged == "data" else "purposes"
        if frame.flow >= 0:
            record = self._graph.flows[frame.flow]
        else:
            record, name = self._graph.systems[frame.system], "stores"
        said = self.attribute(record, name)
        value: Value | None = frame.data if judged == "data" else frame.purpose
        return Fact(record.entity, record.id, name, value, said.source, said.location)

    def joined(self, frame: Frame) -> Fact:
        """The judged pair of a joining."""
        said = self.attribute(self._graph.systems[frame.system], "joins")
        return Fact(said.entity, said.id, "joins", frame.joined, said.source, said.location)

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
            case Kind.STORAGE:
                return [self.judged(frame, "data")]
            case Kind.JOINING:
                return [self.joined(frame)]
            case _:
                return []

    def along(self, path: list[int], *, derived: bool) -> list[Fact]:
        """Return what the flows of a path carry and, for derived data, the transforms of the sending systems."""
        facts: list[Fact] = []
        for flow in path:
            if derived:
                made = self.transforms(self._graph.source[flow])
                facts += [made] if made.value is None or made.value else []
            facts.append(self.attribute(self._graph.flows[flow], "carries"))
        return facts

    def created(self, system: int, unsourced: Sequence[str]) -> Fact:
        """Return what a system creates, of which the categories leave it though nothing brings them."""
        return replace(self.attribute(self._graph.systems[system], "creates"), about=tuple(unsourced))

    def origin(self, flow: int, collections: Sequence[int]) -> Fact:
        """Return the origin of a flow, which may be one or several of the collections."""
        flows = self._graph.flows
        return replace(self.attribute(flows[flow], "origin"), about=tuple(flows[each].id for each in collections))

    def transforms(self, system: int) -> Fact:
        """Return a system's transforms; unknown also if the method of one is unknown."""
        said = self.attribute(self._graph.systems[system], "transforms")
        if any(isinstance(each, Transform) and each.method is None for each in said.value or ()):  # type: ignore[union-attr]
            return Fact(said.entity, said.id, said.attribute, None, said.source, said.location)
        return said
