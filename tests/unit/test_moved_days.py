"""Days are moved along the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.vocabulary.values import Duration, moved


@pytest.mark.parametrize(
    ("day", "count", "unit", "expected"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "month", date(2024, 2, 29)),
        (date(2026, 3, 31), -1, "month", date(2026, 2, 28)),
        (date(2026, 1, 15), -1, "month", date(2025, 12, 15)),
        (date(2026, 12, 31), 14, "month", date(2028, 2, 29)),
        (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
        (date(2024, 2, 29), -4, "year", date(2020, 2, 29)),
        (date(2026, 2, 28), 2, "day", date(2026, 3, 2)),
        (date(2026, 1, 1), -1, "week", date(2025, 12, 25)),
        (date(2026, 1, 1), 999_999_999, "year", date.max),
        (date(2026, 1, 1), -999_999_999, "month", date.min),
        (date(2026, 1, 1), 999_999_999, "week", date.max),
        (date.max, -1, "day", date.max),
        (date.min, 30, "day", date.min),
    ],
)
def test_a_day_is_moved(day: date, count: int, unit: str, expected: date) -> None:
    assert moved(day, Duration(count, unit)) == expected
