"""Load test files into suites that are ready to run: read policies and manifests once, make the changes, collect errors.

    loaded, diagnostics, reads = load([Path("customers.tests.yaml")])

User errors are returned, not raised. If there is any error, no suites are returned; the names of the files that were read are
returned in any case, so that they can be watched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path

from privacy_rules import engine
from privacy_rules.checking.repeated_work import RepeatedWork
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.file_set import Documents, ManifestFile, shown
from privacy_rules.manifest.header import Header
from privacy_rules.manifest.model import Estate, PathKey
from privacy_rules.manifest.nodes import Node
from privacy_rules.manifest.read_file import read_document, unreadable
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.subdocument import inner
from privacy_rules.simulation.change_set import Changes
from privacy_rules.simulation.overlay import apply
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, has_errors, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, LIMIT, FileSystem
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.testing.case_reader import CaseReader
from privacy_rules.testing.expectation_reader import Expected, check_subjects
from privacy_rules.testing.file_header import (
    BEGINS,
    FileHeader,
    Sources,
    missing_file,
    read_header,
    read_sources,
)
from privacy_rules.testing.suite import FEWER, Case, Loaded, Suite

Diagnostics = tuple[Diagnostic, ...]
MOST_ENTITIES = 2_000_000
"""The estates of all cases may have this many entities together."""


def load(
    files: Sequence[Path],
    policies: Sequence[Path] = (),
    *,
    otherwise: Sequence[Path] = (),
    root: Path | None = None,
    limit: int | None = None,
    disk: FileSystem = DISK,
) -> tuple[Loaded | None, Diagnostics, tuple[str, ...]]:
    """Return the suites, the diagnostics, and the names of the files that were read. Raises InputError if the cases are too large.

    `policies` override those that a test file or its manifests name; `otherwise` applies if neither names one;
    `root`, `limit` and `disk` are as for `engine.read`.
    """
    loader = _Loader(tuple(policies), tuple(otherwise), root, limit or LIMIT, disk)
    suites = [loader.suite(file) for file in files]
    reads = tuple(dict.fromkeys(loader.reads))
    found = in_order(loader.found)
    if has_errors(found):
        return None, found, reads
    return Loaded(tuple(each for each in suites if each is not None)), found, reads


@dataclass(slots=True)
class _Loader:
    policies: tuple[Path, ...]
    otherwise: tuple[Path, ...]
    root: Path | None
    limit: int
    disk: FileSystem
    found: list[Diagnostic] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    _suggestions: Suggestions = field(default_factory=Suggestions)
    _policies: dict[tuple[Path, ...], Policy | None] = field(default_factory=dict)
    _documents: dict[tuple[Path, ...], Documents | None] = field(default_factory=dict)
    _estates: dict[tuple[int, tuple[Path, ...]], Estate | None] = field(default_factory=dict)
    _kept: list[Policy] = field(default_factory=list)  # keeps policies alive, because their ids are keys
    work: RepeatedWork = field(
        default_factory=lambda: RepeatedWork("the estates of the cases", MOST_ENTITIES, FEWER, "entities")
    )

    def suite(self, file: Path) -> Suite | None:
        """Load the suite of one file; None if there are errors in its header, policy or manifests."""
        sink, heading = self._header(file)
        if heading is not None:
            policy = self._policy(heading)
            if policy is not None:
                cases = _Cases(self, heading, policy, sink).read()
                self.found += sink.found
                return Suite(heading.document.name, policy, tuple(cases))
        self.found += sink.found
        return None

    def _header(self, file: Path) -> tuple[DiagnosticSink, FileHeader | None]:
        name = shown(file)
        self.reads.append(name)
        try:
            content = self.disk.read(file, self.limit)
        except (OSError, ValueError) as error:
            sink = DiagnosticSink(Document(name, ""), self._suggestions)
            sink.found.append(unreadable(name, error))
            return sink, None
        json = file.suffix.lower() == ".json"
        read, sink = read_document(
            name, content, json=json, limit=self.limit, suggestions=self._suggestions, begins=BEGINS
        )
        heading = None
        if read is not None:
            with sink.bounded():
                heading = read_header(read.data, file.parent, sink, shared=read.shared)
        return sink, heading

    # The policy.

    def _policy(self, heading: FileHeader) -> Policy | None:
        """The policy that the call, the file or its manifests name, else the configured one."""
        paths = self.policies
        if not paths:
            if [path for path, where in heading.policies if not self._is_there(heading, path, where)]:
                return None
            paths = tuple(path for path, _ in heading.policies)
        documents = self.documents(heading, heading.sources)
        if not paths and documents is not None and documents.policy_files:
            policy, wrong = engine.policy_of(documents, self.disk)
            self.found += () if policy else wrong
            paths = tuple(each.path for each in documents.policy_files) if policy else ()
            if policy is None:
                return None
        paths = paths or self.otherwise
        if not paths:
            if documents is not None or not heading.sources:
                help_ = "give one with `policy: [FILE]`, in the manifest, in the configuration, or with `--policy FILE`"
                where = heading.document.place(())
                self.found.append(Diagnostic(codes.NO_POLICY, "no policy is given for these tests", where, help_))
            return None
        return self._load_policy(paths)

    def _load_policy(self, paths: tuple[Path, ...]) -> Policy | None:
        key = tuple(path.resolve() for path in paths)
        if key not in self._policies:
            policy, wrong = engine.load_policy(paths, root=self.root, disk=self.disk)
            self.found += wrong
            self.reads += [shown(path) for path in paths]
            if policy is not None:
                self.reads += policy.files
                self._kept.append(policy)
            self._policies[key] = policy
        return self._policies[key]

    def _is_there(self, heading: FileHeader, path: Path, where: Span | None) -> bool:
        wrong = missing_file(heading, path, where)
        self.found += [wrong] if wrong else []
        return wrong is None

    # Manifests.

    def documents(self, heading: FileHeader, sources: Sources) -> Documents | None:
        """The manifest files among the sources, read; None where one of them cannot be, or there is none."""
        if [each for each in sources if each.file and not self._is_there(heading, each.file, each.where)]:
            return None
        paths = tuple(each.file.resolve() for each in sources if each.file is not None)
        if not paths:
            return None
        if paths not in self._documents:
            documents, wrong = engine.read(
                [each.file for each in sources if each.file is not None],
                root=self.root,
                limit=self.limit,
                disk=self.disk,
            )
            self.found += wrong
            if documents is not None:
                self.reads += [each.document.name for each in documents.files]
            self._documents[paths] = documents
        return self._documents[paths]

    def estate(self, sources: Sources, policy: Policy, heading: FileHeader) -> Estate | None:
        """Return the estate of files and inline manifests together, read with a policy's terms."""
        paths = tuple(each.file.resolve() for each in sources if each.file is not None)
        written = [each for each in sources if each.body is not None]
        key = id(policy), paths
        if not written and key in self._estates:
            return self._estates[key]
        documents = self.documents(heading, sources)
        if documents is None:
            if paths:
                return None
            documents = Documents((), (), None, heading.folder)
        files = [_written_out(heading, each.path, each.body or {}) for each in written]
        estate, wrong = engine.hold(replace(documents, files=(*documents.files, *files)), policy)
        self.found += wrong
        if not written:
            self._estates[key] = estate
        return estate


def _written_out(heading: FileHeader, path: PathKey, body: dict[str, Node]) -> ManifestFile:
    document = inner(heading.document, {(): path})
    assert isinstance(document, Document)
    return ManifestFile(document, heading.folder, body, Header(), heading.shared)


class _Cases:
    """Reads the cases of one file with the policy's terms, and makes their changes."""

    def __init__(self, loader: _Loader, heading: FileHeader, policy: Policy, sink: DiagnosticSink) -> None:
        self._loader, self._heading, self._policy, self._sink = loader, heading, policy, sink
        self._reader = CaseReader(policy, sink)

    def read(self) -> list[Case]:
        """Return every case without errors. Errors go to the sink or to the loader."""
        found: list[Case] = []
        with self._sink.bounded():
            for index, node in enumerate(self._heading.cases):
                case = self._case(node, ("cases", index))
                found += [case] if case is not None else []
        return found

    def _case(self, node: Node, path: PathKey) -> Case | None:
        sink = self._sink
        before = len(sink.found)
        read = self._reader.read(node, path)
        if read is None or type(node) is not dict:
            return None
        estate = self._base(node, path)
        if estate is None or read.name is None or len(sink.found) > before:
            return None
        day, mode = read.as_of or self._heading.as_of, read.mode or self._heading.mode
        estate = self._changed(replace(estate, as_of=day or estate.as_of), read.changes, read.expected, path)
        if estate is None or estate.as_of is None:
            return None
        self._loader.work.take(estate.size)
        where = sink.document.place((*path, "name"))
        return Case(read.name, estate, estate.as_of, tuple(each for _, each in read.expected), mode, where)

    def _base(self, node: dict[str, Node], path: PathKey) -> Estate | None:
        """Return what the case starts from: its own manifests, or else those of the file."""
        sources = self._heading.sources
        if node.get("manifest") is not None:
            sources = read_sources(node["manifest"], (*path, "manifest"), self._heading.folder, self._sink)
        if not sources:
            if not self._sink.found:
                help_ = (
                    "name it once for the file, `manifest: [estate.yaml]`, or in the case; an inline manifest is a map"
                )
                self._sink.add(codes.MISSING_KEY, "neither the case nor the file has a `manifest`", path, help=help_)
            return None
        return self._loader.estate(sources, self._policy, self._heading)

    def _changed(self, estate: Estate, changes: Changes, expected: Expected, path: PathKey) -> Estate | None:
        outcome, wrong = apply(estate, self._policy, changes)
        self._sink.found.extend(wrong)
        if outcome is None:
            return None
        if outcome.estate.as_of is None:
            help_ = "write `as_of: 2026-11-01` in the file or the case, so that the test has the same result next year"
            self._sink.add(codes.MISSING_KEY, "the case has no day", path, help=help_)
        check_subjects(expected, outcome.estate, self._sink)
        return outcome.estate
