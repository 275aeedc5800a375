"""Match current clauses with reviewed ones, one to one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from privacy_rules.source.fast_dataclasses import dataclass

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Matches:
    """The reviewed name of each clause, with the `same` words or with `changed` ones; `lost` clauses no longer exist."""

    same: Mapping[str, str]
    changed: Mapping[str, str]
    lost: tuple[str, ...]

    def moved(self, name: str) -> str | None:
        """Return the other name under which a clause's words were reviewed, or None."""
        was = self.same.get(name)
        return None if was == name else was


def match(now: Mapping[str, str], reviewed: Mapping[str, str]) -> Matches:
    """Match clauses with reviewed ones; both map names to fingerprints of words.

    Words are recognised under any name, because after an inserted clause all later clauses have a different number but
    the same words. Each reviewed clause matches once, so a copy of a reviewed clause does not count as reviewed.
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
    """Return the clause that replaced a reviewed one: the clause of that name, or, if its words were reviewed under another name, the successor of that one.

    Each clause is the successor of at most one reviewed clause, since matches are one to one.
    """
    while name in same:
        name = same[name]
    return name


def _in_order(name: str) -> list[tuple[int, str]]:
    """Sort key of a name: numbers by value, so that `4.10` follows `4.9`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(name)]
