"""The judged graph: systems and flows by number, what flows carry as bit masks, who owns which system.

Systems and flows are numbered in the order of their ids, so that numbers are the same in every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property

from privacy_rules.graph.declared_values import Given, known
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Item, Value

FROM_PARTY = ("country", "role")
"""The attributes of a system that are its party's if the system does not state them."""


class FlowFacts:
    """The facts that a flow states for single data and purposes: items by term."""

    __slots__ = ("data", "names", "purposes")

    def __init__(self, data: Mapping[str, Item], purposes: Mapping[str, Item]) -> None:
        self.data, self.purposes = data, purposes
        self.names = frozenset(name for each in (*data.values(), *purposes.values()) for name, _ in each.declared)

    def of(self, name: str, datum: str | None, purpose: str | None) -> Item | None:
        """Return the item that states an attribute for a judged pair; None if the flow's own value applies."""
        if name in self.names:
            for item in (self.data.get(datum or ""), self.purposes.get(purpose or "")):
                if item is not None and any(own == name for own, _ in item.declared):
                    return item
        return None


class FlowGraph:
    """An estate under a policy, ready to be judged. Build it with `FlowGraph.of`; it is immutable.

    `source` and `target` have the system numbers of each flow; `names` has the bits of the categories that a flow
    is declared to carry (0 if it declares none), `leaves` the bits of those that it may carry.
    """

    __slots__ = (
        "__dict__",
        "data",
        "estate",
        "flows",
        "leaves",
        "names",
        "parties",
        "policy",
        "source",
        "system_number",
        "systems",
        "target",
    )

    def __init__(self, estate: Estate, policy: Policy) -> None:
        self.estate, self.policy = estate, policy
        self.data: Taxonomy = policy.taxonomy("data")
        self.systems: list[Record] = [estate.systems[key] for key in sorted(estate.systems)]
        self.flows: list[Record] = [estate.flows[key] for key in sorted(estate.flows)]
        self.system_number = {record.id: number for number, record in enumerate(self.systems)}
        number = self.system_number
        self.source = [number[flow.declared["from"]] for flow in self.flows]  # type: ignore[index]
        self.target = [number[flow.declared["to"]] for flow in self.flows]  # type: ignore[index]
        party = policy.attributes[Entity.SYSTEM, "party"]
        self.parties: list[str | None] = [known(record, party)[0] for record in self.systems]  # type: ignore[misc]
        self.names: list[int] = []
        self.leaves: list[int] = []
        masks: dict[tuple[str, ...] | None, tuple[int, int]] = {}
        carries = policy.attributes[Entity.FLOW, "carries"]
        for flow in self.flows:
            value: tuple[str, ...] | None = known(flow, carries)[0]  # type: ignore[assignment]
            if value not in masks:
                masks[value] = self._masks(value)
            names, leaves = masks[value]
            self.names.append(names)
            self.leaves.append(leaves)

    @classmethod
    def of(cls, estate: Estate, policy: Policy) -> FlowGraph:
        """The graph of a checked estate (every reference resolves)."""
        return cls(estate, policy)

    def under(self, policy: Policy) -> FlowGraph:
        """Return the graph of the estate under a policy that differs only in its vocabularies."""
        if policy is self.policy:
            return self
        if policy.taxonomy("data") is not self.data:
            return FlowGraph(self.estate, policy)
        made = copy(self)
        made.policy = policy
        return made

    @cached_property
    def backwards(self) -> FlowGraph:
        """The same graph with every flow in the other direction."""
        made = FlowGraph.__new__(FlowGraph)
        for name in self.__slots__[1:]:
            setattr(made, name, getattr(self, name))
        made.source, made.target = self.target, self.source
        return made

    def _masks(self, carries: tuple[str, ...] | None) -> tuple[int, int]:
        if carries is None:
            return 0, self.everything
        names = 0
        for term in carries:
            names |= 1 << self.data.index[term]
        return names, self.data.below_any(carries)

    @property
    def everything(self) -> int:
        """The bits of all categories."""
        return (1 << len(self.data.terms)) - 1

    @cached_property
    def flow_number(self) -> dict[str, int]:
        """Flows' numbers by id."""
        return {record.id: number for number, record in enumerate(self.flows)}

    @cached_property
    def facts(self) -> Mapping[int, FlowFacts]:
        """The facts that flows state for single data and purposes, for the flows that do."""
        return {
            number: FlowFacts(flow.facts("carries"), flow.facts("purposes"))
            for number, flow in enumerate(self.flows)
            if flow.states_facts
        }

    @cached_property
    def fact_names(self) -> frozenset[str]:
        """The attributes that some flow states for a single datum or purpose."""
        return frozenset(name for each in self.facts.values() for name in each.names)

    @cached_property
    def outgoing(self) -> list[list[int]]:
        """For each system the flows that leave it, in the order of their ids."""
        found: list[list[int]] = [[] for _ in self.systems]
        for flow, system in enumerate(self.source):
            found[system].append(flow)
        return found

    @cached_property
    def incoming(self) -> list[list[int]]:
        """For each system the flows that enter it, in the order of their ids."""
        found: list[list[int]] = [[] for _ in self.systems]
        for flow, system in enumerate(self.target):
            found[system].append(flow)
        return found

    @cached_property
    def systems_of(self) -> dict[str | None, list[int]]:
        """The systems of each party that has some; under None those whose party is not known."""
        found: dict[str | None, list[int]] = {}
        for system, party in enumerate(self.parties):
            found.setdefault(party, []).append(system)
        return found

    def declared_as(self, flow: int, category: int, *, sure: bool) -> list[str]:
        """Return the declared categories of a flow that must be (`sure`), or may be, the category with that bit."""
        if sure:
            return [self.data.terms[category]]
        return [name for name in self.data.names(self.names[flow]) if self.data.below(name) >> category & 1]

    def party(self, system: int) -> Record | None:
        """Return the party that a system belongs to; None if unknown."""
        name = self.parties[system]
        return None if name is None else self.estate.parties[name]

    def same_party(self, one: int, other: int) -> bool | None:
        """Return whether two systems belong to one party; None if unknown. A system belongs to its own party."""
        if one == other:
            return True
        first, second = self.parties[one], self.parties[other]
        return None if first is None or second is None else first == second

    def of_system(self, system: int, attribute: Attribute) -> tuple[Value | None, Given, Record | None]:
        """Return a system's value of an attribute, its origin, and the record that it comes from.

        A system that does not declare its `country` or `role` has that of its party.
        """
        record = self.systems[system]
        value, given = known(record, attribute)
        if attribute.name not in FROM_PARTY or given is not Given.UNDECLARED:
            return value, given, record
        party = self.party(system)
        if party is None:
            return None, Given.UNDECLARED, record
        value, given = known(party, self.policy.attributes[Entity.PARTY, attribute.name])
        return value, given, party

    def with_records(self, records: Mapping[tuple[Entity, str], Record]) -> FlowGraph:
        """The graph with some entities replaced by others with the same id; the ends of flows stay the same."""

        def changed(entity: Entity) -> dict[str, Record]:
            new = {key: record for (kind, key), record in records.items() if kind is entity}
            return {**self.estate.records(entity), **new}

        estate = replace(
            self.estate,
            parties=changed(Entity.PARTY),
            systems=changed(Entity.SYSTEM),
            flows=changed(Entity.FLOW),
            contracts=changed(Entity.CONTRACT),
            organisation=changed(Entity.ORGANISATION)["organisation"],
        )
        return FlowGraph(estate, self.policy)
