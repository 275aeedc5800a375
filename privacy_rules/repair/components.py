"""Divide what has to be fixed into components that have no move in common, so that each is searched by itself.

The cheapest repair of each component is a lower bound of what every repair pays for it, as long as the components' searches see no
thing in common. So if the cheapest repairs pass together, they are the cheapest repair of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence

from privacy_rules.findings.finding import Finding
from privacy_rules.repair.moves import Bill, Move, bills
from privacy_rules.repair.trial import Conflict

_ON_FLOWS = ("cut", "flow", "anonymise")


def thing(bill: Bill) -> Hashable:
    """Return what a bill is about: a flow as a whole, or the bill itself."""
    return ("flow", bill[1]) if bill[0] in _ON_FLOWS else bill


def things(moves: Iterable[Move]) -> set[Hashable]:
    """Return what moves are about."""
    return {thing(bill) for move in moves for bill, _ in bills(move)}


def components(conflicts: Sequence[Conflict]) -> list[list[Conflict]]:
    """Divide conflicts so that no two components have a finding, or a thing that a move changes, in common."""
    keys = [{each.finding, *things(each.moves)} for each in conflicts]
    return [[conflicts[number] for number in group] for group in together(keys)]


def together(keys: Sequence[Collection[Hashable]]) -> list[list[int]]:
    """Group the numbers of sets that have something in common, directly or over others."""
    root = list(range(len(keys)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    first: dict[Hashable, int] = {}
    for number, each in enumerate(keys):
        for key in each:
            root[find(number)] = find(first.setdefault(key, number))
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(len(keys)):
        found[find(number)].append(number)
    return list(found.values())


def findings_of(conflicts: Iterable[Conflict]) -> tuple[Finding, ...]:
    """Return the findings of conflicts, each once."""
    return tuple(dict.fromkeys(each.finding for each in conflicts))
