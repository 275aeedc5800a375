"""Edits that fix a policy's text. They neither lose a comment nor leave one above code that it is not about."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from functools import lru_cache

from privacy_rules.language.source_text import SourceText
from privacy_rules.lint.framework.allow_comments import is_allow
from privacy_rules.lint.framework.lint import Edit
from privacy_rules.source.span import Span


def offsets(source: SourceText, span: Span) -> tuple[int, int]:
    """Return the offsets at which a span begins and ends in its file's text."""
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
    """Remove an item from a list, and the brackets if one item is left.

    There are no edits if a comment is inside the span, or about the item.
    """
    if _is_remarked(source, items[number]):
        return ()
    brackets = _brackets(source, items)
    if brackets and len(items) == _ITEM_AND_ANOTHER:
        return _alone(source, brackets, items[1 - number])
    start, end = offsets(source, items[number])
    if number + 1 < len(items):
        end = offsets(source, items[number + 1])[0]
    elif number:
        start = offsets(source, items[number - 1])[1]
    cut = _cut(source, start, end)
    if cut and brackets and len(items) == _ITEM_AND_ANOTHER + 1:
        # If two of three items go, they go one after the other: the second takes the brackets along.
        return (Edit(source.file, brackets[0], brackets[0] + 1, "("), *cut)
    return cut


_ITEM_AND_ANOTHER = 2


def _brackets(source: SourceText, items: Sequence[Span]) -> tuple[int, int] | None:
    """The offsets of a list's brackets; None if it has none, or a comment is beside them."""
    return _around(source.text, offsets(source, items[0])[0], offsets(source, items[-1])[1])


@lru_cache(maxsize=16)
def _around(text: str, start: int, end: int) -> tuple[int, int] | None:
    opens = len(text[:start].rstrip()) - 1
    closes = len(text) - len(text[end:].lstrip())
    there = opens >= 0 and text[opens] == "(" and text[closes : closes + 1] == ")"
    return (opens, closes) if there else None


def _alone(source: SourceText, brackets: tuple[int, int], item: Span) -> tuple[Edit, ...]:
    """Remove the brackets around an item, and everything else in them; a blank stays between two words."""
    text, (opens, closes), (start, end) = source.text, brackets, offsets(source, item)
    if "#" in text[opens:start] or "#" in text[end:closes]:
        return ()
    before = " " if opens and not text[opens - 1].isspace() and text[opens - 1] != "(" else ""
    behind = " " if text[closes + 1 : closes + 2].isalnum() else ""
    return (Edit(source.file, opens, start, before), Edit(source.file, end, closes + 1, behind))


def without_lines(source: SourceText, span: Span) -> tuple[Edit, ...]:
    """Remove a span, and its line ends if nothing else is on its lines.

    There are no edits if a comment is on these lines, or about the span.
    """
    if _is_remarked(source, span):
        return ()
    start, end = offsets(source, span)
    text = source.text
    line, behind = _line(text, start, end)
    if not text[line:start].strip() and not text[end:behind].strip():
        start, end = line, min(behind + 1, len(text))
    return _cut(source, start, end)


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets at which the lines of a place begin and end, without the last line end."""
    behind = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if behind < 0 else behind


def _is_remarked(source: SourceText, span: Span) -> bool:
    """Whether a span that begins its line has comments: after it, right above it, or an `# allow` further up.

    Without the span, they would seem to be about what follows, and an `# allow` would suppress a lint there.
    """
    start, end = offsets(source, span)
    line, behind = _line(source.text, start, end)
    if source.text[line:start].strip():
        return False
    if source.text[end:behind].lstrip(" \t,").startswith("#"):
        return True
    apart = False
    while line:
        below, line = line - 1, source.text.rfind("\n", 0, line - 1) + 1
        said = source.text[line:below].strip()
        if said and not said.startswith("#"):
            return False
        if said and (not apart or is_allow(said)):
            return True
        apart = apart or not said
    return False


def replaced(source: SourceText, span: Span, by: Span) -> tuple[Edit, ...]:
    """Replace a span by words inside it. There are no edits if a comment would be lost."""
    (start, end), (first, last) = offsets(source, span), offsets(source, by)
    if "#" in source.text[start:first] or "#" in source.text[last:end]:
        return ()
    return (Edit(source.file, start, end, source.text[first:last]),)


def _cut(source: SourceText, start: int, end: int) -> tuple[Edit, ...]:
    return () if "#" in source.text[start:end] else (Edit(source.file, start, end),)


def applied(text: str, edits: Iterable[Sequence[Edit]]) -> tuple[str, int]:
    """Make the edits of each finding in a text; return it with the number of findings whose edits were made.

    The edits of a finding are left out if one of them touches an edit of an earlier finding.
    """
    taken: list[tuple[int, int, str]] = []  # in order of place; none touches another finding's
    count = 0
    for group in edits:
        if group and not any(_touches(edit, taken) for edit in group):
            for edit in group:
                insort(taken, (edit.start, edit.end, edit.text))
            count += 1
    pieces, at = [], 0
    for start, end, new in taken:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]]), count


def _touches(edit: Edit, taken: Sequence[tuple[int, int, str]]) -> bool:
    """Whether an edit overlaps, or is right beside, one of those that are taken."""
    after = bisect_left(taken, (edit.end + 1, 0, ""))
    return after > 0 and taken[after - 1][1] >= edit.start
