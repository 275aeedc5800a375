"""Which files a call means, manifests, policies or tests: files, globs and folders."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

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


def manifest_files(targets: Sequence[str], exclude: Sequence[str] = ()) -> Meant:
    """The manifests that the targets mean.

    What a folder or glob means is left out where it is excluded, or stands in a folder that is; a file that is named is not.

    A folder means its `**/privacy.{yaml,yml,json}` and `**/*.privacy.{yaml,yml,json}`, hidden folders left out.
    A name that is no glob counts as a file, whether it is there or not: reading it says what is wrong.
    """
    return _meant(targets, exclude, _NAMES)


def files_of_tests(targets: Sequence[str], exclude: Sequence[str] = ()) -> Meant:
    """The same for files of tests: a folder means its `**/tests.{yaml,yml,json}` and `**/*.tests.{yaml,yml,json}`."""
    return _meant(targets, exclude, _TESTS)


def policy_files(targets: Sequence[str], exclude: Sequence[str] = ()) -> Meant:
    """The same for policies: a folder means its `**/*.privacy`."""
    return _meant(targets, exclude, _POLICIES)


def _meant(targets: Sequence[str], exclude: Sequence[str], names: re.Pattern[str]) -> Meant:
    found: dict[Path, None] = {}
    excluded = _excluded(exclude)
    empty, closed = [], dict[Path, str]()
    for target in targets:
        seeker = _Seeker(names)
        files = [each for each in seeker.files(target) if str(each) == target or not _is_excluded(each, excluded)]
        shut = {each: why for each, why in seeker.closed.items() if not _is_excluded(each, excluded)}
        if not files and not shut:
            empty.append(target)
        found.update(dict.fromkeys(files))
        closed.update(shut)
    return Meant(tuple(found), tuple(empty), tuple(closed.items()))


def is_named_like_one(file: Path) -> bool:
    """Whether a folder that is given would mean this file in it."""
    return bool(_NAMES.match(file.name))


def _is_excluded(file: Path, excluded: frozenset[str]) -> bool:
    return bool(excluded) and any(_absolute(each) in excluded for each in (file, *file.parents))


def _excluded(patterns: Sequence[str]) -> frozenset[str]:
    found: list[str] = []
    for pattern in patterns:
        found += glob.glob(pattern, recursive=True, include_hidden=True) if glob.has_magic(pattern) else [pattern]  # noqa: PTH207
    return frozenset(map(_absolute, found))


def _absolute(path: str | Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 -- a symbolic link keeps its own name


class _Seeker:
    """Looks for what one target means, and keeps the folders that it could not look into."""

    def __init__(self, names: re.Pattern[str]) -> None:
        self._names = names
        self.closed: dict[Path, str] = {}

    def files(self, target: str) -> Iterator[Path]:
        path = Path(target)
        if os.path.isdir(target):  # noqa: PTH112 -- a name with a zero byte is none; pathlib raises before 3.14
            yield from self._in_folder(path)
        elif glob.has_magic(target) and not os.path.exists(target):  # noqa: PTH110
            for each in sorted(glob.glob(target, recursive=True)):  # noqa: PTH207 -- it takes whole patterns
                yield from self._in_folder(Path(each)) if Path(each).is_dir() else (Path(each),)
            self._seek_closed(path.parts)
        else:
            yield path

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

    def _seek_closed(self, parts: Sequence[str]) -> None:
        first = next(number for number, each in enumerate(parts) if glob.has_magic(each))
        folders = [Path(*parts[:first])]
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
