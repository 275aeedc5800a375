"""Find the files that an `include` names: a glob, relative to its file, that may not leave the root.

    include: ["services/*/privacy.yaml", "teams/**/*.privacy.yaml"]

`**` matches any number of folders, except hidden ones and symbolic links.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from privacy_rules.source.diagnostic import lowered
from privacy_rules.source.file_system import DISK, FileSystem

_MAGIC = frozenset("*?[")


class OutsideError(Exception):
    """The pattern, or the file `found` by it, is outside the root."""

    def __init__(self, found: Path) -> None:
        super().__init__(str(found))
        self.found = found


class ClosedError(Exception):
    """The folder `found` cannot be searched: it may hold files that match the pattern."""

    def __init__(self, found: Path, reason: str) -> None:
        super().__init__(f"{found}: {reason}")
        self.found, self.reason = found, reason


def included(
    pattern: str, folder: Path, root: Path, others: Collection[Path] = (), disk: FileSystem = DISK
) -> list[Path]:
    """The files that a pattern matches, sorted. `others` are files that count in addition to those of `disk`.

    Raises OutsideError if one of them is outside the root, with symbolic links followed; ClosedError if a folder cannot be
    searched.
    """
    base, segments = _split(pattern, folder)
    if not disk.real(base).is_relative_to(root):
        raise OutsideError(base)
    found = set(_on_disk(base, segments, disk)) | set(_among(others, base, segments))
    for each in sorted(found):
        if not disk.real(each).is_relative_to(root):
            raise OutsideError(each)
    return sorted(found)


def start_of_glob(pattern: str, folder: Path) -> Path | None:
    """The folder in which a glob looks for files; None if the pattern names one file."""
    base, segments = _split(pattern, folder)
    return base if segments else None


def _split(pattern: str, folder: Path) -> tuple[Path, list[str]]:
    """The path that a pattern begins with, and the segments from the first wildcard on."""
    segments = list(PurePosixPath(pattern.replace(os.sep, "/")).parts)
    base = folder
    while segments and not _MAGIC.intersection(segments[0]):
        base = Path(os.path.normpath(base / segments.pop(0)))
    return base, segments


def _on_disk(base: Path, segments: list[str], disk: FileSystem) -> Iterator[Path]:
    matched: Iterable[Path] = [base]
    for segment in segments:
        matched = sorted({child for folder in matched for child in _step(folder, segment, disk)})
    return (path for path in matched if _is_file(path, disk))


def _is_file(path: Path, disk: FileSystem) -> bool:
    try:
        return disk.is_file(path)
    except PermissionError as error:  # about its folder
        raise ClosedError(path.parent, lowered(error)) from error


def _step(folder: Path, segment: str, disk: FileSystem) -> Iterator[Path]:
    if segment == "**":
        yield from (path for path, _ in disk.walk(folder, _refuse_closed))
    elif _MAGIC.intersection(segment):
        yield from (folder / name for name in _names(folder, disk) if _fits(name, segment))
    elif segment != "..":  # after a wildcard, `..` could lead anywhere
        yield folder / segment


def _names(folder: Path, disk: FileSystem) -> list[str]:
    try:
        return [each.name for each in disk.entries(folder)]
    except OSError as error:
        _refuse_closed(folder, error)
        return []


def _refuse_closed(folder: Path, error: OSError) -> None:
    """Raise ClosedError, unless the folder does not exist and so holds nothing."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise ClosedError(folder, lowered(error)) from error


def _fits(name: str, segment: str) -> bool:
    return fnmatchcase(name, segment) and (segment.startswith(".") or not name.startswith("."))


def _among(others: Collection[Path], base: Path, segments: list[str]) -> Iterator[Path]:
    for path in others:
        if path.is_relative_to(base) and _matches(path.relative_to(base).parts, tuple(segments)):
            yield path


def _matches(names: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    if not segments:
        return not names
    if segments[0] == "**":
        deeper = bool(names) and not names[0].startswith(".") and _matches(names[1:], segments)
        return deeper or _matches(names, segments[1:])
    return bool(names) and _segment_fits(names[0], segments[0]) and _matches(names[1:], segments[1:])


def _segment_fits(name: str, segment: str) -> bool:
    return _fits(name, segment) if _MAGIC.intersection(segment) else name == segment
