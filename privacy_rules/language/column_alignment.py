"""Align parts of consecutive lines in columns: clauses, the descriptions of terms, and trailing comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from privacy_rules.language.pretty_printer import WIDTH, Row

_BEFORE_COMMENT = 2
_LONGEST_CELL = 40
"""Longer cells do not move a column."""
_COLUMNS = {"clause": ("clause",), "term": ("term", "block")}
"""Kinds of lines with columns, each with the kinds that share them: blocks on one line align with described terms."""
_BOUNDED = ("term",)
"""Kinds whose line is left out if its column would push it beyond the width."""


def aligned(rows: list[Row]) -> str:
    """Return the text of the lines with their columns aligned."""
    for block in _blocks(rows):
        _align_stops(block)
    written: list[str] = []
    for block in _blocks(rows):
        for _, run in groupby(block, key=lambda row: row.comment is not None):
            written += _with_comments(list(run))
    return "".join(f"{line}\n" for line in written)


def _blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Runs of equally indented lines without blank lines between them."""
    block: list[Row] = []
    for row in rows:
        if block and (row.blanks or row.nested != block[-1].nested):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


# ---- columns


def _align_stops(block: list[Row]) -> None:
    taking_part = [row for row in block if row.stops and not row.several and not row.code.endswith("{")]
    found = {row.stops[0][0] for row in taking_part}
    for kind in _COLUMNS.keys() & found:
        alike = [row for row in taking_part if row.stops[0][0] in _COLUMNS[kind]]
        alike = [row for row in alike if _longest_cell(row) <= _LONGEST_CELL]
        for number in range(max((len(row.stops) for row in alike), default=0)):
            _align(alike, number, bounded=kind in _BOUNDED)


def _longest_cell(row: Row) -> int:
    begins, longest = 0, 0
    for _, at in row.stops:
        longest = max(longest, at - begins)
        begins = at
    return longest


def _align(alike: list[Row], number: int, *, bounded: bool) -> None:
    """Move a column to where it is in the longest line."""
    column = max(row.stops[number][1] for row in alike)
    while bounded and any(_is_pushed(row, column - row.stops[number][1]) for row in alike):
        alike = [row for row in alike if not _is_pushed(row, column - row.stops[number][1])]
        column = max((row.stops[number][1] for row in alike), default=0)
    for row in alike:
        _, at = row.stops[number]
        more = column - at
        row.code = row.code[:at] + " " * more + row.code[at:]
        row.stops = [(kind, place + more if place >= at else place) for kind, place in row.stops]


def _is_pushed(row: Row, more: int) -> bool:
    return len(row.code) <= WIDTH < len(row.code) + more


# ---- comments


def _with_comments(run: list[Row]) -> Iterator[str]:
    column = max(len(row.code) for row in run) + _BEFORE_COMMENT
    together = all(column + len(row.comment or "") <= WIDTH for row in run)
    for row in run:
        yield from [""] * row.blanks
        if row.comment is None:
            yield row.code
        else:
            yield row.code.ljust(column if together else len(row.code) + _BEFORE_COMMENT) + row.comment
