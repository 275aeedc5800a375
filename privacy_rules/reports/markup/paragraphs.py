"""Passages of plain English in Markdown, HTML and plain text, with terms set off and lists punctuated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from privacy_rules.english.phrases import Passage
from privacy_rules.english.terms import shown, unmarked
from privacy_rules.reports.markup.html import Html, element, joined, text
from privacy_rules.reports.markup.markdown import escaped
from privacy_rules.source.invisible_characters import visible


def markdown_text(marked: str) -> str:
    """Text with terms in italics."""
    return shown(marked, lambda each: f"*{escaped(each)}*", escaped)


def markdown(passage: Passage) -> Iterator[str]:
    """The lines of a passage: a paragraph and its list."""
    return _lines(passage, 0, ".", markdown_text)


def plain(passage: Passage) -> Iterator[str]:
    """The lines of a passage as plain text."""
    return _lines(passage, 0, ".", lambda marked: visible(unmarked(marked)))


def _lines(passage: Passage, depth: int, end: str, write: Callable[[str], str]) -> Iterator[str]:
    mark = "  " * (depth - 1) + "- " if depth else ""
    yield f"{mark}{write(passage.text)}{'' if passage.items else end}"
    if passage.items and not depth:
        yield ""
    for each, ends in _ended(passage, end):
        yield from _lines(each, depth + 1, ends, write)


def html_text(marked: str) -> Html:
    """Text with terms in spans of the class `term`."""
    return Html(shown(marked, lambda each: element("span", each, class_="term"), text))


def html(passage: Passage) -> Html:
    """A paragraph and its list."""
    return joined(element("p", html_text(passage.text), "" if passage.items else "."), _list(passage, "."))


def _list(passage: Passage, end: str) -> Html:
    if not passage.items:
        return joined()
    items = (
        element("li", html_text(each.text), "" if each.items else ends, _list(each, ends))
        for each, ends in _ended(passage, end)
    )
    return element("ul", *items)


def _ended(passage: Passage, end: str) -> Iterator[tuple[Passage, str]]:
    """Each item of a list with its punctuation."""
    last = len(passage.items) - 1
    for number, each in enumerate(passage.items):
        yield each, end if number == last else f"; {passage.joiner}" if number == last - 1 else ";"
