"""Warnings about what a check does not read: manifests that it does not find, patterns that match nothing, an old `as_of`.

Only the beginning of each file is read, links are not followed, and a search ends after `MOST_ENTRIES` names and
`MOST_FILES` files.
"""

from __future__ import annotations

import glob
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from privacy_rules import engine
from privacy_rules.cli.inputs import STDIN
from privacy_rules.configuration.load import OWN_FILE, PROJECT_FILE, TABLE, Configuration
from privacy_rules.configuration.targets import Excluded, split_target
from privacy_rules.manifest.file_set import shown
from privacy_rules.source import codes, observations
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.file_system import CONFIGURATION_LIMIT, DISK, exists
from privacy_rules.source.project_boundary import confined_to
from privacy_rules.source.real_paths import RealPaths, real_path
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted

if TYPE_CHECKING:
    from privacy_rules.findings.report import Report

MOST_ENTRIES, MOST_FILES = 20_000, 2_000
MOST_DAYS = 90
"""How many days before today an `as_of` may be, unless the configuration says otherwise."""
_HEAD = 4_096
_LISTED = 20
_DATA = (".yaml", ".yml", ".json")
_SAYS_SO = re.compile(
    rb"""^(?:\xef\xbb\xbf)?(?:---[ \t]+)?(?:\{\s*)?["']?manifest["']?[ \t]*:[ \t]*["']?1(?![\w.])""", re.MULTILINE
)
_SAYS_SO_IN_JSON = re.compile(rb"""["']manifest["']\s*:\s*["']?1(?![\w.])""")
_FETCHED = frozenset(
    (
        *("node_modules", "site-packages", "venv", "__pycache__", ".git", ".hg", ".svn", ".venv", ".tox", ".nox"),
        *(".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".terraform"),
    )
)
"""Folders of what tools fetch or keep: no team writes manifests there."""
_MADE = _FETCHED | {"build", "dist", "out", "target", "vendor"}
"""Folders of what tools make, too. They are absent in a fresh checkout, so an exclusion of one is never reported."""


def left_unread(settings: Configuration, targets: Sequence[str], inputs: engine.Inputs) -> Iterator[Diagnostic]:
    """Yield a warning for each manifest that is not read, and for each configured pattern that matches nothing.

    Invisible characters of the configuration are also reported: a reviewer does not read them.

    `targets` are the manifests of the call; without any, those of the configuration count.
    """
    yield from settings.invisible_characters()
    yield from _idle(settings)
    yield from _no_prose(inputs)
    folders = [*_searched(targets, settings), *((each, True) for each in inputs.searched)]
    kept = _unread_files(folders, settings, inputs.estate.files)
    yield from map(_unread, kept[:_LISTED])
    if len(kept) > _LISTED:
        message = f"{counted(len(kept) - _LISTED, 'more file')} that say `manifest: 1` are not read"
        yield _warning(codes.UNREAD_MANIFEST, message, None, _NAME_IT)


def unread_in(target: str, settings: Configuration) -> list[str]:
    """The files that say `manifest: 1` in the places where a target without manifests looks for them."""
    return [shown(Path(each)) for each in _unread_files(list(_searched([target], settings)), settings)]


def _unread_files(folders: Sequence[tuple[Path, bool]], settings: Configuration, read: Sequence[str] = ()) -> list[str]:
    """The files in these folders that say `manifest: 1`, without those that are read, excluded or ignored by git."""
    known, excluded = RealPaths(), Excluded(settings.exclude, settings.folder)
    real = {known.of(os.path.abspath(each)) for each in read}  # noqa: PTH100
    found = [each for each in _say_so(folders) if known.of(each) not in real and not excluded.has(Path(each))]
    ignored = _ignored_by_git(found) if found else frozenset()
    return [each for each in found if each not in ignored]


def old_day(settings: Configuration, inputs: engine.Inputs, report: Report, today: date) -> Iterator[Diagnostic]:
    """Yield a warning if the manifests or the configuration set a day long ago."""
    most = MOST_DAYS if settings.as_of_days is None else settings.as_of_days
    days = (today - report.as_of).days
    source = report.terms.as_of_from
    if days > most and source in ("manifest", "configuration"):
        name = "as_of" if source == "manifest" else "as-of"
        message = f"`{name}` is {report.as_of}, {days:,} days ago: contracts and rules that began or ended since then are not considered"
        help_ = f"remove `{name}` to judge today, or set a later day; `as-of-days` ({most}) says how old it may be"
        place = inputs.day_place if source == "manifest" else None
        found = _warning(codes.OLD_DAY, message, place, help_)
        yield found if place else settings.blamed("as-of", found)


_NAME_IT = "add it to `manifests` or to an `include` if its flows belong to this check, else to `exclude`"


def _unread(file: str) -> Diagnostic:
    head = _head(file)
    found = _SAYS_SO.search(head) or _SAYS_SO_IN_JSON.search(head)
    line = head.count(b"\n", 0, found.end()) + 1 if found else 1
    name = shown(Path(file))
    return _warning(
        codes.UNREAD_MANIFEST,
        f"`{name}` says `manifest: 1`, but this check does not read it",
        Span(name, line, 1),
        _NAME_IT,
    )


# ---- where manifests may be


def _searched(targets: Sequence[str], settings: Configuration) -> Iterator[tuple[Path, bool]]:
    """The folders in which a manifest may be missed, each with whether the folders below it count as well."""
    plain: list[Path] = []
    for target in targets or settings.manifests:
        if target == STDIN:
            continue
        start, rest = split_target(target, settings.folder)
        parts = PurePath(rest).parts
        first = next((number for number, part in enumerate(parts) if glob.has_magic(part)), None)
        if DISK.is_folder(Path(target)):
            yield Path(target), True
        elif first is not None and not exists(target):
            yield Path(start, *parts[:first]), True
        else:
            plain.append(Path(target).parent)
    if plain and not targets:  # files that the configuration lists one by one: another one beside them may be forgotten
        yield Path(os.path.commonpath([os.path.abspath(each) for each in plain])), len(set(plain)) > 1  # noqa: PTH100


def _say_so(folders: Iterable[tuple[Path, bool]]) -> list[str]:
    """The files below these folders that say `manifest: 1`, by name.

    If the search is cut off, the nearest files have been found.
    """
    waiting = deque((os.path.abspath(each), deep, True) for each, deep in folders if _may_look_into(each))  # noqa: PTH100
    seen, found = dict[str, bool](), set[str]()
    entries, files = MOST_ENTRIES, MOST_FILES
    while waiting and entries > 0 and files > 0:
        folder, deep, is_first = waiting.popleft()
        if seen.get(folder, False) or (folder in seen and not deep):
            continue
        seen[folder] = deep
        below, inside = _names(folder)
        if not is_first and _is_another_project(folder, inside):
            continue
        data = [os.path.join(folder, each) for each in inside if each.lower().endswith(_DATA)]  # noqa: PTH118
        found.update(filter(_says_so, data[:files]))
        entries, files = entries - len(below) - len(inside), files - len(data)
        if deep:
            waiting.extend((os.path.join(folder, each), True, False) for each in below if each not in _FETCHED)  # noqa: PTH118
    return sorted(found)


def _may_look_into(folder: Path) -> bool:
    """Whether a folder is in the project that names it, so that no link can lead the search elsewhere."""
    return confined_to([], folder if DISK.is_folder(folder) else None).is_inside(folder)


def _names(folder: str) -> tuple[list[str], list[str]]:
    try:
        return DISK.unlinked(folder)
    except (OSError, ValueError):
        return [], []


def _is_another_project(folder: str, files: Sequence[str]) -> bool:
    """Whether a folder has a configuration of its own, so that its files belong to another check."""
    if PROJECT_FILE not in files:
        return OWN_FILE in files
    return OWN_FILE in files or f"tool.{TABLE}".encode() in _head(f"{folder}/{PROJECT_FILE}", CONFIGURATION_LIMIT)


def _says_so(file: str) -> bool:
    head = _head(file)
    if b"manifest" not in head:
        return False
    if not file.lower().endswith(".json"):
        return _SAYS_SO.search(head) is not None
    found = _SAYS_SO_IN_JSON.search(head)
    before = head[: found.start()] if found else b""
    return found is not None and before.count(b"{") - before.count(b"}") == 1  # a key of the document itself


def _head(file: str, size: int = _HEAD) -> bytes:
    try:
        return DISK.head(file, size)
    except (OSError, ValueError):
        return b""


def _ignored_by_git(files: Sequence[str]) -> frozenset[str]:
    """Which of these paths git ignores; none if git cannot answer."""
    from privacy_rules.history.git import GitError, Repository

    try:
        repository = Repository.around(Path.cwd().resolve())
        tops = {os.path.relpath(real_path(each), repository.top): each for each in files}
        inside = [each for each in tops if not each.startswith(os.pardir)]
        return frozenset(tops[each] for each in repository.ignored(inside)) if inside else frozenset()
    except (GitError, OSError, ValueError, KeyError):
        return frozenset()


# ---- patterns that match nothing


def _idle(settings: Configuration) -> Iterator[Diagnostic]:
    given = settings.given.get("exclude", ())
    written = [str(each) for each in given] if isinstance(given, list) else []
    idle = [
        (path, name)
        for path, name in zip(settings.exclude, written, strict=True)
        if not _matches(path, settings.folder)
    ]
    ignored = _ignored_by_git([path for path, _ in idle]) if idle else frozenset()
    for path, name in idle:
        if path not in ignored:
            help_ = help_for_absent(name, settings.folder) or "fix it, or remove it"
            found = _warning(codes.IDLE_PATTERN, f"the pattern `{name}` in `exclude` matches nothing", None, help_)
            yield settings.blamed("exclude", found, name)


def _matches(exclusion: str, folder: Path | None) -> bool:
    """Whether an exclusion matches something, or may: what tools make is missing in a fresh checkout."""
    start, rest = split_target(exclusion, folder)
    parts = PurePath(rest).parts
    if not _MADE.isdisjoint(parts) or not glob.has_magic(rest):
        return not _MADE.isdisjoint(parts) or exists(exclusion)
    if "**" not in parts:
        observations.stop()
        return next(glob.iglob(rest, root_dir=start or None, include_hidden=True), None) is not None  # noqa: PTH207 -- Path.glob skips no hidden names
    pattern, left = Excluded([exclusion], folder), MOST_FILES
    first = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    for where, entries in DISK.walk(Path(start, *parts[:first]), lambda _, __: None):
        left -= len(entries)
        if left < 0 or any(pattern.has(where / each.name, is_folder=each.is_folder) for each in entries):
            return True
    return False


def _no_prose(inputs: engine.Inputs) -> Iterator[Diagnostic]:
    """Yield a warning for each policy whose prose does not exist."""
    for header in inputs.policy.headers:
        if header.prose is not None and not exists(header.prose):
            message = f"the prose `{shown(header.prose)}` does not exist"
            place = header.prose_span or header.span
            near = help_for_absent(shown(header.prose), disk=confined_to([], None))
            help_ = near or "fix the policy's `text`: it is relative to the policy's own file"
            yield _warning(codes.IDLE_PATTERN, message, place, help_)


def _warning(code: str, message: str, span: Span | None, help_: str) -> Diagnostic:
    return Diagnostic(code, message, span, help_, level=Level.WARNING)
