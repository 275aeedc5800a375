"""Comments of a policy file, and those among them that allow a lint: `# allow LINT: reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from privacy_rules.language.scanner import comments_in
from privacy_rules.language.source_text import SourceText
from privacy_rules.source.span import Span

_ALLOW = re.compile(r"#\s*allow\s+([A-Za-z0-9_-]+(?:\s*,\s*[A-Za-z0-9_-]+)*)\s*(?:(:)\s*(.*))?\Z")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its `#`; `alone`: no code stands before it on its line."""

    text: str
    start: int
    span: Span
    alone: bool


@dataclass(frozen=True, slots=True)
class Allow:
    """A lint that a comment allows on a line, with the reason; the reason is empty where none is given."""

    name: str
    reason: str
    file: str
    line: int
    span: Span


def comments(source: SourceText) -> Iterator[Comment]:
    """The comments of a file, in order; none of those that stand in strings."""
    for start, text in comments_in(source.text):
        yield Comment(text.rstrip(), start, source.span(start, start + len(text)), source.begins_line(start))


def allows(source: SourceText, known: Mapping[str, str]) -> list[Allow]:
    """What the comments of a file allow: on their own line, or one alone on its line on the next line of code.

    `known` has the name of each lint by whatever it may be called.
    Words that only begin like it are prose: an `allow` has a colon, or names a lint that there is.
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
    """Whether a comment may be one that allows a lint, whatever lints there are."""
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
