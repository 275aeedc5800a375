"""A part of a document that is read as if it were a manifest of its own, with its real places.

A change set's `add: {flow: {…}}` is read as the flow of a manifest `flows: [{…}]`: the path `("flows", 0)` there means the
path `(2, "add", "flow")` in the change set.
"""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.manifest.diagnostic_sink import NoDocument
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.source_document import Document
from privacy_rules.source.span import Span


class Inner(Document):
    """A document whose paths are mapped to those of another. `ids` has paths whose key is a value there."""

    __slots__ = ("_ids", "_outer", "_paths")

    def __init__(
        self, outer: Document, paths: Mapping[PathKey, PathKey], ids: Mapping[PathKey, PathKey] | None = None
    ) -> None:
        super().__init__(outer.name, outer.text, outer.places)
        self._outer, self._paths, self._ids = outer, paths, ids or {}

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        if key and path in self._ids:
            return self._outer.place(self._ids[path])
        return self._outer.place(self._mapped(path), key)

    def span(self, start: int, end: int = 0) -> Span:
        return self._outer.span(start, end)

    def excerpt(self, span: Span) -> str:
        return self._outer.excerpt(span)

    def _mapped(self, path: PathKey) -> PathKey:
        for length in range(len(path), -1, -1):
            if path[:length] in self._paths:
                return self._paths[path[:length]] + path[length:]
        return next(iter(self._paths.values()), ())


def inner(
    outer: Document | NoDocument, paths: Mapping[PathKey, PathKey], ids: Mapping[PathKey, PathKey] | None = None
) -> Document | NoDocument:
    """The inner view of a document; data that came from Python has no places, so it is returned as it is."""
    return Inner(outer, paths, ids) if isinstance(outer, Document) else outer
