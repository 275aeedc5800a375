"""Compare two dates of each case, one of them moved, for many distances at once: `x > y + 30 days`.

The further a date is moved, the later it is. So for each pair of dates there is a number of days (or weeks, months, years) from
which on the moved date is not before the other one, and one from which on it is after it. With these, a test is a binary search.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

from privacy_rules.checking.byte_columns import Column, Spread, packed
from privacy_rules.checking.logic import UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS, truth
from privacy_rules.vocabulary.values import Duration, moved

Dates = tuple[date | None, date | None]
"""The left date, and the right one, which a test moves; None: not known."""
_COUNTS = range(-4_000_000, 4_000_001)
"""A date that is moved by more days leaves the calendar."""
_MANY = 50
"""For fewer tests, it is quicker to move the dates of each case."""


class ShiftedDates:
    """Two dates in each case."""

    def __init__(self, dates: Sequence[Dates]) -> None:
        self._dates = dates
        self._known = int.from_bytes(bytes(None not in each for each in dates), "little")
        self._every = int.from_bytes(b"\1" * len(dates), "little")
        self._asked = Counter[str]()
        self._turns: dict[str, tuple[_Turns, _Turns]] = {}

    def compared(self, operator: str, shift: Duration) -> Column:
        """Return in which cases the left date is before, at or after the moved right one, as the operator says."""
        self._asked[shift.unit] += 1
        if self._asked[shift.unit] < _MANY:
            return packed(bytes(map(partial(_compared, operator, shift), self._dates)))
        if shift.unit not in self._turns:
            self._turns[shift.unit] = self._of_unit(shift.unit)
        count = min(max(shift.count, _COUNTS[0]), _COUNTS[-1])
        reached, passed = (each.at(count) for each in self._turns[shift.unit])
        signs = {(0, 1): passed, (0, 0): reached & ~passed, (1, 0): self._every & ~reached}
        holds = sum(cases for sign, cases in signs.items() if COMPARISONS[operator](*sign))
        return holds & self._known, holds | self._every ^ self._known

    def _of_unit(self, unit: str) -> tuple[_Turns, _Turns]:
        turns = {each: _turns(each, unit) for each in dict.fromkeys(self._dates)}
        reached, passed = zip(*map(turns.__getitem__, self._dates), strict=True)
        return _Turns(reached), _Turns(passed)


def _compared(operator: str, shift: Duration, dates: Dates) -> int:
    left, right = dates
    return UNKNOWN if left is None or right is None else truth(COMPARISONS[operator](left, moved(right, shift)))


def _turns(dates: Dates, unit: str) -> tuple[int, int]:
    """Return the first counts by which the right date is moved to the left one, and beyond it."""
    left, right = dates
    if left is None or right is None:
        return 0, 0

    def shifted(count: int) -> date:
        return moved(right, Duration(count, unit))

    reached = bisect_left(_COUNTS, left, key=shifted)
    return _COUNTS.start + reached, _COUNTS.start + bisect_right(_COUNTS, left, reached, key=shifted)


class _Turns:
    """A count for each case."""

    def __init__(self, counts: Sequence[int]) -> None:
        self._every = sorted({*counts})
        rank = {count: number for number, count in enumerate(self._every)}
        self._spread = Spread([rank[each] for each in counts])

    def at(self, count: int) -> int:
        """Return the cases whose count is at most this one: a byte for each, 1 or 0."""
        below = bisect_right(self._every, count)
        return int.from_bytes(self._spread(b"\1" * below + bytes(len(self._every) - below)), "little")
