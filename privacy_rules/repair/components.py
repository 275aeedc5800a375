"""Divide findings to fix into components that share no move, so that each can be searched separately.

The cheapest repair of a component is a lower bound of its cost in every repair, as long as the searches of the components consider
no entity in common. So if the cheapest repairs of all components pass together, they are the cheapest repair overall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence

from privacy_rules.findings.finding import Finding
from privacy_rules.repair.moves import Bill, Move, bills
from privacy_rules.repair.trial import Conflict

_ON_FLOWS = ("cut", "flow", "anonymise")


def thing(bill: Bill) -> Hashable:
    """Return what a bill pays for: a flow as a whole, or the bill itself."""
    return ("flow", bill[1]) if bill[0] in _ON_FLOWS else bill


def things(moves: Iterable[Move]) -> set[Hashable]:
    """Return what the bills of moves pay for."""
    return {thing(bill) for move in moves for bill, _ in bills(move)}


def components(conflicts: Sequence[Conflict]) -> list[list[Conflict]]:
    """Divide conflicts so that no two components share a finding or anything that a move changes."""
    keys = [{each.finding, *things(each.moves)} for each in conflicts]
    return [[conflicts[number] for number in group] for group in together(keys)]


def together(keys: Sequence[Collection[Hashable]]) -> list[list[int]]:
    """Group the numbers of sets that share an element, directly or through other sets."""
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
