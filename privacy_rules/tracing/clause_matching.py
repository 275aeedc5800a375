"""Which clause of today is which one that was reviewed: each of these is at most one of those."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Matches:
    """By what name each clause was reviewed: with the `same` words, or with others (`changed`). `lost` are clauses that are no more."""

    same: Mapping[str, str]
    changed: Mapping[str, str]
    lost: tuple[str, ...]

    def moved(self, name: str) -> str | None:
        """Under which other name the words that a clause has were reviewed."""
        was = self.same.get(name)
        return None if was == name else was


def matched(now: Mapping[str, str], reviewed: Mapping[str, str]) -> Matches:
    """Clauses, with their words by name, matched with those that were reviewed.

    Words are known again wherever they stand: where a clause is put in, all that follow have another number and the same
    words. But as often as they were reviewed, and no more: what stands in two clauses does not vouch for a third.
    """
    same = {name: name for name, words in now.items() if reviewed.get(name) == words}
    moved = defaultdict[str, list[str]](list)
    for name in sorted(reviewed.keys() - same.keys(), key=_in_order, reverse=True):
        moved[reviewed[name]].append(name)
    for name, words in now.items():
        if name not in same and moved[words]:
            same[name] = moved[words].pop()
    changed = dict[str, str]()
    lost: list[str] = []
    for name in sorted(reviewed.keys() - set(same.values()), key=_in_order):
        successor = _successor(name, same)
        if successor in now:
            changed[successor] = name
        else:
            lost.append(name)
    return Matches(same, changed, tuple(sorted(lost)))


def _successor(name: str, same: Mapping[str, str]) -> str:
    """The clause in whose place another stands: the one of that name or, where its words were another's, the one of that name.

    Each name is the end of one such way at most, since no two clauses are the same reviewed one.
    """
    while name in same:
        name = same[name]
    return name


def _in_order(name: str) -> list[tuple[int, str]]:
    """Names in the order of their numbers: `4.10` behind `4.9`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(name)]
