"""Load an estate: read manifests and what they include, then merge them and check them with a policy.

    documents, diagnostics = read([Path("estate.yaml")])
    found, more = estate(documents, policy)

Errors of users are returned as diagnostics. If there are errors, no estate is returned.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.declaration_reader import Declarations, read_declarations
from privacy_rules.manifest.defaults_against_policy import defaults_against_policy
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, NoDocument
from privacy_rules.manifest.file_set import (
    Documents,
    FileReader,
    ManifestFile,
    PolicyFile,
    Source,
    Stdin,
    default_root,
)
from privacy_rules.manifest.header import read_header
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.merger import (
    Parsed,
    check_items,
    check_references,
    merge_organisation,
    merge_records,
    share_defaults,
)
from privacy_rules.manifest.model import Estate
from privacy_rules.manifest.plain_data import plain
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.file_system import DISK, LIMIT, FileSystem
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.attributes import Entity

__all__ = ["LIMIT", "Documents", "ManifestFile", "PolicyFile", "Source", "Stdin", "estate", "estate_from_data", "read"]

Diagnostics = tuple[Diagnostic, ...]


def read(
    paths: Sequence[Source],
    *,
    root: Path | None = None,
    limit: int = LIMIT,
    texts: Mapping[Path, bytes] | None = None,
    disk: FileSystem = DISK,
    maps: Sequence[Path] = (),
) -> tuple[Documents | None, Diagnostics]:
    """Read manifest files and what they include; `maps` map the words of files from other tools.

    `root` is the folder that includes may not leave (default: the git top level, else the first manifest's folder);
    `limit` bounds each file in bytes; `texts` replace files of `disk`, and add others. Returns None if no file could be read.
    If only some could, `Documents.complete` is False, so that `estate` still reports the errors of the others.
    """
    with without_collector():
        reader = FileReader(
            disk.real(root or default_root(paths, disk)),
            limit,
            {path.resolve(): content for path, content in (texts or {}).items()},
            disk,
            maps=maps,
        )
        documents = reader.read_all(paths)
    return documents if documents.files else None, in_order(reader.found)


def estate(documents: Documents, policy: Policy) -> tuple[Estate | None, Diagnostics]:
    """The estate that the files declare together; None if one of them has errors."""
    with without_collector():
        lexicon, suggestions = Lexicon(policy), Suggestions()
        parts = [_parsed(file, lexicon, suggestions) for file in documents.files]
        name = next((file.header.name for file in documents.files if file.header.name is not None), None)
        files = tuple(file.document.name for file in documents.files)
        found, wrong = _merged(parts, lexicon, documents.as_of, name, files, complete=documents.complete)
        names = {file.header.name for file in documents.files if file.header.name is not None}
        wrong = (*wrong, *(each for declarations, _ in parts for each in declarations.warnings))
        idle = (each for declarations, _ in parts for each in defaults_against_policy(declarations, policy))
        return (replace(found, names=tuple(sorted(names))) if found and names else found), in_order([*wrong, *idle])


def estate_from_data(data: Mapping[str, Any], policy: Policy) -> tuple[Estate | None, Diagnostics]:
    """The estate that Python data declares, in the form of a manifest. Nothing in it has a place.

    Flags are bool, numbers int, float or Decimal, dates date, durations text or Duration; sets are any list, tuple or set.
    `manifest` may be absent. Files named in `policy` are not read, and `include` is an error.
    """
    sink = DiagnosticSink(NoDocument(), Suggestions())
    lexicon, node = Lexicon(policy), plain(dict(data))
    parsed: list[Parsed] = []
    with sink.bounded():
        header = read_header(node, sink, versioned=False)
        if header is not None and header.includes:
            sink.add(codes.INCLUDE, "data includes no files", ("include",))
        if header is not None:
            parsed.append((read_declarations(node, lexicon, sink, shared=False), sink))
    if header is None or not parsed:
        return None, in_order(sink.found)
    return _merged(parsed, lexicon, header.as_of, header.name, ())


def _parsed(file: ManifestFile, lexicon: Lexicon, suggestions: Suggestions) -> Parsed:
    if file.imported is not None or file.map is not None:
        from privacy_rules.manifest.importing.imported_file import parsed

        return parsed(file.imported, file.map, lexicon, suggestions)
    if file.table is not None:
        from privacy_rules.manifest.tables.declarations import parsed as parsed_table

        return parsed_table(file.table, lexicon, suggestions)
    sink = DiagnosticSink(file.document, suggestions)
    declarations = Declarations(file.document, file.data)
    with sink.bounded():
        declarations = read_declarations(file.data, lexicon, sink, shared=file.shared)
    return declarations, sink


def _merged(
    parts: Sequence[Parsed],
    lexicon: Lexicon,
    as_of: date | None,
    name: str | None,
    files: tuple[str, ...],
    *,
    complete: bool = True,
) -> tuple[Estate | None, Diagnostics]:
    share_defaults(parts)
    check_items(parts)
    records = merge_records(parts)
    organisation = merge_organisation(parts)
    if complete:  # else the file that could not be read may declare what a reference names
        check_references(parts, records, lexicon)
    found = [diagnostic for _, sink in parts for diagnostic in sink.found]
    if found or not complete:
        return None, in_order(found)
    made = Estate(
        parties=records[Entity.PARTY],
        systems=records[Entity.SYSTEM],
        flows=records[Entity.FLOW],
        contracts=records[Entity.CONTRACT],
        organisation=organisation,
        waivers=tuple(waiver for declarations, _ in parts for waiver in declarations.waivers),
        as_of=as_of,
        name=name,
        files=files,
    )
    return made, ()


@contextmanager
def without_collector() -> Iterator[None]:
    """Work without garbage collection: loading makes millions of objects and no reference cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
