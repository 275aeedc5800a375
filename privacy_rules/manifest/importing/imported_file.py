"""A file from another tool, or a map, among the manifests of a check: its declarations with their places in the original."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from privacy_rules.manifest.attribute_reader import AttributeReader
from privacy_rules.manifest.declaration_reader import Declarations, read_declarations
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.importing.draft import Draft, Place, Written
from privacy_rules.manifest.importing.fields import Source
from privacy_rules.manifest.importing.registry import Format
from privacy_rules.manifest.importing.shipped_maps import meaning_in
from privacy_rules.manifest.importing.term_map import PARTIES, SECTIONS, MapFile
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.source.words import counted, first_few

_NAMED = 5


class Origins(Document):
    """A document made from others, in which each path leads to a place in one of them.

    `ids` has the place of each entity's id, and whether the id is a key there.
    """

    __slots__ = ("_documents", "_ids", "_own", "_paths")

    def __init__(
        self, own: Document, paths: Mapping[PathKey, Place], ids: Mapping[PathKey, tuple[Document, PathKey, bool]]
    ) -> None:
        super().__init__(own.name, own.text, own.places)
        self._own, self._paths, self._ids = own, paths, ids
        self._documents = {own.name: own}
        for document, _ in paths.values():
            self._documents.setdefault(document.name, document)

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        if key and path in self._ids:
            document, at, is_key = self._ids[path]
            return document.place(at, is_key)
        for length in range(len(path), 0, -1):
            if path[:length] in self._paths:
                document, at = self._paths[path[:length]]
                return document.place((*at, *path[length:]))
        return self._own.place(())

    def span(self, start: int, end: int = 0) -> Span:
        return self._own.span(start, end)

    def excerpt(self, span: Span) -> str:
        document = self._documents.get(span.file, self._own)
        return document.excerpt(span)


@dataclass(eq=False, slots=True)
class Imported:
    """A file from another tool. All files of its format share the draft; an entity belongs to the first file that declares it."""

    format: Format
    source: Source
    draft: Draft

    def written(self, lexicon: Lexicon | None = None) -> Written:
        """The declarations of the file, in terms of a policy, or with every word as its own term."""
        meaning = (lambda _, word: word) if lexicon is None else meaning_in(lexicon)
        return self.draft.written(meaning, self.source.document)


def parsed(
    imported: Imported | None, map_file: MapFile | None, lexicon: Lexicon, suggestions: Suggestions
) -> tuple[Declarations, DiagnosticSink]:
    """The declarations of an imported file or a map, with the vocabularies of a policy.

    If a word of an imported file has no term, the list that it is in becomes undeclared (W330).
    """
    if imported is None:
        assert map_file is not None
        sink = DiagnosticSink(map_file.document, suggestions)
        with sink.bounded():
            data = map_declared(map_file, lexicon, sink)
            return read_declarations(data, lexicon, sink, shared=False), sink
        return Declarations(map_file.document, {}), sink
    written = imported.written(lexicon)
    own = imported.source.document
    sink = DiagnosticSink(Origins(own, written.resolved.paths, written.ids), suggestions)
    declarations = Declarations(sink.document, written.data)
    with sink.bounded():
        declarations = read_declarations(written.data, lexicon, sink, shared=False)
    declarations.implied = frozenset(written.implied)
    declarations.warnings = tuple(_unmapped(written))
    return declarations, sink


def translate(files: Iterable[Imported]) -> None:
    """Read each format's files into their draft."""
    by_draft: dict[int, list[Imported]] = {}
    for each in files:
        by_draft.setdefault(id(each.draft), []).append(each)
    for group in by_draft.values():
        for each in group:
            with each.source.sink.bounded():
                each.source.refuse_references()
        with group[0].source.sink.bounded():
            group[0].format.read([each.source for each in group if not each.source.sink.found], group[0].draft)


def map_declared(file: MapFile, lexicon: Lexicon, sink: DiagnosticSink) -> dict[str, Node]:
    """The manifest data of a map: its parties. Reports terms that the policy does not have (E204)."""
    reader = AttributeReader(lexicon, sink, shared=False)
    for section, vocabulary in SECTIONS.items():
        for word, meant in file.section(section).items():
            if type(meant) is list:
                for index, each in enumerate(meant):
                    reader.term(each, (section, word, index), vocabulary)
            elif meant is not None:
                reader.term(meant, (section, word), vocabulary)
    return {PARTIES: file.section(PARTIES)}


def _unmapped(written: Written) -> Iterable[Diagnostic]:
    """Warn once for each section with words that have no term, at the most frequent one."""
    by_section: dict[str, list[tuple[str, Sequence[Place]]]] = {}
    for (section, word), places in written.resolved.unknown.items():
        by_section.setdefault(section, []).append((word, places))
    for section, found in by_section.items():
        found.sort(key=lambda each: (-len(each[1]), each[0]))
        document, at = found[0][1][0]
        span = document.place(at)
        words = first_few([quoted(word) for word, _ in found], _NAMED)
        noun = "word" if section != "data" else "category"
        verb = "does" if len(found) == 1 else "do"
        message = f"{counted(len(found), noun)} in this file {verb} not match a term of the policy: {words}"
        help_ = f"add entries to `{section}` in a map; `privacy-rules import --suggest-map` drafts one. Until then, what uses these words is undeclared"
        excerpt = document.excerpt(span) if span else None
        yield Diagnostic(codes.UNMAPPED, message, span, help_, excerpt=excerpt, level=Level.WARNING)


def lost(files: Iterable[Imported]) -> Counter[str]:
    """Count, by path, the fields of the files that could not be imported."""
    found = Counter[str]()
    for each in files:
        found.update(each.source.unread())
    return found
