"""Turn the rows of a table into the declarations of a manifest, with the attributes and terms of a policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from privacy_rules.manifest.declaration_reader import Declarations, read_declarations
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, UnreadableError, is_text, quoted
from privacy_rules.manifest.tables import shapes
from privacy_rules.manifest.tables.shapes import ID, NOT_KNOWN, columns_of
from privacy_rules.manifest.tables.table import Table
from privacy_rules.manifest.tables.table_files import TABLES
from privacy_rules.source import codes
from privacy_rules.source.spelling import Suggestions


def parsed(table: Table, lexicon: Lexicon, suggestions: Suggestions) -> tuple[Declarations, DiagnosticSink]:
    """The declarations of a table, and its diagnostics."""
    sink = DiagnosticSink(table.document, suggestions)
    declarations = Declarations(table.document, {})
    with sink.bounded():
        rows = _Rows(table, lexicon, sink)
        if rows.has_fitting_columns():
            data: dict[str, Node] = {table.name: rows.listed() if table.name == "flows" else rows.by_id()}
            declarations = read_declarations(data, lexicon, sink, shared=table.types is not None)
    return declarations, sink


class _Rows:
    def __init__(self, table: Table, lexicon: Lexicon, sink: DiagnosticSink) -> None:
        self.table, self.sink = table, sink
        self.entity = TABLES[table.name]
        self.columns = columns_of(self.entity, lexicon)
        self.marks_unknown = NOT_KNOWN not in lexicon.known[self.entity]

    def has_fitting_columns(self) -> bool:
        """Whether all columns are known and have fitting types; reports those that do not."""
        if self.table.types is None:
            return True
        for name, shape in self.table.types.items():
            wanted = self.columns.get(name)
            if wanted is None:
                self._unknown(name, ())
            elif shape not in (*wanted, shapes.NOTHING) and not (shapes.TEXTS in wanted and shape == shapes.NOTHING):
                message = f"the column {quoted(name)} holds {shape}; it must hold {' or '.join(wanted)}"
                self.sink.add(codes.UNFIT_VALUE, message, ())
        return not self.sink.found

    def _unknown(self, name: str, path: PathKey) -> None:
        known: Collection[str] = tuple(self.columns)
        help_ = self.sink.suggestions.near(name, known, ",".join(known))
        help_ = help_ or "the columns are " + ", ".join(f"`{each}`" for each in known)
        self.sink.add(codes.UNKNOWN_KEY, f"unknown column {quoted(name)}", path, help=help_)

    def listed(self) -> list[dict[str, Node]]:
        """The rows of flows."""
        return [self._row(row, index) for index, row in enumerate(self.table.rows)]

    def by_id(self) -> dict[str, dict[str, Node]]:
        """The rows of other entities by id. Reports rows without an id, and ids that occur twice."""
        found: dict[str, dict[str, Node]] = {}
        numbers = self.table.document.numbers
        kind = self.entity.value
        for index, row in enumerate(self.table.rows):
            body, path = self._row(row, index), (self.table.name, index)
            name = body.pop(ID, None)
            if name is None:
                self.sink.add(codes.MISSING_KEY, f"a {kind} has no `{ID}`", path, help="give each row an id")
            elif not is_text(name):
                self.sink.misfit("an id", name, (*path, ID))
            elif name in found:
                also = (place,) if (place := self.table.document.place((self.table.name, str(name)))) else ()
                message = f"{kind} {quoted(name)} is declared twice"
                self.sink.add(
                    codes.DUPLICATE_ID, message, path, help="ids are unique across all files of a check", also=also
                )
            else:
                numbers[str(name)] = index
                found[str(name)] = body
        return found

    def _row(self, row: Mapping[str, Node], index: int) -> dict[str, Node]:
        path = (self.table.name, index)
        made: dict[str, Node] = {}
        for name, value in row.items():
            if self.table.types is not None:
                made[name] = value
            elif name not in self.columns:
                self._unknown(name, path)
            elif value is not None:
                made[name] = self._cell(value, name, path) if self.table.is_text else _without_nulls(value)
        return self._with_unknown(made, path) if self.marks_unknown else made

    def _cell(self, value: Any, name: str, path: PathKey) -> Node:
        try:
            return _without_nulls(shapes.cell(value, self.columns[name]))
        except UnreadableError as error:
            self.sink.add(codes.UNFIT_VALUE, error.message, (*path, name), help=error.help)
            return None

    def _with_unknown(self, row: dict[str, Node], path: PathKey) -> dict[str, Node]:
        """A row with None for each attribute that its column `not_known` lists; the same for each struct in it."""
        for name, value in row.items():
            if type(value) is dict:
                row[name] = self._with_unknown(dict(value), (*path, name))
            elif type(value) is list and any(type(each) is dict for each in value):
                row[name] = [
                    self._with_unknown(dict(each), (*path, name, number)) if type(each) is dict else each
                    for number, each in enumerate(value)
                ]
        listed = row.pop(NOT_KNOWN, None)
        if listed is None:
            return row
        if type(listed) is not list or not all(map(is_text, listed)):
            self.sink.misfit("a list of columns", listed, (*path, NOT_KNOWN))
            return row
        for name in map(str, listed):
            if name in row:
                message = f"{quoted(name)} has a value, and `{NOT_KNOWN}` lists it"
                self.sink.add(codes.CONTRADICTION, message, (*path, name), help="leave one of them out")
            else:
                row[name] = None
        return row


def _without_nulls(value: Node) -> Node:
    """Plain data without the keys whose value is null: in tables, that means undeclared."""
    if type(value) is dict:
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if type(value) is list else value
