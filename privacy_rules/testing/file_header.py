"""Read the header of a test file: what its cases start from. The cases are read later, with the policy's terms.

tests: 1
policy: [customers.privacy]
manifest: [estate.yaml, {systems: {…}}]
as_of: 2026-11-01
cases: […]
"""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

from privacy_rules.manifest import scalars
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.header import SECTIONS
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, Numeral, Plain, is_text, quoted
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, lowered
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.testing.suite import Mode

BEGINS = "a test file begins with `tests: 1`"
_OF_MANIFESTS = f"this looks like a manifest, which `privacy-rules check` checks; {BEGINS} and names its manifest"
_OF_POLICIES = f"this looks like a policy; {BEGINS} and names its policy"
KEYS = ("tests", "policy", "manifest", "as_of", "mode", "cases")
MODES: tuple[Mode, ...] = ("exact", "includes")
_INLINE = ("manifest", "name", *SECTIONS)


@dataclass(frozen=True, slots=True)
class Source:
    """A manifest that cases start from: a named file, or one written inline at `path` of the test file."""

    path: PathKey
    file: Path | None
    where: Span | None
    body: dict[str, Node] | None = None


Sources = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class FileHeader:
    """The header, with the nodes of the cases, which are not read yet."""

    document: Document
    folder: Path
    shared: bool
    policies: tuple[tuple[Path, Span | None], ...]
    sources: Sources
    as_of: date | None
    mode: Mode
    cases: list[Node]


def read_header(data: Node, folder: Path, sink: DiagnosticSink, *, shared: bool) -> FileHeader | None:
    """Read the header of a file; None if it is not a map. Errors go to `sink`."""
    document = sink.document
    assert isinstance(document, Document)
    if type(data) is not dict:
        sink.misfit("`key: value` pairs", data, (), _OF_POLICIES if document.name.endswith(".privacy") else BEGINS)
        return None
    if not {"tests", "cases"} & data.keys() and (set(SECTIONS) & data.keys() or str(data.get("manifest")) == "1"):
        sink.add(codes.MISSING_KEY, "this is not a test file", (), help=_OF_MANIFESTS)
        return None
    unknown_keys(data, KEYS, (), sink, "a test file")
    _version(data, sink)
    cases = data.get("cases")
    if "cases" not in data:
        sink.add(codes.MISSING_KEY, "the file has no `cases`", (), help="list them: `cases: [{name: …, expect: […]}]`")
    elif type(cases) is not list:
        sink.misfit("a list of cases", cases, ("cases",))
    return FileHeader(
        document=document,
        folder=folder,
        shared=shared,
        policies=tuple(
            (_beside(folder, name), document.place(path)) for name, path in _names(data.get("policy"), sink)
        ),
        sources=read_sources(data.get("manifest"), ("manifest",), folder, sink),
        as_of=read_day(data, (), sink),
        mode=read_mode(data, (), sink) or "exact",
        cases=cases if type(cases) is list else [],
    )


def missing_file(heading: FileHeader, path: Path, where: Span | None) -> Diagnostic | None:
    """Return an error if a file that the header names does not exist or is a folder; else None."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        reason = "no such file"
    except (OSError, ValueError) as error:
        reason = lowered(error)
    else:
        if not stat.S_ISDIR(mode):
            return None
        reason = "it is a folder"
    excerpt = heading.document.excerpt(where) if where else None
    help_ = "name the files in it" if reason == "it is a folder" else help_for_absent(shown(path))
    return Diagnostic(
        codes.UNREADABLE_DATA, f"{quoted(shown(path))} cannot be read: {reason}", where, help_, excerpt=excerpt
    )


def unknown_keys(body: dict[str, Node], known: tuple[str, ...], path: PathKey, sink: DiagnosticSink, what: str) -> None:
    """Report the unknown keys of a map (E202)."""
    for key in body:
        if key not in known:
            help_ = sink.suggestions.near(key, known, f"keys of {what}")
            listed = f"{what} has " + ", ".join(f"`{each}`" for each in known)
            sink.add(codes.UNKNOWN_KEY, f"unknown key {quoted(key)}", (*path, key), key=True, help=help_ or listed)


def read_day(body: dict[str, Node], path: PathKey, sink: DiagnosticSink) -> date | None:
    """Read the `as_of` of a file or case."""
    given = body.get("as_of")
    return None if given is None else scalars.day(given, (*path, "as_of"), sink)


def read_mode(body: dict[str, Node], path: PathKey, sink: DiagnosticSink) -> Mode | None:
    """Read the `mode` of a file or case."""
    given = body.get("mode")
    found = next((each for each in MODES if is_text(given) and given == each), None)
    if given is not None and found is None:
        sink.misfit("`exact` or `includes`", given, (*path, "mode"))
    return found


def read_sources(node: Node, path: PathKey, folder: Path, sink: DiagnosticSink) -> Sources:
    """Read the manifests that a key names or writes inline: one, or a list."""
    if node is None:
        return ()
    items = [((*path, index), each) for index, each in enumerate(node)] if type(node) is list else [(path, node)]
    found = [_source(each, at, folder, sink) for at, each in items]
    return tuple(each for each in found if each is not None)


def _source(node: Node, path: PathKey, folder: Path, sink: DiagnosticSink) -> Source | None:
    where = sink.document.place(path)
    if type(node) is dict:
        unknown_keys(node, _INLINE, path, sink, "an inline manifest of a test")
        return Source(path, None, where, {key: each for key, each in node.items() if key in _INLINE})
    if not is_text(node):
        sink.misfit("a manifest: a file name, or an inline map", node, path)
        return None
    return Source(path, _beside(folder, str(node)), where)


def _names(node: Node, sink: DiagnosticSink) -> list[tuple[str, PathKey]]:
    if node is None:
        return []
    if type(node) is not list:
        node, paths = [node], [("policy",)]
    else:
        paths = [("policy", index) for index in range(len(node))]  # type: ignore[misc]
    read = [(scalars.identifier(each, path, sink), path) for each, path in zip(node, paths, strict=True)]
    return [(name, path) for name, path in read if name is not None]


def _beside(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name))


def _version(data: dict[str, Node], sink: DiagnosticSink) -> None:
    if "tests" not in data:
        sink.add(codes.MISSING_KEY, "the file has no `tests`", (), help=BEGINS)
        return
    given = data["tests"]
    written = given.text if type(given) is Numeral else given if type(given) is Plain else None
    if written is None:
        sink.misfit("a format version", given, ("tests",), "write `tests: 1`")
    elif written != "1":
        sink.add(codes.UNFIT_VALUE, f"unknown format version {quoted(written)}", ("tests",), help="write `tests: 1`")
