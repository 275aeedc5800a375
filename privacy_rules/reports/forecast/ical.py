"""A forecast as a calendar (iCalendar, RFC 5545), with one event for each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from privacy_rules.reports.finding_changes import change_words
from privacy_rules.reports.forecast import Forecast
from privacy_rules.reports.forecast.text import more_words
from privacy_rules.reports.registry import View
from privacy_rules.simulation.forecast import Day
from privacy_rules.source.invisible_characters import visible

_OCTETS = 75
"""A line of a calendar is folded after this many octets."""


def render(found: Forecast, _: View) -> str:
    """The forecast as a calendar of whole days, the same bytes for the same forecast. A calendar without events says so."""
    days, start, end = found
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//privacy-rules//forecast//EN", "CALSCALE:GREGORIAN"]
    for day in days:
        lines += _event(day, start)
    lines += [] if days else _nothing(start, end)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(day: Day, start: date) -> list[str]:
    events = ", ".join(each.words for each in day.events)
    changes = "\n".join(
        visible(f"{change.rule} on {change.subject}: {change_words(change)}") for change in day.finding_changes
    )
    changes += f"\n{more_words(day)}" if day.more else ""
    identity = sha256(f"{day.day}\0{events}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return [
        "BEGIN:VEVENT",
        f"UID:{identity}@privacy-rules",
        f"DTSTAMP:{start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day.day:%Y%m%d}",
        *([f"DTEND;VALUE=DATE:{day.day + timedelta(days=1):%Y%m%d}"] if day.day < date.max else []),
        f"SUMMARY:{_escaped(visible(f'Privacy verdicts change: {events}'))}",
        f"DESCRIPTION:{_escaped(changes)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _nothing(start: date, end: date) -> list[str]:
    """A journal entry, since a calendar needs at least one component (RFC 5545, 3.6)."""
    identity = sha256(f"{start}\0{end}".encode()).hexdigest()[:32]
    return [
        "BEGIN:VJOURNAL",
        f"UID:{identity}@privacy-rules",
        f"DTSTAMP:{start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"SUMMARY:No privacy verdict changes after {start} and up to {end}",
        "END:VJOURNAL",
    ]


def _escaped(text: str) -> str:
    """Text with the escapes of a calendar. Its lines are visible already."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A long line in pieces. Each piece after the first begins with a space, and no character is split."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
