"""A layout as data, after Wadler's "A prettier printer": words, places where lines may break, and indentation.

A `Group` is on one line if it fits, else it breaks at each of its own `Line`s; `Hard` always breaks.
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.comments import Word
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """Blanks between two words of a line."""

    width: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A place where a line may break; `width` blanks if it does not.

    `fill`: it breaks only if what follows, up to the next such place, does not fit. `terms`: it is between two terms.
    """

    width: int = 1
    fill: bool = False
    terms: bool = False


@dataclass(frozen=True, slots=True)
class Hard:
    """The end of a line. The author's blank lines are kept here, and there are at least `least`."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """The start of a column, which aligns with those of the same kind in the lines above and below."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Remarks:
    """The comments before a closing bracket, which are indented like what it closes."""

    word: Word


@dataclass(frozen=True, slots=True, eq=False)
class Bare:
    """A closing bracket whose comments are already written."""

    word: Word


@dataclass(slots=True, eq=False)
class Seq:
    """Parts one after the other; `name` is the production that made them.

    `hard`: a line must end within it, not counting comments before its first word or after its last. `width`: its width
    on one line.
    """

    parts: tuple[Document, ...]
    width: int
    hard: bool
    first: Word | None
    last: Word | None
    name: str = ""

    @property
    def lead(self) -> bool:
        """Whether there is a comment before its first word."""
        return self.first is not None and bool(self.first.before)


@dataclass(frozen=True, slots=True, eq=False)
class Nest:
    """A part whose lines are indented by `by` more blanks."""

    by: int
    part: Seq


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A part that is on one line, or breaks at each of its own `Line`s."""

    part: Seq


Document = Word | Gap | Line | Hard | Stop | Remarks | Bare | Seq | Nest | Group


def seq(*parts: Document) -> Seq:
    """Return the parts one after the other."""
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
    """Return how wide a part is on one line."""
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
    """Return the first and last word of a part, if it has any, and whether a line must end in it."""
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
    """Return the parts, indented by `by` more blanks."""
    return Nest(by, seq(*parts))


def group(*parts: Document) -> Seq:
    """Return the parts on one line or, if they do not fit, broken at each of their `Line`s."""
    return seq(Group(seq(*parts)))


def spaced(parts: Iterable[Document]) -> Seq:
    """Return the parts with blanks between them."""
    found: list[Document] = []
    for part in parts:
        found += [Gap(), part] if found else [part]
    return seq(*found)
