"""Find the files that an `include` names: a glob, relative to its file, that may not leave the root.

    include: ["services/*/privacy.yaml", "teams/**/*.privacy.yaml"]

`**` matches any number of folders, except hidden ones and symbolic links.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
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
    matched = [base]
    for segment in segments:
        if segment == "**":
            matched = sorted(_below(matched, disk))
        else:
            matched = sorted({child for folder in matched for child in _step(folder, segment, disk)})
    return (path for path in matched if _is_file(path, disk))


def _is_file(path: Path, disk: FileSystem) -> bool:
    try:
        return disk.is_file(path)
    except PermissionError as error:  # about its folder
        raise ClosedError(path.parent, lowered(error)) from error


def _below(folders: Iterable[Path], disk: FileSystem) -> set[Path]:
    """These folders and all below them, each searched once."""
    searched = set[Path]()
    for folder in sorted(folders, key=lambda each: len(each.parts)):
        if folder not in searched:
            searched.update(path for path, _ in disk.walk(folder, _refuse_closed))
    return searched


def _step(folder: Path, segment: str, disk: FileSystem) -> Iterator[Path]:
    if _MAGIC.intersection(segment):
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
        if path.is_relative_to(base) and _matches(path.relative_to(base).parts, segments):
            yield path


def _matches(names: Sequence[str], segments: Iterable[str]) -> bool:
    reached = {0}
    for segment in segments:
        if segment == "**":
            for at, name in enumerate(names):
                if at in reached and not name.startswith("."):
                    reached.add(at + 1)
        else:
            reached = {at + 1 for at in reached if at < len(names) and _segment_fits(names[at], segment)}
    return len(names) in reached


def _segment_fits(name: str, segment: str) -> bool:
    return _fits(name, segment) if _MAGIC.intersection(segment) else name == segment
