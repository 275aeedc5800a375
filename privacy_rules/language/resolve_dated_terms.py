"""Resolve the dates of terms' parents: `jp in adequate from 2019-01-23`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from privacy_rules.language import syntax
from privacy_rules.language.literals import read_day
from privacy_rules.language.policy_errors import Errors
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import Edge, Period


@dataclass(frozen=True, slots=True)
class Stated:
    """A place that says that a term is below another: on all days (`period` is None), or on some. `shipped`: in a file of the language."""

    edge: Edge
    period: Period | None
    span: Span
    shipped: bool


def stated_in(term: str, parent: str, above: syntax.Above, errors: Errors, *, shipped: bool) -> Stated:
    """Return what an `in` states about a parent; wrong dates are reported, and then ignored."""
    begins, ends = (None if each is None else read_day(each, errors) for each in (above.begins, above.ends))
    period = Period(begins or date.min, ends or date.max, above.span) if begins or ends else None
    if period is not None and period.ends <= period.begins:
        message = f"with these dates, `{term}` is never in `{parent}`"
        help_ = "`until` is the first day after the period: it must be later than `from`"
        errors.report(codes.PERIODS, message, above.span, help_)
        period = None
    return Stated((term, parent), period, above.span, shipped)


def periods(stated: Iterable[Stated], errors: Errors) -> dict[Edge, tuple[Period, ...]]:
    """Return the periods of each edge that has dates.

    A policy's dates for an edge replace those of the shipped files.
    """
    found: dict[Edge, list[Stated]] = defaultdict(list)
    for each in stated:
        found[each.edge].append(each)
    made: dict[Edge, tuple[Period, ...]] = {}
    for edge, places in found.items():
        if any(each.period for each in places):
            own = [each for each in places if not each.shipped] or places
            made[edge] = _together(own, errors)
    return {edge: each for edge, each in made.items() if each}


def _together(places: Sequence[Stated], errors: Errors) -> tuple[Period, ...]:
    """The periods of an edge in order, none if it has no dates. It has dates at all places or at none, and no two periods overlap."""
    dated = {each.period: each for each in reversed(places) if each.period is not None}
    always = next((each for each in places if each.period is None), None)
    if always is not None:
        for each in dated.values():
            term, parent = each.edge
            message = f"`{term}` is in `{parent}` on some days here, and on all days elsewhere"
            errors.report(
                codes.PERIODS, message, each.span, "state the dates at every place, or at none", (always.span,)
            )
        return ()
    ordered = sorted(dated)
    for one, other in pairwise(ordered):
        if other.begins < one.ends:
            term, parent = dated[other].edge
            message = f"two periods of `{term}` in `{parent}` overlap on {other.begins}"
            help_ = "begin the second period when the first has ended, or merge them"
            errors.report(codes.PERIODS, message, dated[other].span, help_, (dated[one].span,))
    return tuple(ordered)
