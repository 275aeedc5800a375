"""What formats of registers share: rows with their lines, and cells as text."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.registers.model import Cell, Column, Entry, Register, Row, Table
from privacy_rules.source.span import Span

LINE = Column("line", "Line", "text")
"""The last column of each table in which a row has a place."""
NONE = "none"
"""What an empty cell says: it is declared that there is nothing."""


def columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table, and one for the lines of its rows if they have some."""
    return (*table.columns, LINE) if any(each.place for each in table.rows) else table.columns


def cells(table: Table) -> Iterator[tuple[Row, tuple[Cell, ...]]]:
    """Yield each row with its cells, its line included."""
    lined = len(columns(table)) > len(table.columns)
    for each in table.rows:
        yield each, (*each.cells, line(each.place)) if lined else each.cells


def line(place: Span | None) -> Cell:
    """A place as a cell: file and line."""
    return () if place is None else (Entry(f"{place.file}:{place.line}", place),)


def words(cell: Cell, separator: str = "; ") -> str:
    """A cell as text."""
    return separator.join(each.words for each in cell)


def about(register: Register) -> list[tuple[str, Cell]]:
    """The facts of a register that have a value."""
    return [(name, cell) for name, cell in register.facts if cell]
