"""One table as read: its rows as plain data, the types of its columns, and the place of each row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, Numeral
from privacy_rules.manifest.source_document import Document
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span

_CROPPED = 200


class TableDocument(Document):
    """A table without lines of text: the place of a value is its row, counted from 1. The excerpt of a row is the row as JSON."""

    __slots__ = ("_rows", "numbers")

    def __init__(self, name: str, rows: Sequence[Mapping[str, Node]] = ()) -> None:
        super().__init__(name, "")
        self._rows = rows
        self.numbers: dict[str, int] = {}
        """The index of each row by its id, for entities that a path names by their id."""

    def place(self, path: PathKey, key: bool = False) -> Span | None:  # noqa: ARG002
        return Span(self.name, _index(path, self.numbers) + 1, 1)

    def span(self, start: int, end: int = 0) -> Span:  # noqa: ARG002
        return Span(self.name, 1, 1)

    def excerpt(self, span: Span) -> str:
        if span.line > len(self._rows):
            return ""
        shown = json.dumps(self._rows[span.line - 1], ensure_ascii=False, default=_as_data)
        return shown if len(shown) <= _CROPPED else shown[:_CROPPED] + "…"


class LinesDocument(Document):
    """A table that is a text: each row has its lines, and each value its own place."""

    __slots__ = ("numbers",)

    def __init__(self, outer: Document) -> None:
        super().__init__(outer.name, outer.text, outer.places)
        self.numbers: dict[str, int] = {}

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        return super().place((_index(path, self.numbers), *path[2:]), key and len(path) > 2)


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `types` has the type of each column, in words of `shapes.py`; None if its cells are text, or JSON.

    `is_text`: each cell is text, whose column says how it is read.
    """

    name: str
    document: TableDocument | LinesDocument
    rows: list[dict[str, Node]]
    types: Mapping[str, str] | None = None
    is_text: bool = False


def _index(path: PathKey, numbers: Mapping[str, int]) -> int:
    if len(path) < 2:
        return 0
    return path[1] if isinstance(path[1], int) else numbers.get(path[1], 0)


def _as_data(value: object) -> object:
    return value.text if isinstance(value, Numeral) else str(value)
