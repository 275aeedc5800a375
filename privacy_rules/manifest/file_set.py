"""Read manifest files and all that they include, each once, before the policy is known."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules.language.invisible import warnings as warnings_about
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, places_of
from privacy_rules.manifest.header import Header, read_header
from privacy_rules.manifest.includes import ClosedError, OutsideError, included, start_of_glob
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.read_file import BYTE_ORDER_MARK, Parser, read_document, unreadable
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.values_read_as_comments import lost_in_comments
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, has_errors
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, FileSystem, git_top
from privacy_rules.source.invisible_characters import lone_returns
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

if TYPE_CHECKING:
    from privacy_rules.manifest.importing.imported_file import Imported
    from privacy_rules.manifest.importing.term_map import MapFile
    from privacy_rules.manifest.importing.work import Importing
    from privacy_rules.manifest.tables.table import Table

TABLES, LINES = (".csv", ".tsv"), (".ndjson", ".jsonl")
"""The endings of tables, and of files with one JSON value on each line."""
_OTHER_ENDINGS = (*TABLES, *LINES)
_CATALOGUE = b"backstage.io/"
"""What a file says that may hold several YAML documents."""
_ONLY_TABLES = (".parquet", ".duckdb")
_OF_POLICIES = "this looks like a policy: name it with `--policy`"


@dataclass(frozen=True, slots=True)
class Stdin:
    """A manifest from standard input: JSON if it begins with `{`. Its folder is the working directory."""

    content: bytes
    name: str = "<stdin>"


@dataclass(frozen=True, slots=True)
class Tables:
    """A file or a folder whose files are read as tables, whatever else their endings may mean."""

    path: Path


Source = Path | Stdin | Tables


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file that a manifest names, and the place of the name."""

    path: Path
    where: Span | None


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file as read: its plain data, with places. `shared`: some of its values occur in several places.

    `path` is None for standard input. `marked`: the file begins with a byte order mark. `imported` is set if it is a file of
    another tool, `map` if it maps the words of such files, and `table` if it is a table.
    """

    document: Document
    folder: Path
    data: dict[str, Node]
    header: Header
    shared: bool
    path: Path | None = None
    json: bool = False
    marked: bool = False
    imported: Imported | None = None
    map: MapFile | None = None
    table: Table | None = None

    @property
    def is_editable(self) -> bool:
        """Whether entities can be added: it is a file, and a manifest."""
        return self.path is not None and self.imported is None and self.map is None and self.table is None


@dataclass(frozen=True, slots=True)
class Documents:
    """All manifest files of a check, read but not yet checked with a policy.

    `complete` is False if a file could not be read, or its head has errors: then no estate can be made, but the errors
    of the other files can still be reported. `root` is the folder that includes may not leave.
    """

    files: tuple[ManifestFile, ...]
    policy_files: tuple[PolicyFile, ...]
    as_of: date | None
    root: Path
    complete: bool = True

    @property
    def searched(self) -> tuple[Path, ...]:
        """The folders in which the globs of an `include` look for files."""
        globs = [(file.folder, each) for file in self.files for each in file.header.includes if each]
        return tuple(
            dict.fromkeys(start for folder, each in globs if (start := start_of_glob(each, folder)) is not None)
        )

    @property
    def day_place(self) -> Span | None:
        """Where the files give the day."""
        return next((each.document.place(("as_of",)) for each in self.files if each.header.as_of is not None), None)


@dataclass(slots=True)
class FileReader:
    """Reads files into `files`, and their diagnostics into `found`.

    `limit` bounds each file in bytes, and in characters with its aliases written out. `texts` replace files of `disk`.
    `maps` are for files from other tools.
    """

    root: Path
    limit: int
    texts: Mapping[Path, bytes]
    disk: FileSystem = DISK
    suggestions: Suggestions = field(default_factory=Suggestions)
    files: list[ManifestFile] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    maps: Sequence[Path] = ()
    _seen: set[Path] = field(default_factory=set)
    importing: Importing | None = None

    def read_all(self, paths: Sequence[Source]) -> Documents:
        """The named files in the order given, each followed by what it includes."""
        for path in paths:
            if isinstance(path, Tables):
                self._open_tables(path.path)
            elif isinstance(path, Stdin):
                json = _looks_like_json(path.content)
                self._follow(self._keep(path.name, Path.cwd(), path.content, json=json))
            else:
                self._follow(self._open(path))
        if self.importing is not None:
            self.importing.finish(self)
        as_of = self._as_of()
        complete = not has_errors(self.found)
        return Documents(tuple(self.files), self._policy_files(), as_of, self.root, complete)

    def _follow(self, file: ManifestFile | None) -> None:
        """Read what a file includes, and what those files include, depth first. Each file is read once, so cycles end."""
        waiting = [file] if file is not None else []
        while waiting:
            current = waiting.pop()
            opened = [self._open(path, place) for path, place in self._includes(current)]
            waiting.extend(each for each in reversed(opened) if each is not None)

    def _open_tables(self, source: Path) -> None:
        from privacy_rules.manifest.tables.table_files import files_in

        before = len(self.files), len(self.found), len(self._seen)
        try:
            for each in files_in(source, self.disk):
                self._open(each, is_table=True)
        except (OSError, ValueError) as error:
            self.found.append(unreadable(shown(source), error, self.disk))
        if before == (len(self.files), len(self.found), len(self._seen)):
            help_ = "a folder of tables has files such as `flows.parquet`, or folders such as `flows` with such files"
            message = f"there are no tables in {quoted(shown(source))}"
            self.found.append(Diagnostic(codes.NO_MANIFEST, message, help=help_))

    def _keep_tables(self, name: str, path: Path, content: bytes) -> None:
        from privacy_rules.manifest.tables.reader import read_tables

        tables, wrong = read_tables(name, path, content, self.limit)
        self.found += wrong
        self.files += [
            ManifestFile(each.document, path.parent, {}, Header(), False, path, table=each) for each in tables
        ]

    def _open(self, path: Path, place: Span | None = None, *, is_table: bool = False) -> ManifestFile | None:
        """Read a file unless it has been read. `place` is the place of the `include`."""
        try:
            resolved = self.disk.real(path)
            if resolved in self._seen:
                return None
            self._seen.add(resolved)
            content = self._bytes(resolved)
        except (OSError, ValueError) as error:  # ValueError: a zero byte
            wrong = unreadable(shown(path), error, self.disk)
            self.found.append(
                wrong if place is None or wrong.span else Diagnostic(wrong.code, wrong.message, place, wrong.help)
            )
            return None
        if is_table or path.suffix in _ONLY_TABLES:
            self._keep_tables(shown(path), path, content)
            return None
        json = path.suffix.lower() == ".json"
        return self._keep(shown(path), resolved.parent, content, json=json, path=resolved)

    def _bytes(self, resolved: Path) -> bytes:
        if resolved in self.texts:
            return self.texts[resolved]
        return self.disk.read(resolved, self.limit)

    def _keep(
        self, name: str, folder: Path, content: bytes, *, json: bool, path: Path | None = None
    ) -> ManifestFile | None:
        parse = parser_of(name, content)
        read, sink = read_document(
            name, content, json=json, limit=self.limit, suggestions=self.suggestions, parse=parse
        )
        file: ManifestFile | None = None
        is_alone = self.importing is not None and self.importing.alone
        if read is not None and (parse is not None or is_alone or _lacks_version(read.data)):
            file = self._import(name, read.data, sink, folder, path)
        if read is not None and file is None and not is_alone:
            with sink.bounded():
                header = read_header(read.data, sink)
                if header is not None and isinstance(sink.document, Document):
                    marked = content.startswith(BYTE_ORDER_MARK)
                    file = ManifestFile(sink.document, folder, read.data, header, read.shared, path, json, marked)
                    self.files.append(file)
                    document = sink.document
                    sink.found += warnings_about(
                        document.text, lone_returns(document.text), document.span, document.excerpt
                    )
                    sink.found += lost_in_comments(document)
        is_policy = file is None and name.endswith(".privacy")
        self.found.extend(replace(each, help=_OF_POLICIES) if is_policy else each for each in sink.found)
        return file

    def _import(
        self, name: str, data: Node, sink: DiagnosticSink, folder: Path, path: Path | None
    ) -> ManifestFile | None:
        """The file as one of another tool; None if it is not clearly of a known format."""
        from privacy_rules.manifest.importing.work import Importing

        if self.importing is None:
            self.importing = Importing()
        imported = self.importing.take(name, data, sink)
        if imported is None or not isinstance(sink.document, Document):
            if self.importing.alone and isinstance(sink.document, Document):
                sink.found.append(self.importing.refusal(name, data, sink.document))
            return None
        document = sink.document
        self.found += warnings_about(document.text, lone_returns(document.text), document.span, document.excerpt)
        file = ManifestFile(document, folder, {}, Header(), False, path, imported=imported)
        self.files.append(file)
        return file

    def _includes(self, file: ManifestFile) -> list[tuple[Path, Span | None]]:
        sink = DiagnosticSink(file.document, self.suggestions)
        found: list[tuple[Path, Span | None]] = []
        for index, pattern in enumerate(file.header.includes):
            if pattern is not None:
                path = ("include", index)
                found.extend((each, file.document.place(path)) for each in self._matches(file, pattern, index, sink))
        self.found.extend(sink.found)
        return found

    def _matches(self, file: ManifestFile, pattern: str, index: int, sink: DiagnosticSink) -> list[Path]:
        try:
            matched = included(pattern, file.folder, self.root, self.texts, self.disk)
        except OutsideError as error:
            message = (
                f"{quoted(pattern)} leaves the root: {quoted(shown(error.found))} is outside {quoted(shown(self.root))}"
            )
            sink.add(codes.INCLUDE, message, ("include", index))
            return []
        except ClosedError as error:
            message = f"cannot look into the folder {quoted(shown(error.found))}: {error.reason}"
            sink.add(
                codes.INCLUDE, message, ("include", index), help="allow access to it, or name the files without it"
            )
            return []
        if not matched:
            near = help_for_absent(pattern, file.folder, self.disk)
            help_ = near or f"it is relative to {quoted(shown(file.folder))}"
            sink.add(codes.INCLUDE, f"{quoted(pattern)} matches no file", ("include", index), help=help_)
        return matched

    def _policy_files(self) -> tuple[PolicyFile, ...]:
        found: dict[Path, PolicyFile] = {}
        for file in self.files:
            for index, name in enumerate(file.header.policies):
                if name is not None:
                    path = Path(os.path.normpath(file.folder / name))
                    found.setdefault(path, PolicyFile(path, file.document.place(("policy", index))))
        return tuple(found.values())

    def _as_of(self) -> date | None:
        """The day that the files give; reports files that give another (E211)."""
        stating = [file for file in self.files if file.header.as_of is not None]
        for file in stating[1:]:
            first = stating[0]
            if file.header.as_of != first.header.as_of:
                sink = DiagnosticSink(file.document, self.suggestions)
                message = f"`as_of` is {file.header.as_of} here and {first.header.as_of} elsewhere"
                also = places_of(first.document, ("as_of",))
                sink.add(
                    codes.CONTRADICTION,
                    message,
                    ("as_of",),
                    help="all manifests of a check must have the same day",
                    also=also,
                )
                self.found.extend(sink.found)
        return stating[0].header.as_of if stating else None


def default_root(paths: Sequence[Source], disk: FileSystem = DISK) -> Path:
    """The git top level above the first file, else its folder."""
    named = (path.path if isinstance(path, Tables) else path for path in paths)
    first = next((path for path in named if isinstance(path, Path)), None)
    try:
        folder = Path.cwd() if first is None else disk.real(first).parent
    except (OSError, ValueError):  # reading the file reports it
        folder = Path.cwd()
    return git_top(folder) or folder


def shown(path: Path) -> str:
    """A path as users see it: relative to the working directory, with `/`."""
    here, there = Path.cwd(), Path(os.path.abspath(path))  # noqa: PTH100 - a symbolic link keeps its own name
    try:
        return Path(os.path.relpath(there, here)).as_posix()
    except ValueError:  # another drive
        return there.as_posix()


def _looks_like_json(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _lacks_version(data: Node) -> bool:
    return type(data) is list or (type(data) is dict and "manifest" not in data)


def parser_of(name: str, content: bytes) -> Parser | None:
    """The parser for a table, JSON lines or a catalogue; None if the file is YAML or JSON, like a manifest."""
    if not (name.endswith(_OTHER_ENDINGS) or _CATALOGUE in content):
        return None
    from privacy_rules.manifest.importing.tables import read_lines, read_table
    from privacy_rules.manifest.yaml_reader import read_yaml

    if name.endswith(TABLES):
        return lambda text, _: read_table(text)
    if name.endswith(LINES):
        return lambda text, _: read_lines(text)
    return None if name.endswith(".json") else lambda text, limit: read_yaml(text, limit, several=True)
