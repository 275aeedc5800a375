"""A file's text as a tree of parts that know where they start and end: what edits are made on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node

_COLON = re.compile(r"[ \t]*:")
_BRACKETS = ("{", "[")


class Kind(Enum):
    """What a part is."""

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
class Part:
    """A value. `block`: its entries stand on lines of their own, without brackets. `node` is a scalar's."""

    kind: Kind
    start: int
    end: int
    block: bool = False
    node: Node = None
    anchor: str | None = None
    entries: list[Entry] = field(default_factory=list)

    def named(self, step: str | int) -> Entry | None:
        """The entry of a map by its name, of a list by its number."""
        if self.kind is Kind.LIST and isinstance(step, int):
            return self.entries[step] if step < len(self.entries) else None
        if self.kind is not Kind.MAP:
            return None
        return next((each for each in self.entries if each.name == step), None)

    def all(self) -> Iterator[Part]:
        """The part and all within it."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(each.value for each in part.entries)


@dataclass(slots=True)
class Entry:
    """An entry of a map or list: `start` is where its key stands, or, in a block list, its dash."""

    start: int
    value: Part
    name: str | None = None
    key_end: int = 0

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(self.value.end, self.key_end)


@dataclass(slots=True)
class Tree:
    """The parts of a whole text. `aliased` are the anchors that something refers to."""

    text: str
    root: Part
    json: bool
    aliased: frozenset[str] = frozenset()

    def find(self, path: PathKey) -> Entry | None:
        """The entry at a path, where nothing on the way stands for another."""
        found: Entry | None = None
        part = self.root
        for step in path:
            found = part.named(step)
            if found is None:
                return None
            part = found.value
        return found

    def part(self, path: PathKey) -> Part | None:
        """The value at a path."""
        if not path:
            return self.root
        found = self.find(path)
        return found.value if found else None

    def is_shared(self, part: Part) -> bool:
        """Whether what stands here stands elsewhere, too."""
        return part.anchor in self.aliased

    def refuse_shared(self, path: PathKey, *, inside: bool = True) -> None:
        """Raises UneditableError where a value on the way to a path, or (`inside`) within it, stands in several places."""
        part = self.root
        for step in path:
            self._refuse(part)
            found = part.named(step)
            if found is None:
                return
            part = found.value
        for each in part.all() if inside else (part,):
            self._refuse(each)

    def _refuse(self, part: Part) -> None:
        if self.is_shared(part):
            raise UneditableError(f"aliases refer to what is written here as `&{part.anchor}`", part.start)

    def colon_end(self, entry: Entry) -> int:
        """Where the colon after a key ends. Raises UneditableError where there is none."""
        found = _COLON.match(self.text, entry.key_end)
        if found is None:
            raise UneditableError("this key has no colon beside it", entry.start)
        return found.end()

    def refuse_bare(self, part: Part) -> None:
        """Raises UneditableError for a map without brackets in a list that has some: `[a: b]`."""
        if not part.block and self.text[part.start : part.start + 1] not in _BRACKETS and part.anchor is None:
            raise UneditableError("this map has no brackets", part.start)
