"""The values of attributes, and how they are read from the text of policies and manifests."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import total_ordering

from privacy_rules.source.fast_dataclasses import dataclass

# A month compares with days as 365.2425 / 12 of them, so in milli-hours every unit is a whole number.
_MILLI_HOURS = {"hour": 1_000, "day": 24_000, "week": 168_000, "month": 730_485, "year": 8_765_820}
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}
_DURATION = re.compile(r"([0-9]{1,9})\s+(hour|day|week|month|year)s?\Z")
_ABBREVIATED = re.compile(r"(P?)([0-9]{1,9})[ -]?([A-Za-z]{1,6})\.?")
_ISO_UNITS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}
_UNITS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
"""What other notations call the units of a duration."""
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Duration:
    """A length of time; `unit` is `hour` to `year`, or `unlimited`, which is longer than all (count 0).

    Two durations are equal if they are equally long: `12 months` equals `1 year`.
    """

    count: int
    unit: str

    @property
    def length(self) -> float:
        """Thousandths of an hour, an exact integer; infinite for `unlimited`."""
        return float("inf") if self.unit == "unlimited" else self.count * _MILLI_HOURS[self.unit]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self.length == other.length

    def __hash__(self) -> int:
        return hash(self.length)

    def __lt__(self, other: Duration) -> bool:
        return self.length < other.length

    def __str__(self) -> str:
        return self.unit if self.unit == "unlimited" else f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


UNLIMITED = Duration(0, "unlimited")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: a category or purpose, and the attributes that are its own.

    `within` is the attribute that is the list: `stores` or `uses` of a system, `carries` or `purposes` of a flow.
    """

    term: str
    declared: tuple[tuple[str, Value | None], ...] = ()
    within: str = "stores"

    @property
    def key(self) -> str:
        """The key of the term in a manifest."""
        return "purpose" if self.within == "purposes" else "data"

    def stating(self, own: Mapping[str, Value | None]) -> Item:
        """Return the item with these attributes of its own, and no others."""
        return replace(self, declared=tuple(sorted(own.items())))


@dataclass(frozen=True, slots=True)
class Transform:
    """What a system makes from a category: `takes` → each of `makes`; `method` is None if unknown.

    `others` are its own attributes besides the method.
    """

    takes: str
    makes: tuple[str, ...]
    method: str | None = None
    others: tuple[tuple[str, Value | None], ...] = ()

    @property
    def within(self) -> str:
        """The attribute that lists it."""
        return "transforms"

    @property
    def term(self) -> str:
        """What it takes and makes: `email to user_key`."""
        return f"{self.takes} to {self.makes[0] if len(self.makes) == 1 else show(self.makes)}"

    @property
    def declared(self) -> tuple[tuple[str, Value | None], ...]:
        """Its own attributes, the method included if it is known."""
        return (("method", self.method), *self.others) if self.method else self.others

    def stating(self, own: Mapping[str, Value | None]) -> Transform:
        """Return the transform with these attributes of its own, and no others."""
        method = own.get("method")
        others = tuple(sorted((name, value) for name, value in own.items() if name != "method"))
        return replace(self, method=None if method is None else str(method), others=others)


Scalar = str | bool | Decimal | Duration | date
# terms, references and texts are str; sets are tuples of str in order of name, without repeats
Value = Scalar | tuple[str, ...] | tuple[Item, ...] | tuple[tuple[str, str], ...] | tuple[Transform, ...]


def moved(day: date, by: Duration) -> date:
    """Return the day that is `by` later (earlier, if its count is negative). Months clip to the month's last day.

    The first and last day of the calendar mean "always" and "never": they do not move, and nothing moves beyond them.
    """
    if day in (date.min, date.max):
        return day
    try:
        if by.unit in _MONTHS:
            year, month = divmod(day.year * 12 + day.month - 1 + by.count * _MONTHS[by.unit], 12)
            return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        return day + timedelta(days=by.count * _DAYS[by.unit])
    except (ValueError, OverflowError):
        return date.max if by.count > 0 else date.min


def read_duration(text: str) -> Duration | None:
    """Read `2 years`, `1 day` or `unlimited`; None for other text."""
    if text == "unlimited":
        return UNLIMITED
    found = _DURATION.match(text)
    return Duration(int(found[1]), found[2]) if found else None


def meant_duration(text: str) -> Duration | None:
    """Return the duration that `30d` or `P30D` means; None if that is not certain (`m` may be months or minutes)."""
    found = _ABBREVIATED.fullmatch(text.strip())
    unit = (_ISO_UNITS.get(found[3]) if found[1] else _UNITS.get(found[3].lower())) if found else None
    return read_duration(f"{found[2]} {unit}") if found and unit else None


def read_number(text: str) -> Decimal | None:
    """Read `3` or `-0.5`, with at most 30 digits on each side of the point; None for other text."""
    return Decimal(text) if _NUMBER.match(text) else None


def read_date(text: str) -> date | None:
    """Read `2026-11-01`; None for other text and for days that the calendar does not have."""
    found = _DATE.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def read_flag(text: str) -> bool | None:
    """Read `yes`, `no`, `true` or `false`, in any case; None for other text."""
    return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())


def show(value: object) -> str:
    """Return a value as a user would write it: `yes`, `2 years`, `(a, b)`; `unknown` for None."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "(" + ", ".join(show(each) for each in value) + ")"
    if isinstance(value, Item):
        return value.term
    if isinstance(value, Transform):
        return f"{value.takes} to {show(value.makes)}"
    return str(value)
