"""Comparisons of two facts, and days moved by calendar months."""

from __future__ import annotations

import calendar
from datetime import date

from privacy_rules.checking.logic import Truth
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration
from tests.reference.facts import Silence
from tests.reference.terms import FALSE, TRUE, UNKNOWN, opposite, truth


def two_values(left: object, operator: str, right: object, shift: Duration | None, terms: Taxonomy | None) -> Truth:
    """`x <= y`: unknown if either is not known. A contract begins at -infinity without `from`, and ends at +infinity."""
    if any(each is None or each is Silence.UNDECLARED for each in (left, right)):
        return UNKNOWN
    if isinstance(left, str) and isinstance(right, str):
        same = truth(left == right) if terms is None else same_term(left, right, terms)
        return same if operator == "=" else opposite(same)
    one, two = number(left), number(right, shift)
    less, equal = one < two, one == two
    outcomes = {"<": less, "<=": less or equal, "=": equal, "!=": not equal, ">=": not less, ">": not (less or equal)}
    return truth(outcomes[operator])


def same_term(one: str, other: str, terms: Taxonomy) -> Truth:
    """Certainly the same only if both are the same term without narrower ones."""
    if one == other and terms.descendants(one) == (one,):
        return TRUE
    return UNKNOWN if set(terms.descendants(one)) & set(terms.descendants(other)) else FALSE


def number(value: object, shift: Duration | None = None) -> float:
    if value is Silence.FROM_EVER:
        return float("-inf")
    if value is Silence.UNTIL_ENDED:
        return float("inf")
    if isinstance(value, date):
        return (later(value, shift) if shift else value).toordinal()
    return value.length if isinstance(value, Duration) else float(value)  # type: ignore[arg-type]


def later(day: date, shift: Duration) -> date:
    """`day + 30 days`, `day - 2 months`: whole months, month by month of the calendar; the day is at most the month's last."""
    if shift.unit in ("day", "week"):
        return date.fromordinal(day.toordinal() + shift.count * (7 if shift.unit == "week" else 1))
    year, month = day.year, day.month
    for _ in range(abs(shift.count) * (12 if shift.unit == "year" else 1)):
        month += 1 if shift.count > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
