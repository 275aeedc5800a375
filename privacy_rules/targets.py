"""Which files a call means, manifests, policies or tests: files, globs and folders."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_NAMES = re.compile(r"(.+\.)?privacy\.(yaml|yml|json)\Z")
_POLICIES = re.compile(r".+\.privacy\Z")
_TESTS = re.compile(r"(.+\.)?tests\.(yaml|yml|json)\Z")


def manifest_files(targets: Sequence[str], exclude: Sequence[str] = ()) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files that the targets mean, in their order, each once, and the targets that mean none.

    What a folder or glob means is left out where it is excluded, or stands in a folder that is; a file that is named is not.

    A folder means its `**/privacy.{yaml,yml,json}` and `**/*.privacy.{yaml,yml,json}`, hidden folders left out.
    A name that is no glob counts as a file, whether it is there or not: reading it says what is wrong.
    """
    return _meant(targets, exclude, _NAMES)


def files_of_tests(targets: Sequence[str], exclude: Sequence[str] = ()) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The same for files of tests: a folder means its `**/tests.{yaml,yml,json}` and `**/*.tests.{yaml,yml,json}`."""
    return _meant(targets, exclude, _TESTS)


def policy_files(targets: Sequence[str], exclude: Sequence[str] = ()) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The same for policies: a folder means its `**/*.privacy`."""
    return _meant(targets, exclude, _POLICIES)


def _meant(
    targets: Sequence[str], exclude: Sequence[str], names: re.Pattern[str]
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    found: dict[Path, None] = {}
    excluded = _excluded(exclude)
    empty = []
    for target in targets:
        files = [each for each in _files(target, names) if str(each) == target or not _is_excluded(each, excluded)]
        if not files:
            empty.append(target)
        found.update(dict.fromkeys(files))
    return tuple(found), tuple(empty)


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


def _files(target: str, names: re.Pattern[str]) -> Iterator[Path]:
    path = Path(target)
    if os.path.isdir(target):  # noqa: PTH112 -- a name with a zero byte is none; pathlib raises before 3.14
        yield from _in_folder(path, names)
    elif glob.has_magic(target) and not os.path.exists(target):  # noqa: PTH110
        for each in sorted(glob.glob(target, recursive=True)):  # noqa: PTH207 -- it takes whole patterns
            yield from _files_of_match(Path(each), names)
    else:
        yield path


def _files_of_match(path: Path, names: re.Pattern[str]) -> Iterator[Path]:
    if path.is_dir():
        yield from _in_folder(path, names)
    else:
        yield path


def _in_folder(folder: Path, names: re.Pattern[str]) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where) / name for name in sorted(files) if names.match(name))
