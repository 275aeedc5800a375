"""Find the cheapest set of moves with at least one move from each list: exact if the lists fall into small groups.

Lists that share no move and no bill are solved separately, and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from privacy_rules.repair.costs import Costs
from privacy_rules.repair.moves import Bill, Move, order

Lists = frozenset[frozenset[Move]]
_MOST_STEPS = 3_000
"""How many steps a group takes at most. Then its bound is that of lists which have nothing in common."""


class Hitting:
    """Solves for one table of costs. All moves that it gets are allowed; `go_together` says whether a move can be made with others."""

    def __init__(self, costs: Costs, go_together: Callable[[Move, Collection[Move]], bool]) -> None:
        self._costs, self.go_together = costs, go_together
        self._bills: dict[Move, dict[Bill, float]] = {}
        self._memo: dict[tuple[Lists, frozenset[tuple[Bill, float]]], tuple[float, tuple[Move, ...]]] = {}

    def bills(self, move: Move) -> dict[Bill, float]:
        """Return what a move is billed for."""
        found = self._bills.get(move)
        if found is None:
            found = self._bills[move] = self._costs.of(move) or {}
        return found

    def besides(self, move: Move, paid: Mapping[Bill, float]) -> float:
        """Return what a move costs beyond what is paid already."""
        return sum(max(0, price - paid.get(bill, 0)) for bill, price in self.bills(move).items())

    def cheapest(self, lists: Iterable[frozenset[Move]], paid: Mapping[Bill, float]) -> tuple[float, tuple[Move, ...]]:
        """Return a lower bound of the cost of a set with one move of each list, and a cheapest such set (or nearly, if that is too hard)."""
        total, chosen = 0.0, list[Move]()
        for group in self._groups(least(lists)):
            cost, moves = self._of_group(group, paid)
            total += cost
            chosen += moves
        return total, tuple(chosen)

    def _groups(self, lists: Collection[frozenset[Move]]) -> list[Lists]:
        root: dict[object, object] = {}

        def find(each: object) -> object:
            while root.setdefault(each, each) != each:
                root[each] = root[root[each]]
                each = root[each]
            return each

        for each in lists:
            for move in each:
                for key in (move, *self.bills(move)):
                    root[find(key)] = find(each)
        found: dict[object, list[frozenset[Move]]] = {}
        for each in lists:
            found.setdefault(find(each), []).append(each)
        return [frozenset(each) for each in found.values()]

    def _of_group(self, group: Lists, paid: Mapping[Bill, float]) -> tuple[float, tuple[Move, ...]]:
        mine = {bill for each in group for move in each for bill in self.bills(move)}
        key = group, frozenset((bill, price) for bill, price in paid.items() if bill in mine)
        if key not in self._memo:
            self._memo[key] = _Group(self, group, dict(key[1])).solved()
        return self._memo[key]


class _Group:
    """One group of lists, solved by branching on the shortest list that has no chosen move."""

    def __init__(self, hitting: Hitting, group: Lists, paid: dict[Bill, float]) -> None:
        self._hitting, self._paid = hitting, paid
        self._lists = sorted(group, key=lambda each: (len(each), sorted(map(str, each))))
        self._best: tuple[float, tuple[Move, ...]] = (float("inf"), ())
        self._left = _MOST_STEPS

    def solved(self) -> tuple[float, tuple[Move, ...]]:
        self._try((), self._lists, 0.0, self._paid)
        cost, moves = self._best
        return (cost if self._left > 0 else self._apart(self._lists, self._paid)), moves

    def _try(
        self, chosen: tuple[Move, ...], lists: Sequence[frozenset[Move]], cost: float, paid: dict[Bill, float]
    ) -> None:
        self._left -= 1
        if not lists:
            self._best = min(self._best, (cost, chosen), key=lambda each: each[0])
            return
        if cost + self._apart(lists, paid) >= self._best[0] or self._left <= 0 < len(self._best[1]):
            return
        besides = self._hitting.besides
        for move in sorted(lists[0], key=lambda move: (besides(move, paid), *map(str, order(move)))):
            if not self._hitting.go_together(move, chosen):
                continue
            left = [each for each in lists[1:] if move not in each]
            bills = {bill: max(price, paid.get(bill, 0)) for bill, price in self._hitting.bills(move).items()}
            self._try((*chosen, move), left, cost + besides(move, paid), {**paid, **bills})

    def _apart(self, lists: Iterable[frozenset[Move]], paid: Mapping[Bill, float]) -> float:
        """Add up the cheapest moves of lists that have nothing in common."""
        seen: set[Bill] = set()
        total = 0.0
        for each in lists:
            bills = {bill for move in each for bill in self._hitting.bills(move)}
            if not bills & seen:
                seen |= bills
                total += min((self._hitting.besides(move, paid) for move in each), default=0)
        return total


def least(lists: Iterable[frozenset[Move]]) -> list[frozenset[Move]]:
    """The lists that do not contain another list: a set that hits these hits all."""
    found: list[frozenset[Move]] = []
    for each in sorted(set(lists), key=lambda one: (len(one), sorted(map(str, one)))):
        if not any(other <= each for other in found):
            found.append(each)
    return found
