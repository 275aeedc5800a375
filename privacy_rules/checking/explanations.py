"""Explain a condition: its whole tree, with the value of each part and the facts behind each test.

Values come from the evaluator, so an explanation cannot disagree with the verdict. A define is written out
at its first use and only named afterwards, so the tree is never larger than the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from privacy_rules.checking.attribute_lookup import party_of, system_of, systems_asked
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, Labelled, SubjectIs
from privacy_rules.checking.dated_terms import dated_terms
from privacy_rules.checking.facts import Facts
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import Explained, Fact, Part, Topic
from privacy_rules.checking.local_holdings import holding_records
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN, Truth
from privacy_rules.checking.parent_companies import owners
from privacy_rules.checking.value_tests import value_test
from privacy_rules.language.conditions import references
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    ComparesFact,
    Condition,
    Covers,
    Defined,
    Derives,
    EndMatches,
    Holds,
    Includes,
    IsDeclared,
    IsEntity,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Reached,
    Side,
    UnderContract,
    WithinCollectedPurposes,
)
from privacy_rules.manifest.model import Record

IS_FOR = "applies to these systems"
"""The text that explains why a contract does not, or may not, apply to the systems in question."""


class Explainer:
    """Explains judged pairs with one evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator, self._graph = evaluator, evaluator.graph
        self._facts = Facts(evaluator.graph)
        self._shown: set[tuple[int, int]] = set()
        self._at_systems: dict[tuple[int, int], Explained] = {}
        self._at_owners: dict[tuple[int, str], Explained] = {}
        self._of_contracts: dict[object, tuple[Explained, ...]] = {}
        self._binding: dict[object, list[tuple[Record, int]]] = {}

    @property
    def day(self) -> date:
        """The day of the check."""
        return self._evaluator.day

    def rule(self, core: CoreRule, frame: Frame) -> tuple[Explained, Explained]:
        """Explain SCOPE and REQUIREMENT of a rule for the frame's judged pair."""
        self._shown.clear()
        scope = [self._labelled(part, frame) for part in core.scope]
        requirement = [self._labelled(part, frame) for part in core.requirement]
        holds = min((part.value for part in scope), default=Truth.TRUE)
        met = max((part.value for part in requirement), default=Truth.FALSE)
        return (
            Explained(Part.SCOPE, "scope", holds, core.rule.subject.span, tuple(scope)),
            Explained(Part.REQUIREMENT, "requirement", met, core.rule.span, tuple(requirement)),
        )

    def _labelled(self, labelled: Labelled, frame: Frame) -> Explained:
        inner = self.condition(labelled.condition, frame)
        return Explained(labelled.part, labelled.text, inner.value, labelled.condition.span, (inner,))

    def condition(self, condition: Condition, frame: Frame) -> Explained:
        """Explain a condition, with its value in the frame."""
        value = Truth(self._evaluator.test(condition)(frame))
        match condition:
            case All(parts=parts):
                return self._node(Part.ALL, condition, value, parts, frame)
            case AnyOf(parts=parts):
                return self._node(Part.ANY, condition, value, parts, frame)
            case Negation(part=part):
                return self._node(Part.NOT, condition, value, (part,), frame)
            case Defined(body=body, name=name):
                key = (id(body), frame.pair)
                parts = () if key in self._shown else (body,)
                self._shown.add(key)
                children = tuple(self.condition(part, frame) for part in parts)
                return Explained(Part.DEFINE, name, value, condition.span, children)
            case _:
                return self._test(condition, value, frame)

    def _node(
        self, part: Part, condition: Condition, value: Truth, parts: tuple[Condition, ...], frame: Frame
    ) -> Explained:
        children = tuple(self.condition(each, frame) for each in parts)
        return Explained(part, condition.text, value, condition.span, children)

    def _test(self, condition: Condition, value: Truth, frame: Frame) -> Explained:
        facts: list[Fact] = []
        children: list[Explained] = []
        path: list[tuple[int, str]] = []
        collections: list[int] = []
        match condition:
            case SubjectIs(kind=kind):
                facts = self._facts.subject(frame, kind)
            case JudgedIs(judged=judged) | IsDeclared(reference=("data" | "purpose") as judged):
                facts = [self._facts.judged(frame, judged)]
            case Joins() | Derives():
                facts = [self._facts.joined(frame)]
            case EndMatches(side=side, selector=selector):
                children = [self._at_system(selector, system_of(self._graph, frame, side))]
            case IsEntity():
                facts = [] if frame.system < 0 else [self._facts.party(frame.system)]
            case OwnedBy():
                facts, children = self._ownership(condition, value, frame)
            case UnderContract():
                facts = self._facts.parties(frame, condition.side)
                children = [*self._contracts(condition, frame)]
            case Covers(judged=judged):
                facts = self._promise(frame, judged)
            case Holds(side=side, received=received):
                facts = self._held(frame, side)
                children = [self.condition(received, frame)]
            case Reached():
                path, facts, children = self._path(condition, frame)
            case CollectedWith() | WithinCollectedPurposes():
                collections, facts, children = self._collections(condition, frame)
            case _:
                facts = [fact for each in references(condition) for fact in self._facts.of_reference(frame, each)]
        return Explained(
            Part.TEST,
            condition.text,
            value,
            condition.span,
            tuple(children),
            tuple(dict.fromkeys(facts)),
            tuple(self._graph.flows[flow].id for flow, _ in path),
            tuple(self._graph.flows[flow].id for flow in collections),
            tuple(category for _, category in path),
            self._made_from(condition, path[0]) if path and isinstance(condition, Reached) else None,
            _topic(condition),
            lacks=self._lacks(condition, facts),
            dated=dated_terms(self._evaluator.policy, condition, facts, frame, self.day),
        )

    def _lacks(self, condition: Condition, facts: Sequence[Fact]) -> tuple[str, ...]:
        """Return the terms of `includes all` that a set must lack; empty for other tests, or if the set is not the value of one attribute."""
        if not isinstance(condition, Includes) or not condition.every:
            return ()
        fact, *others = facts
        if others or fact.attribute != condition.reference.attribute.name:
            return ()
        each_alone = ((term, replace(condition, terms=(term,))) for term in condition.terms)
        return tuple(
            term for term, alone in each_alone if value_test(self._evaluator.policy, alone)(fact.value) == FALSE
        )

    def _at_system(self, selector: Condition, system: int) -> Explained:
        """A selector at a system, worked out once for all subjects that have the system at an end."""
        key = (id(selector), system)
        if key not in self._at_systems:
            self._at_systems[key] = self.condition(selector, Frame(system=system))
        return self._at_systems[key]

    def _ownership(self, test: OwnedBy, value: Truth, frame: Frame) -> tuple[list[Fact], list[Explained]]:
        """The `parent` facts of the party and its owners, and these owners, up to the first that matches."""
        system, party = system_of(self._graph, frame, test.side), party_of(self._graph, frame, test.side)
        facts = [self._facts.party(system)] if system >= 0 else []
        if party is None:
            return facts, []
        chain, matching = [party.id, *owners(self._graph, party.id)], list[Explained]()
        for below, above in pairwise(chain):
            facts.append(self._facts.attribute(self._graph.estate.parties[below], "parent"))
            matching.append(self._owner(test.owner, above))
            if matching[-1].value is value is Truth.TRUE:
                return facts, matching[-1:]
        facts.append(self._facts.attribute(self._graph.estate.parties[chain[-1]], "parent"))
        return facts, matching

    def _owner(self, owner: Condition, party: str) -> Explained:
        key = (id(owner), party)
        if key not in self._at_owners:
            self._at_owners[key] = self.condition(owner, Frame(party=party))
        return self._at_owners[key]

    def _promise(self, frame: Frame, judged: str) -> list[Fact]:
        assert frame.contract is not None
        name = "covers.data" if judged == "data" else "covers.purposes"
        return [self._facts.attribute(frame.contract, name)]

    def _contracts(self, condition: UnderContract, frame: Frame) -> tuple[Explained, ...]:
        """Each contract that may bind the parties, with whether it is in force and what the test asks of it.

        Worked out once for all subjects that have the same parties, datum and purpose, as far as these matter.
        """
        sides = (Side.SOURCE, Side.RECIPIENT) if condition.side is Side.BOTH else (condition.side,)
        parties = [party_of(self._graph, frame, side) for side in sides]
        names = tuple(None if party is None else party.id for party in parties)
        judged = (frame.data, frame.purpose) if self._evaluator.by_pair(condition) else None
        systems = systems_asked(self._graph, frame, condition.side) if self._evaluator.contracts.limited else ()
        key = id(condition), names, judged, systems
        if key not in self._of_contracts:
            binding = self._along(names[0]) if condition.chain else self._that_bind(names)
            self._of_contracts[key] = tuple(
                self._contract(
                    condition, each, bound, frame, systems if not condition.chain or names[0] in each.parties else ()
                )
                for each, bound in binding
            )
        return self._of_contracts[key]

    def _that_bind(self, parties: tuple[str | None, ...]) -> list[tuple[Record, int]]:
        """The contracts that may bind two parties, or one and us, each with whether it does. None: any party."""
        if parties not in self._binding:
            contracts, names = self._evaluator.contracts, [each for each in parties if each is not None]
            meant = contracts.concerning(*names) if names else contracts.all
            reached = ((each, contracts.reach(each, names, both=len(parties) == 2)) for each in meant)
            self._binding[parties] = [(contract, bound) for contract, bound in reached if bound]
        return self._binding[parties]

    def _along(self, party: str | None) -> list[tuple[Record, int]]:
        """Return the contracts that a chain from a party to us may contain, each with whether it binds the parties that it names."""
        contracts = self._evaluator.contracts
        return [(each, UNKNOWN if contracts.doubtful(each) else TRUE) for each in contracts.around(party)]

    def _contract(
        self, condition: UnderContract, contract: Record, bound: int, frame: Frame, systems: Sequence[int]
    ) -> Explained:
        contracts, attribute = self._evaluator.contracts, self._facts.attribute
        runs = Truth(contracts.in_force(contract))
        ends = tuple(attribute(contract, name) for name in ("from", "until"))
        parts = [Explained(Part.TEST, "in force", runs, contract.location(), facts=ends)]
        if contracts.is_for(contract, systems) != TRUE:
            parts.append(self._is_for(contract, systems))
        if condition.terms is not None:
            inner = Frame(contract=contract, data=frame.data, purpose=frame.purpose)
            parts.append(self.condition(condition.terms, inner))
        value = Truth(min(bound, *(part.value for part in parts)))
        name = "with" if "with" in contract.declared else "between"
        facts = [attribute(contract, name)]
        if bound == UNKNOWN:
            facts += [attribute(self._graph.estate.parties[each], "role") for each in contracts.doubtful(contract)]
        text, place = f"contract {contract.id}", contract.location()
        return Explained(Part.ALL, text, value, place, tuple(parts), tuple(facts), contract=contract.id)

    def _is_for(self, contract: Record, systems: Sequence[int]) -> Explained:
        """Whether a contract applies to the systems in question, with the parties that leave it open."""
        listed, graph, value = self._facts.attribute(contract, "systems"), self._graph, Truth.FALSE
        facts = [replace(listed, about=tuple(graph.systems[each].id for each in systems))]
        if self._evaluator.contracts.is_for(contract, systems) == UNKNOWN:
            value, named = Truth.UNKNOWN, [graph.system_number[str(each)] for each in listed.value or ()]  # type: ignore[union-attr]
            facts += [fact for each in (*systems, *named) if (fact := self._facts.party(each)).value is None]
        return Explained(Part.TEST, IS_FOR, value, contract.location("systems"), facts=tuple(dict.fromkeys(facts)))

    def _held(self, frame: Frame, side: Side) -> list[Fact]:
        """What the system, or the systems of the party, store, create and send."""
        graph, facts = self._graph, list[Fact]()
        if frame.party is None:
            systems = [system_of(graph, frame, side)]
        else:
            systems = [number for number, party in enumerate(graph.parties) if party in (frame.party, None)]
            facts += [self._facts.party(system) for system in systems if graph.parties[system] is None]
        return facts + [
            fact
            for system in systems
            for each in holding_records(graph, system)
            for fact in self._facts.built_in(*each)
        ]

    def _path(self, condition: Reached, frame: Frame) -> tuple[list[tuple[int, str]], list[Fact], list[Explained]]:
        """Return a shortest path that gives the test its value: its flows, each with the category that it carries.

        Also return the facts of what its flows carry, and what is unknown about its systems.
        """
        graph, paths = self._graph, self._evaluator.paths
        values = paths.values(condition)
        if frame.party is None:
            end = system_of(graph, frame, condition.side)
            ends = {end: values[end]}
        else:  # a system that only may be the party's own makes a path that must exist one that may
            own = {number: party for number, party in enumerate(graph.parties) if party in (frame.party, None)}
            ends = {end: values[end] if party else min(UNKNOWN, values[end]) for end, party in own.items()}
        facts = [self._facts.party(end) for end in ends if frame.party is not None and graph.parties[end] is None]
        best = max(ends.values(), default=FALSE)
        if best == FALSE:
            return [], facts, []
        found = paths.witness(condition, [end for end in ends if ends[end] >= best], sure=best == TRUE)
        assert found is not None
        steps, end = found
        path = [flow for flow, _ in steps]
        facts += self._facts.along(path, condition)
        children = []
        if condition.start is not None:
            start = graph.source[path[0]] if path else end
            unsourced = [] if best == TRUE else self._unsourced(condition, start, path[:1])
            facts += unsourced
            begins = self._at_system(condition.start, start)
            if not unsourced or (path and begins.value):
                children.append(begins)
        if condition.avoiding is not None:
            between = [graph.target[flow] for flow in path[:-1]]
            children += [self._at_system(condition.avoiding, system) for system in between]
        return [(flow, self._category(flow, bit, sure=best == TRUE)) for flow, bit in steps], facts, children

    def _unsourced(self, test: Reached, system: int, first: Sequence[int]) -> list[Fact]:
        """Return the fact `creates` of a system, if a path whose first flow is `first` may begin there with unsourced data."""
        leaves = self._graph.everything
        for mask in (
            () if test.derived else (self._graph.data.below_any(test.data), *(self._graph.leaves[f] for f in first))
        ):
            leaves &= mask
        return self._created(system, leaves) if self._evaluator.paths.unsourced(test, system) else []

    def _origin(self, frame: Frame, collections: Sequence[int]) -> list[Fact]:
        """The undeclared origin of a flow or of a stored item, with the collections that it may be."""
        if not collections or (frame.flow < 0 and (frame.item is None or frame.item.within != "stores")):
            return []
        fact = self._facts.origin(frame, collections)
        return [fact] if fact.value is None else []

    def _created(self, system: int, leaves: int) -> list[Fact]:
        """Return the fact `creates` of a system, if some of the categories may leave it although nothing brings them."""
        data, named = self._graph.data, self._evaluator.unsourced.names[system]
        names = [name for name in data.names(named) if data.below(name) & leaves]
        return self._facts.created(system, names) if names else []

    def _category(self, flow: int, bit: int, *, sure: bool) -> str:
        """Return what a flow carries, as declared if that is known."""
        return next(iter(self._graph.declared_as(flow, bit, sure=sure)), self._graph.data.terms[bit])

    def _made_from(self, condition: Reached, first: tuple[int, str]) -> str | None:
        """What the first category of a path was made from where the path begins; None if the test asks for it."""
        graph, (flow, category) = self._graph, first
        if not condition.derived or graph.data.below_any(condition.data) >> graph.data.index[category] & 1:
            return None
        transforms = graph.systems[graph.source[flow]].transforms or ()
        return next((each.takes for each in transforms if category in each.makes), None)

    def _collections(
        self, condition: CollectedWith | WithinCollectedPurposes, frame: Frame
    ) -> tuple[list[int], list[Fact], list[Explained]]:
        """The collections that the datum may have come from, and the result of the test on each."""
        evaluator = self._evaluator
        flows = evaluator.collected.origins(frame)
        leaves = self._graph.data.below(frame.data) if frame.data else self._graph.everything
        others = [each for each in flows if each != frame.flow]
        facts = self._origin(frame, others)
        facts += [fact for system in evaluator.collected.unsourced(frame) for fact in self._created(system, leaves)]
        if isinstance(condition, CollectedWith):
            children = [self.condition(condition.terms, _as_collection(flow, frame)) for flow in flows]
            return (
                flows,
                facts + [self._facts.attribute(self._graph.flows[flow], "carries") for flow in flows],
                children,
            )
        facts.append(self._facts.judged(frame, "purpose"))
        return flows, facts + [self._facts.attribute(self._graph.flows[flow], "purposes") for flow in flows], []


def _as_collection(flow: int, frame: Frame) -> Frame:
    return Frame(flow=flow, data=frame.data, purpose=frame.purpose, collected=True)


def _topic(condition: Condition) -> Topic:
    match condition:
        case UnderContract(chain=chain):
            return "chain" if chain else "contract"
        case Reached():
            return "path"
        case CollectedWith() | WithinCollectedPurposes():
            return "collection"
        case OwnedBy():
            return "owner"
        case ComparesFact(other=None):
            return "day"
        case SubjectIs() | EndMatches() | IsEntity() | JudgedIs() | Derives():
            return "subject"
        case _:
            return "other"
