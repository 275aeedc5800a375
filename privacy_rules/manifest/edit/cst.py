"""A manifest's text as a tree of elements that know where they start and end: the basis of edits.

    cst = tree(file.document, file.data, json=file.json)

The tree is made from the values, and the places of keys and values, that the reader kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from enum import Enum, auto

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node
from privacy_rules.manifest.source_document import Document
from privacy_rules.source.fast_dataclasses import dataclass

_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)\s*")
_BETWEEN = re.compile(r"(?:\s+|#[^\r\n]*|&[^\s,\[\]{}]+(?=\s))*")
_TO_BRACKET = re.compile(r"(?:[\s,]+|#[^\r\n]*)*+")
_BLOCK_TEXT = ("|", ">")
_COLON = re.compile(r"[ \t]*:")
_BRACKETS = ("{", "[")


class Kind(Enum):
    """The kind of an element."""

    SCALAR = auto()
    MAP = auto()
    LIST = auto()
    ALIAS = auto()


class UneditableError(Exception):
    """Something cannot be edited safely; `at` is the offset of the place."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


@dataclass(slots=True)
class Element:
    """A value. `block`: its entries have lines of their own, without brackets. `node` is the value of a scalar."""

    kind: Kind
    start: int
    end: int
    block: bool = False
    node: Node = None
    anchor: str | None = None
    entries: list[Entry] = field(default_factory=list)

    def named(self, step: str | int) -> Entry | None:
        """The entry of a map by name, or of a list by number."""
        if self.kind is Kind.LIST and isinstance(step, int):
            return self.entries[step] if step < len(self.entries) else None
        if self.kind is not Kind.MAP:
            return None
        return next((each for each in self.entries if each.name == step), None)

    def within(self) -> Iterator[Element]:
        """The element and all elements inside it."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(each.value for each in element.entries)


@dataclass(slots=True)
class Entry:
    """An entry of a map or list. `start` is the start of its key or, in a block list, of its dash."""

    start: int
    value: Element
    name: str | None = None
    key_end: int = 0

    @property
    def end(self) -> int:
        """The end of the entry."""
        return max(self.value.end, self.key_end)


@dataclass(slots=True)
class Tree:
    """The elements of a text. `aliased` has the anchors that aliases refer to."""

    text: str
    root: Element
    json: bool
    aliased: frozenset[str] = frozenset()

    def find(self, path: PathKey) -> Entry | None:
        """The entry at a path, or None: aliases are not followed."""
        found: Entry | None = None
        element = self.root
        for step in path:
            found = element.named(step)
            if found is None:
                return None
            element = found.value
        return found

    def element(self, path: PathKey) -> Element | None:
        """The value at a path."""
        if not path:
            return self.root
        found = self.find(path)
        return found.value if found else None

    def is_shared(self, element: Element) -> bool:
        """Whether an alias refers to the element."""
        return element.anchor in self.aliased

    def refuse_shared(self, path: PathKey, *, inside: bool = True) -> None:
        """Raise UneditableError if an alias refers to a value on the way to a path or (`inside`) in it."""
        element = self.root
        for step in path:
            self._refuse(element)
            found = element.named(step)
            if found is None:
                return
            element = found.value
        for each in element.within() if inside else (element,):
            self._refuse(each)

    def _refuse(self, element: Element) -> None:
        if self.is_shared(element):
            raise UneditableError(f"aliases refer to the value written here as `&{element.anchor}`", element.start)

    def colon_end(self, entry: Entry) -> int:
        """The end of the colon after a key. Raises UneditableError if it is not beside the key."""
        found = _COLON.match(self.text, entry.key_end)
        if found is None:
            raise UneditableError("this key has no colon directly after it", entry.start)
        return found.end()

    def refuse_bare(self, element: Element) -> None:
        """Raise UneditableError for a map without brackets inside a list with brackets: `[a: b]`."""
        if (
            not element.block
            and self.text[element.start : element.start + 1] not in _BRACKETS
            and element.anchor is None
        ):
            raise UneditableError("this map has no brackets", element.start)


def tree(document: Document, data: Node, *, json: bool) -> Tree:
    """The elements of a manifest that was read. Raises UneditableError for the rare form whose places are not known."""
    builder = _Builder(document)
    text = document.text
    root = builder.element(data, document.places.root, len(text.rstrip()), in_block=not json)
    return Tree(text, root, json, frozenset(builder.aliased))


class _Builder:
    def __init__(self, document: Document) -> None:
        self.text, self.places = document.text, document.places
        self.aliased: set[str] = set()

    def element(self, node: Node, at: int, end: int, *, in_block: bool) -> Element:
        """The element of a value that starts at `at`; `in_block`: it is not inside brackets."""
        text = self.text
        if at < end and text.startswith("*", at):
            self.aliased.add(text[at + 1 : end])
            return Element(Kind.ALIAS, at, end)
        anchor = _ANCHOR.match(text, at)
        begin = anchor.end() if anchor else at
        name = anchor[1] if anchor else None
        if type(node) is not dict and type(node) is not list:
            if text.startswith(_BLOCK_TEXT, begin) and in_block:  # the reader ends it where the next value begins
                end = at + len(text[at:end].rstrip())
            return Element(Kind.SCALAR, at, end, node=node, anchor=name)
        block = in_block and not text.startswith(_BRACKETS, begin)
        element = Element(Kind.MAP if type(node) is dict else Kind.LIST, at, begin, block, anchor=name)
        self._fill(element, node)
        element.end = self._end(element, begin)
        return element

    def _fill(self, element: Element, node: Node) -> None:
        marks = self.places.children(element.start)
        if isinstance(marks, dict):
            for name, (key, key_end, at, end) in marks.items():
                if element.block and self._next(element) != key:
                    raise UneditableError("this key is written after a `?`", key)
                if self.text.startswith("*", key):
                    self.aliased.add(self.text[key + 1 : key_end])
                value = self.element(node[name], at, end, in_block=element.block)
                element.entries.append(Entry(key, value, name, key_end))
        else:
            for item, (at, end) in zip(node, marks or (), strict=True):
                start = self._dash(element) if element.block else at
                element.entries.append(Entry(start, self.element(item, at, end, in_block=element.block)))

    def _end(self, element: Element, begin: int) -> int:
        """The end of a map or list. A block ends with its last entry."""
        last = element.entries[-1].end if element.entries else begin
        if element.block or not self.text.startswith(_BRACKETS, begin):
            return last
        found = _TO_BRACKET.match(self.text, last if element.entries else begin + 1)
        return found.end() + 1 if found else last

    def _dash(self, element: Element) -> int:
        at = self._next(element)
        if not self.text.startswith("-", at):
            raise UneditableError("this item has no dash directly before it", at)
        return at

    def _next(self, element: Element) -> int:
        """The start of the next entry of a block."""
        found = _BETWEEN.match(self.text, element.entries[-1].end if element.entries else element.start)
        return found.end() if found else element.start
