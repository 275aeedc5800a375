"""Searches the sets of moves, cheapest first: an implicit hitting set, found by uniform cost with a lower bound (A*).

A set that fails when tried out names, for each thing that is still to be mended, the moves of which any larger set that
passes has one (`options.py`). So a set need be tried again only once it has one of each. The bound of a set is what the
cheapest moves cost that do so (`hitting.py`), or, where one test finds paths, a minimum cut of them all (`cuts.py`),
whichever is more. The first set that passes is the cheapest; a larger set than one that passes is not looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from privacy_rules.findings.finding import Finding
from privacy_rules.repair.bounds import WaysOut
from privacy_rules.repair.hitting_set import Hitting
from privacy_rules.repair.moves import Move, order, slots
from privacy_rules.repair.trial import Bench, Conflict, Moves, Trial

_MOST_LOOKS, _MOST_TRIALS = 4_000, 60
"""How many more sets are looked at, and tried, for further offers once one is proved: counted, so that runs agree.

Of looks so many in all the lists that a set has, as a look at more of them takes longer.
"""
_MOST_DIVES = 40
_MOST_TRIED_OUT = 30
"""Of so many moves each is tried to be left out; of more, those that a list shows to be needed are not."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A set of moves that passes, with what it costs; `proved`: no cheaper one is left out."""

    cost: float
    moves: Moves
    proved: bool


@dataclass(slots=True)
class Stuck:
    """What could not be mended, and with which moves that are not allowed it could have been."""

    finding: Finding
    barred: frozenset[Move] = frozenset()
    after: Moves = frozenset()


@dataclass(slots=True)
class Found:
    """What a search found. `stuck`: where it could go no further; `complete`: no way out was left aside."""

    solutions: list[Solution] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    timed_out: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Node:
    """A set of moves that is yet to be looked at, with the lists that it does not hit."""

    moves: Moves
    lists: tuple[frozenset[Move], ...] = ()


class Search:
    """One search, for at most `limit` solutions, until `deadline` (of the monotonic clock)."""

    def __init__(self, bench: Bench, limit: int, deadline: float) -> None:
        self._bench, self._limit, self._deadline = bench, limit, deadline
        self._hitting = Hitting(bench.costs)
        self._found = Found()
        self._heap: list[tuple[float, int, int, _Node]] = []
        self._seen: set[Moves] = set()
        self._serials = count()
        self._expanded: dict[Moves, tuple[list[Conflict], WaysOut]] = {}
        self._complete = True

    def run(self) -> Found:
        """The solutions, cheapest first, and what stood in the way."""
        self._dive()
        self._push(_Node(frozenset()), 0)
        looks = trials = 0
        while self._heap and len(self._proved) < self._limit:
            if self._late():
                break
            bound, _, _, node = heappop(self._heap)
            self._look(node, bound)
            looks += len(node.lists) if self._proved else 0
            trials = trials if self._proved else len(self._bench.tried)
            if looks > _MOST_LOOKS or len(self._bench.tried) > trials + _MOST_TRIALS:
                break
        else:
            return self._ended(exhausted=True)
        return self._ended(exhausted=False)

    @property
    def _proved(self) -> list[Solution]:
        return [each for each in self._found.solutions if each.proved]

    def _late(self) -> bool:
        self._found.timed_out = self._found.timed_out or time.monotonic() > self._deadline
        return self._found.timed_out

    def _ended(self, *, exhausted: bool) -> Found:
        """The solutions in order; where all was looked at, nothing is cheaper than what was found on the way."""
        found = {each.moves: each for each in self._found.solutions}
        least = float("inf") if exhausted else self._heap[0][0] if self._heap else 0
        solutions = [
            Solution(each.cost, each.moves, self._complete and (each.proved or each.cost <= least))
            for each in found.values()
        ]
        solutions.sort(key=lambda each: (each.cost, sorted(map(str, each.moves))))
        self._found.solutions = solutions[: self._limit]
        self._found.complete = self._complete
        return self._found

    # One set after the other.

    def _push(self, node: _Node, bound: float) -> None:
        if node.moves not in self._seen or not node.lists:
            self._seen.add(node.moves)
            heappush(self._heap, (bound, len(node.lists), next(self._serials), node))

    def _look(self, node: _Node, bound: float) -> None:
        if any(each.moves <= node.moves for each in self._found.solutions if each.proved):
            return
        if node.lists:
            self._branch(node, bound)
            return
        trial = self._bench.trial(node.moves)
        if trial is None:
            return
        if not trial.open:
            self._take(node.moves, proved=True)
            return
        conflicts, ways_out = self._conflicts(trial)
        if not self._is_mendable(conflicts, trial):
            return
        lists = tuple(each.moves for each in conflicts)
        paid = self._bench.costs.paid(node.moves)
        cost = sum(paid.values())
        together = ways_out.together(self._hitting, paid)
        if together is not None:
            self._push(_Node(node.moves | together), max(bound, self._bench.costs.total(node.moves | together)))
        self._branch(_Node(node.moves, lists), max(bound, cost + ways_out.bound(self._hitting, paid)))

    def _branch(self, node: _Node, bound: float) -> None:
        """One larger set for each move of the shortest list."""
        shortest = min(node.lists, key=lambda each: (len(each), sorted(map(str, each))))
        for move in sorted(shortest, key=order):
            if not _go_together(move, node.moves):
                continue
            moves = node.moves | {move}
            if moves in self._seen:
                continue
            lists = tuple(each for each in node.lists if not self._hits(move, each))
            paid = self._bench.costs.paid(moves)
            least = sum(paid.values()) + self._hitting.cheapest(lists, paid)[0]
            self._push(_Node(moves, lists), max(bound, least))

    def _conflicts(self, trial: Trial) -> tuple[list[Conflict], WaysOut]:
        if trial.moves not in self._expanded:
            conflicts, evaluator = self._bench.conflicts(trial)
            self._complete = self._complete and all(each.options.complete for each in conflicts)
            self._expanded[trial.moves] = conflicts, WaysOut(self._bench, evaluator, conflicts)
        return self._expanded[trial.moves]

    def _is_mendable(self, conflicts: Sequence[Conflict], trial: Trial) -> bool:
        hopeless = [each for each in conflicts if not each.moves]
        self._found.stuck += [Stuck(each.finding, each.barred, trial.moves) for each in hopeless]
        return not hopeless

    # What passes.

    def _dive(self) -> None:
        """Goes straight down to some set that passes, so that there is one when time runs out."""
        moves: Moves = frozenset()
        for _ in range(_MOST_DIVES):
            trial = self._bench.trial(moves)
            if trial is None or self._late():
                return
            if not trial.open:
                self._take(moves, proved=False)
                return
            conflicts, ways_out = self._conflicts(trial)
            if any(not each.moves for each in conflicts):
                return
            together = ways_out.together(self._hitting, self._bench.costs.paid(moves))
            if not together or together <= moves:
                return
            moves = moves | together

    def _take(self, moves: Moves, *, proved: bool) -> None:
        least = self.least(moves)
        cost = self._bench.costs.total(least)
        known = [each for each in self._found.solutions if each.moves == least]
        if known and (known[0].proved or not proved):
            return
        self._found.solutions = [each for each in self._found.solutions if each.moves != least]
        self._found.solutions.append(Solution(cost, least, proved))

    def least(self, moves: Iterable[Move]) -> Moves:
        """The moves without any that can be left out, the dearest tried first."""
        kept = frozenset(moves)
        while (fewer := self._fewer(kept)) != kept:  # what goes may make another one needless
            kept = fewer
        return kept

    def _fewer(self, moves: Moves) -> Moves:
        kept, needed = moves, self._needed(moves)
        tries = sorted(kept, key=lambda each: (-self._hitting.besides(each, {}), *map(str, order(each))))
        for move in tries:
            if move in needed:
                continue
            trial = self._bench.trial(kept - {move})
            if trial is not None and not trial.open:
                kept = kept - {move}
        return kept

    def _needed(self, moves: Moves) -> frozenset[Move]:
        """Moves that surely cannot be left out: the only one of a list of which every repair has one."""
        if frozenset() not in self._expanded or len(moves) <= _MOST_TRIED_OUT:
            return frozenset()
        lists = [each.moves for each in self._expanded[frozenset()][0] if each.options.complete]
        hitting = ([move for move in moves if self._hits(move, each)] for each in lists)
        return frozenset(each[0] for each in hitting if len(each) == 1)

    def _hits(self, move: Move, among: frozenset[Move]) -> bool:
        """Whether a move is one of a list, or is about the very thing that one of it is about: then it has to be tried."""
        if move in among:
            return True
        mine = self._hitting.bills(move).keys()
        return any(mine & self._hitting.bills(other).keys() for other in among)


def _go_together(move: Move, others: Iterable[Move]) -> bool:
    """Whether a move gives no attribute another value than one of the others does."""
    mine = slots(move)
    return all(slots(other).get(slot, value) == value for slot, value in mine.items() for other in others)
