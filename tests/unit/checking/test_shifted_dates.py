"""Dates that are moved in many tests at once compare as each pair does."""

from __future__ import annotations

import random
from datetime import date, timedelta

from privacy_rules.checking.byte_columns import unpacked
from privacy_rules.checking.shifted_dates import ShiftedDates
from privacy_rules.checking.term_tests import COMPARISONS
from privacy_rules.vocabulary.values import Duration, moved

DAYS = (None, date.min, date.max, date(2020, 1, 31), date(2020, 2, 29), date(9999, 12, 30), date(1, 1, 2))
COUNTS = (0, 1, -1, 5, 30, -30, 400, 12, -12, 10**9, -(10**9), 24)
TESTS = 600


def test_moved_dates_compare_as_each_pair_does() -> None:
    source = random.Random(5)
    near = [date(2020, 1, 1) + timedelta(days=source.randint(-700, 700)) for _ in range(20)]
    pairs = [(source.choice([*DAYS, *near]), source.choice([*DAYS, *near])) for _ in range(100)]
    columns, found = ShiftedDates(pairs), set[int]()
    for _ in range(TESTS):
        shift, operator = (
            Duration(source.choice(COUNTS), source.choice(("day", "week", "month", "year"))),
            source.choice([*COMPARISONS]),
        )
        together = unpacked(columns.compared(operator, shift), len(pairs))
        alone = bytes(
            1 if left is None or right is None else 2 * COMPARISONS[operator](left, moved(right, shift))
            for left, right in pairs
        )
        assert together == alone, (operator, shift)
        found |= {*together}
    assert found == {0, 1, 2}
