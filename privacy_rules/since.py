"""What was found at a commit: the same check of the files as they were, with the configuration that held there.

Both sides are judged on one day. Where there was no manifest or no policy yet, nothing was found: all is new.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import chdir
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from privacy_rules import codes, engine
from privacy_rules.configuration import Configuration, configuration
from privacy_rules.findings.finding import Finding
from privacy_rules.git import GitError, Repository
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from privacy_rules.targets import manifest_files

_KINDS = (".yaml", ".yml", ".json", ".privacy", ".toml")
"""Endings of the files that are read as a rule; all files are had where that is not enough."""

Diagnostics = tuple[Diagnostic, ...]
Found = tuple[list[Finding] | None, Diagnostics]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call names of its own, as of today: manifests, policies and rules (None: the configuration's)."""

    manifests: Sequence[str] = ()
    policies: Sequence[str] = ()
    rules: Collection[str] | None = None


def findings_at(name: str, call: Asked, day: date) -> Found:
    """The findings at the commit of that name, judged on `day`; None where git or the files of then are at fault."""
    try:
        here = Path.cwd().resolve()
        repository = Repository.around(here)
        commit = repository.commit(name)
        renamed = repository.renamed(commit) if call.manifests or call.policies else {}
        for everything in (False, True):
            found, wrong = _checked(_Then(repository, commit, here, renamed), call, day, everything=everything)
            if found is not None:
                break
    except GitError as error:
        return None, (Diagnostic(codes.COMMIT, str(error), help=error.help),)
    return found, tuple(_at(name, each) for each in wrong)


@dataclass(frozen=True, slots=True)
class _Then:
    """A commit, seen from a folder of today."""

    repository: Repository
    commit: str
    here: Path
    renamed: dict[str, str]

    def was(self, name: str) -> str:
        """What a file that is named today was called then, seen from here; one outside the repository has no past."""
        top = self.repository.top
        folder, file = os.path.split(self.here / name)
        inside = os.path.relpath(os.path.join(os.path.realpath(folder), file), top)  # noqa: PTH118
        if inside.partition(os.sep)[0] == os.pardir:
            return str(self.here / name)
        old = self.renamed.get(Path(inside).as_posix(), inside)
        return os.path.relpath(top / old, self.here)

    def moved(self, path: Path, aside: Path) -> Path:
        """A path that a configuration gives whole, as it is in the folder aside."""
        top = self.repository.top
        inside = path.is_relative_to(top) and not path.is_relative_to(aside)
        return aside / path.relative_to(top) if inside else path

    def moved_name(self, name: str, aside: Path) -> str:
        """The same for a name, such as a pattern; a slash at its end stays."""
        return f"{self.moved(Path(name), aside)}{'/' if name.endswith('/') else ''}"


def _checked(then: _Then, call: Asked, day: date, *, everything: bool) -> Found:
    with TemporaryDirectory(prefix="privacy-rules-") as aside:
        top = Path(aside).resolve()
        then.repository.write(then.commit, top, lambda name: everything or name.endswith(_KINDS))
        (top / ".git").mkdir()  # so that includes may go as far up as they may today
        here = top / then.here.relative_to(then.repository.top)
        here.mkdir(parents=True, exist_ok=True)
        with chdir(here):
            return _check(top, then, call, day)


def _check(top: Path, then: _Then, call: Asked, day: date) -> Found:
    settings, wrong = configuration(Path.cwd(), top)
    if settings is None:
        return None, wrong
    settings = replace(
        settings,
        policy=tuple(then.moved(each, top) for each in settings.policy),
        manifests=tuple(then.moved_name(each, top) for each in settings.manifests),
        exclude=tuple(then.moved_name(each, top) for each in settings.exclude),
    )
    manifests = [each for each in map(then.was, call.manifests) if _is_there(each)] or settings.manifests
    policies = [Path(each) for each in map(then.was, call.policies) if _is_there(each)] or settings.policy
    files = manifest_files(manifests, settings.exclude, settings.folder).files
    if not files or (call.policies and not policies):
        return [], ()
    return _judged(files, policies, settings, call, day)


def _judged(files: Sequence[Path], policies: Sequence[Path], settings: Configuration, call: Asked, day: date) -> Found:
    inputs, wrong = engine.load(files, policies, root=settings.folder, limit=settings.manifest_limit)
    if inputs is None:
        no_policy = [each.code for each in wrong if each.level == "error"] == [codes.NO_POLICY]
        return ([], ()) if no_policy else (None, wrong)
    judged = {rule.name for rule in inputs.policy.rules}
    rules = None if call.rules is None else judged & set(call.rules)
    if rules is not None and not rules:
        return [], ()
    severities = {rule: each for rule, each in settings.severity.items() if rule in judged}
    report, wrong = engine.check(inputs, day=day, rules=rules or settings.rule or None, severities=severities)
    return (None, wrong) if report is None else (list(report.findings), ())


def _is_there(name: str) -> bool:
    return os.path.exists(name) or glob.has_magic(name)  # noqa: PTH110


def _at(name: str, found: Diagnostic) -> Diagnostic:
    """The diagnostic with its places at the commit: `main:estate.yaml:3:1`."""
    return replace(found, span=_span_at(name, found.span), also=tuple(_places_at(name, found.also)))


def _places_at(name: str, spans: Iterable[Span]) -> Iterable[Span]:
    return (span for each in spans if (span := _span_at(name, each)) is not None)


def _span_at(name: str, span: Span | None) -> Span | None:
    return None if span is None else replace(span, file=f"{name}:{span.file}")
