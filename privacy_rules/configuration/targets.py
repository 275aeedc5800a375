"""Find the manifests, policies or tests that files, globs and folders mean."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, Entry, FileSystem, Kind

_NAMES = re.compile(r"(.+\.)?privacy\.(yaml|yml|json)\Z")
_POLICIES = re.compile(r".+\.privacy\Z")
_TESTS = re.compile(r"(.+\.)?tests\.(yaml|yml|json)\Z")


@dataclass(frozen=True, slots=True)
class Meant:
    """The files that targets mean, in their order, each once.

    `empty` has the targets that mean no file. `closed` has each folder that could not be searched, with the reason: it
    may contain files that are meant.
    """

    files: tuple[Path, ...]
    empty: tuple[str, ...]
    closed: tuple[tuple[Path, str], ...] = ()


def manifest_files(
    targets: Sequence[str], exclude: Sequence[str] = (), folder: Path | None = None, disk: FileSystem = DISK
) -> Meant:
    """The manifests that the targets mean.

    A file that a folder or glob means is left out if it, or a folder that it is in, is excluded. A file that is named
    itself is not left out.

    A folder means its `**/privacy.{yaml,yml,json}` and `**/*.privacy.{yaml,yml,json}`, without hidden folders.
    A name without wildcards counts as a file, whether it exists or not: reading it reports what is wrong.

    `folder` is where the configuration is. In a target or exclusion that begins with `folder`, wildcards count only in
    the rest: in the folder's own name they mean themselves.
    """
    return _meant(targets, exclude, folder, _NAMES, disk)


def files_of_tests(
    targets: Sequence[str], exclude: Sequence[str] = (), folder: Path | None = None, disk: FileSystem = DISK
) -> Meant:
    """The test files that the targets mean: a folder means its `**/tests.{yaml,yml,json}` and `**/*.tests.{yaml,yml,json}`."""
    return _meant(targets, exclude, folder, _TESTS, disk)


def policy_files(
    targets: Sequence[str], exclude: Sequence[str] = (), folder: Path | None = None, disk: FileSystem = DISK
) -> Meant:
    """The policies that the targets mean: a folder means its `**/*.privacy`."""
    return _meant(targets, exclude, folder, _POLICIES, disk)


def _meant(
    targets: Sequence[str], exclude: Sequence[str], folder: Path | None, names: re.Pattern[str], disk: FileSystem
) -> Meant:
    found: dict[Path, None] = {}
    excluded = Excluded(exclude, folder, disk)
    empty, closed = [], dict[Path, str]()
    for target in targets:
        seeker = _Seeker(names, folder, disk)
        files = [each for each in seeker.files(target) if each == Path(target) or not excluded.has(each)]
        shut = {each: why for each, why in seeker.closed.items() if not excluded.has(each, is_folder=True)}
        if not files and not shut:
            empty.append(target)
        found.update(dict.fromkeys(files))
        closed.update(shut)
    return Meant(tuple(found), tuple(empty), tuple(closed.items()))


def is_named_as_manifest(file: Path) -> bool:
    """Whether a target that is a folder means this file in it, as a manifest."""
    return bool(_NAMES.match(file.name))


def is_file_of_tests(file: Path) -> bool:
    """Whether a target of `test` that is a folder means this file in it."""
    return bool(_TESTS.match(file.name))


def split_target(target: str, folder: Path | None) -> tuple[str, str]:
    """Split a target into the configuration's folder, if it begins with that, and the rest, with wildcards."""
    start = "" if folder is None else os.path.join(folder, "")  # noqa: PTH118 -- with a slash at its end
    within = bool(start) and os.path.join(target, "").startswith(start)  # noqa: PTH118
    return (start, target[len(start) :]) if within else ("", target)


class Excluded:
    """The files that exclusions match: by the name that they were found by, or by their real path."""

    def __init__(self, exclusions: Sequence[str], folder: Path | None, disk: FileSystem = DISK) -> None:
        self._disk = disk
        self._patterns = [each for exclusion in exclusions for each in _patterns(exclusion, folder, disk)]

    def has(self, path: Path, *, is_folder: bool = False) -> bool:
        """Whether a file (`is_folder`: a folder) is excluded."""
        if not self._patterns:
            return False
        names = {os.path.abspath(path), _real(path, self._disk)}  # noqa: PTH100 -- here a symbolic link keeps its own name
        known = [PurePath(name).parts for name in names]
        return any(each.covers(parts, is_folder=is_folder) for parts in known for each in self._patterns)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of paths: parts without wildcards, then parts that may have some.

    `folders`: it matches folders only.
    """

    start: tuple[str, ...]
    rest: tuple[str, ...] = ()
    folders: bool = False

    def covers(self, parts: tuple[str, ...], *, is_folder: bool = False) -> bool:
        """Whether the pattern matches a path, or a folder that the path is in.

        The time is linear in the length of the path.
        """
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
        """The states, including those behind each `**`, which may match no folder at all."""
        found = set[int]()
        for state in states:
            last = state
            while last < len(self.rest) and self.rest[last] == "**":
                last += 1
            found.update(range(state, last + 1))
        return found


def _patterns(exclusion: str, folder: Path | None, disk: FileSystem) -> Iterator[_Pattern]:
    """The patterns of an exclusion, both by its folder's name and by the folder's real path.

    An exclusion without wildcards that is a symbolic link also excludes its target.
    """
    start, rest = split_target(exclusion, folder)
    parts = PurePath(rest).parts
    plain = next((number for number, each in enumerate(parts) if glob.has_magic(each)), len(parts))
    for base in {os.path.abspath(start), _real(start, disk)}:  # noqa: PTH100
        whole = os.path.normpath(os.path.join(base, *parts[:plain]))  # noqa: PTH118
        yield _Pattern(PurePath(whole).parts, parts[plain:], folders=rest.endswith("/"))
    if plain == len(parts):
        yield _Pattern(PurePath(_real(exclusion, disk)).parts)


def _real(path: str | Path, disk: FileSystem) -> str:
    """The real path; the absolute one if no file can have the name, such as one with a zero byte."""
    try:
        return str(disk.real(Path(path)))
    except (OSError, ValueError):
        return os.path.abspath(path)  # noqa: PTH100


class _Seeker:
    """Searches for the files that a target means, and keeps the folders that could not be searched."""

    def __init__(self, names: re.Pattern[str], folder: Path | None = None, disk: FileSystem = DISK) -> None:
        self._names, self._folder, self._disk = names, folder, disk
        self.closed: dict[Path, str] = {}

    def files(self, target: str) -> Iterator[Path]:
        """The files that a target means; one without wildcards counts as a file, whether it exists or not."""
        path = Path(target)
        start, pattern = split_target(target, self._folder)
        is_glob, kind = glob.has_magic(pattern), self._kind(path)
        if kind == "folder":
            yield from self._in_folder(path)
        elif not is_glob or kind is not None:
            yield path
        if is_glob:  # even if a file has the pattern as its name: it does not hide those that the pattern matches
            for each in sorted(self._matching(Path(start), PurePath(pattern).parts), key=str):
                yield from self._in_folder(each) if self._kind(each) == "folder" else (each,)

    def _kind(self, path: Path) -> Kind | None:
        try:
            return self._disk.kind(path)
        except (OSError, ValueError):  # reading it reports what is wrong
            return None

    def _in_folder(self, folder: Path) -> Iterator[Path]:
        for where, entries in self._disk.walk(folder, self._keep):
            yield from (where / each.name for each in entries if not each.is_folder and self._names.match(each.name))

    def _matching(self, start: Path, parts: Sequence[str]) -> set[Path]:
        """What a glob matches below a folder. `**` matches any number of folders, but no hidden ones."""
        found = {start}
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            if part == "**":
                found = set(self._below(found, last=last))
            else:
                found = {each for folder in found for each in self._step(folder, part, last=last)}
        return found

    def _below(self, folders: Iterable[Path], *, last: bool) -> Iterator[Path]:
        """These folders and all below them, each searched once; with their files if this is the last part of a glob."""
        searched = set[Path]()
        for folder in sorted(folders, key=lambda each: len(each.parts)):
            if folder not in searched:
                for where, entries in self._disk.walk(folder, self._keep, follow=True):
                    searched.add(where)
                    yield where
                    yield from (where / each.name for each in entries if last and not each.name.startswith("."))

    def _step(self, folder: Path, part: str, *, last: bool) -> Iterator[Path]:
        if glob.has_magic(part):
            hidden = part.startswith(".")
            here = (each for each in self._entries(folder) if each.is_folder or last)
            yield from (
                folder / each.name for each in here if hidden or each.name[0] != "." if fnmatch(each.name, part)
            )
        elif self._exists(folder, part, last=last):
            yield folder / part

    def _exists(self, folder: Path, part: str, *, last: bool) -> bool:
        try:
            there = self._disk.kind(folder / part) is not None
        except ValueError:  # a zero byte: nothing has such a name
            return False
        except OSError as error:
            self._keep(folder, error)
            return False
        return there or (last and any(each.name == part for each in self._entries(folder)))  # a link that leads nowhere

    def _entries(self, folder: Path) -> list[Entry]:
        try:
            return self._disk.entries(folder)
        except ValueError:
            return []
        except OSError as error:
            self._keep(folder, error)
            return []

    def _keep(self, folder: Path, error: OSError) -> None:
        """Keep a folder that cannot be searched. One that no longer exists, or is not a folder, is empty."""
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            self.closed.setdefault(folder, error.strerror or str(error))
