"""Recognise the files from other tools in one run, and read all files of a format together, with the maps of the call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.header import Header
from privacy_rules.manifest.importing.draft import Draft
from privacy_rules.manifest.importing.fields import Source
from privacy_rules.manifest.importing.imported_file import Imported, translate
from privacy_rules.manifest.importing.registry import FORMATS, Format, listing, recognised
from privacy_rules.manifest.importing.term_map import BEGINS, MapFile, TermMap, read_map
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.read_file import read_document, unreadable
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.file_system import FileSystem
from privacy_rules.source.spelling import Suggestions

if TYPE_CHECKING:
    from privacy_rules.manifest.file_set import FileReader

_TABLES = (".csv", ".tsv")


class Importing:
    """The files from other tools that a run has found so far.

    `alone`: no other files are read. `only` is their format, if the call names it.
    """

    def __init__(self, only: Format | None = None, *, alone: bool = False) -> None:
        self.only, self.alone = only, alone
        self.terms = TermMap()
        self.files: list[Imported] = []
        self._drafts: dict[str, Draft] = {}

    def take(self, name: str, data: Node, sink: DiagnosticSink) -> Imported | None:
        """Add a file to be read; None if its format is not recognised, or is not the one that the call names."""
        format_ = FORMATS["csv"] if name.endswith(_TABLES) else recognised(data)
        if format_ is None or (self.only or format_) is not format_ or not isinstance(sink.document, Document):
            return None
        draft = self._drafts.setdefault(format_.name, Draft(self.terms))
        self.files.append(Imported(format_, Source(sink.document, data, sink), draft))
        return self.files[-1]

    def refusal(self, name: str, data: Node, document: Document) -> Diagnostic:
        """Explain why a file is not imported."""
        wrong = f"does not look like {self.only.title}" if self.only else f"is not in a known format ({listing()})"
        if type(data) is dict and "manifest" in data:
            wrong = "is already a manifest"
        return Diagnostic(codes.UNREADABLE_DATA, f"{quoted(name)} {wrong}", document.span(0))

    def finish(self, reader: FileReader) -> None:
        """Read the maps, then the files. A map is also treated as a manifest, because it declares parties."""
        from privacy_rules.manifest.file_set import ManifestFile

        for path, file, found in read_maps(reader.maps, reader.disk, reader.limit, reader.suggestions):
            reader.found += found
            if file is not None:
                self.terms.files.append(file)
                reader.files.append(ManifestFile(file.document, path.parent, {}, Header(), False, path, map=file))
        before = [len(each.source.sink.found) for each in self.files]
        translate(self.files)
        for each, known in zip(self.files, before, strict=True):
            reader.found += each.source.sink.found[known:]


def read_maps(
    paths: Sequence[Path], disk: FileSystem, limit: int, suggestions: Suggestions
) -> Iterator[tuple[Path, MapFile | None, list[Diagnostic]]]:
    """Read map files. Yields each with its errors, and None for one that has any."""
    from privacy_rules.manifest.file_set import shown

    for path in paths:
        name = shown(path)
        try:
            real = disk.real(path)
            content = disk.read(real, limit)
        except (OSError, ValueError) as error:
            yield path, None, [unreadable(name, error, disk)]
            continue
        json = path.suffix.lower() == ".json"
        read, sink = read_document(name, content, json=json, limit=limit, suggestions=suggestions, begins=BEGINS)
        file = None if read is None else read_map(read.data, sink)
        yield real, None if sink.found else file, sink.found
