"""Tables of a database as tables of a manifest: the columns that they have, wrong values in them, and loaded rows with their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import quoted
from privacy_rules.manifest.tables import shapes
from privacy_rules.manifest.tables.arrow_tables import rows_of, shape_of
from privacy_rules.manifest.tables.declarations import parsed
from privacy_rules.manifest.tables.table import Table, TableDocument
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.attributes import Entity, Form
from privacy_rules.warehouse import sql
from privacy_rules.warehouse.database import FILE, ROW, Database

_MOST = 100
"""At most this many rows are named for one kind of error."""
_NO_LIMIT = 2**50
_CONTROL = "[\\x00-\\x1F\\x7F-\\x9F]"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: the type of each, and the fields of `covers`, if it has that."""

    types: dict[str, str]
    covered: tuple[str, ...] = ()

    @property
    def usable(self) -> tuple[str, ...]:
        """The columns that a plan can use, with those of `covers` by their full names."""
        plain = (
            each for each, shape in self.types.items() if shape not in (shapes.NOTHING, shapes.STRUCTS, shapes.STRUCT)
        )
        return (*plain, *(f"covers.{each}" for each in self.covered if each != shapes.NOT_KNOWN))


class PlacedRows(TableDocument):
    """Rows that each have the place of another row."""

    __slots__ = ("_at", "rows_at")

    def __init__(self, name: str, rows: Sequence[dict[str, Any]], places: Sequence[tuple[str, int]]) -> None:
        super().__init__(name, rows)
        self.rows_at = places
        self._at = {each: index for index, each in enumerate(places)}

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """See Document."""
        span = super().place(path, key)
        index = span.line - 1 if span else 0
        return Span(*self.rows_at[index], 1) if index < len(self.rows_at) else Span(self.name, 1, 1)

    def excerpt(self, span: Span) -> str:
        """See Document."""
        index = self._at.get((span.file, span.line))
        return "" if index is None else super().excerpt(Span(self.name, index + 1, 1))


def columns_of(database: Database, table: str) -> Columns:
    """The columns of a table."""
    schema = database.arrow(f"SELECT * EXCLUDE ({FILE}, {ROW}) FROM {sql.name(table)} LIMIT 0").schema
    covers = next((each.type for each in schema if each.name == shapes.COVERS), None)
    fields = [covers.field(each).name for each in range(covers.num_fields)] if covers is not None else []
    return Columns({each.name: shape_of(each.type) for each in schema}, tuple(fields))


def item_fields(database: Database, table: str, column: str) -> list[str]:
    """The fields of the items of a column, if these are structs; else none."""
    schema = database.arrow(f"SELECT * FROM {sql.name(table)} LIMIT 0").schema
    kind = next((each.type for each in schema if each.name == column and shape_of(each.type) == shapes.STRUCTS), None)
    return [] if kind is None else [kind.value_type.field(each).name for each in range(kind.value_type.num_fields)]


def wrong_columns(table: str, columns: Columns, file: str, lexicon: Lexicon) -> list[Diagnostic]:
    """The errors in the names and types of a table's columns."""
    return parsed(Table(table, TableDocument(file), [], columns.types), lexicon, Suggestions())[1].found


def table_of_rows(database: Database, table: str, query: str) -> Table:
    """The rows of a query, as a table of a manifest. The query has the columns `file_` and `row_`."""
    found = database.arrow(query)
    rows = rows_of(found.schema, found.to_batches(), _NO_LIMIT)
    places = [(str(row.pop(FILE)), int(row.pop(ROW).text)) for row in rows]
    return Table(table, PlacedRows(table, rows, places), rows, {})


def wrong_values(database: Database, columns: Columns, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """The errors in the values of flows: each different value is read once, as a manifest reads it."""
    known = lexicon.known[Entity.FLOW]
    rows, places = list[dict[str, Any]](), list[tuple[str, int]]()
    for name, shape in columns.types.items():
        is_text = name in known and known[name].type.form in (Form.TEXT, Form.REFERENCE)
        if name == shapes.ID or is_text or shape == shapes.NOTHING:
            continue
        column = sql.name(name)
        query = f"SELECT {column}, ARG_MIN({FILE}, {ROW}) AS {FILE}, MIN({ROW}) AS {ROW} FROM flows WHERE {column} IS NOT NULL GROUP BY {column}"
        found = table_of_rows(database, "flows", query)
        assert isinstance(found.document, PlacedRows)
        rows += [{"id": "it", "from": "it", "to": "it", **each} for each in found.rows]
        places += found.document.rows_at
    if shapes.NOT_KNOWN in columns.types:
        for name in columns.types.keys() - {shapes.NOT_KNOWN}:
            both = f"{sql.name(name)} IS NOT NULL AND LIST_CONTAINS({shapes.NOT_KNOWN}, {sql.text(name)})"
            yield from _each(
                database, both, codes.CONTRADICTION, f"{quoted(name)} has a value, and `{shapes.NOT_KNOWN}` lists it"
            )
    yield from parsed(Table("flows", PlacedRows("flows", rows, places), rows, {}), lexicon, Suggestions())[1].found
    yield from _wrong_ends(database)


def _wrong_ends(database: Database) -> Iterator[Diagnostic]:
    """The errors in the ids and the ends of flows."""
    for name in ("id", "from", "to"):
        column = sql.name(name)
        yield from _each(database, f"{column} IS NULL", codes.MISSING_KEY, f"a flow has no `{name}`")
        control = f"REGEXP_MATCHES({column}, {sql.text(_CONTROL)})"
        yield from _each(database, control, codes.UNFIT_VALUE, "an id cannot hold control characters")
    twice = "id IN (SELECT id FROM flows GROUP BY id HAVING COUNT(*) > 1)"
    yield from _each(database, twice, codes.DUPLICATE_ID, "a flow with this id is declared twice")
    for name in ("from", "to"):
        column = sql.name(name)
        query = f"SELECT f.{FILE}, f.{ROW}, f.{column} FROM flows f LEFT JOIN systems s ON s.id = f.{column} WHERE s.id IS NULL AND f.{column} IS NOT NULL ORDER BY 1, 2 LIMIT {_MOST}"
        for file, row, named in database.rows(query):
            yield Diagnostic(
                codes.DANGLING_REFERENCE, f"no system {quoted(named)} is declared", Span(file, row, 1), excerpt=""
            )


def _each(database: Database, where: str, code: str, message: str) -> Iterator[Diagnostic]:
    query = f"SELECT {FILE}, {ROW} FROM flows WHERE {where} ORDER BY 1, 2 LIMIT {_MOST}"
    for file, row in database.rows(query):
        yield Diagnostic(code, message, Span(file, row, 1), excerpt="")
