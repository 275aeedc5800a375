"""A forecast as text.

2026-12-31: contract mail-terms ends
  compliant -> violation  contracted: no alternative of the rule covers this: email is disclosed to mailer for newsletter
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from privacy_rules.reports.finding_changes import change_words, colour_of_change
from privacy_rules.reports.forecast import Forecast
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import View
from privacy_rules.simulation.forecast import Day
from privacy_rules.source.words import counted


def render(found: Forecast, view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(*found, view.ink))


def _lines(days: Sequence[Day], start: date, until: date, ink: Ink) -> Iterator[str]:
    for day in days:
        yield f"{ink(str(day.day), bold=True)}: {ink(', '.join(each.words for each in day.events))}"
        for change in day.finding_changes:
            finding = change.after or change.before
            message = finding.message if finding else ""
            words = change_words(change).replace("->", ink.arrow)
            yield f"  {ink(words, colour_of_change(change))}  {ink(f'{change.rule} on {change.subject}: {message}')}"
        if day.more:
            yield f"  {ink(more_words(day))}"
        yield ""
    some = counted(len(days), "day")
    summary = f"verdicts change on {some}" if days else "no verdict changes"
    yield f"{ink(summary, bold=True)}{ink(f' after {start} and up to {until}')}"


def more_words(day: Day) -> str:
    """How many changes of a day are not described."""
    return f"{day.more:,} more changes on this day, and later days are not listed: start a forecast on this day to continue"
