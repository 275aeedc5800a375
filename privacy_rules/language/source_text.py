"""The text of a policy file, with offsets as places and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from privacy_rules.language.scanner import without_comments
from privacy_rules.source.invisible_characters import lone_returns
from privacy_rules.source.span import Span

_LONGEST = 200
_READ = 4000  # characters of a long condition that are looked at
_INSIDE_BRACKETS = re.compile(r"(?<=\() | (?=[),])")  # what a line break leaves beside a bracket or a comma


class SourceText:
    """The text of one file, line ends folded to `\\n`, without a byte-order mark; `file` as it is displayed.

    `first` is the number of the first line, for a part of a file.
    `returns` are the offsets of line ends that were a lone carriage return in a file whose other lines end differently.
    """

    def __init__(self, file: str, text: str, first: int = 1) -> None:
        self.file = file
        self.first = first
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.returns = tuple(lone_returns(text))
        self.text = text.replace("\r", "\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        found = self.text.find("\n")
        while found >= 0:
            starts.append(found + 1)
            found = self.text.find("\n", found + 1)
        return starts

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def span(self, start: int, end: int) -> Span:
        """Return the place of the characters from `start` up to `end`."""
        starts = self._starts
        line = bisect_right(starts, start)
        last = line if line == len(starts) or end < starts[line] else bisect_right(starts, end)
        column, end_column = start - starts[line - 1] + 1, end - starts[last - 1] + 1
        return Span(self.file, line + self.first - 1, column, last + self.first - 1, end_column)

    def between(self, span: Span) -> str:
        """Return the words at a place as written, white space folded, cut at 200 characters."""
        start = self._starts[span.line - self.first] + span.column - 1
        end = self._starts[span.end_line - self.first] + span.end_column - 1
        cut = min(end, start + _READ)
        words = _INSIDE_BRACKETS.sub("", " ".join(without_comments(self.text[start:cut]).split()))
        return words if len(words) <= _LONGEST and cut == end else words[: _LONGEST - 1] + "…"

    def excerpt(self, line: int) -> str:
        """Return the line with a number."""
        return self._lines[line - self.first]

    def begins_line(self, offset: int) -> bool:
        """Return whether only white space is before this offset on its line."""
        start = self._starts[bisect_right(self._starts, offset) - 1]
        return not self.text[start:offset].strip()
