"""Bound the cost of everything that still has to be fixed, and propose moves that would fix it all.

Paths that one test finds are ended by one minimum cut of them all, not one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.language.policy import Reached
from privacy_rules.repair.anonymisers import Anonymisers
from privacy_rules.repair.candidate_moves import has_fixed_ends
from privacy_rules.repair.cuts import MinimumCut, Stop, minimum_cut
from privacy_rules.repair.hitting_set import Hitting
from privacy_rules.repair.moves import Amend, Bill, Cut, How, Move, Step
from privacy_rules.repair.trial import Bench, Conflict
from privacy_rules.vocabulary.attributes import Entity

_ON_FLOWS = ("cut", "flow", "anonymise")


class WaysOut:
    """What is left to fix after one set of moves."""

    def __init__(self, bench: Bench, evaluator: Evaluator, conflicts: Sequence[Conflict]) -> None:
        self._bench, self._evaluator, self._conflicts = bench, evaluator, conflicts
        self._anonymisers = Anonymisers(evaluator.graph)

    @cached_property
    def _cuts(self) -> list[tuple[MinimumCut, list[Conflict]]]:
        """A minimum cut for each test whose paths have to end, with the conflicts that it resolves."""
        groups: dict[object, list[Conflict]] = defaultdict(list)
        for each in self._conflicts:
            if len(each.options.ways) == 1:
                way = each.options.ways[0]
                groups[id(way.test), way.sure].append(each)
        found = ((self._cut(group), group) for group in groups.values())
        return [(cut, group) for cut, group in found if cut is not None]

    def _cut(self, group: Sequence[Conflict]) -> MinimumCut | None:
        way = group[0].options.ways[0]
        ends: dict[int, Stop | None] = {}
        for each in group:
            system = each.options.ways[0].system
            stop = self._cheapest(each.moves & each.options.moves)
            if system in ends:  # two findings at one end: fixing both otherwise costs at least as much as the dearer
                stop = _both(ends[system], stop)
            ends[system] = stop
        test, sure = way.test, way.sure

        def stops(flow: int, crossing: Sequence[int]) -> Stop | None:
            return self._stop(flow, crossing, test, sure=sure)

        found = minimum_cut(self._evaluator, test, ends, stops, sure=sure)
        return found if found is None or has_fixed_ends(test) else replace(found, least=0)

    def _cheapest(self, moves: frozenset[Move]) -> Stop | None:
        costs = self._bench.costs
        return min(((costs.total([each]), (each,)) for each in sorted(moves, key=str)), key=_price, default=None)

    def _stop(self, flow: int, crossing: Sequence[int], test: Reached, *, sure: bool) -> Stop | None:
        """Return the cheapest way to stop everything that crosses a flow."""
        graph, bench = self._evaluator.graph, self._bench
        name = graph.flows[flow].id
        groups: list[list[Move]] = [[Cut(name)]]
        names = [graph.declared_as(flow, bit, sure=sure) for bit in crossing]
        if all(names):
            dropped = sorted({each for found in names for each in found})
            if len(dropped) < len(graph.data.names(graph.names[flow])):
                groups.append([Amend(Entity.FLOW, name, (Step("carries", How.TAKE, (each,)),)) for each in dropped])
            anonymiser = self._anonymisers.on(name, dropped[0], test) if len(dropped) == 1 else None
            groups += [[anonymiser]] if anonymiser else []
        allowed = [each for each in groups if all(map(bench.may, each))]
        return min(((bench.costs.total(each), tuple(each)) for each in allowed), key=_price, default=None)

    @property
    def flows(self) -> frozenset[str]:
        """The flows on the paths that are cut."""
        return frozenset(flow for cut, _ in self._cuts for flow in cut.flows)

    def together(self, hitting: Hitting, paid: Mapping[Bill, float]) -> frozenset[Move] | None:
        """Return moves that probably fix everything: they still have to be tried."""
        moves: set[Move] = set()
        for cut, _ in self._cuts:
            moves.update(cut.moves)
        left = [each.moves for each in self._conflicts if not each.moves & moves]
        moves.update(hitting.cheapest(left, {**paid, **self._bench.costs.paid(moves)})[1])
        return self._bench.without_clashes(moves) or None

    def bound(self, hitting: Hitting, paid: Mapping[Bill, float]) -> float:
        """Return a lower bound of what fixing everything costs, besides what is paid."""
        plain = hitting.cheapest([each.moves for each in self._conflicts], paid)[0]
        return max(plain, self._with_cuts(hitting, paid)) if self._cuts else plain

    def _with_cuts(self, hitting: Hitting, paid: Mapping[Bill, float]) -> float:
        """Add up cuts that share no flow and no bill, and the conflicts that share none with them."""
        total = 0.0
        taken: set[Bill] = set()
        flows: set[str] = set()

        def shares(bills: set[Bill], among: frozenset[str] = frozenset()) -> bool:
            return bool(bills & taken or among & flows) or any(
                bill[0] in _ON_FLOWS and bill[1] in flows for bill in bills
            )

        for cut, group in sorted(self._cuts, key=lambda each: -each[0].least):
            mine = {bill for each in group for move in each.moves for bill in hitting.bills(move)}
            if not mine & paid.keys() and not shares(mine, cut.flows):
                total += cut.least
                taken |= mine
                flows |= cut.flows
        left = [each.moves for each in self._conflicts]
        apart = [each for each in left if not shares({bill for move in each for bill in hitting.bills(move)})]
        return total + hitting.cheapest(apart, paid)[0]


def _price(stop: Stop) -> float:
    return stop[0]


def _both(one: Stop | None, other: Stop | None) -> Stop | None:
    if one is None or other is None:
        return None
    return max(one[0], other[0]), tuple(dict.fromkeys((*one[1], *other[1])))
