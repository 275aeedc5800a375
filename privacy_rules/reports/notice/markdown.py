"""A notice in Markdown, in which no text of a policy can become markup."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.reports.markup.markdown import escaped
from privacy_rules.reports.markup.paragraphs import markdown
from privacy_rules.reports.notice.content import Notice, Writer, lines
from privacy_rules.reports.registry import View


def render(found: Notice, _: View) -> str:
    """The page."""
    return "\n".join(lines(found, _WRITER)).rstrip() + "\n"


def _heading(level: int, text: str) -> Iterator[str]:
    yield from (f"{'#' * level} {escaped(text)}", "")


def _quote(text: str) -> Iterator[str]:
    yield from (f"> {escaped(each)}".rstrip() for each in text.splitlines())


_WRITER = Writer(_heading, _quote, markdown, escaped, lambda label: f"**{label}**")
