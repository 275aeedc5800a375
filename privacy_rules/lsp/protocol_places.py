"""Convert our places to those of documents, and make diagnostics there."""

from __future__ import annotations

from pathlib import Path

from lsprotocol.types import Diagnostic, Location

from privacy_rules.lsp.open_documents import Texts
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.source.language_files import language_home
from privacy_rules.source.span import Span

SOURCE = "privacy-rules"
Diagnostics = list[Diagnostic]
STAYS = None
"""Earlier diagnostics of a file, shifted."""
ByFile = dict[Path, Diagnostics | None]


class Places:
    """Converts our places to those of documents; each text is split once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._lines: dict[Path, Lines] = {}

    def path(self, span: Span) -> Path:
        """Return the file of a span."""
        if span.file.startswith("std/") and not Path(span.file).exists():
            return (language_home() / span.file).resolve()
        return (Path.cwd() / span.file).resolve()

    def lines(self, path: Path) -> Lines:
        """Return a file's text with places."""
        if path not in self._lines:
            self._lines[path] = self._texts.lines(path)
        return self._lines[path]

    def location(self, span: Span) -> Location:
        """Return a span as a protocol range."""
        path = self.path(span)
        return Location(self._texts.uri(path), self.lines(path).range(span))
