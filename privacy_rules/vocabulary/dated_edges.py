"""Find the edges of a vocabulary that exist on some days only and that a test of a term depends on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import Edge, Period, Taxonomy


@dataclass(frozen=True, slots=True)
class Dated:
    """A term that is below a parent on the day of the check, or not (`exists`), and the period that says so: the present one, else the last, else the next.

    `begins` and `ends` are None if it has no such limit; `to_come`: the period has not begun.
    """

    term: str
    parent: str
    exists: bool
    to_come: bool
    begins: date | None
    ends: date | None
    span: Span | None = None


def depended_on(vocabulary: Taxonomy, term: str, asked: Collection[str], day: date) -> Iterator[Dated]:
    """Yield the dated edges, existing or missing, that decide on a day whether a term is below a tested one."""
    if not vocabulary.periods or term not in vocabulary:
        return
    whole = vocabulary.whole

    def above(start: str, over: Callable[[Edge], bool]) -> set[str]:
        found, waiting = {start}, [start]
        while waiting:
            each = waiting.pop()
            new = {parent for parent in whole.parents[each] if over((each, parent))} - found
            found |= new
            waiting += new
        return found

    meant = set(asked)
    if meant & above(term, lambda edge: edge not in whole.periods):
        return  # whatever the day
    holds = bool(meant & above(term, lambda edge: whole.exists(*edge, day)))
    below = above(term, lambda _: True)
    for edge, periods in whole.periods.items():
        if edge[0] in below and whole.exists(*edge, day) == holds and meant & above(edge[1], lambda _: True):
            period = _telling(periods, day)
            begins = None if period.begins == date.min else period.begins
            ends = None if period.ends == date.max else period.ends
            yield Dated(*edge, holds, day < period.begins, begins, ends, period.span)


def _telling(periods: tuple[Period, ...], day: date) -> Period:
    """The period to report: the present one, else the last that has ended, else the next."""
    begun = [each for each in periods if each.begins <= day]
    return begun[-1] if begun else periods[0]
