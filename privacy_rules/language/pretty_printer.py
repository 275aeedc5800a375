"""Write a layout as lines, each filled up to the maximum width."""

from __future__ import annotations

from dataclasses import field

from privacy_rules.language.comments import Comment, Word
from privacy_rules.language.pretty_doc import (
    Bare,
    Document,
    Gap,
    Group,
    Hard,
    Line,
    Nest,
    Remarks,
    Seq,
    Stop,
    edges,
    width_of,
)
from privacy_rules.source.fast_dataclasses import dataclass

WIDTH = 120
FURTHEST = 60
"""The most that a line is indented, however deep it is nested."""


@dataclass(slots=True, eq=False)
class Row:
    """A line: `nested` is its indentation before the limit, `stops` are where its columns begin, `comment` comes after it.

    `code` is its text without the comment, and `width` the length of that. `several`: it has several terms.
    """

    nested: int
    blanks: int
    width: int
    parts: list[str]
    comment: str | None = None
    several: bool = False
    stops: list[tuple[str, int]] = field(default_factory=list)
    code: str = ""


def rows(document: Document) -> list[Row]:
    """Return the lines of a layout."""
    printer = _Printer()
    printer.run(document)
    for row in printer.rows:
        row.code = "".join(row.parts)
    return printer.rows


def fits_a_line(document: Document) -> bool:
    """Return whether a layout fits on a line of its own."""
    return _fits(document, WIDTH, [])


class _Printer:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._row: Row | None = None  # the current line; None if another is to begin
        self._gap = 0
        self._nested: int | None = None  # the indentation of the next line; None: that of its first word
        self._least = 0
        self._kept = True  # whether the author's blank lines before the next line are kept
        self._stack: list[tuple[int, bool, Document]] = []

    def run(self, document: Document) -> None:
        self._stack = [(0, False, document)]
        while self._stack:
            nested, flat, part = self._stack.pop()
            match part:
                case Word():
                    self._remarks(part.before, nested)
                    self._write(part, nested, part.blanks if self._kept else 0)
                case Bare(word):
                    self._write(word, nested, 0)
                case Remarks(word):
                    self._remarks(word.before, nested)
                case Gap(width):
                    self._gap = width
                case Stop(kind):
                    self._stop(kind, nested)
                case Seq():
                    self._stack += [(nested, flat, each) for each in reversed(part.parts)]
                case Nest(by, inner):
                    self._stack.append((nested + by, flat, inner))
                case Group(inner):
                    flat = flat or (not inner.hard and self._fits(inner, nested))
                    self._stack.append((nested, flat, inner))
                case Line():
                    self._line(part, nested, flat)
                case Hard(least):
                    self._break(nested)
                    self._kept, self._least = True, least

    def _fits(self, part: Seq, nested: int) -> bool:
        if self._row is None or part.lead:
            return _fits(part, WIDTH - min(self._further(nested), FURTHEST), self._stack)
        return _fits(part, WIDTH - self._row.width - self._gap, self._stack)

    def _further(self, nested: int) -> int:
        return nested if self._nested is None else self._nested

    def _line(self, line: Line, nested: int, flat: bool) -> None:
        if not (flat or (line.fill and self._goes_on(line))):
            self._break(nested)
            return
        self._gap = line.width
        if line.terms and self._row and nested == self._row.nested:
            self._row.several = True

    def _goes_on(self, line: Line) -> bool:
        """Whether the text that follows also fits on the line; after a broken block, it never does."""
        if self._row is None or (line.terms and self._row.parts[1] == "}"):
            return False
        return _fits(line, WIDTH - self._row.width, self._stack)

    def _break(self, nested: int) -> None:
        self._row = None
        self._nested = nested

    def _stop(self, kind: str, nested: int) -> None:
        if self._row and nested == self._row.nested:
            self._row.stops.append((kind, self._row.width))

    def _remarks(self, before: tuple[Comment, ...], nested: int) -> None:
        for comment in before:
            self._begin(self._further(nested), comment.blanks)
            self._append(comment.text)
            self._row = None
            self._kept = True

    def _write(self, word: Word, nested: int, blanks: int) -> None:
        if self._row is None:
            self._begin(self._further(nested), blanks)
        self._append(word.text)
        self._nested, self._kept = None, False
        if word.after is not None and self._row:
            self._row.comment = word.after
            self._row = None

    def _begin(self, nested: int, blanks: int) -> None:
        blanks = max(blanks, self._least) if self.rows else 0
        inset = min(nested, FURTHEST)
        self._row = Row(nested, blanks, inset, [" " * inset])
        self.rows.append(self._row)
        self._gap = self._least = 0

    def _append(self, text: str) -> None:
        assert self._row is not None
        self._row.parts += (" " * self._gap, text) if self._gap else (text,)
        self._row.width += self._gap + len(text)
        self._gap = 0


def _fits(part: Document, left: int, rest: list[tuple[int, bool, Document]]) -> bool:
    """Whether a part fits on one line together with what must follow it there: the rest up to a break."""
    left -= width_of(part)
    _, last, _ = edges(part)
    ended = last is not None and last.after is not None
    behind = len(rest)
    waiting: list[tuple[bool, Document]] = []
    while left >= 0 and not ended:
        if not waiting:
            if not behind:
                return True
            behind -= 1
            waiting.append(rest[behind][1:])
        flat, each = waiting.pop()
        flat = flat or (isinstance(each, Group) and not each.part.hard)
        first, last, _ = edges(each)
        if _breaks(each, flat) or (first and first.before and not isinstance(each, Bare)):
            return True
        if flat or not isinstance(each, Seq | Nest | Group):
            left -= width_of(each)
            ended = last is not None and last.after is not None
        else:
            waiting += [(flat, inner) for inner in reversed(each.parts if isinstance(each, Seq) else (each.part,))]
    return left >= 0


def _breaks(part: Document, flat: bool) -> bool:
    match part:
        case Line():
            return not flat
        case Remarks(word):
            return bool(word.before)
        case _:
            return isinstance(part, Hard)
