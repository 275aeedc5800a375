"""YAML text → its parts, from the stream of events. The text is known to be a manifest that could be read."""

from __future__ import annotations

import re
from typing import Any

import yaml

from privacy_rules.manifest.edit.cst import Entry, Kind, Part, Tree, UneditableError
from privacy_rules.manifest.nodes import Node, Plain

_NULLS = frozenset({"", "~", "null"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BETWEEN = re.compile(r"(?:\s+|#[^\r\n]*|&[^\s,\[\]{}]+(?=\s))*")
_BLOCK_TEXT = ("|", ">")


def yaml_tree(text: str) -> Tree:
    """The parts of a YAML text. Raises UneditableError for the rare form whose places are not to be had."""
    builder = _Builder(text)
    for event in yaml.parse(text, Loader=_LOADER):
        builder.take(event)
    assert builder.root is not None
    return Tree(text, builder.root, json=False, aliased=frozenset(builder.aliased))


class _Builder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Part | None = None
        self.aliased: set[str] = set()
        self._open: list[Part] = []
        self._keys: list[Part | None] = []  # of each open map: the key whose value comes next

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._put(self._scalar(event))
        elif kind is yaml.AliasEvent:
            self.aliased.add(event.anchor)
            self._put(Part(Kind.ALIAS, event.start_mark.index, event.end_mark.index))
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            at = event.start_mark.index
            opened = Kind.MAP if kind is yaml.MappingStartEvent else Kind.LIST
            self._open.append(Part(opened, at, at, block=not event.flow_style, anchor=event.anchor))
            self._keys.append(None)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            self._keys.pop()
            self._put(self._closed(event))

    def _closed(self, event: Any) -> Part:
        """The map or list that ends: a block does where its last entry does."""
        part = self._open.pop()
        if not part.block:
            part.end = event.end_mark.index
        elif part.entries:
            part.end = part.entries[-1].end
        return part

    def _scalar(self, event: Any) -> Part:
        start, end, value = event.start_mark.index, event.end_mark.index, event.value
        node: Node = value
        if event.implicit[0]:
            node = None if value in _NULLS else Plain(value)
        if event.style in _BLOCK_TEXT:  # which ends where the next thing begins
            end = start + len(self.text[start:end].rstrip())
        return Part(Kind.SCALAR, start, end, node=node, anchor=event.anchor)

    def _put(self, part: Part) -> None:
        if not self._open:
            self.root = part
            return
        above, key = self._open[-1], self._keys[-1]
        if above.kind is Kind.LIST:
            above.entries.append(Entry(self._dash(above) if above.block else part.start, part))
        elif key is None:
            self._keys[-1] = part
            if above.block and self._skipped(above) != part.start:
                raise UneditableError("this key stands after a `?`", part.start)
        else:
            self._keys[-1] = None
            name = self.text[key.start : key.end] if key.node is None else str(key.node)
            above.entries.append(Entry(key.start, part, name, key.end))

    def _dash(self, above: Part) -> int:
        at = self._skipped(above)
        if not self.text.startswith("-", at):
            raise UneditableError("this item has no dash beside it", at)
        return at

    def _skipped(self, above: Part) -> int:
        """Where the next entry of an open block begins."""
        found = _BETWEEN.match(self.text, above.entries[-1].end if above.entries else above.start)
        return found.end() if found else above.start
