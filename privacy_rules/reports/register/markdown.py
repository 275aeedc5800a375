"""A register as Markdown: a table, or for rows of many columns a small table for each row. Each value links to its line."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.registers.model import Cell, Entry, Register, Table
from privacy_rules.reports.markup.links import Links
from privacy_rules.reports.markup.markdown import escaped, words
from privacy_rules.reports.register.cells import NONE, about, cells, columns
from privacy_rules.reports.registry import View


def render(register: Register, view: View) -> str:
    """The page."""
    return "".join(f"{line}\n" for line in _lines(register, view.links))


def _lines(register: Register, links: Links) -> Iterator[str]:
    yield f"# {escaped(register.title)}"
    yield ""
    yield from (f"- {escaped(name)}: {_cell(cell, links)}" for name, cell in about(register))
    yield ""
    yield from (f"{words(each)}\n" for each in register.notes)
    for table in register.tables:
        yield f"## {escaped(table.title)}"
        yield ""
        yield from (f"{words(each)}\n" for each in table.notes)
        if not table.rows:
            yield f"{words(table.empty)}\n"
        elif table.layout == "cards":
            yield from _cards(table, links)
        else:
            yield from _table(table, links)


def _table(table: Table, links: Links) -> Iterator[str]:
    yield f"| {' | '.join(escaped(each.title) for each in columns(table))} |"
    yield f"|{'|'.join(' ---: ' if each.form == 'number' else ' --- ' for each in columns(table))}|"
    for _row, found in cells(table):
        yield f"| {' | '.join(_cell(each, links) for each in found)} |"
    yield ""


def _cards(table: Table, links: Links) -> Iterator[str]:
    names = [escaped(each.title) for each in columns(table)]
    for _row, found in cells(table):
        first, *rest = (f"| {name} | {_cell(cell, links) or NONE} |" for name, cell in zip(names, found, strict=True))
        yield from (first, "| --- | --- |", *rest, "")


def _cell(cell: Cell, links: Links) -> str:
    return "; ".join(_entry(each, links) for each in cell)


def _entry(entry: Entry, links: Links) -> str:
    said = escaped(entry.words)
    said = f"**{said}**" if entry.mark == "bad" else f"*{said}*" if entry.mark in ("missing", "open") else said
    address = links.to(entry.place, entry.anchor)
    return said if address is None else f"[{said}](<{address}>)"
