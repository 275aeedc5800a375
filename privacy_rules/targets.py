"""Which files a call means, manifests, policies or tests: files, globs and folders."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

from privacy_rules.source.real_paths import RealPaths, real_path

_NAMES = re.compile(r"(.+\.)?privacy\.(yaml|yml|json)\Z")
_POLICIES = re.compile(r".+\.privacy\Z")
_TESTS = re.compile(r"(.+\.)?tests\.(yaml|yml|json)\Z")


@dataclass(frozen=True, slots=True)
class Meant:
    """The files that targets mean, in their order, each once; the targets that mean none; the folders that could not be looked into.

    `closed` has each such folder with the reason: there may be files in it that are meant.
    """

    files: tuple[Path, ...]
    empty: tuple[str, ...]
    closed: tuple[tuple[Path, str], ...] = ()


def manifest_files(targets: Sequence[str], exclude: Sequence[str] = (), folder: Path | None = None) -> Meant:
    """The manifests that the targets mean.

    A file that a folder or glob means is left out if it, or a folder that it is in, is excluded. A file that is named
    itself is not left out.

    A folder means its `**/privacy.{yaml,yml,json}` and `**/*.privacy.{yaml,yml,json}`, without hidden folders.
    A name without wildcards counts as a file, whether it exists or not: reading it reports what is wrong.

    `folder` is where the configuration is. A target or an exclusion that begins with it is a pattern from there on:
    wildcard characters in the folder's own name stand for themselves.
    """
    return _meant(targets, exclude, folder, _NAMES)


def files_of_tests(targets: Sequence[str], exclude: Sequence[str] = (), folder: Path | None = None) -> Meant:
    """The same for files of tests: a folder means its `**/tests.{yaml,yml,json}` and `**/*.tests.{yaml,yml,json}`."""
    return _meant(targets, exclude, folder, _TESTS)


def policy_files(targets: Sequence[str], exclude: Sequence[str] = (), folder: Path | None = None) -> Meant:
    """The same for policies: a folder means its `**/*.privacy`."""
    return _meant(targets, exclude, folder, _POLICIES)


def _meant(targets: Sequence[str], exclude: Sequence[str], folder: Path | None, names: re.Pattern[str]) -> Meant:
    found: dict[Path, None] = {}
    excluded = _Excluded(exclude, folder)
    empty, closed = [], dict[Path, str]()
    for target in targets:
        seeker = _Seeker(names, folder)
        files = [each for each in seeker.files(target) if each == Path(target) or not excluded.has(each)]
        shut = {each: why for each, why in seeker.closed.items() if not excluded.has(each, is_folder=True)}
        if not files and not shut:
            empty.append(target)
        found.update(dict.fromkeys(files))
        closed.update(shut)
    return Meant(tuple(found), tuple(empty), tuple(closed.items()))


def is_named_like_one(file: Path) -> bool:
    """Whether a folder that is given would mean this file in it."""
    return bool(_NAMES.match(file.name))


def _split(target: str, folder: Path | None) -> tuple[str, str]:
    """The folder of the configuration, if a target begins with it, and the rest, in which wildcards count."""
    start = "" if folder is None else os.path.join(folder, "")  # noqa: PTH118 -- with a slash at its end
    within = bool(start) and os.path.join(target, "").startswith(start)  # noqa: PTH118
    return (start, target[len(start) :]) if within else ("", target)


class _Excluded:
    """The files that exclusions match: by the name that they were found by, or by their real path."""

    def __init__(self, exclusions: Sequence[str], folder: Path | None) -> None:
        self._patterns = [each for exclusion in exclusions for each in _patterns(exclusion, folder)]
        self._real = RealPaths()

    def has(self, path: Path, *, is_folder: bool = False) -> bool:
        """Whether a file (`is_folder`: a folder) is excluded."""
        if not self._patterns:
            return False
        names = {os.path.abspath(path), self._real.of(path)}  # noqa: PTH100 -- here a symbolic link keeps its own name
        known = [PurePath(name).parts for name in names]
        return any(each.covers(parts, is_folder=is_folder) for parts in known for each in self._patterns)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of paths: parts without wildcards, then parts that may have some. `folders`: it matches no files."""

    start: tuple[str, ...]
    rest: tuple[str, ...] = ()
    folders: bool = False

    def covers(self, parts: tuple[str, ...], *, is_folder: bool = False) -> bool:
        """Whether the pattern matches a path, or a folder that the path is in. Takes time linear in the path."""
        known = len(self.start)
        if parts[:known] != self.start:
            return False
        states = self._further({0})
        for part in parts[known:]:
            if len(self.rest) in states:
                return True
            states = self._further({after for state in states for after in self._after(state, part)})
        return len(self.rest) in states and (is_folder or not self.folders)

    def _after(self, state: int, part: str) -> Iterator[int]:
        wanted = self.rest[state]
        if wanted == "**":
            yield state
        elif wanted == part or fnmatch(part, wanted):
            yield state + 1

    def _further(self, states: set[int]) -> set[int]:
        """The states with those behind each `**`, which may stand for no folder at all."""
        found = set[int]()
        for state in states:
            last = state
            while last < len(self.rest) and self.rest[last] == "**":
                last += 1
            found.update(range(state, last + 1))
        return found


def _patterns(exclusion: str, folder: Path | None) -> Iterator[_Pattern]:
    """What an exclusion matches, seen from its folder by that folder's name and by its real path.

    One without wildcards excludes what it leads to, too, if it is a symbolic link.
    """
    start, rest = _split(exclusion, folder)
    parts = PurePath(rest).parts
    plain = next((number for number, each in enumerate(parts) if glob.has_magic(each)), len(parts))
    for base in {os.path.abspath(start), real_path(start)}:  # noqa: PTH100
        whole = os.path.normpath(os.path.join(base, *parts[:plain]))  # noqa: PTH118
        yield _Pattern(PurePath(whole).parts, parts[plain:], folders=rest.endswith("/"))
    if plain == len(parts):
        yield _Pattern(PurePath(real_path(exclusion)).parts)


class _Seeker:
    """Looks for what one target means, and keeps the folders that it could not look into."""

    def __init__(self, names: re.Pattern[str], folder: Path | None = None) -> None:
        self._names, self._folder = names, folder
        self.closed: dict[Path, str] = {}

    def files(self, target: str) -> Iterator[Path]:
        path = Path(target)
        start, pattern = _split(target, self._folder)
        is_glob = glob.has_magic(pattern)
        if os.path.isdir(target):  # noqa: PTH112 -- a name with a zero byte is none; pathlib raises before 3.14
            yield from self._in_folder(path)
        elif not is_glob or os.path.exists(target):  # noqa: PTH110
            yield path
        if is_glob:  # even if a file has the pattern as its name: it does not hide those that the pattern matches
            for name in sorted(glob.glob(pattern, root_dir=start or None, recursive=True)):  # noqa: PTH207
                each = Path(start, name)
                yield from self._in_folder(each) if each.is_dir() else (each,)
            self._seek_closed(Path(start), PurePath(pattern).parts)

    def _in_folder(self, folder: Path) -> Iterator[Path]:
        for where, names in self._below(folder):
            yield from (where / name for name in sorted(names) if self._names.match(name))

    def _below(self, folder: Path) -> Iterator[tuple[Path, list[str]]]:
        """The folder and those below it, hidden ones left out, each with the names of its files."""
        for where, folders, files in os.walk(folder, onerror=self._keep):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield Path(where), files

    def _keep(self, error: OSError) -> None:
        """Whoever cannot look into a folder tells; one that is gone by now, or is none, has nothing."""
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            self.closed.setdefault(Path(error.filename), error.strerror or str(error))

    # ---- the folders that a glob would look into, and says nothing of where it cannot

    def _seek_closed(self, start: Path, parts: Sequence[str]) -> None:
        first = next(number for number, each in enumerate(parts) if glob.has_magic(each))
        folders = [Path(start, *parts[:first])]
        for number, part in enumerate(parts[first:], start=first):
            last = number == len(parts) - 1
            folders = list(dict.fromkeys(each for folder in folders for each in self._entered(folder, part, last=last)))

    def _entered(self, folder: Path, part: str, *, last: bool) -> Iterator[Path]:
        """The folders in which the rest of a glob is sought."""
        if part == "**":
            yield from (where for where, _ in self._below(folder))
            return
        try:
            if not glob.has_magic(part):
                (folder / part).stat()
                yield folder / part
                return
            with os.scandir(folder) as found:
                here = [each for each in found if not last and each.is_dir()]
        except ValueError:  # a zero byte: a name that nothing has
            return
        except OSError as error:
            error.filename = folder
            self._keep(error)
            return
        hidden = part.startswith(".")
        yield from (
            folder / each.name for each in here if hidden or not each.name.startswith(".") if fnmatch(each.name, part)
        )
