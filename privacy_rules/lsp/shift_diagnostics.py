"""Shift earlier diagnostics to their places in the edited text, until new ones are computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

import attrs
from lsprotocol.types import Diagnostic, Position, Range


def carried(diagnostics: Sequence[Diagnostic], before: str, after: str) -> list[Diagnostic]:
    """Return the diagnostics of a text for a later one. Those whose lines were split are left out."""
    if not diagnostics or before == after:
        return list(diagnostics)
    old, new = _lines(before), _lines(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    same_lines = len(old) == len(new)  # edited within lines: places are about the same
    return list(_carried(diagnostics, head, len(old) - tail, len(new) - len(old), same_lines=same_lines))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of equal lines from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _carried(
    diagnostics: Iterable[Diagnostic], head: int, tail: int, by: int, *, same_lines: bool
) -> Iterator[Diagnostic]:
    for each in diagnostics:
        place = each.range
        if same_lines or place.end.line < head:
            yield each
        elif place.start.line >= tail:
            yield attrs.evolve(each, range=Range(_further(place.start, by), _further(place.end, by)))


def _further(place: Position, by: int) -> Position:
    return Position(place.line + by, place.character)
