"""Comments of a policy file, and those among them that allow a lint: `# allow LINT: reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from privacy_rules.language.scanner import comments_in
from privacy_rules.language.source_text import SourceText
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span

_ALLOW = re.compile(r"#\s*allow\s+([A-Za-z0-9_-]+(?:\s*,\s*[A-Za-z0-9_-]+)*)\s*(?:(:)\s*(.*))?\Z")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, from its `#`. `alone`: no code is before it on its line."""

    text: str
    start: int
    span: Span
    alone: bool


@dataclass(frozen=True, slots=True)
class Allow:
    """A lint that a comment allows on a line, with the reason; empty if none is given."""

    name: str
    reason: str
    file: str
    line: int
    span: Span


def comments(source: SourceText) -> Iterator[Comment]:
    """Yield the comments of a file in order. A `#` in a string begins none."""
    for start, text in comments_in(source.text):
        yield Comment(text.rstrip(), start, source.span(start, start + len(text)), source.begins_line(start))


def allows(source: SourceText, known: Mapping[str, str]) -> list[Allow]:
    """Return what the comments of a file allow: on their own line or, if they are alone on it, on the next line of code.

    `known` maps the names and codes of lints to their names. A comment counts if it has a colon, or names a known lint;
    other comments that begin with "allow" are prose.
    """
    found: list[Allow] = []
    next_lines = _next_lines_of_code(source.text)
    for comment in comments(source):
        said = _ALLOW.match(comment.text)
        if not said:
            continue
        names = [each.strip() for each in said[1].split(",")]
        if said[2] or all(name in known or "-" in name for name in names):
            line = next_lines[comment.span.line - 1] if comment.alone else comment.span.line
            reason = (said[3] or "").strip()
            found += [Allow(known.get(name, name), reason, source.file, line, comment.span) for name in names]
    return found


def is_allow(comment: str) -> bool:
    """Whether a comment has the form of one that allows a lint."""
    return _ALLOW.match(comment) is not None


def _next_lines_of_code(text: str) -> list[int]:
    """For each line, by index, the number of the next line of code below it; a line without one has its own number."""
    lines = text.split("\n")
    found = list(range(1, len(lines) + 1))
    below = 0
    for index in range(len(lines) - 1, -1, -1):
        found[index] = below or index + 1
        if lines[index].strip() and not lines[index].lstrip().startswith("#"):
            below = index + 1
    return found
