"""Convert places: the protocol counts lines from 0 and columns in UTF-16 code units; we count both from 1, in characters.

>>> lines = Lines('x "\\N{GRINNING FACE}" y')
>>> lines.position(1, 6)  # the character y
Position(line=0, character=6)
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol.types import Position, Range

from privacy_rules.source.span import Span

_MARK = "\ufeff"
_WORD = re.compile(r"[^\s,\[\]{}:#\"]+")


class Lines:
    """A text without a byte-order mark, line ends folded to `\\n`, with conversions between places and offsets."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
        self._lines = self.text.split("\n")
        self._starts = [0]
        for line in self._lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._shift = 1 if text.startswith(_MARK) else 0  # the mark is a column of the client's first line

    def position(self, line: int, column: int) -> Position:
        """Return our place as a protocol position; beyond a line or the text, its end."""
        index = min(max(line, 1), len(self._lines)) - 1
        before = self._lines[index][: max(column, 1) - 1] if line <= len(self._lines) else self._lines[index]
        return Position(index, units(before) + (self._shift if index == 0 else 0))

    def offset(self, position: Position) -> int:
        """Return the offset of a protocol position; the middle of a character is its start."""
        index = min(max(position.line, 0), len(self._lines) - 1)
        text = self._lines[index]
        if position.line > index:
            return len(self.text)
        left = max(position.character - (self._shift if index == 0 else 0), 0)
        column = 0
        for character in text:
            left -= 2 if ord(character) > 0xFFFF else 1
            if left < 0:
                break
            column += 1
        return self._starts[index] + column

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, as in spans."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def at(self, line: int, column: int) -> int:
        """Return the offset of a line and column, as in spans."""
        index = min(max(line, 1), len(self._lines)) - 1
        return min(self._starts[index] + column - 1, self._starts[index] + len(self._lines[index]))

    def range(self, span: Span) -> Range:
        """Return a span as a protocol range; if only its start is known, the range of the word there."""
        start = self.position(span.line, span.column)
        if span.end_line:
            return Range(start, self.position(span.end_line, span.end_column))
        index = min(max(span.line, 1), len(self._lines)) - 1
        word = _WORD.match(self._lines[index], span.column - 1)
        length = len(word[0]) if word else 1
        return Range(start, self.position(span.line, span.column + length))

    def between(self, start: int, end: int) -> Range:
        """Return the range between two offsets."""
        return Range(self.position(*self.place(start)), self.position(*self.place(end)))

    @property
    def whole(self) -> Range:
        """Return the range of the whole text."""
        last = self._lines[-1]
        shift = self._shift if len(self._lines) == 1 else 0
        return Range(Position(0, 0), Position(len(self._lines) - 1, units(last) + shift))


def units(text: str) -> int:
    """Return the number of UTF-16 code units of a text."""
    return len(text) + sum(character > "\uffff" for character in text)


def covers(span: Span, line: int, column: int) -> bool:
    """Return whether a place is in a span or directly after it."""
    return (span.line, span.column) <= (line, column) <= (span.end_line or span.line, span.end_column or span.column)
