"""Detect how a file is written, so that new elements look like the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from privacy_rules.manifest.declaration_reader import SECTION_OF
from privacy_rules.manifest.edit.cst import Element, Entry, Kind, Tree
from privacy_rules.manifest.edit.rendering import Spread, Style
from privacy_rules.manifest.edit.text_edits import Lines
from privacy_rules.manifest.write import Data

_LOOKED_AT = 50
_SAYS_YES, _SAYS_TRUE = re.compile(r":\s+(yes|no)\b"), re.compile(r":\s+(true|false)\b")


def style_of(tree: Tree) -> Style:
    """The style of a whole file."""
    text = tree.text
    words = (
        ("false", "true") if tree.json or (_SAYS_TRUE.search(text) and not _SAYS_YES.search(text)) else ("no", "yes")
    )
    one_line = "\n" not in text.strip()
    colon = ":" if tree.json and '": ' not in text else ": "
    comma = "," if tree.json and one_line and '", ' not in text and "}, " not in text else ", "
    step, dashes = _indents(tree)
    return Style(tree.json, step, dashes, words, colon, comma)


def _indents(tree: Tree) -> tuple[int, int]:
    """The spaces by which a map, and the dash of a list, are indented below their key."""
    lines = Lines(tree.text)
    step: int | None = None
    dashes: int | None = None
    waiting: list[Element] = [tree.root]
    while waiting and (step is None or dashes is None):
        element = waiting.pop(0)
        for each in element.entries if element.kind is Kind.MAP else ():
            inner = each.value.entries[0].start if each.value.entries else None
            if inner is not None and lines.is_first(inner):
                by = _column(lines, inner) - _column(lines, each.start)
                if each.value.kind is Kind.MAP or not each.value.block:
                    step = by if step is None and by > 0 else step
                else:
                    dashes = by if dashes is None and by >= 0 else dashes
        waiting += [each.value for each in element.entries[:_LOOKED_AT]]
    step = 2 if step is None else step
    return step, step if dashes is None else dashes


def _column(lines: Lines, at: int) -> int:
    return at - lines.start(at)


class Habits:
    """Which values have lines of their own in the entries beside a new one."""

    def __init__(self, tree: Tree, container: Element | None) -> None:
        self._text = tree.text
        siblings = container.entries[-_LOOKED_AT:] if container else []
        self._seen: dict[str, bool] = {}
        self._lists = False
        filled = [each.value for each in siblings if each.value.entries]
        self.entry = self._is_spread(filled[-1]) if filled else container is None or container.block
        for each in siblings:
            for name, element in self._named(each):
                self._seen[name] = self._is_spread(element)
                self._lists = self._seen[name] if element.kind is Kind.LIST else self._lists

    def spread(self, body: Data) -> Spread:
        """The values with lines of their own in a new entry whose value is `body`."""

        def found(name: str, value: Data) -> bool:
            if value is body:
                return self.entry
            return self._seen.get(name, self._lists and isinstance(value, list) and not name.endswith("[]"))

        return found

    def section(self, body: Data) -> Spread:
        """The values with lines of their own in a new section that consists of `body`."""
        listed = body.values() if isinstance(body, Mapping) else body if isinstance(body, list) else ()
        entries = [each for each in listed if isinstance(each, Mapping)]

        def found(name: str, value: Data) -> bool:
            if any(value is each for each in entries):
                return self.entry
            return value is body or self._seen.get(name, False)

        return found

    def _is_spread(self, element: Element) -> bool:
        return element.block or "\n" in self._text[element.start : element.end]

    def _named(self, entry: Entry, depth: int = 3) -> Iterator[tuple[str, Element]]:
        for each in entry.value.entries if depth else ():
            name = each.name if each.name is not None else f"{entry.name}[]"
            if each.value.entries:
                yield name, each.value
                yield from self._named(Entry(each.start, each.value, name), depth - 1)


def habits_of_sections(tree: Tree) -> Habits:
    """The habits of the file's largest section."""
    elements = [
        element for each in SECTION_OF.values() if (element := tree.element((each,))) is not None and element.entries
    ]
    return Habits(tree, max(elements, key=lambda element: len(element.entries), default=None))
