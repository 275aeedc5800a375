"""A register as a workbook: a sheet for each table, with filters, a header that stays, and links to the manifests.

All text is written as text, so that nothing in it is a formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from privacy_rules.registers.model import Cell, Mark, Register, Table
from privacy_rules.reports.markup.links import Links
from privacy_rules.reports.register.cells import about, cells, columns
from privacy_rules.reports.registry import View
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible_characters import visible

_LONGEST, _LONGEST_LINK, _MOST_LINKS = 32_000, 2_000, 60_000
"""What Excel takes: characters of a cell and of a link, and links of a sheet, with some to spare."""
_WIDEST, _NARROWEST = 48, 9
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 -- the file format has no time zone; the same bytes for the same register
_COLOURS: Mapping[Mark, str] = {
    "": "#000000",
    "bad": "#9c0006",
    "open": "#7f4f00",
    "missing": "#7f4f00",
    "good": "#00612e",
}
_ABOUT = "About"


def render(register: Register, view: View) -> bytes:
    """The workbook. Raises InputError if the extra `xlsx` is not installed."""
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        help_ = "install it: `pip install 'privacy-rules[xlsx]'`"
        raise InputError([Diagnostic(codes.NO_EXTRA, "workbooks need the extra `xlsx`", help=help_)]) from error
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"title": visible(register.title), "created": _MADE})
    writer = _Book(book, view.links)
    for table in register.tables:
        writer.table(table)
    writer.about(register)
    book.close()
    return stream.getvalue()


class _Book:
    """Writes sheets into a workbook."""

    def __init__(self, book: Any, links: Links) -> None:
        self._book, self._links, self._left = book, links, 0
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._made: dict[tuple[Mark, bool, bool], Any] = {}
        self._names: set[str] = set()

    def _format(self, mark: Mark, *, day: bool = False, link: bool = False) -> Any:
        key = mark, day, link
        if key not in self._made:
            font = {
                "italic": mark == "missing",
                "bold": mark == "bad",
                "underline": int(link),
                "font_color": _COLOURS[mark],
            }
            shape = {"text_wrap": True, "valign": "top", **({"num_format": "yyyy-mm-dd"} if day else {})}
            self._made[key] = self._book.add_format({**font, **shape})
        return self._made[key]

    def _sheet(self, title: str) -> Any:
        """A new sheet. Its name has none of the characters that Excel does not take, at most 31, and no other sheet has it."""
        bare = "".join(each for each in visible(title) if each not in "[]:*?/\\'").strip()[:27] or "Table"
        name, number = bare, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{bare} {number}"
        self._names.add(name.casefold())
        self._left = _MOST_LINKS
        return self._book.add_worksheet(name)

    def table(self, table: Table) -> None:
        """Write a table as a sheet."""
        sheet, shown = self._sheet(table.title), columns(table)
        widths = [max(_NARROWEST, min(len(each.title) + 3, 18)) for each in shown]
        for number, column in enumerate(shown):
            sheet.write_string(0, number, visible(column.title), self._bold)
        for at, (_, found) in enumerate(cells(table), 1):
            for number, cell in enumerate(found):
                text = self._cell(sheet, at, number, cell)
                widths[number] = max(widths[number], min(_WIDEST, max(map(len, text.split("\n")), default=0) + 2))
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(shown) - 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def about(self, register: Register) -> None:
        """Write what the register says of itself, and the notes on its tables."""
        sheet = self._sheet(_ABOUT)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        lines: list[tuple[str, Cell | str]] = [("Register", register.title), *about(register)]
        lines += [("Note", each) for each in register.notes]
        for table in register.tables:
            lines += [(table.title, each) for each in table.notes] + (
                [] if table.rows else [(table.title, table.empty)]
            )
        for at, (name, said) in enumerate(lines):
            sheet.write_string(at, 0, visible(name), self._bold)
            if isinstance(said, str):
                sheet.write_string(at, 1, _bounded([visible(said)]), self._format(""))
            else:
                self._cell(sheet, at, 1, said)

    def _cell(self, sheet: Any, at: int, number: int, cell: Cell) -> str:
        """Write a cell, and return its text. A cell with one value is a link to its line."""
        text = _bounded([visible(each.words) for each in cell])
        mark: Mark = next(
            (each for each in ("bad", "missing", "open", "good") if any(one.mark == each for one in cell)), ""
        )
        if len(cell) != 1:
            sheet.write_string(at, number, text, self._format(mark))
            return text
        value, address = cell[0].value, self._address(cell)
        if isinstance(value, date):
            sheet.write_datetime(at, number, datetime(value.year, value.month, value.day), self._format(mark, day=True))  # noqa: DTZ001
        elif isinstance(value, int):
            sheet.write_number(at, number, value, self._format(mark))
        elif address is not None and self._left:
            self._left -= 1
            sheet.write_url(at, number, address, self._format(mark, link=True), text)
        else:
            sheet.write_string(at, number, text, self._format(mark))
        return text

    def _address(self, cell: Cell) -> str | None:
        address = self._links.to(cell[0].place, cell[0].anchor)
        if address is None or len(address) > _LONGEST_LINK:
            return None
        if address.startswith(("https://", "http://")):
            return address
        file, _, line = address.partition("#")  # only a page has places that a spreadsheet can go to
        return f"external:{file}#{line}" if file.endswith(".html") else f"external:{file}"


def _bounded(lines: list[str]) -> str:
    """Lines as the text of a cell, as far as a cell holds them."""
    text = "\n".join(lines)
    if len(text) <= _LONGEST:
        return text
    kept, length = list[str](), 0
    for each in lines:
        length += len(each) + 1
        if length > _LONGEST:
            break
        kept.append(each)
    more = f"and {len(lines) - len(kept):,} more"
    return "\n".join((*kept, more)) if kept else f"{text[:_LONGEST]}…"
