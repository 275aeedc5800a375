"""Find the later days on which changes make a difference: on which verdicts change only with them, or only without them.

found = later(now, after)
found.days[0].only_after        # what changes on that day only with the changes
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from privacy_rules.simulation.finding_delta import FindingChange, essence
from privacy_rules.simulation.forecast import Day, Event, events_of, forecast
from privacy_rules.simulation.world import World
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.fast_dataclasses import dataclass

MOST_DAYS = 200
"""At most this many days on which something starts, ends or changes are compared."""
Forecasts = dict[tuple[int, date, date], tuple[Day, ...]]
"""Forecasts made so far: by the world's identity, the first and the last day."""


@dataclass(frozen=True, slots=True)
class LaterDay:
    """A day on which verdicts change only with the changes (`only_after`) or only without (`only_now`), and its events."""

    day: date
    events: tuple[Event, ...]
    only_after: tuple[FindingChange, ...]
    only_now: tuple[FindingChange, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """The days, in order. `until` is the last day that was compared; None if nothing happens after that."""

    days: tuple[LaterDay, ...]
    until: date | None


def later(now: World, after: World, known: Forecasts) -> Later:
    """Compare the forecasts of two worlds from the day on which both are judged; `known` keeps those made.

    If that would take too many judgements, no later day is compared, and `until` is the first day.
    """
    start = max(now.day, after.day)
    days = sorted({day for each in (now, after) for day in events_of(each.policy, each.estate) if day > start})
    if not days:
        return Later((), None)
    until = days[:MOST_DAYS][-1]
    try:
        was, now_on = (_by_day(_forecast(each, start, until, known)) for each in (now, after))
    except InputError:  # too many judgements on later days
        return Later((), start)
    found = []
    for day in sorted(was.keys() | now_on.keys()):
        before, then = was.get(day), now_on.get(day)
        ours, theirs = ({} if each is None else _by_finding(each) for each in (then, before))
        only_after = tuple(change for key, change in ours.items() if not _same(change, theirs.get(key)))
        only_now = tuple(change for key, change in theirs.items() if not _same(change, ours.get(key)))
        if only_after or only_now:
            events = (then if only_after else before) or before
            found.append(LaterDay(day, events.events if events else (), only_after, only_now))
    return Later(tuple(found), until if len(days) > MOST_DAYS else None)


def _forecast(world: World, start: date, until: date, known: Forecasts) -> tuple[Day, ...]:
    key = id(world), start, until
    if key not in known:
        known[key] = forecast(world.policy, world.estate, start, until)
    return known[key]


def _by_day(days: tuple[Day, ...]) -> Mapping[date, Day]:
    return {each.day: each for each in days}


def _by_finding(day: Day) -> Mapping[object, FindingChange]:
    return {each.key: each for each in day.finding_changes}


def _same(one: FindingChange, other: FindingChange | None) -> bool:
    """Whether a finding changes in the same way on both sides, or ends up the same."""
    return other is not None and (essence(one.before), essence(one.after)) == (
        essence(other.before),
        essence(other.after),
    )


def days_of_change(world: World, rules: frozenset[str] | None = None) -> tuple[date, ...]:
    """Return all days, past ones included, on which a verdict of some rules (None: of any) changes."""
    days = sorted(events_of(world.policy, world.estate))
    if not days:
        return ()
    start = days[0] - timedelta(days=1) if days[0] > date.min else days[0]
    found = forecast(world.policy, world.estate, start, days[-1])
    return tuple(
        each.day for each in found if any(rules is None or change.rule in rules for change in each.finding_changes)
    )
