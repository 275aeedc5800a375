"""A register as JSON: each cell is a list of entries, each with its value, its mark and its place."""

from __future__ import annotations

from privacy_rules.registers.model import Cell, Entry, Register, Row, Table
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View


def render(register: Register, _: View) -> str:
    """The document as JSON text."""
    return dumps(
        {
            "version": 1,
            "register": register.kind,
            "title": register.title,
            "facts": [{"name": name, "value": _cell(cell)} for name, cell in register.facts],
            "tables": list(map(_table, register.tables)),
            "notes": list(register.notes),
        }
    )


def _table(table: Table) -> Json:
    return {
        "name": table.name,
        "title": table.title,
        "columns": [{"key": each.key, "title": each.title, "form": each.form} for each in table.columns],
        "rows": [_row(table, each) for each in table.rows],
        "notes": list(table.notes),
    }


def _row(table: Table, row: Row) -> Json:
    cells: dict[str, Json] = {column.key: _cell(cell) for column, cell in zip(table.columns, row.cells, strict=True)}
    return {"cells": cells, "location": place(row.place)}


def _cell(cell: Cell) -> Json:
    return list(map(_entry, cell))


def _entry(entry: Entry) -> Json:
    value = entry.value if isinstance(entry.value, str | int) else str(entry.value)
    return {"value": value, "id": entry.id or None, "mark": entry.mark or None, "location": place(entry.place)}
