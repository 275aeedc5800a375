"""Warnings about invisible characters in policies and manifests, whether in names, texts or comments.

estate.yaml:3:14: warning[W320]: U+202E (right-to-left override) changes the text direction: this line is not what it looks like
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from unicodedata import name

from privacy_rules.language.source_text import SourceText
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.invisible_characters import changes_direction, invisible_in
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted

MOST_LINES = 20
"""The most warnings for a file; the last one counts the remaining lines."""

_HELP = "remove it"


def of_policy(source: SourceText) -> tuple[Diagnostic, ...]:
    """Return the warnings about a policy file."""
    return warnings(source.text, source.returns, source.span, lambda place: source.excerpt(place.line))


def warnings(
    text: str, returns: Iterable[int], span: Callable[[int, int], Span], excerpt: Callable[[Span], str]
) -> tuple[Diagnostic, ...]:
    """Return one warning for each line and code, of at most `MOST_LINES` lines.

    `returns` are the offsets of carriage returns without a line feed; `span` and `excerpt` give places and lines of the text.
    """
    found: dict[tuple[int, str], Diagnostic] = {}
    others: set[int] = set()
    for at, character in chain(invisible_in(text), ((at, "\r") for at in returns)):
        place = span(at, at + 1)
        code = codes.DIRECTION if changes_direction(character) else codes.INVISIBLE
        if (place.line, code) in found:
            continue
        if len(found) < MOST_LINES:
            message = _words(code, character)
            found[place.line, code] = Diagnostic(code, message, place, _HELP, (), excerpt(place), Level.WARNING)
        else:
            others.add(place.line)
    return tuple(_counted(list(found.values()), len(others)))


def _words(code: str, character: str) -> str:
    """Describe a character by its number and, if it has one, its name."""
    if character == "\r":
        return "a carriage return ends the line here, which most reviews do not show"
    called = name(character, "").lower()
    what = f"U+{ord(character):04X}{f' ({called})' if called else ''}"
    if code == codes.DIRECTION:
        return f"{what} changes the text direction: this line is not what it looks like"
    return f"this line contains an invisible character: {what}"


def _counted(found: list[Diagnostic], others: int) -> Iterator[Diagnostic]:
    yield from found[:-1] if others else found
    if others:
        last, more = found[-1], counted(others, "more line")
        message = f"{last.message} (and {more} like it)"
        yield Diagnostic(last.code, message, last.span, last.help, (), last.excerpt, last.level)
