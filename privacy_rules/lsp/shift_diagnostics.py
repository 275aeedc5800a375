"""What was told of a text, carried to where it stands in the text as it is typed on, until it is looked for again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

import attrs
from lsprotocol.types import Diagnostic, Position, Range


def carried(told: Sequence[Diagnostic], before: str, after: str) -> list[Diagnostic]:
    """The diagnostics of a text in a later one. One whose lines were taken apart is left out: nobody knows where it went."""
    if not told or before == after:
        return list(told)
    old, new = _lines(before), _lines(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    same_lines = len(old) == len(new)  # typed within lines: what stands there is about where it was
    return list(_carried(told, head, len(old) - tail, len(new) - len(old), same_lines=same_lines))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same, from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _carried(told: Iterable[Diagnostic], head: int, tail: int, by: int, *, same_lines: bool) -> Iterator[Diagnostic]:
    for each in told:
        place = each.range
        if same_lines or place.end.line < head:
            yield each
        elif place.start.line >= tail:
            yield attrs.evolve(each, range=Range(_further(place.start, by), _further(place.end, by)))


def _further(place: Position, by: int) -> Position:
    return Position(place.line + by, place.character)
