"""A register as CSV. Several tables follow each other, each below its title, with an empty line between them.

Spreadsheets run text that begins like a formula. Such text gets an apostrophe in front, which shows it as text.
"""

from __future__ import annotations

import csv
from io import StringIO

from privacy_rules.registers.model import Cell, Column, Register
from privacy_rules.reports.register.cells import cells, columns, words
from privacy_rules.reports.registry import View
from privacy_rules.source.invisible_characters import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula may begin with, in some spreadsheet; full-width forms count as well."""


def render(register: Register, _: View) -> str:
    """The tables; with one table, only that."""
    stream = StringIO()
    writer = csv.writer(stream)
    for number, table in enumerate(register.tables):
        if len(register.tables) > 1:
            writer.writerows(([], [safe(table.title)]) if number else ([safe(table.title)],))
        writer.writerow(safe(each.title) for each in columns(table))
        for _row, found in cells(table):
            writer.writerow(_text(column, cell) for column, cell in zip(columns(table), found, strict=True))
    return stream.getvalue()


def _text(column: Column, cell: Cell) -> str:
    if column.form == "number" and len(cell) == 1:
        return str(cell[0].value)
    return safe(words(cell))


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) or shown.startswith(_FORMULA) else shown
