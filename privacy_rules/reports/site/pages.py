"""The files of the site, by their paths in its folder.

    files = pages(registers, lineages, {"estate.yaml": text}, link=None, workbooks=True)

`index.html` is the page for the board. Each register has a page, and files to download in `files/`. `sources/` has a page for
each manifest, policy and prose file, whose lines are what rows link to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from privacy_rules.registers.model import Register
from privacy_rules.reports.markup.html import NEWLINE, Html, element, joined, page, resource
from privacy_rules.reports.markup.links import Links
from privacy_rules.reports.register.html import framed
from privacy_rules.reports.registry import DOCUMENTS, View, format_named

INDEX = "index.html"
BOARD = "board"
MAP = "data-map"
_SUFFIXES = {"markdown": "md", "json": "json", "csv": "csv", "xlsx": "xlsx"}
_TITLES = {"markdown": "Markdown", "json": "JSON", "csv": "CSV", "xlsx": "Excel"}


def pages(
    registers: Mapping[str, Register],
    lineages: Mapping[str, Register],
    sources: Mapping[str, str],
    *,
    link: str | None = None,
    workbooks: bool = True,
) -> dict[str, str | bytes]:
    """Return the files. `lineages` are data maps by category; `sources` are texts by the names that places have.

    With `link`, an address with `{file}` and `{line}`, lines are linked there, and the site has no pages for sources.
    """
    shown = {} if link else {name: f"sources/{number}-{_bare(name)}.html" for number, name in enumerate(sources, 1)}
    links, below = (
        Links(template=link, pages=None if link else {name: f"{up}{each}" for name, each in shown.items()})
        for up in ("", "../")
    )
    files: dict[str, str | bytes] = {}
    for kind, register in registers.items():
        name = INDEX if kind == BOARD else f"{kind}.html"
        after = [_downloads(kind, workbooks=workbooks)]
        if kind == MAP and lineages:
            after = [_lineages(lineages), *after]
        files[name] = framed(register, View(links=links), [_navigation(registers, kind)], after)
        files.update(_formats(kind, register, View(links=below), workbooks=workbooks))
    for category, register in lineages.items():
        files[_of_category(category)] = framed(register, View(links=links), [_navigation(registers, MAP)])
    for name, where in shown.items():
        files[where] = _source(name, sources[name], registers)
    return files


def _formats(kind: str, register: Register, view: View, *, workbooks: bool) -> Iterator[tuple[str, str | bytes]]:
    for name in DOCUMENTS["register"]:
        if name in _SUFFIXES and (workbooks or name != "xlsx"):
            yield f"files/{kind}.{_SUFFIXES[name]}", format_named(name, "register").render(register, view)


def _navigation(registers: Mapping[str, Register], current: str, up: str = "") -> Html:
    items = []
    for kind, register in registers.items():
        address = f"{up}{INDEX if kind == BOARD else f'{kind}.html'}"
        here = {"aria_current": "page"} if kind == current else {}
        items.append(element("li", element("a", register.title, href=address, **here)))
    return joined(element("nav", element("ul", *items), aria_label="Registers"), NEWLINE)


def _downloads(kind: str, *, workbooks: bool) -> Html:
    named = [each for each in _SUFFIXES if workbooks or each != "xlsx"]
    links = (element("li", element("a", _TITLES[each], href=f"files/{kind}.{_SUFFIXES[each]}")) for each in named)
    return joined(element("nav", element("h2", "As a file"), element("ul", *links), aria_label="As a file"), NEWLINE)


def _lineages(lineages: Mapping[str, Register]) -> Html:
    links = (element("li", element("a", each, href=_of_category(each))) for each in lineages)
    title = "Where a category goes"
    return joined(element("nav", element("h2", title), element("ul", *links), aria_label=title), NEWLINE)


def _of_category(category: str) -> str:
    return f"{MAP}-{_bare(category)}.html"


def _bare(name: str) -> str:
    """A part of a file's name: the last part of a path, with letters of ASCII, digits, `_` and `-`."""
    return "".join(each if each.isascii() and (each.isalnum() or each == "_") else "-" for each in PurePath(name).name)[
        :60
    ]


def _source(name: str, content: str, registers: Mapping[str, Register]) -> str:
    """A file with numbered lines, each of which is a place to link to."""
    lines = (
        joined(element("li", element("code", each), id=f"L{number}"), NEWLINE)
        for number, each in enumerate(content.split("\n"), 1)
    )
    body = [
        _navigation(registers, "", "../"),
        element("header", element("h1", name)),
        element("main", element("ol", NEWLINE, *lines, class_="source")),
    ]
    style = resource("privacy_rules.reports.register", "register.css") + resource(__package__, "source.css")
    return page(name, body, style)
