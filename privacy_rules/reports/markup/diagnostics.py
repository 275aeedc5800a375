"""Diagnostics as text: place, code, message, the source line with carets, and the help.

estate.yaml:14:7: error[E204]: unknown purpose `marketting`
    purposes: [marketting]
               ^
  help: did you mean `marketing`?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import category, east_asian_width

from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.invisible_characters import shown_characters
from privacy_rules.source.span import Span

_WIDEST = 120
_BEFORE = 60
_COLOURS: dict[Level, Colour] = {Level.ERROR: "red", Level.WARNING: "yellow"}


def as_text(diagnostics: Iterable[Diagnostic], ink: Ink) -> str:
    """All diagnostics, one after the other; empty if there are none."""
    return "".join(f"{line}\n" for found in diagnostics for line in lines(found, ink))


def lines(found: Diagnostic, ink: Ink) -> Iterator[str]:
    """The lines of one diagnostic."""
    where = f"{ink(str(found.span), bold=True)}: " if found.span else ""
    head = ink(f"{found.level.value}[{found.code}]", _COLOURS[found.level], bold=True)
    yield f"{where}{head}: {ink(found.message)}"
    if found.span and found.excerpt is not None:
        yield from pointed(found.excerpt, found.span, ink)
    for other in found.also:
        yield f"  {ink('also:', 'blue')} {ink(str(other))}"
    if found.help:
        yield f"  {ink('help:', 'cyan')} {ink(found.help)}"


def pointed(excerpt: str, span: Span, ink: Ink) -> Iterator[str]:
    """The line, and carets below the span. Of a long line, only the part around the span is shown."""
    start = min(max(span.column - 1, 0), len(excerpt))
    length = span.end_column - span.column if span.end_line == span.line else len(excerpt) - start
    first = max(0, start - _BEFORE) if len(excerpt) > _WIDEST else 0
    shown = excerpt[first : first + _WIDEST]
    forms = [" " * 4 if each == TAB else form for each, form in zip(shown, shown_characters(shown), strict=True)]
    before, below = forms[: start - first], forms[start - first : start - first + max(length, 1)]
    left, right = ink.dots if first else "", ink.dots if first + len(shown) < len(excerpt) else ""
    gap = " " * (len(left) + sum(map(_width, before)))
    yield f"    {left}{ink(shown.replace(TAB, ' ' * 4))}{right}"
    carets = "^" * max(1, sum(map(_width, below if span.end_line else ())))
    yield f"    {gap}{ink(carets, 'red')}"


TAB = "\t"


def _width(form: str) -> int:
    """How many columns a character, or the escape for it, takes on a terminal."""
    if len(form) > 1:
        return len(form)
    if category(form) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(form) in "WF" else 1
