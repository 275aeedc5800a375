"""Move an evaluator to another day, and find the subjects whose verdict may change on that day.

    touched = Days(evaluator).move_to(date(2027, 1, 1))
    names = touched.names(asks, family)      # None: any subject

This is about contracts, which no path or selector asks about. A contract test is evaluated again if a contract that it
may depend on has started or ended. Comparisons with `today` may be anywhere, so they need a separate evaluator for each
day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from privacy_rules.checking.changed_contracts import Parties
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.subjects import entity_of
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import children
from privacy_rules.language.policy import CollectedWith, ComparesFact, Condition, Side, UnderContract
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class Asks:
    """The contract tests in conditions, by identity, the tests on collections that contain some, and the comparisons with today."""

    contracts: frozenset[int] = frozenset()
    collected: tuple[CollectedWith, ...] = ()
    today: frozenset[ComparesFact] = frozenset()

    def __or__(self, other: Asks) -> Asks:
        return Asks(self.contracts | other.contracts, self.collected + other.collected, self.today | other.today)

    def __bool__(self) -> bool:
        return bool(self.contracts or self.today)


class Days:
    """Moves an evaluator from day to day."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._kept: list[Condition] = []  # ids are keys, so what they name must live as long
        self._asks: dict[int, Asks] = {}
        self._ends = _Ends(evaluator.graph)

    def asks(self, condition: Condition) -> Asks:
        """Return how a condition depends on the day."""
        found = self._asks.get(id(condition))
        if found is None:
            self._kept.append(condition)
            found = Asks(frozenset({id(condition)} if isinstance(condition, UnderContract) else ()))
            if isinstance(condition, ComparesFact) and condition.other is None:
                found |= Asks(today=frozenset({condition}))
            for each in children(condition):
                found |= self.asks(each)
            if isinstance(condition, CollectedWith) and found.contracts:
                found |= Asks(collected=(condition,))
            self._asks[id(condition)] = found
        return found

    def move_to(self, day: date) -> Touched:
        """Move to another day."""
        self._evaluator.day = day
        self._evaluator.work.begin()
        return Touched(self._evaluator, self._ends, self._evaluator.contract_tests.move_to(day))


class _Ends:
    """Flows by the parties at their ends."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph

    @cached_property
    def _both(self) -> Mapping[Parties, list[int]]:
        found: dict[Parties, list[int]] = defaultdict(list)
        parties = self._graph.parties
        for flow, (source, target) in enumerate(zip(self._graph.source, self._graph.target, strict=True)):
            found[parties[source], parties[target]].append(flow)
        return found

    def flows(self, side: Side, parties: Parties) -> Iterator[int]:
        """Return the flows that have the parties on a side."""
        if side is Side.BOTH:
            yield from self._both.get(parties, ())
        else:
            there = self._graph.outgoing if side is Side.SOURCE else self._graph.incoming
            for system in self._graph.systems_of.get(parties[0], ()):
                yield from there[system]


@dataclass(frozen=True, slots=True)
class Touched:
    """What may be different on another day.

    `parties`: for each contract test, the parties for which its answer changes.
    """

    _evaluator: Evaluator
    _ends: _Ends
    parties: Mapping[int, tuple[Side, set[Parties]]]

    def names(self, asks: Asks, family: Kind) -> set[str] | None:
        """Return the subjects of a family whose verdict may change if a rule depends on these tests; None: any."""
        asked = asks.contracts & self.parties.keys()
        if not asked:
            return set()
        if asks.collected:
            for condition in asks.collected:
                self._evaluator.collected.ask_again(condition)
            return None
        graph = self._evaluator.graph
        found = {(side, each) for side, parties in map(self.parties.__getitem__, asked) for each in parties}
        match entity_of(family):
            case Entity.FLOW:
                return {graph.flows[flow].id for side, parties in found for flow in self._ends.flows(side, parties)}
            case Entity.SYSTEM:
                return {graph.systems[each].id for _, (party,) in found for each in graph.systems_of.get(party, ())}
            case _:
                return {party for _, (party,) in found if party is not None}
