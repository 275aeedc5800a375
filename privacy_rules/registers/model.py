"""A register as data: tables whose cells hold values, each with the place that it comes from.

Each kind of register fills this model, and each format writes it, so that no pair of the two needs code of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.values import Value, show

Mark = Literal["", "missing", "bad", "open", "good"]
"""How an entry is set off: what is not declared, a violation or what has expired, what cannot be decided, what is in order."""
Form = Literal["list", "text", "number", "date"]
Layout = Literal["rows", "cards", "matrix"]
NOT_DECLARED = "not declared"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value in a cell. `place` is where it is declared, `anchor` the name of a clause in that file.

    `id` is that of the entity whose name the value is; empty if the value is the id itself, or names no entity.
    """

    value: str | int | date
    place: Span | None = None
    mark: Mark = ""
    anchor: str = ""
    id: str = ""

    @property
    def words(self) -> str:
        """The value as text."""
        return f"{self.value:,}" if isinstance(self.value, int) else str(self.value)


Cell = tuple[Entry, ...]
"""What a cell holds, in order. An empty cell says that there is nothing, and not that nothing is declared."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `key` names it for programs."""

    key: str
    title: str
    form: Form = "list"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a cell for each column. `place` is the line of the manifest that it is about."""

    cells: tuple[Cell, ...]
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `name` is unique in its register; `empty` says what it means that there are no rows.

    Rows of the layout `cards` have many columns, so that a page shows each row by itself. In a `matrix` most cells are empty.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    layout: Layout = "rows"
    empty: str = "nothing"


@dataclass(frozen=True, slots=True)
class Register:
    """A whole register. `facts` are what it says of itself: names with values, such as the controller and the day."""

    kind: str
    title: str
    facts: tuple[tuple[str, Cell], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


MISSING: Cell = (Entry(NOT_DECLARED, mark="missing"),)


def missing(place: Span | None = None, of: str = "") -> Entry:
    """An entry for what is not declared; `of` says of what, if the row is about several things."""
    return Entry(f"{NOT_DECLARED}: {of}" if of else NOT_DECLARED, place, "missing")


def possibly(entry: Entry) -> Entry:
    """The entry as one that is not certain, because of something that is not declared."""
    return Entry(f"possibly {entry.value}", entry.place, "open", id=entry.id)


def entries(values: Iterable[str], place: Span | None = None) -> Cell:
    """Values that are declared in one place."""
    return tuple(Entry(each, place) for each in values)


def declared(value: Value | None, place: Span | None = None) -> Cell:
    """The value of an attribute; marked if it is not declared."""
    if value is None:
        return (missing(place),)
    if isinstance(value, tuple):
        return entries(map(show, value), place)
    return (Entry(value if isinstance(value, date) else show(value), place),)


def once(found: Iterable[Entry]) -> Cell:
    """The entries in order, each value once."""
    kept: dict[tuple[object, Mark], Entry] = {}
    for each in found:
        kept.setdefault((each.value, each.mark), each)
    return tuple(kept.values())


def row(columns: Sequence[Column], place: Span | None, **cells: Cell) -> Row:
    """A row of cells by the keys of their columns; a column without a cell is empty."""
    unknown = cells.keys() - {each.key for each in columns}
    assert not unknown, unknown
    return Row(tuple(cells.get(each.key, ()) for each in columns), place)
