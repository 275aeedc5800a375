"""A notice as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.reports.markup.paragraphs import plain
from privacy_rules.reports.notice.content import Notice, Writer, lines
from privacy_rules.reports.registry import View
from privacy_rules.source.invisible_characters import visible

_UNDERLINES = {1: "=", 2: "-"}


def render(found: Notice, _: View) -> str:
    """The text."""
    return "\n".join(lines(found, _WRITER)).rstrip() + "\n"


def _heading(level: int, text: str) -> Iterator[str]:
    shown = visible(text)
    yield shown
    if level in _UNDERLINES:
        yield _UNDERLINES[level] * len(shown)
    yield ""


def _quote(text: str) -> Iterator[str]:
    yield from (f"    {visible(each)}".rstrip() for each in text.splitlines())


_WRITER = Writer(_heading, _quote, plain, visible, str)
