"""The part of an impact's text that says who gets data, in which form, until when, and over which flows.

data to     3 systems, 1 outside
  mail-sender at letterbird (service_provider, IE); letterbird-terms until 2027-06-30
    email: ad-connector-to-mail-sender
    hashed_email, made of email: signup, upload
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.simulation.data_paths import Passage
from privacy_rules.simulation.senders_and_recipients import BindingContract, Holder, Lost
from privacy_rules.source.words import counted, first_few

_MOST_SYSTEMS, _MOST_PASSAGES, _MOST_FLOWS = 12, 4, 6


def holder_lines(label: str, holders: tuple[Holder, ...], ink: Ink, *, whole: bool, to: bool) -> Iterator[str]:
    """Yield the lines of all systems that data gets to, or comes from; without `whole`, of the first few."""
    if not holders:
        return
    outside = sum(each.where == "outside" for each in holders)
    of_them = f", {outside:,} outside" if outside else ""
    yield f"  {ink(label.ljust(12), 'cyan')}{ink(counted(len(holders), 'system'))}{of_them}"
    shown = holders if whole else holders[:_MOST_SYSTEMS]
    for each in shown:
        yield f"    {ink(_who(each), bold=each.where == 'outside')}{ink(_until(each), _colour(each))}"
        passages = each.passages if whole else each.passages[:_MOST_PASSAGES]
        for passage in passages:
            yield f"      {ink(_what(passage, to=to))}{ink(_path(passage, whole=whole), dim=True)}"
        if len(passages) < len(each.passages):
            yield f"      and {counted_more(len(each.passages) - len(passages), 'category')}"
    if len(shown) < len(holders):
        yield f"    and {counted_more(len(holders) - len(shown), 'system')}; --all lists them"


def counted_more(count: int, noun: str) -> str:
    """`1 more system`, `2 more systems`."""
    number, _, word = counted(count, noun).partition(" ")
    return f"{number} more {word}"


def _who(holder: Holder) -> str:
    words = ", ".join([*(holder.roles or ("role unknown",)), *([holder.country.upper()] if holder.country else [])])
    return f"{holder.system} at {holder.party or 'an unknown party'} ({words})"


def _until(holder: Holder) -> str:
    found = [_contract(each) for each in holder.contracts]
    if not found and holder.where == "outside":
        found = ["no contract in force"]
    if holder.retention is not None:
        found.append(f"kept for {holder.retention}")
    return f"; {', '.join(found)}" if found else ""


def _contract(term: BindingContract) -> str:
    return f"{term.id} {f'until {term.until}' if term.until else 'without an end' if term.known else 'until an undeclared day'}"


def _colour(holder: Holder) -> Colour | None:
    return "yellow" if holder.where == "outside" and not holder.contracts else None


def _what(passage: Passage, *, to: bool) -> str:
    """`email`, `hashed_email, made of email`, `perhaps phone`: the form of the data at the system, if that differs."""
    crossing = passage.category or "undeclared data"
    there = [each for each in passage.at_system if each != passage.category]
    words = []
    if passage.category in passage.at_system:
        words.append(crossing)
    if there:
        made = first_few(there, 5)
        words.append(f"{made}, made of {crossing}" if to else f"{made}, of which {crossing} is made")
    if passage.may_be and passage.may_be != (passage.category,):
        words.append(f"perhaps {first_few(passage.may_be, 5)}" + (f", made of {crossing}" if not words else ""))
    elif not words:
        words.append(f"perhaps {crossing}")
    return "; ".join(words)


def _path(passage: Passage, *, whole: bool) -> str:
    if not passage.path:
        return ""
    flows = passage.path if whole or len(passage.path) <= _MOST_FLOWS else (*passage.path[:3], "…", *passage.path[-2:])
    return f": {', '.join(flows)}"


def lost_lines(verb: str, lost: Lost, ink: Ink, *, whole: bool) -> Iterator[str]:
    """Yield the lines of the systems that no longer get, or no longer send, some categories."""
    shown = lost if whole else lost[:_MOST_SYSTEMS]
    for system, categories in shown:
        names = ", ".join(categories) if whole else first_few(categories, 5)
        yield f"  {ink(f'{system} no longer {verb}', 'yellow')} {ink(names)}"
    if len(shown) < len(lost):
        more = counted_more(len(lost) - len(shown), "system")
        yield f"  {ink(f'and {more}: no longer {verb} some data', 'yellow')}"
