"""Read a table (CSV) and a file of JSON lines into plain data with places.

Both read the text once. Each cell or line is parsed by itself, so an error in one cannot affect another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy_rules.manifest.json_reader import JsonPlaces, read_json
from privacy_rules.manifest.nodes import Content, Node, Plain, UnreadableError, quoted
from privacy_rules.manifest.source_document import KeyedMarks, ListedMarks, Marks

MOST_COLUMNS = 200
FORMULA = ("=", "+", "-", "@", "'")
"""What a cell begins with that a spreadsheet may take for a formula, or for the mark of text."""
MARKED = tuple(f"'{each}" for each in FORMULA)
_DELIMITERS = (",", ";", "\t", "|")
_CELL = {each: re.compile(rf'"((?:[^"]|"")*+)"|([^{re.escape(each)}\r\n]*+)') for each in _DELIMITERS}
_Cell = tuple[str, int, int]


class TablePlaces:
    """The marks of each row and of its cells."""

    def __init__(self, rows: ListedMarks, cells: dict[int, KeyedMarks]) -> None:
        self.root = -1  # before the first row, which may start at 0
        self._rows, self._cells = rows, cells

    def children(self, at: int) -> Marks | None:
        return self._rows if at == -1 else self._cells.get(at)


def read_table(text: str) -> tuple[Content, TablePlaces]:
    """Read the rows of a table, each as a map from column names to cells. The first row names the columns.

    The delimiter is a comma, a semicolon, a tab or a bar, whichever occurs most often in the first row. Raises UnreadableError.
    """
    first_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    lines = _lines(text, delimiter)
    columns = next(lines, [])
    names = [cell.strip() for cell, _, _ in columns]
    _check_columns(columns)
    rows: list[Node] = []
    marks: ListedMarks = []
    cells: dict[int, KeyedMarks] = {}
    for line in lines:
        if not any(cell.strip() for cell, _, _ in line):
            continue
        if len(line) > len(names):
            raise UnreadableError(
                f"this row has {len(line)} cells, but the table has {len(names)} columns",
                line[len(names)][1],
                "put a cell that contains the delimiter in double quotes",
            )
        start = line[0][1]
        row = {
            name: Plain(_text(cell)) for name, (cell, _, _) in zip(names, line, strict=False) if name and cell.strip()
        }
        cells[start] = {name: (at, end, at, end) for name, (_, at, end) in zip(names, line, strict=False) if name}
        rows.append(row)
        marks.append((start, line[-1][2]))
    return Content(rows), TablePlaces(marks, cells)


def _text(cell: str) -> str:
    """The text of a cell, without the `'` by which spreadsheets mark text that begins like a formula."""
    text = cell.strip()
    return text[1:] if text.startswith(MARKED) else text


def _check_columns(columns: list[_Cell]) -> None:
    seen: dict[str, int] = {}
    if len(columns) > MOST_COLUMNS:
        raise UnreadableError(f"this table has more than {MOST_COLUMNS} columns", columns[MOST_COLUMNS][1])
    for cell, at, _ in columns:
        name = cell.strip()
        if name and seen.setdefault(name, at) != at:
            raise UnreadableError(f"the column {quoted(name)} occurs twice", at, "give each column its own name")


def _lines(text: str, delimiter: str) -> Iterator[list[_Cell]]:
    """The cells of each line, with start and end. A cell in quotes may hold line ends, and quotes that are doubled."""
    pattern, at, line = _CELL[delimiter], 0, list[_Cell]()
    while at <= len(text):
        found = pattern.match(text, at)
        assert found is not None  # a cell may be empty
        end = found.end()
        after = text[end : end + 1]
        if after not in ("", delimiter, "\r", "\n") or (found[1] is None and found[2].lstrip().startswith('"')):
            raise UnreadableError(
                "a cell in double quotes is not closed, or text follows it", at, "double the quotes in a cell"
            )
        line.append((found[2] if found[1] is None else found[1].replace('""', '"'), at, end))
        if after == delimiter:
            at = end + 1
            continue
        yield line
        line, at = [], end + (2 if text.startswith("\r\n", end) else 1)
        if at >= len(text):
            return


class LinePlaces:
    """The marks of the value on each line, and of what is inside it."""

    def __init__(self, text: str, starts: ListedMarks) -> None:
        self.root = -1
        self._starts, self._inner = starts, JsonPlaces(text)

    def children(self, at: int) -> Marks | None:
        return self._starts if at == -1 else self._inner.children(at)


def read_lines(text: str) -> tuple[Content, LinePlaces]:
    """The values of a text with one JSON value on each line, as a list. Raises UnreadableError."""
    found: list[Node] = []
    starts: ListedMarks = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            try:
                found.append(read_json(line)[0].data)
            except UnreadableError as error:
                raise UnreadableError(error.message, at + error.at, error.help, error.code) from None
            starts.append((at + len(line) - len(line.lstrip()), 0))
        at += len(line) + 1
    return Content(found), LinePlaces(text, starts)
