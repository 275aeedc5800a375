"""Two tables, as people keep them in spreadsheets: one of systems, one of flows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from privacy_rules.manifest.exporting.estate_data import EntityData, EstateData
from privacy_rules.manifest.importing.formats.csv import LISTS, OF_FLOWS, OF_SYSTEMS
from privacy_rules.manifest.importing.tables import FORMULA
from privacy_rules.source.invisible_characters import visible_lines

_SEPARATOR = "; "
_SPLIT = re.compile(r"[;,|\n]")


def write(data: EstateData) -> tuple[str, str]:
    """The tables. A cell that begins like a formula gets a `'` before it, as spreadsheets write such text."""
    return _table(data.systems.values(), OF_SYSTEMS), _table(data.flows.values(), OF_FLOWS)


def _table(entities: Iterable[EntityData], columns: Sequence[str]) -> str:
    rows = [[each.id, *(_cell(each, column) for column in columns)] for each in entities]
    used = [0, *(at for at in range(1, len(columns) + 1) if any(row[at] for row in rows))]
    names = ("id", *columns)
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([names[at] for at in used])
    table.writerows([_text(row[at]) for at in used] for row in rows)
    return text.getvalue()


def _cell(entity: EntityData, column: str) -> str:
    if column not in LISTS:
        return entity.text(column) or ""
    if column == "uses" and entity.has(column):  # without its purposes, a use says less than it should
        return ""
    words = entity.texts(column) or []
    if any(_SPLIT.search(each) for each in words):
        entity.lose(column)
        return ""
    return _SEPARATOR.join(words)


def _text(cell: str) -> str:
    shown = visible_lines(cell)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
