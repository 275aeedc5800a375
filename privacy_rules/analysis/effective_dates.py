"""The days on which a policy changes by itself: a rule starts or ends, or a vocabulary has other terms below a term."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise

from privacy_rules.language.conditions import references, rule_conditions
from privacy_rules.language.policy import Policy

_ALWAYS = ("data", "purpose", "role", "method")
"""Vocabularies of what is judged, of who takes part, and of how data is derived on a path."""


def days_of_rules(*policies: Policy) -> set[date]:
    """The days on which rules start or end."""
    rules = (rule for each in policies for rule in each.rules)
    return {day for rule in rules for day in (rule.applies_from, rule.applies_until) if day is not None}


def days_of_vocabularies(*policies: Policy) -> set[date]:
    """The days on which an edge begins or ends, in the vocabularies that a rule asks about."""
    asked = set(_ALWAYS).union(*map(_asked, policies))
    return {day for each in policies for name in asked for day in each.taxonomy(name).change_days}


def _asked(policy: Policy) -> set[str]:
    conditions = (each for rule in policy.rules for each in rule_conditions(rule))
    types = (reference.attribute.type for each in conditions for reference in references(each))
    return {each.vocabulary for each in types if each.vocabulary}


def later_days(day: date, *policies: Policy) -> list[date]:
    """All of these days that are after a given day, in order."""
    return sorted(each for each in days_of_rules(*policies) | days_of_vocabularies(*policies) if each > day)


def same_words(days: Sequence[date], turning: Collection[date]) -> Iterator[tuple[date, Sequence[date]]]:
    """Yield the days on which the vocabularies are the same, with the first of them."""
    begins = [0, *(number for number, each in enumerate(days) if number and each in turning), len(days)]
    for start, end in pairwise(begins):
        yield days[start], days[start:end]
