"""A register as a page: tables, and for rows of many columns an article for each row. Each value links to its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.registers.model import Cell, Column, Entry, Register, Table
from privacy_rules.reports.markup.html import NEWLINE, Html, definitions, element, joined, page, resource, words
from privacy_rules.reports.markup.links import Links
from privacy_rules.reports.register.cells import LINE, NONE, about, cells, columns
from privacy_rules.reports.registry import View

_MANY, _MANY_IN_TABLES = 12, 5
"""More entries than this are folded on a page."""


def render(register: Register, view: View) -> str:
    """The page."""
    return framed(register, view)


def framed(register: Register, view: View, before: Sequence[Html] = (), after: Sequence[Html] = ()) -> str:
    """The page, with something before and after it, such as the navigation of a site."""
    links = view.links
    facts = definitions((name, _cell(cell, links)) for name, cell in about(register))
    notes = (element("p", words(each), class_="dim") for each in register.notes)
    head = element("header", NEWLINE, element("h1", register.title), NEWLINE, facts, *notes, NEWLINE)
    main = element("main", NEWLINE, *(_section(each, links) for each in register.tables))
    return page(register.title, [*before, head, NEWLINE, main, NEWLINE, *after], resource(__package__, "register.css"))


def _section(table: Table, links: Links) -> Html:
    title = element("h2", f"{table.title} ", element("span", f"({len(table.rows):,})", class_="dim"))
    notes = [element("p", words(each), class_="dim") for each in table.notes]
    if not table.rows:
        body = [element("p", words(table.empty))]
    elif table.layout == "cards":
        body = list(_cards(table, links))
    else:
        body = [_table(table, links)]
    return joined(element("section", title, *notes, NEWLINE, *body, id=table.name), NEWLINE)


def _table(table: Table, links: Links) -> Html:
    shown = columns(table)
    head = element("tr", *(element("th", each.title, scope="col", class_=_class(each)) for each in shown))
    rows = (joined(element("tr", *_row(shown, found, links)), NEWLINE) for _, found in cells(table))
    whole = element("table", element("thead", head), NEWLINE, element("tbody", *rows))
    return element("div", whole, class_=f"wide {table.layout}", role="region", aria_label=table.title, tabindex="0")


def _row(shown: Sequence[Column], found: Sequence[Cell], links: Links) -> Iterator[Html]:
    for number, (column, cell) in enumerate(zip(shown, found, strict=True)):
        said = _cell(cell, links, _MANY_IN_TABLES)
        if number:
            yield element("td", said, class_=_class(column))
        else:
            yield element("th", said, scope="row", class_=_class(column))


def _class(column: Column) -> str:
    return column.key if column is LINE else column.form


def _cards(table: Table, links: Links) -> Iterator[Html]:
    for number, (_, found) in enumerate(cells(table), 1):
        names = [each.title for each in columns(table)]
        rows = (
            (name, _cell(cell, links) or element("span", NONE, class_="dim"))
            for name, cell in zip(names[1:], found[1:], strict=True)
        )
        title = element("h3", element("span", f"{names[0]}: ", class_="dim"), _cell(found[0], links))
        yield joined(element("article", title, definitions(rows), id=f"{table.name}-{number}"), NEWLINE)


def _cell(cell: Cell, links: Links, many: int = _MANY) -> Html:
    found = [_entry(each, links) for each in cell]
    if len(found) < 2:
        return joined(*found)
    listed = element("ul", *(element("li", each) for each in found))
    if len(found) <= many:
        return listed
    marked = sum(1 for each in cell if each.mark)
    title = f"{len(found):,} entries" + (f", {marked:,} of them marked" if marked else "")
    return element("details", element("summary", title), listed)


def _entry(entry: Entry, links: Links) -> Html:
    address = links.to(entry.place, entry.anchor)
    shown = joined(entry.words) if address is None else element("a", entry.words, href=address, title=str(entry.place))
    return element("span", shown, class_=f"mark {entry.mark}") if entry.mark else shown
