"""A layout as data, after Wadler's "A prettier printer": what is written, where its lines may break, and how far in.

A `Group` stands on one line where it fits, and else breaks at each `Line` of its own; `Hard` always breaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from privacy_rules.language.comments import Word


@dataclass(frozen=True, slots=True)
class Gap:
    """Blanks between two words of a line."""

    width: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """Where a line may break; `width` blanks where it does not.

    `fill`: it breaks only where what follows, up to the next such place, does not fit. `terms`: between two terms.
    """

    width: int = 1
    fill: bool = False
    terms: bool = False


@dataclass(frozen=True, slots=True)
class Hard:
    """Where a line ends. The author's blank lines are kept here; there are `least` of them."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a column begins, with what stands alike in the lines above and below."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Remarks:
    """The comments before a closing bracket: they stand as far in as what it closes."""

    word: Word


@dataclass(frozen=True, slots=True, eq=False)
class Bare:
    """A closing bracket whose comments were written before."""

    word: Word


@dataclass(slots=True, eq=False)
class Seq:
    """Parts one behind the other; `name` is the production that made them.

    `hard`: a line ends somewhere in it, which a comment before its first word or behind its last does not make so.
    `width`: how wide it is on one line.
    """

    parts: tuple[Document, ...]
    width: int
    hard: bool
    first: Word | None
    last: Word | None
    name: str = ""

    @property
    def lead(self) -> bool:
        """Whether a comment stands before its first word."""
        return self.first is not None and bool(self.first.before)


@dataclass(frozen=True, slots=True, eq=False)
class Nest:
    """A part whose lines stand `by` blanks further in."""

    by: int
    part: Seq


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A part that stands on one line, or breaks at each of its own lines."""

    part: Seq


Document = Word | Gap | Line | Hard | Stop | Remarks | Bare | Seq | Nest | Group


def seq(*parts: Document) -> Seq:
    """The parts one behind the other."""
    width, hard, first, last = 0, False, None, None
    for part in parts:
        begins, ends, inside = edges(part)
        width += width_of(part)
        hard = hard or inside
        if begins is None or ends is None:
            continue
        if last is not None:
            hard = hard or last.after is not None or bool(begins.before and not isinstance(part, Bare))
        first = first or begins
        last = ends
    return Seq(parts, width, hard, first, last)


def width_of(part: Document) -> int:
    """How wide a part is on one line."""
    match part:
        case Word(text=text) | Bare(Word(text=text)):
            return len(text)
        case Gap(width) | Line(width) | Seq(width=width):
            return width
        case Nest(part=inner) | Group(inner):
            return inner.width
        case _:
            return 0


def edges(part: Document) -> tuple[Word | None, Word | None, bool]:
    """The first word of a part and its last, if it has any, and whether a line ends in it."""
    match part:
        case Word():
            return part, part, False
        case Bare(word):
            return word, word, False
        case Seq():
            return part.first, part.last, part.hard
        case Nest(part=inner) | Group(inner):
            return inner.first, inner.last, inner.hard
        case Remarks(word):
            return None, None, bool(word.before)
        case _:
            return None, None, isinstance(part, Hard)


def nest(by: int, *parts: Document) -> Nest:
    """The parts, `by` blanks further in."""
    return Nest(by, seq(*parts))


def group(*parts: Document) -> Seq:
    """The parts on one line, or broken at each of their lines."""
    return seq(Group(seq(*parts)))


def spaced(parts: Iterable[Document]) -> Seq:
    """The parts with a blank between each two."""
    found: list[Document] = []
    for part in parts:
        found += [Gap(), part] if found else [part]
    return seq(*found)
