"""Find what a check would have found at a commit, with the files and the configuration of that commit.

Both sides are judged on the same day. Renamed files and folders are followed. Files that git does not keep (outside the
repository, or ignored) are used as they are now. If the commit has no manifest or no policy yet, nothing is found.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path, PurePosixPath

from privacy_rules import engine
from privacy_rules.configuration.load import Configuration, configuration
from privacy_rules.configuration.targets import manifest_files
from privacy_rules.findings.finding import Finding
from privacy_rules.history.commit_files import CommitFiles
from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.no_longer_read import fewer_words, no_longer_read
from privacy_rules.history.objects import Objects
from privacy_rules.history.places_at_commit import at_commit
from privacy_rules.history.renames import Renames
from privacy_rules.manifest.file_set import Documents, ManifestFile, default_root, shown
from privacy_rules.manifest.includes import ClosedError, OutsideError, included
from privacy_rules.manifest.model import Estate
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, git_top
from privacy_rules.source.language_files import is_shipped
from privacy_rules.source.opened_files import files_read
from privacy_rules.source.project_boundary import Confined, shared_policies

Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """The present check: the inputs that the call names (None or empty: the configuration's), and the result."""

    manifests: Sequence[str]
    policies: Sequence[str]
    rules: Collection[str] | None
    settings: Configuration
    inputs: engine.Inputs
    findings: Sequence[Finding]
    day: date
    disk: Confined


@dataclass(frozen=True, slots=True)
class Past:
    """The findings at a commit.

    `missing` is what there was not yet, so that nothing could be judged: a manifest or a policy. `inputs` are what was judged.
    """

    commit: str
    findings: Sequence[Finding]
    notes: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    missing: str | None = None
    inputs: engine.Inputs | None = None


def findings_at(name: str, present: Present, *, exact: bool = False) -> tuple[Past | None, Diagnostics]:
    """The findings where HEAD left the named commit (`exact`: at that commit), judged on the day of the present check.

    None if git cannot answer, or the files had errors then.
    """
    label = f"`{name}`"
    try:
        here = Path.cwd().resolve()
        repository = Repository.around(here)
        tip = repository.commit(name)
        commit = tip if exact else repository.merge_base(name, tip)
        label = label if commit == tip else f"{commit[:12]}, where HEAD left `{name}`"
        with Objects(repository) as objects:
            past = _Past(repository, commit, objects, here, present, name)
            try:
                found, wrong = past.findings()
            finally:
                past.files.close()
    except GitError as error:
        message = str(error) if name in str(error) else f"cannot compare with {label}: {error}"
        return None, (Diagnostic(codes.COMMIT, message, help=error.help),)
    if found is None:
        return None, tuple(at_commit(name if commit == tip else commit[:12], label, each) for each in wrong)
    notes = tuple(dict.fromkeys((*past.notes, *past.files.notes)))
    return Past(commit, found, notes, tuple(past.warnings), past.missing, past.inputs), ()


@dataclass(slots=True)
class _Past:
    """A commit, seen from a folder of the checkout."""

    repository: Repository
    commit: str
    objects: Objects
    here: Path
    present: Present
    name: str
    files: CommitFiles = field(init=False)
    notes: list[str] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    missing: str | None = None
    inputs: engine.Inputs | None = None
    _renames: Renames | None = None

    def __post_init__(self) -> None:
        self.files = CommitFiles(self.repository, self.commit, self.objects)
        lacking = sorted(each for each in self._read_today() if not self._has(each))
        today = sorted(self._ignored(lacking))
        if today:
            self.files.close()
            self.files = CommitFiles(self.repository, self.commit, self.objects, today)
            self.notes += [f"git ignores {shown(each)}: it is taken as it is today" for each in today]

    def _ignored(self, files: Iterable[Path]) -> frozenset[Path]:
        """The files that git ignores, according to the repository or submodule that each is in."""
        by_top: dict[Path, list[Path]] = {}
        for each in files:
            by_top.setdefault(git_top(each.parent) or self.repository.top, []).append(each)
        found: set[Path] = set()
        for top, inside in by_top.items():
            repository = self.repository if top == self.repository.top else Repository.at(top)
            names = {each.relative_to(repository.top).as_posix(): each for each in inside}
            found |= {names[each] for each in repository.ignored(list(names))}
        return frozenset(found)

    def _read_today(self) -> Iterator[Path]:
        """The files of the repository that the present check has read."""
        for each in files_read():
            try:
                real = DISK.real(Path(each))
            except (OSError, ValueError):
                continue
            if real.is_relative_to(self.repository.top) and real.is_file():
                yield real

    # ---- the check

    def findings(self) -> tuple[Sequence[Finding] | None, Diagnostics]:
        settings, wrong = self._configuration()
        if settings is None:
            return None, wrong
        self._note_if_outside([settings.file] if settings.file else [], "the configuration")
        policies = [self._file(Path(each)) for each in self.present.policies if self._has(self._file(Path(each)))]
        policies = policies if self.present.policies else self._configured_policies(settings)
        targets = list(self._targets()) if self.present.manifests else self._configured(settings)
        manifests = manifest_files(targets, settings.exclude, settings.folder, self.files)
        if manifests.closed:
            where, why = manifests.closed[0]
            return None, (Diagnostic(codes.COMMIT, f"cannot look into the folder `{shown(where)}`: {why}"),)
        if not manifests.files:
            return self._nothing("manifest")
        if not any(map(self._has, policies)) and (policies or self.present.policies):
            return self._nothing("policy")
        self._note_if_outside(policies, "the policy")
        self._note_if_outside(manifests.files, "the manifest")
        if self._is_unchanged(manifests.files, policies, settings):
            self.inputs = self.present.inputs
            return self.present.findings, ()
        return self._judged(manifests.files, policies, settings)

    def _judged(
        self, manifests: Sequence[Path], policies: Sequence[Path], settings: Configuration
    ) -> tuple[Sequence[Finding] | None, Diagnostics]:
        disk = self.present.disk.over(self.files, shared_policies(settings.policy, self.files))
        maps = [self._file(each) for each in self.present.settings.called_maps] or settings.map
        inputs, wrong = engine.load(
            manifests,
            policies,
            root=settings.folder,
            limit=settings.manifest_limit,
            disk=disk,
            maps=[each for each in maps if self._has(each)],
        )
        if inputs is None:
            no_policy = [each.code for each in wrong if each.level == "error"] == [codes.NO_POLICY]
            return self._nothing("policy") if no_policy else (None, wrong)
        self.inputs = inputs
        self._compare_with(inputs.estate)
        judged = {rule.name for rule in inputs.policy.rules}
        rules = None if self.present.rules is None else judged & set(self.present.rules)
        if rules is not None and not rules:
            self.notes.append(f"at {self.commit[:12]} the policy had none of the selected rules: every finding is new")
            return [], ()
        severities = {rule: each for rule, each in settings.severity.items() if rule in judged}
        report, wrong = engine.check(
            inputs, day=self.present.day, rules=rules or settings.rule or None, severities=severities
        )
        return (None, wrong) if report is None else (report.findings, ())

    def _compare_with(self, then: Estate) -> None:
        """Keep what has been lost since: files that are no longer read, and the decrease in flows and systems."""
        now = self.present.inputs.estate
        read = {self._file(Path(each)) for each in now.files}
        lost = [each for each in then.files if self._as_file(each) not in read]
        self.notes += fewer_words(then, now, self.name)
        self.warnings += no_longer_read(then, now, lost, self.name)

    def _as_file(self, name: str) -> Path:
        """The path of a file that was read at the commit, as `_file` gives it."""
        path = Path(os.path.normpath(self.here / name))
        return DISK.real(path.parent) / path.name

    def _nothing(self, what: str) -> tuple[Sequence[Finding], Diagnostics]:
        self.missing = what
        return [], ()

    # ---- what today's names meant

    def _configuration(self) -> tuple[Configuration | None, Diagnostics]:
        """The configuration at the commit. If that has none from here upwards, the present file may have been below."""
        found, wrong = configuration(self._folder(self.here), self.files)
        now = self.present.settings.file
        if found is None or found.file is not None or now is None or not self._has(self._file(now)):
            return found, wrong
        return configuration(self._file(now).parent, self.files)

    def _targets(self) -> Iterator[str]:
        """The manifests that the call names, under their names at the commit."""
        for target in self.present.manifests:
            yield from self._called(target)

    def _configured(self, settings: Configuration) -> list[str]:
        """The configured manifests; if the configuration is outside the repository, under their names at the commit."""
        if settings.folder is None or self._is_inside(settings.folder):
            return list(settings.manifests)
        return [each for target in settings.manifests for each in self._called(target)]

    def _configured_policies(self, settings: Configuration) -> list[Path]:
        if settings.folder is None or self._is_inside(settings.folder):
            return list(settings.policy)
        return list(map(self._file, settings.policy))

    def _called(self, target: str) -> Iterator[str]:
        start, rest = _split_at_wildcard(target)
        path = self.here / start
        if rest or DISK.kind(path) == "folder":
            then = self._folder(path)
            if rest or self._has(then):
                yield os.path.join(glob.escape(str(then)), rest) if rest else str(then)  # noqa: PTH118
            if then == path:
                yield from self._moved_into(path)
        elif self._has(self._file(Path(target))):
            yield str(self._file(Path(target)))

    def _moved_into(self, folder: Path) -> Iterator[str]:
        """The former names of manifests that are in a folder now and were elsewhere then."""
        for each in self.present.inputs.estate.files:
            file = self.here / each
            then = self._file(file) if file.is_relative_to(folder) else file
            if then != file and self.files.kind(then) == "file":
                yield str(then)

    def _has(self, path: Path) -> bool:
        """Whether the commit has something at a path. If it has a link that leads nowhere, reading it reports that."""
        try:
            return self.files.kind(path) is not None
        except (OSError, ValueError):
            return True

    def _file(self, name: Path) -> Path:
        """The former path of a file; a file outside the repository has none."""
        path = self.here / name
        folder = DISK.real(path.parent)
        inside = self._inside(folder / path.name)
        if inside is None or self._has(folder / path.name):
            return folder / path.name
        return self.repository.top / self.renames.file(inside)

    def _folder(self, path: Path) -> Path:
        """The former path of a folder."""
        inside = self._inside(path)
        if inside is None or self._has(path):
            return path
        return self.repository.top / self.renames.folder(inside)

    @property
    def renames(self) -> Renames:
        """The renamed files. They are searched for only if something is missing at the commit."""
        if self._renames is None:
            self._renames = Renames.since(self.repository, self.commit, self.objects)
        return self._renames

    def _inside(self, path: Path) -> PurePosixPath | None:
        whole = Path(os.path.normpath(path))
        inside = whole.relative_to(self.repository.top) if whole.is_relative_to(self.repository.top) else None
        return None if inside is None else PurePosixPath(inside.as_posix())

    def _is_inside(self, path: Path) -> bool:
        try:
            return self.files.real(path).is_relative_to(self.repository.top)
        except (OSError, ValueError):
            return True

    def _note_if_outside(self, paths: Iterable[Path], what: str) -> None:
        for each in paths:
            if not self._is_inside(each):
                self.notes.append(f"{what} {shown(each)} is outside the repository: it is taken as it is today")

    # ---- whether there is anything to judge

    def _is_unchanged(self, manifests: Sequence[Path], policies: Sequence[Path], settings: Configuration) -> bool:
        """Whether a check at the commit would read exactly what the present one has read, and so find the same."""
        now = self.present
        documents = now.inputs.documents
        if documents is None or (settings.severity, settings.rule) != (now.settings.severity, now.settings.rule):
            return False
        try:
            return self._has_the_same_policy(policies, documents) and self._reads_the_same(
                manifests, documents, settings
            )
        except (OSError, ValueError):  # a link that leads nowhere; judging reports it
            return False

    def _has_the_same_policy(self, policies: Sequence[Path], documents: Documents) -> bool:
        now = self.present
        named = [each.path for each in documents.policy_files]
        today = [Path(each) for each in now.policies] or now.settings.policy or named
        if list(map(DISK.real, today)) != list(map(self.files.real, policies or named)):
            return False
        return all(self._is_same(self.here / each) for each in now.inputs.policy.files if not is_shipped(each))

    def _reads_the_same(self, manifests: Sequence[Path], documents: Documents, settings: Configuration) -> bool:
        known = {each.path: each for each in documents.files}
        root = DISK.real(settings.folder or default_root(manifests, self.files))
        if root != documents.root:
            return False
        reached: list[Path] = []
        for each in manifests:
            waiting = [each]
            while waiting:
                path = self.files.real(waiting.pop())
                if path in reached:
                    continue
                file = known.get(path)
                if file is None or not self._is_same(path):
                    return False
                reached.append(path)
                waiting += reversed(self._includes(file, root))
        return reached == [each.path for each in documents.files]

    def _includes(self, file: ManifestFile, root: Path) -> list[Path]:
        found: list[Path] = []
        for pattern in file.header.includes:
            try:
                found += included(pattern, file.folder, root, disk=self.files) if pattern else []
            except (OutsideError, ClosedError, OSError):
                return [Path()]  # which no check has read
        return found

    def _is_same(self, path: Path) -> bool:
        """Whether a file led to the same place as now, with the same content."""
        try:
            real = DISK.real(path)
            if self.files.real(path) != real:
                return False
            if not real.is_relative_to(self.repository.top):
                return True
            oid = self.files.object_id(real)
            return oid is not None and oid == _object_id(DISK.read(real), len(oid))
        except (OSError, ValueError):
            return False


def _object_id(content: bytes, length: int) -> str:
    """The object id that git gives to a content."""
    algorithm = hashlib.sha1 if length == 40 else hashlib.sha256
    return algorithm(b"blob %d\0" % len(content) + content).hexdigest()


def _split_at_wildcard(target: str) -> tuple[str, str]:
    """Split a glob into the folder to search and the rest, which is empty for a path without wildcards."""
    if not glob.has_magic(target) or os.path.lexists(target):
        return target, ""
    parts = Path(target).parts
    first = next(number for number, each in enumerate(parts) if glob.has_magic(each))
    return str(Path(*parts[:first])), str(Path(*parts[first:]))
