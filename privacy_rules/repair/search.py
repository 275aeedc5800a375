"""Search the sets of moves, cheapest first: an implicit hitting set, found by A* with a lower bound of the cost.

For each thing that still has to be fixed, a failing set gives a list of moves; every larger set that passes contains a
move of that list. So a larger set is tried only if it contains a move of each list. The lower bound is what the
cheapest such moves cost (`hitting_set.py`) or, if one test finds paths, a minimum cut of them all (`cuts.py`),
whichever is more. The first set that passes is the cheapest; supersets of a set that passes are not examined.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import field
from heapq import heappop, heappush
from itertools import count

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.findings.finding import Finding
from privacy_rules.repair.bounds import WaysOut
from privacy_rules.repair.components import components, findings_of, things, together
from privacy_rules.repair.hitting_set import Hitting
from privacy_rules.repair.moves import Move, order
from privacy_rules.repair.trial import Bench, Conflict, Moves, Trial
from privacy_rules.source.fast_dataclasses import dataclass

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
    """A finding that no allowed move fixes after the moves `after`.

    `barred` has moves that would fix it, but are not allowed.

    `leads_to`: the finding that these moves cause, if it is another one.
    """

    finding: Finding
    barred: frozenset[Move] = frozenset()
    after: Moves = frozenset()
    leads_to: Finding | None = None


@dataclass(slots=True)
class SearchResult:
    """The result of a search. `stuck`: where it could not continue; `complete`: all possible moves were considered; `exhausted`: no set is left to try."""

    solutions: list[Solution] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    timed_out: bool = False
    complete: bool = True
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class _Node:
    """A set of moves to examine, with the lists that share no move with it."""

    moves: Moves
    lists: tuple[frozenset[Move], ...] = ()


class Search:
    """One search, for at most `limit` solutions, until `deadline` (of the monotonic clock).

    `first`: the conflicts of the estate without any move, if they are known, with the evaluator that found them. `divides`: whether to search the components separately first.
    """

    def __init__(
        self,
        bench: Bench,
        limit: int,
        deadline: float,
        first: tuple[Sequence[Conflict], Evaluator] | None = None,
        *,
        divides: bool = True,
    ) -> None:
        self.bench, self._limit, self._deadline = bench, limit, deadline
        self._hitting = Hitting(bench.costs, bench.go_together)
        self.found = SearchResult()
        self._heap: list[tuple[float, int, int, _Node]] = []
        self._seen: set[Moves] = set()
        self._serials = count()
        self._expanded: dict[Moves, tuple[list[Conflict], WaysOut]] = {}
        self._evaluators: dict[Moves, Evaluator] = {}
        self._complete = True
        self.nearest: Trial | None = None
        self._divides = divides
        if first is not None:
            self._expand(frozenset(), *first)

    def run(self) -> SearchResult:
        """Return the solutions, cheapest first, and what could not be fixed."""
        self._dive()
        if self._divides:
            self._apart()
        self._push(_Node(frozenset()), 0)
        looks = trials = 0
        while self._heap and len(self._proved) < self._limit:
            if self._late():
                break
            bound, _, _, node = heappop(self._heap)
            self._look(node, bound)
            looks += len(node.lists) if self._proved else 0
            trials = trials if self._proved else len(self.bench.tried)
            if looks > _MOST_LOOKS or len(self.bench.tried) > trials + _MOST_TRIALS:
                break
        else:
            return self._ended(exhausted=True)
        return self._ended(exhausted=False)

    @property
    def _proved(self) -> list[Solution]:
        return [each for each in self.found.solutions if each.proved]

    def _late(self) -> bool:
        self.found.timed_out = self.found.timed_out or time.monotonic() > self._deadline
        return self.found.timed_out

    def _ended(self, *, exhausted: bool) -> SearchResult:
        """Return the solutions in order. If everything was examined, nothing is cheaper than what was found."""
        found = {each.moves: each for each in self.found.solutions}
        least = float("inf") if exhausted else self._heap[0][0] if self._heap else 0
        solutions = [
            Solution(each.cost, each.moves, self._complete and (each.proved or each.cost <= least))
            for each in found.values()
        ]
        solutions.sort(key=lambda each: (each.cost, sorted(map(str, each.moves))))
        self.found.solutions = solutions[: self._limit]
        self.found.complete, self.found.exhausted = self._complete, exhausted
        return self.found

    # One set after the other.

    def _push(self, node: _Node, bound: float) -> None:
        if node.moves not in self._seen or not node.lists:
            self._seen.add(node.moves)
            heappush(self._heap, (bound, len(node.lists), next(self._serials), node))

    def _look(self, node: _Node, bound: float) -> None:
        if any(each.moves <= node.moves for each in self.found.solutions if each.proved):
            return
        if node.lists:
            self._branch(node, bound)
            return
        trial = self.bench.trial(node.moves)
        if trial is None:
            return
        if not trial.open:
            self._take(node.moves, proved=True)
            return
        conflicts, ways_out = self._conflicts(trial)
        if not self._is_fixable(conflicts, trial):
            return
        lists = tuple(each.moves for each in conflicts)
        paid = self.bench.costs.paid(node.moves)
        cost = sum(paid.values())
        together = ways_out.together(self._hitting, paid)
        if together is not None:
            self._push(_Node(node.moves | together), max(bound, self.bench.costs.total(node.moves | together)))
        self._branch(_Node(node.moves, lists), max(bound, cost + ways_out.bound(self._hitting, paid)))

    def _branch(self, node: _Node, bound: float) -> None:
        """Add one larger set for each move of the shortest list."""
        shortest = min(node.lists, key=lambda each: (len(each), sorted(map(str, each))))
        for move in sorted(shortest, key=order):
            if not self.bench.go_together(move, node.moves):
                continue
            moves = node.moves | {move}
            if moves in self._seen:
                continue
            lists = tuple(each for each in node.lists if not self._hits(move, each))
            paid = self.bench.costs.paid(moves)
            least = sum(paid.values()) + self._hitting.cheapest(lists, paid)[0]
            self._push(_Node(moves, lists), max(bound, least))

    def _conflicts(self, trial: Trial) -> tuple[list[Conflict], WaysOut]:
        if trial.moves not in self._expanded:
            self._expand(trial.moves, *self.bench.conflicts(trial))
        return self._expanded[trial.moves]

    def _expand(self, moves: Moves, conflicts: Sequence[Conflict], evaluator: Evaluator) -> None:
        self._complete = self._complete and all(each.options.complete for each in conflicts)
        self._expanded[moves] = list(conflicts), WaysOut(self.bench, evaluator, conflicts)
        self._evaluators.setdefault(moves, evaluator)

    def _is_fixable(self, conflicts: Sequence[Conflict], trial: Trial) -> bool:
        hopeless = [each for each in conflicts if not each.moves]
        self.found.stuck += [Stuck(each.finding, each.barred, trial.moves) for each in hopeless]
        return not hopeless

    # Component by component.

    @property
    def seen(self) -> set[Hashable]:
        """What the bills of the considered moves pay for."""
        found = {each for conflicts, _ in self._expanded.values() for one in conflicts for each in things(one.moves)}
        return found | {("flow", flow) for _, ways_out in self._expanded.values() for flow in ways_out.flows}

    def _apart(self) -> None:
        """Search each component separately. If their cheapest repairs pass together, these are the cheapest repair overall."""
        conflicts, _ = self._expanded.get(frozenset(), ([], None))
        groups = components(conflicts)
        if len(groups) < 2 or any(not each.moves for each in conflicts):
            return
        searched: list[tuple[list[Conflict], Search, Solution]] = []
        while groups:
            group = groups.pop()
            if len(group) == len(conflicts):
                return
            search, best = self._alone(group)
            if best is None:
                return
            searched.append((group, search, best))
            if not groups:  # components whose searches considered the same entity are joined
                joined = [each for each in together([one.seen for _, one, _ in searched]) if len(each) > 1]
                groups = [[each for number in numbers for each in searched[number][0]] for numbers in joined]
                gone = {number for numbers in joined for number in numbers}
                searched = [each for number, each in enumerate(searched) if number not in gone]
        moves = frozenset(move for _, _, best in searched for move in best.moves)
        trial = self.bench.trial(moves)
        if trial is not None and not trial.open:
            self._complete = self._complete and all(one.is_complete for _, one, _ in searched)
            self._take(moves, proved=True)

    def _alone(self, conflicts: Sequence[Conflict]) -> tuple[Search, Solution | None]:
        """Search a component. The solution is None unless it is proved to be the cheapest."""
        mine = set(findings_of(conflicts))
        bench = self.bench.accepting([each for each in self.bench.first.open if each not in mine])
        search = Search(bench, 1, self._deadline, (conflicts, self._evaluators[frozenset()]), divides=False)
        found = search.run()
        best = found.solutions[0] if found.solutions else None
        proved = best is not None and any(each.proved for each in search.found_proved)
        return search, best if proved and not self._late() else None

    @property
    def is_complete(self) -> bool:
        """Whether all possible moves were considered."""
        return self._complete

    @property
    def found_proved(self) -> list[Solution]:
        """The solutions that are proved to be the cheapest among the considered moves."""
        return self._proved

    # What passes.

    def _dive(self) -> None:
        """First find any set that passes, so that there is a result when time runs out."""
        moves: Moves = frozenset()
        for _ in range(_MOST_DIVES):
            trial = self.bench.trial(moves)
            if trial is None or self._late():
                return
            if not trial.open:
                self._take(moves, proved=False)
                return
            if moves and len(trial.open) < len((self.nearest or self.bench.first).open) and self._only_before(trial):
                self.nearest = trial
            conflicts, ways_out = self._conflicts(trial)
            if any(not each.moves for each in conflicts):
                return
            together = ways_out.together(self._hitting, self.bench.costs.paid(moves))
            if not together or together <= moves:
                return
            moves = moves | together

    def _only_before(self, trial: Trial) -> bool:
        """Whether moves cause no further finding that must be fixed."""
        return set(trial.open) <= set(self.bench.first.open)

    def _take(self, moves: Moves, *, proved: bool) -> None:
        least = self.least(moves)
        cost = self.bench.costs.total(least)
        known = [each for each in self.found.solutions if each.moves == least]
        if known and (known[0].proved or not proved):
            return
        self.found.solutions = [each for each in self.found.solutions if each.moves != least]
        self.found.solutions.append(Solution(cost, least, proved))

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
            if self._late():
                break
            trial = self.bench.trial(kept - {move})
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
        """Whether a move is in a list, or changes the same entity as a move in it, so that the set has to be tried."""
        if move in among:
            return True
        mine = self._hitting.bills(move).keys()
        return any(mine & self._hitting.bills(other).keys() for other in among)
