"""Compile conditions into functions of a frame, sharing results between them.

Every function gives 0 (false), 1 (unknown) or 2 (true). A define is shared by its uses, so a function that is used
by several conditions remembers its last answer: no chain of defines is evaluated twice for one judged pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from privacy_rules.checking.attribute_lookup import is_declared, pairs_meant, party_of, read, system_of
from privacy_rules.checking.byte_columns import unpacked
from privacy_rules.checking.collection_tests import CollectedTests
from privacy_rules.checking.collections import Collections
from privacy_rules.checking.connectives import Test, conjunction, disjunction, remembering
from privacy_rules.checking.contract_tests import ContractTests
from privacy_rules.checking.contracts import Contracts
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.fact_comparisons import fact_comparison
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.local_holdings import Holdings
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.named_origins import NamedOrigins
from privacy_rules.checking.origins import Origins
from privacy_rules.checking.parent_companies import Owners
from privacy_rules.checking.reachability import Paths
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.term_tests import covered, is_term, truth
from privacy_rules.checking.unsourced import Unsourced
from privacy_rules.checking.value_tests import value_test
from privacy_rules.checking.work_limit import Work
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Rewiring
from privacy_rules.language.conditions import children, references, walk
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Compares,
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
    IsFlagged,
    IsTerm,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Owner,
    Policy,
    Reached,
    Reference,
    Side,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.vocabulary.attributes import Entity

if TYPE_CHECKING:
    from privacy_rules.checking.condition_columns import ConditionColumns

_MANY = 200
"""It pays to group more systems than this."""


class Evaluator:
    """Judges conditions of one policy on one graph and day, with the vocabularies of that day."""

    def __init__(self, policy: Policy, graph: FlowGraph, day: date) -> None:
        graph = graph.under(graph.policy.on(day))
        self.policy, self.graph, self.day = policy.on(day), graph, day
        self.work = Work(self.policy, graph)
        self.roles = Roles(graph)
        self.contracts = Contracts(graph, self.roles, day)
        self.contract_tests = ContractTests(self)
        self.unsourced = Unsourced(graph, self.roles)
        self.origins = Origins(graph, self.roles, self.work)
        self.named_origins = NamedOrigins(graph, self.roles)
        self.paths = Paths(graph, self.of_systems, self.unsourced, self.origins, self.work)
        self.collections = Collections(graph, self.roles, self.unsourced, self.origins)
        self.collected = CollectedTests(
            graph,
            self.roles,
            self.collections,
            self.test,
            self.by_pair,
            of_flows=partial(self.of_all, family=Kind.FLOW),
            work=self.work,
        )
        self._tests: dict[int, Test] = {}
        self._kept: list[Condition] = []  # ids are keys, so what they name must live as long
        self._by_pair: dict[int, bool] = {}
        self._columns: dict[Kind, ConditionColumns] = {}
        self._of_systems: dict[int, tuple[Condition, list[int]]] = {}
        self.holdings, self.owners = Holdings(graph), Owners(graph)
        self._owned: dict[int, bytes] = {}
        self._last_values: Sequence[int] | None = None
        self._of_parties: dict[str | None, int] | None = None

    def test(self, condition: Condition) -> Test:
        """Return the condition as a function of a frame; the same object gives the same function."""
        found = self._tests.get(id(condition))
        if found is None:
            self._kept.append(condition)
            found = self._tests[id(condition)] = self._compile(condition)
        return found

    def of_systems(self, selector: Condition) -> Sequence[int]:
        """Return the value of a selector at each system."""
        found = self._of_systems.get(id(selector))
        if found is None:
            number = len(self.graph.systems)
            if number > _MANY:
                values = [*self.of_all(selector, Kind.SYSTEM)]
            else:
                test = self.test(selector)
                values = [test(Frame(system=each)) for each in range(number)]
            found = self._of_systems[id(selector)] = selector, values
        return found[1]

    def of_all(self, condition: Condition, family: Kind) -> Sequence[int]:
        """Return the value of a condition, which must not depend on the judged pair, at each subject of a family."""
        from privacy_rules.checking.aspects import Aspects  # these use this module
        from privacy_rules.checking.cases import Cases
        from privacy_rules.checking.condition_columns import ConditionColumns

        if family not in self._columns:
            self._columns[family] = ConditionColumns(Cases(Aspects(self, family), each=False))
        columns = self._columns[family]
        return unpacked(columns.of(condition, columns.cases.every), columns.cases.size)

    def adopt(self, other: Evaluator, rewiring: Rewiring | None, *, contracts: bool) -> None:
        """Reuse the results of an evaluator for the same systems and parties under the same policy.

        `rewiring`: the flows added and removed; None if all flows have the same ids and ends and carry the same.
        `contracts`: whether the contracts are the same.
        """
        for key, (selector, values) in other._of_systems.items():
            inside = list(walk(selector))
            on_paths = rewiring is not None and any(isinstance(each, Reached) for each in inside)
            if not on_paths and (contracts or not any(isinstance(each, UnderContract) for each in inside)):
                self._of_systems[key] = selector, values
        self.roles.adopt(other.roles, flows=rewiring is None)
        self.collections.adopt(other.collections, rewiring)
        if (
            contracts or rewiring is not None
        ):  # the starts and stops of paths are compared if flows were added or removed
            self.paths.adopt(other.paths, rewiring)

    def by_pair(self, condition: Condition) -> bool:
        """Return whether the value may differ between two judged pairs of one subject."""
        found = self._by_pair.get(id(condition))
        if found is None:
            self._kept.append(condition)
            found = self._by_pair[id(condition)] = self._differs(condition)
        return found

    def _differs(self, condition: Condition) -> bool:
        match condition:
            case All() | AnyOf() | Negation() | Defined() | UnderContract():
                return any(self.by_pair(each) for each in children(condition))
            case JudgedIs() | Joins() | Derives() | Covers() | CollectedWith() | WithinCollectedPurposes():
                return True
            case IsDeclared(reference=str()):
                return True
            case _:
                return any(map(self.asks_an_item, references(condition)))

    def asks_an_item(self, reference: Reference) -> bool:
        """Return whether a name's value may differ between two judged pairs of one subject."""
        if reference.owner is Owner.FLOW:
            return reference.attribute.name in self.graph.fact_names
        return reference.owner is Owner.ITEM

    def _compile(self, condition: Condition) -> Test:
        match condition:
            case All() | AnyOf() | Negation() | Defined():
                return self._combined(condition)
            case SubjectIs(kind=kind):
                return self._subject_is(kind)
            case JudgedIs() | Joins() | Derives():
                return self._judged(condition)
            case EndMatches(side=side, selector=selector):
                return self._at_end(side, lambda: self.of_systems(selector))
            case IsEntity(entity=entity, id=name):
                return self._is_entity(entity, name)
            case UnderContract():
                return self.contract_tests.test(condition)
            case OwnedBy(side=side, owner=owner):
                return self._owned_by(side, owner)
            case Covers(judged=judged):
                return self._covers(judged)
            case Reached():
                return self._reached(condition)
            case Holds():
                return self._holds(condition)
            case CollectedWith() | WithinCollectedPurposes():
                return self.collected.test(condition)
            case _:
                return self._of_value(condition)

    def _combined(self, condition: All | AnyOf | Negation | Defined) -> Test:
        match condition:
            case Negation(part=part):
                inner = self.test(part)
                return lambda frame: TRUE - inner(frame)
            case All(parts=parts):
                test = conjunction([self.test(part) for part in parts])
            case AnyOf(parts=parts):
                test = disjunction([self.test(part) for part in parts])
            case Defined(body=body):
                test = self.test(body)
        return self._remembered(condition, test)

    def _remembered(self, condition: Condition, test: Test) -> Test:
        """Return the test, evaluated once a day for each subject (or each judged pair, if it depends on that)."""
        pair = self.by_pair(condition)
        last, day, value = 0, self.day, FALSE

        def run(frame: Frame) -> int:
            nonlocal last, day, value
            serial = frame.pair if pair else frame.subject
            if serial != last or day != self.day:
                value = test(frame)
                last, day = serial, self.day
            return value

        return run

    def _subject_is(self, kind: Kind) -> Test:
        if kind.family is Kind.FLOW:
            values = self.roles.flows(kind)
            return lambda frame: values[frame.flow]
        return lambda frame: UNKNOWN if frame.may_be_nothing else TRUE

    def _judged(self, condition: Condition) -> Test:
        data = self.graph.data
        if isinstance(condition, JudgedIs):
            taxonomy = data if condition.judged == "data" else self.policy.taxonomy("purpose")
            mask = taxonomy.below_any(condition.terms)
            if condition.judged == "data":
                return lambda frame: is_term(taxonomy, frame.data, mask)
            return lambda frame: is_term(taxonomy, frame.purpose, mask)
        if isinstance(condition, Derives):
            end, mask = ("of", "into").index(condition.word), data.below_any(condition.terms)
            return lambda frame: is_term(data, frame.joined[end] if frame.joined else None, mask)
        assert isinstance(condition, Joins)
        one = data.below_any(condition.terms)
        other = data.below_any(data.terms if condition.other is None else condition.other)
        anything = condition.other is None

        def joins(frame: Frame) -> int:
            first, second = frame.joined or (None, None)
            ways = ((first, second), (second, first))
            return max(
                min(is_term(data, this, one), TRUE if anything else is_term(data, that, other)) for this, that in ways
            )

        return joins

    def _at_end(self, side: Side, values: Callable[[], Sequence[int]]) -> Test:
        graph = self.graph
        if side is Side.SOURCE:
            ends = graph.source
        elif side is Side.RECIPIENT:
            ends = graph.target
        else:
            return lambda frame: values()[frame.system]
        return lambda frame: values()[ends[frame.flow]]

    def _is_entity(self, entity: Entity, name: str) -> Test:
        graph = self.graph
        if entity is Entity.SYSTEM:
            return lambda frame: truth(graph.systems[frame.system].id == name)

        def is_party(frame: Frame) -> int:
            party = graph.parties[frame.system] if frame.party is None else frame.party
            return truth(None if party is None else party == name)

        return is_party

    def owned(self, owner: Condition) -> bytes:
        """Return for each party, by number, whether it is owned by a party that satisfies a condition."""
        found = self._owned.get(id(owner))
        if found is None:
            test = self.test(owner)
            parties = self.graph.estate.parties
            if len(parties) > _MANY:
                in_order = dict(zip(sorted(parties), self.of_all(owner, Kind.PARTY), strict=True))
                matches = [in_order[each] for each in parties]
            else:
                matches = [test(Frame(party=each)) for each in parties]
            found = self._owned[id(owner)] = self.owners.owned(matches)
        return found

    def _owned_by(self, side: Side, owner: Condition) -> Test:
        graph, number = self.graph, self.owners.number

        def is_owned(frame: Frame) -> int:
            values, party = self.owned(owner), party_of(graph, frame, side)
            return values[number[party.id]] if party else min(UNKNOWN, max(values, default=FALSE))

        return is_owned

    def _covers(self, judged: str) -> Test:
        taxonomy = self.policy.taxonomy(judged)
        attribute = self.policy.attributes[Entity.CONTRACT, "covers.data" if judged == "data" else "covers.purposes"]

        def covers(frame: Frame) -> int:
            assert frame.contract is not None
            promised: tuple[str, ...] | None = known(frame.contract, attribute)[0]  # type: ignore[assignment]
            return covered(taxonomy, frame.data if judged == "data" else frame.purpose, promised)

        return covers

    def _reached(self, condition: Reached) -> Test:
        return lambda frame: self._there(self.paths.values(condition), frame, condition.side)

    def _holds(self, condition: Holds) -> Test:
        received = self.test(condition.received)
        return lambda frame: max(received(frame), self._there(self.holdings(condition.data), frame, condition.side))

    def _there(self, values: Sequence[int], frame: Frame, side: Side) -> int:
        """Return the value at the system on a side of the subject; for a party, the best value of the systems that belong or may belong to it."""
        if frame.party is None:
            return values[system_of(self.graph, frame, side)]
        if self._last_values is not values:  # one question does not pay for the answers of all parties
            self._last_values, self._of_parties = values, None
            own = max((values[each] for each in self.graph.systems_of.get(frame.party, ())), default=FALSE)
            return max(own, self.at_unknown_party(values))
        if self._of_parties is None:
            self._of_parties = self._at_parties(values)
        return self._of_parties.get(frame.party, self._of_parties[None])

    def at_unknown_party(self, values: Sequence[int]) -> int:
        """Return the best value of the systems whose party is not known, which may belong to any party."""
        return min(UNKNOWN, max((values[each] for each in self.graph.systems_of.get(None, ())), default=FALSE))

    def _at_parties(self, values: Sequence[int]) -> dict[str | None, int]:
        """Return the best value of each party that has systems; under None that of systems whose party is not known."""
        best: dict[str | None, int] = {None: FALSE}
        for party, value in zip(self.graph.parties, values, strict=True):
            if value and value > best.get(party, FALSE):
                best[party] = value
        best[None] = perhaps = min(UNKNOWN, best[None])
        return {party: max(value, perhaps) for party, value in best.items()}

    def _of_value(self, condition: Condition) -> Test:
        """The tests of the value that a name refers to."""
        graph = self.graph
        if isinstance(condition, IsDeclared):
            asked = condition.reference
            if isinstance(asked, Reference):
                return lambda frame: truth(all(is_declared(graph, each, asked) for each in pairs_meant(graph, frame)))
            return lambda frame: truth((frame.data if asked == "data" else frame.purpose) is not None)
        if isinstance(condition, ComparesFact):
            of_one_pair = fact_comparison(self.policy, graph, condition, lambda: self.day)
            return self._of_every_pair(of_one_pair) if self.by_pair(condition) else of_one_pair
        assert isinstance(condition, IsTerm | Includes | Within | Compares | IsFlagged)
        reference = condition.reference
        test = value_test(self.policy, condition)
        if reference.owner is Owner.FLOW and self.asks_an_item(reference):
            return self._of_every_pair(lambda frame: test(read(graph, frame, reference)[0]))
        if isinstance(condition, Compares):  # as quick as to remember what it gave
            return lambda frame: test(read(graph, frame, reference)[0])
        return remembering(test, lambda frame: read(graph, frame, reference)[0])

    def _of_every_pair(self, test: Test) -> Test:
        """A test of a flow's facts.

        For a collection, its value if all pairs that may be meant agree, otherwise unknown.
        """

        def of_every_pair(frame: Frame) -> int:
            values = {test(each) for each in pairs_meant(self.graph, frame)}
            return values.pop() if len(values) == 1 else UNKNOWN

        return of_every_pair
