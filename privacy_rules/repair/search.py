"""Search the sets of moves, cheapest first: an implicit hitting set, found by A* with a lower bound of the cost.

A set that fails gives, for each thing that still has to be fixed, a list of moves of which every larger set that
passes has one (`options.py`). So a larger set is tried only once it has one of each list. The lower bound is what the cheapest
such moves cost (`hitting_set.py`) or, if one test finds paths, a minimum cut of them all (`cuts.py`), whichever is more.
The first set that passes is the cheapest; supersets of a set that passes are not examined.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import field
from heapq import heappop, heappush
from itertools import count

from privacy_rules.findings.finding import Finding
from privacy_rules.repair.bounds import WaysOut
from privacy_rules.repair.hitting_set import Hitting
from privacy_rules.repair.moves import Move, order, slots
from privacy_rules.repair.trial import Bench, Conflict, Moves, Trial
from privacy_rules.source.records import dataclass

_MOST_LOOKS, _MOST_TRIALS = 4_000, 60
"""How much is done for further offers once one is proved: lists examined, and sets tried. Counted, so that runs agree."""
_MOST_DIVES = 40
_MOST_TRIED_OUT = 30
"""Up to this many moves, each one is left out in turn as a trial. If there are more, moves that a list proves necessary are skipped."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A set of moves that passes, and its cost; `proved`: no other set costs less."""

    cost: float
    moves: Moves
    proved: bool


@dataclass(slots=True)
class Stuck:
    """A finding that no allowed move fixes after the moves `after`. `barred` are the moves that could, but are not allowed."""

    finding: Finding
    barred: frozenset[Move] = frozenset()
    after: Moves = frozenset()


@dataclass(slots=True)
class SearchResult:
    """The result of a search. `stuck`: where it could not continue; `complete`: all possible moves were considered."""

    solutions: list[Solution] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    timed_out: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Node:
    """A set of moves to examine, with the lists that share no move with it."""

    moves: Moves
    lists: tuple[frozenset[Move], ...] = ()


class Search:
    """One search, for at most `limit` solutions, until `deadline` (of the monotonic clock)."""

    def __init__(self, bench: Bench, limit: int, deadline: float) -> None:
        self._bench, self._limit, self._deadline = bench, limit, deadline
        self._hitting = Hitting(bench.costs)
        self._found = SearchResult()
        self._heap: list[tuple[float, int, int, _Node]] = []
        self._seen: set[Moves] = set()
        self._serials = count()
        self._expanded: dict[Moves, tuple[list[Conflict], WaysOut]] = {}
        self._complete = True

    def run(self) -> SearchResult:
        """Return the solutions, cheapest first, and what could not be fixed."""
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

    def _ended(self, *, exhausted: bool) -> SearchResult:
        """Return the solutions in order. If everything was examined, nothing is cheaper than what was found."""
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
        if not self._is_fixable(conflicts, trial):
            return
        lists = tuple(each.moves for each in conflicts)
        paid = self._bench.costs.paid(node.moves)
        cost = sum(paid.values())
        together = ways_out.together(self._hitting, paid)
        if together is not None:
            self._push(_Node(node.moves | together), max(bound, self._bench.costs.total(node.moves | together)))
        self._branch(_Node(node.moves, lists), max(bound, cost + ways_out.bound(self._hitting, paid)))

    def _branch(self, node: _Node, bound: float) -> None:
        """Add one larger set for each move of the shortest list."""
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

    def _is_fixable(self, conflicts: Sequence[Conflict], trial: Trial) -> bool:
        hopeless = [each for each in conflicts if not each.moves]
        self._found.stuck += [Stuck(each.finding, each.barred, trial.moves) for each in hopeless]
        return not hopeless

    # What passes.

    def _dive(self) -> None:
        """Find some set that passes first, so that there is one when time runs out."""
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
        """Leave out what can be left out, the most expensive moves first."""
        kept = frozenset(moves)
        while (fewer := self._fewer(kept)) != kept:  # without one move, another may become unnecessary
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
        """Return moves that must stay: the only moves of lists from which every repair takes one."""
        if frozenset() not in self._expanded or len(moves) <= _MOST_TRIED_OUT:
            return frozenset()
        lists = [each.moves for each in self._expanded[frozenset()][0] if each.options.complete]
        hitting = ([move for move in moves if self._hits(move, each)] for each in lists)
        return frozenset(each[0] for each in hitting if len(each) == 1)

    def _hits(self, move: Move, among: frozenset[Move]) -> bool:
        """Whether a move is in a list, or changes the same thing as a move in it: then the set has to be tried."""
        if move in among:
            return True
        mine = self._hitting.bills(move).keys()
        return any(mine & self._hitting.bills(other).keys() for other in among)


def _go_together(move: Move, others: Iterable[Move]) -> bool:
    """Whether a move and the others give no attribute two different values."""
    mine = slots(move)
    return all(slots(other).get(slot, value) == value for slot, value in mine.items() for other in others)
