"""A forecast as text, as JSON and as a calendar (iCalendar, RFC 5545), one event for each day.

2026-12-31: contract mail-terms ends
  compliant -> violation  contracted: the rule does not allow that email is disclosed to mailer for newsletter
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256

from privacy_rules.reports.finding_changes import difference_document, turning
from privacy_rules.reports.json_document import Json, dumps, place
from privacy_rules.reports.terminal import Colour, Ink
from privacy_rules.simulation.finding_delta import Turn
from privacy_rules.simulation.forecast import Day
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import counted

_OCTETS = 75
"""A line of a calendar is folded after so many octets."""


def as_text(days: Sequence[Day], start: date, until: date, ink: Ink) -> str:
    """The forecast for a terminal."""
    return "".join(f"{line}\n" for line in _lines(days, start, until, ink))


def _lines(days: Sequence[Day], start: date, until: date, ink: Ink) -> Iterator[str]:
    for day in days:
        yield f"{ink(str(day.day), bold=True)}: {ink(', '.join(each.words for each in day.events))}"
        for turn in day.turns:
            told = turn.after or turn.before
            message = told.message if told else ""
            words = turning(turn).replace("->", ink.arrow)
            yield f"  {ink(words, _colour(turn))}  {ink(f'{turn.rule} on {turn.subject}: {message}')}"
        if day.more:
            yield f"  {ink(_not_described(day))}"
        yield ""
    some = counted(len(days), "day")
    summary = f"verdicts change on {some}" if days else "no verdict changes"
    yield f"{ink(summary, bold=True)}{ink(f' after {start}, until {until}')}"


def _not_described(day: Day) -> str:
    return (
        f"{day.more:,} more on this day, and none of a later day: a forecast that starts on this day goes on from here"
    )


def _colour(turn: Turn) -> Colour:
    if turn.after is None or turn.after.waived:
        return "green"
    return "red" if turn.after.verdict.word == "violation" else "yellow"


def as_json(days: Sequence[Day], start: date, until: date) -> str:
    """The forecast as a JSON document."""
    return dumps(
        {
            "version": 1,
            "as_of": start.isoformat(),
            "until": until.isoformat(),
            "days": [
                {
                    "day": day.day.isoformat(),
                    "events": [{"message": each.words, "location": place(each.location)} for each in day.events],
                    "changes": [_change(each) for each in day.turns],
                    **({"more": day.more} if day.more else {}),
                }
                for day in days
            ],
        }
    )


def _change(turn: Turn) -> Json:
    told = turn.after or turn.before
    return {
        "rule": turn.rule,
        "subject": {"kind": turn.subject.kind.value, "id": turn.subject.id},
        "before": turn.before.verdict.word if turn.before else "compliant",
        "before_waived": bool(turn.before and turn.before.waived),
        "after": turn.after.verdict.word if turn.after else "compliant",
        "after_waived": bool(turn.after and turn.after.waived),
        "waived": bool(told and told.waived),
        "differs": difference_document(turn),
        "message": told.message if told else None,
        "owner": told.owner if told else None,
        "location": place(told.location if told else None),
    }


def as_calendar(days: Sequence[Day], start: date, end: date) -> str:
    """The forecast as a calendar of whole days; the same bytes for the same forecast. One without events says so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//privacy-rules//forecast//EN", "CALSCALE:GREGORIAN"]
    for day in days:
        lines += _event(day, start)
    lines += [] if days else _nothing(start, end)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(day: Day, start: date) -> list[str]:
    events = ", ".join(each.words for each in day.events)
    changes = "\n".join(visible(f"{turn.rule} on {turn.subject}: {turning(turn)}") for turn in day.turns)
    changes += f"\n{_not_described(day)}" if day.more else ""
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
    """A calendar has a component (RFC 5545, 3.6): a note, which is no appointment."""
    identity = sha256(f"{start}\0{end}".encode()).hexdigest()[:32]
    return [
        "BEGIN:VJOURNAL",
        f"UID:{identity}@privacy-rules",
        f"DTSTAMP:{start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"SUMMARY:No privacy verdict changes after {start}\\, until {end}",
        "END:VJOURNAL",
    ]


def _escaped(text: str) -> str:
    """Text that was made visible, line by line, as a calendar has it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A long line in pieces, each after the first begun with a blank; no character is cut in two."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
