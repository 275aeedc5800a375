"""A file's text, and where in it each value stands: places are offsets, made lines and columns when asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Protocol

from privacy_rules.manifest.model import PathKey
from privacy_rules.source.span import Span

KeyedMarks = dict[str, tuple[int, int, int]]  # key → offsets of the key, of the value, and of the value's end
ListedMarks = list[tuple[int, int]]  # offsets of each item and of its end
Marks = KeyedMarks | ListedMarks
# An end of 0 is not known (maps, lists, aliases).

_LINE_END = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r""""[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\n]*+(?:''[^'\n]*+)*+'""")


class Places(Protocol):
    """Finds values in a text, by offset."""

    @property
    def root(self) -> int:
        """Where the outermost value starts."""
        ...

    def children(self, at: int) -> Marks | None:
        """The marks of the map or list that starts at `at`; None where a scalar does."""
        ...


@dataclass(frozen=True, slots=True)
class NoPlaces:
    """The places of a file that could not be read as a whole: its start."""

    root: int = 0

    def children(self, at: int) -> Marks | None:  # noqa: ARG002 - a text that holds nothing
        return None


class Document:
    """One manifest file: its name as shown, its text, and the place of everything in it."""

    __slots__ = ("_excerpts", "_lines", "name", "places", "text")

    def __init__(self, name: str, text: str, places: Places | None = None) -> None:
        self.name = name
        self.text = text
        self.places: Places = places or NoPlaces()
        self._lines: list[int] | None = None
        self._excerpts: dict[int, str] = {}

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """The place of the value (with `key`, of its key) at a path, else of the nearest enclosing value."""
        at, end = self.places.root, 0
        for depth, step in enumerate(path):
            marks = self.places.children(at)
            if isinstance(marks, dict) and step in marks:
                key_at, value_at, value_end = marks[step]
                if key and depth == len(path) - 1:
                    return self.span(key_at, self._key_end(key_at, str(step)))
                at, end = value_at, value_end
            elif isinstance(marks, list) and isinstance(step, int) and step < len(marks):
                at, end = marks[step]
            else:
                break
        return self.span(at, end)

    def span(self, start: int, end: int = 0) -> Span:
        """Offsets as lines and columns."""
        line, column = self._position(start)
        if end <= start:
            return Span(self.name, line, column)
        return Span(self.name, line, column, *self._position(end))

    def excerpt(self, span: Span) -> str:
        """The line that a span of this document begins on."""
        if span.line not in self._excerpts:
            starts = self._starts()
            start = starts[span.line - 1]
            end = starts[span.line] if span.line < len(starts) else len(self.text)
            self._excerpts[span.line] = self.text[start:end].rstrip("\r\n")
        return self._excerpts[span.line]

    def _key_end(self, at: int, key: str) -> int:
        if self.text.startswith(key, at):
            return at + len(key)
        found = _QUOTED.match(self.text, at)
        return found.end() if found else 0

    def _position(self, offset: int) -> tuple[int, int]:
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _starts(self) -> list[int]:
        if self._lines is None:
            self._lines = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        return self._lines
