"""A file's text, with the places of the values in it: offsets, which become lines and columns when asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Protocol

from privacy_rules.manifest.model import PathKey
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span

KeyedMarks = dict[str, tuple[int, int, int, int]]  # key → start and end of the key, start and end of the value
ListedMarks = list[tuple[int, int]]  # start and end of each item
Marks = KeyedMarks | ListedMarks
# Offsets. The end of a map or list is 0: it is found when it is asked for.

_LINE_END = re.compile(r"\r\n|\n|\r")


class Places(Protocol):
    """The places of the values in a text, as offsets."""

    @property
    def root(self) -> int:
        """The start of the outermost value."""
        ...

    def children(self, at: int) -> Marks | None:
        """The marks of the map or list that starts at `at`; None for a scalar."""
        ...


@dataclass(frozen=True, slots=True)
class NoPlaces:
    """The places of a file that could not be read: only its start."""

    root: int = 0

    def children(self, at: int) -> Marks | None:  # noqa: ARG002
        return None


class Document:
    """One manifest file: its name as shown, its text and its places."""

    __slots__ = ("_excerpts", "_lines", "name", "places", "text")

    def __init__(self, name: str, text: str, places: Places | None = None) -> None:
        self.name = name
        self.text = text
        self.places: Places = places or NoPlaces()
        self._lines: list[int] | None = None
        self._excerpts: dict[int, str] = {}

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """The place of the value (with `key`, of its key) at a path, or of the nearest enclosing value."""
        at, end = self.places.root, 0
        for depth, step in enumerate(path):
            marks = self.places.children(at)
            if isinstance(marks, dict) and step in marks:
                key_at, key_end, at, end = marks[step]
                if key and depth == len(path) - 1:
                    return self.span(key_at, key_end)
            elif isinstance(marks, list) and isinstance(step, int) and step < len(marks):
                at, end = marks[step]
            else:
                break
        return self.span(at, end)

    def span(self, start: int, end: int = 0) -> Span:
        """The lines and columns of two offsets."""
        line, column = self._position(start)
        if end <= start:
            return Span(self.name, line, column)
        return Span(self.name, line, column, *self._position(end))

    def excerpt(self, span: Span) -> str:
        """The text of the line on which a span of this document begins."""
        if span.line not in self._excerpts:
            starts = self._starts()
            start = starts[span.line - 1]
            end = starts[span.line] if span.line < len(starts) else len(self.text)
            self._excerpts[span.line] = self.text[start:end].rstrip("\r\n")
        return self._excerpts[span.line]

    def _position(self, offset: int) -> tuple[int, int]:
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _starts(self) -> list[int]:
        if self._lines is None:
            self._lines = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        return self._lines
