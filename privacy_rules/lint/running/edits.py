"""Edits that mend a policy's text: made of places, applied together, with no comment lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from privacy_rules.language.text import SourceText
from privacy_rules.lint.running.lint import Edit
from privacy_rules.source.span import Span


def offsets(source: SourceText, span: Span) -> tuple[int, int]:
    """Where a place begins and ends in its file's text."""
    starts = _starts(source.text)
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


@lru_cache(maxsize=16)
def _starts(text: str) -> tuple[int, ...]:
    """The offset at which each line begins."""
    found = [0]
    for line in text.split("\n"):
        found.append(found[-1] + len(line) + 1)
    return tuple(found)


def without_item(source: SourceText, items: Sequence[Span], number: int) -> tuple[Edit, ...]:
    """Takes one item out of a list of several; nothing where a comment stands in between."""
    start, end = offsets(source, items[number])
    if number + 1 < len(items):
        end = offsets(source, items[number + 1])[0]
    elif number:
        start = offsets(source, items[number - 1])[1]
    return _cut(source, start, end)


def without_lines(source: SourceText, span: Span) -> tuple[Edit, ...]:
    """Takes a place out, with its line's end where nothing else stands on its lines; nothing where a comment does."""
    start, end = offsets(source, span)
    text = source.text
    line, behind = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    behind = len(text) if behind < 0 else behind
    if not text[line:start].strip() and not text[end:behind].strip():
        start, end = line, min(behind + 1, len(text))
    return _cut(source, start, end)


def replaced(source: SourceText, span: Span, by: Span) -> tuple[Edit, ...]:
    """Puts words that stand inside a place in the place's stead; nothing where a comment would be lost."""
    (start, end), (first, last) = offsets(source, span), offsets(source, by)
    if "#" in source.text[start:first] or "#" in source.text[last:end]:
        return ()
    return (Edit(source.file, start, end, source.text[first:last]),)


def _cut(source: SourceText, start: int, end: int) -> tuple[Edit, ...]:
    return () if "#" in source.text[start:end] else (Edit(source.file, start, end),)


def applied(text: str, edits: Iterable[Sequence[Edit]]) -> tuple[str, int]:
    """A text with the edits of each mistake, and of how many: those of one that touch another's are left out."""
    taken: list[Edit] = []
    count = 0
    for group in edits:
        if group and not any(_touch(one, other) for one in group for other in taken):
            taken += group
            count += 1
    for edit in sorted(taken, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text, count


def _touch(one: Edit, other: Edit) -> bool:
    return one.file == other.file and one.start <= other.end and other.start <= one.end
