"""Files → estate: reads manifests and what they include, then merges and checks them against a policy.

    documents, diagnostics = read([Path("estate.yaml")])
    found, more = estate(documents, policy)

Nothing is raised for what users get wrong, and nothing is handed out where anything is wrong.
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
from privacy_rules.manifest.diagnostic_sink import Complaints, NoDocument
from privacy_rules.manifest.file_set import (
    Documents,
    FileReader,
    ManifestFile,
    PolicyFile,
    Stdin,
    default_root,
)
from privacy_rules.manifest.header import read_header
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.merger import Part, check_references, merge_organisation, merge_records
from privacy_rules.manifest.model import Estate
from privacy_rules.manifest.plain_data import plain
from privacy_rules.manifest.validator import Declarations, read_declarations
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.file_system import DISK, LIMIT, FileSystem
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.attributes import Entity

__all__ = ["LIMIT", "Documents", "ManifestFile", "PolicyFile", "Stdin", "estate", "estate_from_data", "read"]

Diagnostics = tuple[Diagnostic, ...]


def read(
    paths: Sequence[Path | Stdin],
    *,
    root: Path | None = None,
    limit: int = LIMIT,
    texts: Mapping[Path, bytes] | None = None,
    disk: FileSystem = DISK,
) -> tuple[Documents | None, Diagnostics]:
    """Reads manifest files and what they include.

    `root` is the folder that includes may not leave (default: the git top level, else the first manifest's
    folder); `limit` bounds each file in bytes; `texts` stand in for files of `disk`, and beside them.
    None where no file could be read at all; where only some could, `Documents.complete` is False, so that
    `estate` still tells what is wrong with the others.
    """
    with without_collector():
        reader = FileReader(
            disk.real(root or default_root(paths, disk)),
            limit,
            {path.resolve(): content for path, content in (texts or {}).items()},
            disk,
        )
        documents = reader.read_all(paths)
    return documents if documents.files else None, in_order(reader.found)


def estate(documents: Documents, policy: Policy) -> tuple[Estate | None, Diagnostics]:
    """The estate that the files declare together; None where anything is wrong with one of them."""
    with without_collector():
        lexicon, suggestions = Lexicon(policy), Suggestions()
        parts = [_part(file, lexicon, suggestions) for file in documents.files]
        name = next((file.header.name for file in documents.files if file.header.name is not None), None)
        files = tuple(file.document.name for file in documents.files)
        found, wrong = _merged(parts, lexicon, documents.as_of, name, files, complete=documents.complete)
        names = {file.header.name for file in documents.files if file.header.name is not None}
        return (replace(found, names=tuple(sorted(names))) if found and names else found), wrong


def estate_from_data(data: Mapping[str, Any], policy: Policy) -> tuple[Estate | None, Diagnostics]:
    """The estate that Python data declares: a manifest's keys, with Python's own values (no places).

    Flags are bool, numbers int, float or Decimal, dates date, durations text or Duration, sets any list, tuple
    or set. `manifest` may be absent; files that `policy` names are not read, and nothing can be included.
    """
    complaints = Complaints(NoDocument(), Suggestions())
    lexicon, node = Lexicon(policy), plain(dict(data))
    part: list[Part] = []
    with complaints.bounded():
        header = read_header(node, complaints, versioned=False)
        if header is not None and header.includes:
            complaints.add(codes.INCLUDE, "data includes no files", ("include",))
        if header is not None:
            part.append((read_declarations(node, lexicon, complaints, shared=False), complaints))
    if header is None or not part:
        return None, in_order(complaints.found)
    return _merged(part, lexicon, header.as_of, header.name, ())


def _part(file: ManifestFile, lexicon: Lexicon, suggestions: Suggestions) -> Part:
    complaints = Complaints(file.document, suggestions)
    declarations = Declarations(file.document, file.data)
    with complaints.bounded():
        declarations = read_declarations(file.data, lexicon, complaints, shared=file.shared)
    return declarations, complaints


def _merged(
    parts: Sequence[Part],
    lexicon: Lexicon,
    as_of: date | None,
    name: str | None,
    files: tuple[str, ...],
    *,
    complete: bool = True,
) -> tuple[Estate | None, Diagnostics]:
    records = merge_records(parts)
    organisation = merge_organisation(parts)
    if complete:  # else what a reference names may stand in the file that could not be read
        check_references(parts, records, lexicon)
    found = [diagnostic for _, complaints in parts for diagnostic in complaints.found]
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
    """Work that makes millions of objects and no circles, spared the collector's many vain walks over them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
