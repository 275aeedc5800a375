"""Find the days on which a comparison with `today` changes, for each date in the manifests or in a default."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from privacy_rules.checking.fact_comparisons import comparison
from privacy_rules.checking.logic import TRUE
from privacy_rules.graph.declared_values import known
from privacy_rules.language.conditions import asks_today, rule_conditions
from privacy_rules.language.policy import ComparesFact, Policy
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import ITEM_LISTS
from privacy_rules.vocabulary.values import Duration, moved

_WINDOW = [timedelta(days=each) for each in range(-5, 7)]
"""Moving a day back and forth by months gives a day that is at most so far from it."""


@dataclass(frozen=True, slots=True)
class DayOfChange:
    """A day on which a test of a record's date becomes true, or false."""

    day: date
    record: Record
    becomes: bool
    location: Span | None


def tests_of_today(policy: Policy) -> Iterator[ComparesFact]:
    """Yield the different comparisons with today in a policy's rules."""
    found = (each for rule in policy.rules for each in rule_conditions(rule) if asks_today(each))
    alike = {
        (each.reference.attribute, each.operator, each.shift): each for each in found if isinstance(each, ComparesFact)
    }
    yield from alike.values()


def days_of_change(policy: Policy, estate: Estate, test: ComparesFact) -> Iterator[DayOfChange]:
    """Yield the days on which a comparison with today changes."""
    holds = comparison(policy, test)
    back = Duration(-test.shift.count, test.shift.unit) if test.shift else Duration(0, "day")
    for record, value, location in _dates(estate, test):
        middle = moved(value, back)
        if middle in (date.min, date.max) or not _WINDOW[0] <= middle - date.min or middle > date.max - _WINDOW[-1]:
            continue
        days = [middle + each for each in _WINDOW]
        values = [holds(value, day) for day in days]
        for day, before, after in zip(days[1:], values, values[1:], strict=False):
            if before != after:
                yield DayOfChange(day, record, after == TRUE, location)


def _dates(estate: Estate, test: ComparesFact) -> Iterator[tuple[Record, date, Span | None]]:
    attribute = test.reference.attribute
    for record in estate.records(attribute.entity).values():
        value, _ = known(record, attribute)
        if isinstance(value, date):
            yield record, value, record.location(attribute.name)
        for name in (*ITEM_LISTS.get(attribute.entity, ()), "transforms"):
            for item in record.items_of(name):
                if isinstance(own := dict(item.declared).get(attribute.name), date):
                    yield record, own, record.location_in_item(item, attribute.name)
