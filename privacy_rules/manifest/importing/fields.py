"""Walk through a file of another tool: each value with its place, and a note of what nobody has looked at.

for system in top["system"].items():
    system["fides_key"].text()         # None if it is absent or blank; reported if it is not text
top.source.unread()                    # {"system[].meta": 3}: what was never asked for
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import MAX_DEPTH, Node, Numeral, is_text
from privacy_rules.manifest.scalars import flag
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes

MOST_LOST = 1_000
"""The most different paths that are listed as lost."""
_OTHERS = "(more)"


@dataclass(eq=False, slots=True)
class Source:
    """One file of another tool, as read."""

    document: Document
    data: Node
    sink: DiagnosticSink
    lost: Counter[str] = field(default_factory=Counter)
    _read: set[tuple[int, str]] = field(default_factory=set)
    _keyed: set[int] = field(default_factory=set)

    @property
    def top(self) -> Field:
        """The outermost value."""
        return Field(self, (), self.data)

    def note_read(self, container: Node, key: str) -> None:
        """Remember that somebody has asked for a key of a map."""
        self._read.add((id(container), key))

    def note_keyed(self, container: Node) -> None:
        """Remember that the keys of a map are names of entities, not of fields."""
        self._keyed.add(id(container))

    def unread(self) -> Counter[str]:
        """How often each field occurs that was never asked for or that could not be carried over, by its path."""
        found = Counter(self.lost)
        waiting: list[tuple[Node, str]] = [(self.data, "")]
        seen = set[int]()
        while waiting:
            node, path = waiting.pop()
            if id(node) in seen:
                continue
            if type(node) is list:
                seen.add(id(node))
                waiting += [(each, f"{path}[]") for each in node if type(each) in (dict, list)]
            elif type(node) is dict:
                seen.add(id(node))
                keyed = id(node) in self._keyed
                for key, each in node.items():
                    step = f"{path}.*" if keyed else f"{path}.{key}" if path else key
                    if keyed or (id(node), key) in self._read:
                        waiting += [(each, step)] if type(each) in (dict, list) else []
                    elif each is not None and each not in ([], {}):
                        found[step if step in found or len(found) < MOST_LOST else _OTHERS] += 1
        return found

    def refuse_references(self) -> None:
        """Report what would lead to other files or repeat parts of this one: merge keys, and `$ref` to anywhere else."""
        waiting: list[tuple[PathKey, Node, int]] = [((), self.data, 0)]
        seen = set[int]()
        while waiting:
            path, node, depth = waiting.pop()
            if id(node) in seen or depth > MAX_DEPTH:
                continue
            if type(node) is list:
                seen.add(id(node))
                waiting += [((*path, n), each, depth + 1) for n, each in enumerate(node) if type(each) in (dict, list)]
            elif type(node) is dict:
                seen.add(id(node))
                self._refuse_in(path, node)
                waiting += [((*path, k), each, depth + 1) for k, each in node.items() if type(each) in (dict, list)]

    def _refuse_in(self, path: PathKey, node: dict[str, Node]) -> None:
        if "<<" in node:
            help_ = "write the values out, or let the tool export the file as JSON"
            message = "merge keys (`<<`) are not supported"
            self.sink.add(codes.UNREADABLE_DATA, message, (*path, "<<"), key=True, help=help_)
        if is_text(node.get("$ref")) and not str(node["$ref"]).startswith("#"):
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
        inner = (*self.path, key)
        if type(self.node) is dict:
            self.source.note_read(self.node, key)
            return Field(self.source, inner, self.node.get(key))
        if self.node is not None:
            self.misfit("a map")
        return Field(self.source, inner, None)

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
            self.source.note_keyed(self.node)
            for key, each in self.node.items():
                yield key, Field(self.source, (*self.path, key), each)
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
        """The items of a list of text, without blanks; one text alone is a list, too."""
        if is_text(self.node):
            return [self] if self.text() else []
        return [each for each in self.items() if each.text()]

    def flag(self) -> bool | None:
        """Whether something is so; None if it is absent."""
        return None if self.node is None else flag(self.node, self.path, self.source.sink)

    def lose(self, why: str) -> None:
        """Note that this value cannot be carried over."""
        steps = "".join("[]" if isinstance(step, int) else f".{step}" for step in self.path)
        self.source.lost[f"{steps.lstrip('.')}: {why}"] += 1

    def misfit(self, expected: str) -> None:
        """Report that the value is of the wrong kind."""
        self.source.sink.misfit(expected, self.node, self.path)
