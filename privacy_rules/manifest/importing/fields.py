"""Walk through a file from another tool: read values with their places, and note what is never read.

for system in top["system"].items():
    system["fides_key"].text()         # None if it is absent or blank; an error if it is not text
top.source.unread()                    # {"system[].meta": 3}: what was never read
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import MAX_DEPTH, Node, Numeral, is_text
from privacy_rules.manifest.scalars import flag
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass

MERGE = "<<"
"""YAML's key for merging another map. Merged maps are looked up and never copied, so they cannot use up memory."""
MOST_MERGED = 100
"""The most maps that the merge keys of one map may lead to."""
MOST_LOST = 1_000
"""The most different paths that are listed as lost."""
_OTHERS = "(more)"


@dataclass(eq=False, slots=True)
class Source:
    """One file from another tool, as read."""

    document: Document
    data: Node
    sink: DiagnosticSink
    lost: Counter[str] = field(default_factory=Counter)
    _read: set[tuple[int, str]] = field(default_factory=set)
    _keyed: set[int] = field(default_factory=set)
    _skipped: set[int] = field(default_factory=set)
    _merged: dict[int, list[tuple[PathKey, dict[str, Node]]]] = field(default_factory=dict)

    @property
    def top(self) -> Field:
        """The outermost value."""
        return Field(self, (), self.data)

    def note_read(self, container: Node, key: str) -> None:
        """Remember that a key of a map was read."""
        self._read.add((id(container), key))

    def note_keyed(self, container: Node) -> None:
        """Remember that the keys of a map are names of entities, not of fields."""
        self._keyed.add(id(container))

    def skip(self, container: Node) -> None:
        """Remember that a map repeats another one, so that it counts as read."""
        self._skipped.add(id(container))

    def maps_of(self, node: dict[str, Node]) -> list[tuple[PathKey, dict[str, Node]]]:
        """A map and those that its merge keys (`<<`) name, each with its path from there; earlier ones take precedence."""
        if MERGE not in node:
            return [((), node)]
        if id(node) not in self._merged:
            self._merged[id(node)] = self._with_merged(node)
        return self._merged[id(node)]

    def _with_merged(self, node: dict[str, Node]) -> list[tuple[PathKey, dict[str, Node]]]:
        found: list[tuple[PathKey, dict[str, Node]]] = []
        waiting: list[tuple[PathKey, Node]] = [((), node)]
        seen = set[int]()
        while waiting:
            path, each = waiting.pop(0)
            if id(each) in seen or len(found) >= MOST_MERGED:
                continue
            seen.add(id(each))
            if type(each) is list:
                waiting = [*(((*path, n), one) for n, one in enumerate(each)), *waiting]
            elif type(each) is dict:
                found.append((path, each))
                waiting = [((*path, MERGE), each.get(MERGE)), *waiting]
        return found

    def unread(self) -> Counter[str]:
        """Count, by path, the fields that were never read or could not be imported."""
        found = Counter(self.lost)
        waiting: list[tuple[Node, str]] = [(self.data, "")]
        seen = set(self._skipped)
        while waiting:
            node, path = waiting.pop()
            if id(node) in seen:
                continue
            if type(node) is list:
                seen.add(id(node))
                waiting += [(each, f"{path}[]") for each in node if type(each) in (dict, list)]
            elif type(node) is dict:
                seen.add(id(node))
                for key, each in node.items():
                    step = self._step(node, path, key)
                    if id(node) in self._keyed or key == MERGE or (id(node), key) in self._read:
                        waiting += [(each, step)] if type(each) in (dict, list) else []
                    elif each is not None and each not in ([], {}):
                        found[step if step in found or len(found) < MOST_LOST else _OTHERS] += 1
        return found

    def lose(self, path: PathKey, why: str) -> None:
        """Note that the value at a path cannot be imported."""
        words, node = "", self.data
        for step in path:
            words = f"{words}[]" if isinstance(step, int) else self._step(node, words, step)
            node = node[step]
        self.lost[f"{words or 'the file'}: {why}"] += 1

    def _step(self, node: Node, path: str, key: str) -> str:
        """The path of a key in a map."""
        if key == MERGE:
            return path
        name = "*" if id(node) in self._keyed else key
        return f"{path}.{name}" if path else name

    def refuse_references(self) -> None:
        """Report each `$ref` to another file or address."""
        if "$ref" not in self.document.text:
            return
        waiting: list[tuple[PathKey, Node, int]] = [((), self.data, 0)]
        seen = set[int]()
        while waiting:
            path, node, depth = waiting.pop()
            if id(node) in seen or depth > MAX_DEPTH:
                continue
            seen.add(id(node))
            inner = node.items() if type(node) is dict else enumerate(node)
            waiting += [((*path, k), each, depth + 1) for k, each in inner if type(each) in (dict, list)]
            if type(node) is dict and is_text(node.get("$ref")) and not str(node["$ref"]).startswith("#"):
                help_ = "export the file with its references resolved"
                message = "`$ref` leads to another file or address, which is never fetched"
                self.sink.add(codes.UNREADABLE_DATA, message, (*path, "$ref"), help=help_)


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a file, with its path. A value of the wrong kind is reported, and then counts as absent."""

    source: Source
    path: PathKey
    node: Node

    def __getitem__(self, key: str) -> Field:
        if type(self.node) is dict:
            self.source.note_read(self.node, key)
            for path, each in self.source.maps_of(self.node):
                if key in each:
                    self.source.note_read(each, key)
                    return Field(self.source, (*self.path, *path, key), each[key])
        elif self.node is not None:
            self.misfit("a map")
        return Field(self.source, (*self.path, key), None)

    def __bool__(self) -> bool:
        return self.node is not None

    def first(self, *keys: str) -> Field:
        """The first of these keys that has a value: formats rename their keys from version to version."""
        found = [self[key] for key in keys]
        return next((each for each in found if each), found[0])

    def items(self) -> list[Field]:
        """The items of a list; none if it is absent."""
        if type(self.node) is list:
            return [Field(self.source, (*self.path, index), each) for index, each in enumerate(self.node)]
        if self.node is not None:
            self.misfit("a list")
        return []

    def maps(self) -> Iterator[Field]:
        """The items of a list of maps."""
        for each in self.items():
            if type(each.node) is dict:
                yield each
            elif each:
                each.misfit("a map")

    def entries(self) -> Iterator[tuple[str, Field]]:
        """The entries of a map whose keys are names of things."""
        if type(self.node) is dict:
            seen = {MERGE}
            for path, map_ in self.source.maps_of(self.node):
                self.source.note_keyed(map_)
                for key, each in map_.items():
                    if key not in seen:
                        seen.add(key)
                        yield key, Field(self.source, (*self.path, *path, key), each)
        elif self.node is not None:
            self.misfit("a map")

    def text(self) -> str | None:
        """Text that is not blank; a number counts as written."""
        if type(self.node) is Numeral:
            return self.node.text
        if is_text(self.node):
            return str(self.node).strip() or None
        if self.node is not None:
            self.misfit("text")
        return None

    def texts(self) -> list[Field]:
        """The items of a list of text, without blanks. A single text counts as a list of one."""
        if is_text(self.node):
            return [self] if self.text() else []
        return [each for each in self.items() if each.text()]

    def flag(self) -> bool | None:
        """A boolean; None if it is absent."""
        return None if self.node is None else flag(self.node, self.path, self.source.sink)

    def lose(self, why: str) -> None:
        """Note that this value cannot be imported."""
        self.source.lose(self.path, why)

    def misfit(self, expected: str) -> None:
        """Report that the value is of the wrong kind."""
        self.source.sink.misfit(expected, self.node, self.path)
