"""Which files an `include` names: a glob, relative to the file that says it, that may not leave the root.

    include: ["services/*/privacy.yaml", "teams/**/*.privacy.yaml"]

`**` stands for any number of folders, hidden ones and symbolic links to folders excepted.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from privacy_rules.source.diagnostic import lowered

_MAGIC = frozenset("*?[")


class OutsideError(Exception):
    """The pattern, or the file `found` by it, lies outside the root."""

    def __init__(self, found: Path) -> None:
        super().__init__(str(found))
        self.found = found


class ClosedError(Exception):
    """The folder `found`, in which the pattern is to be sought, cannot be looked into: files that are meant may be in it."""

    def __init__(self, found: Path, reason: str) -> None:
        super().__init__(f"{found}: {reason}")
        self.found, self.reason = found, reason


def included(pattern: str, folder: Path, root: Path, others: Collection[Path] = ()) -> list[Path]:
    """The files that a pattern matches, sorted. `others` are files that count beside those on the disk.

    Raises OutsideError where one of them lies outside the root, wherever symbolic links lead; ClosedError where a folder
    cannot be looked into.
    """
    segments = list(PurePosixPath(pattern.replace(os.sep, "/")).parts)
    base = folder
    while segments and not _MAGIC.intersection(segments[0]):
        base = Path(os.path.normpath(base / segments.pop(0)))
    if not base.resolve().is_relative_to(root):
        raise OutsideError(base)
    found = set(_on_disk(base, segments)) | set(_among(others, base, segments))
    for each in sorted(found):
        if not each.resolve().is_relative_to(root):
            raise OutsideError(each)
    return sorted(found)


def _on_disk(base: Path, segments: list[str]) -> Iterator[Path]:
    matched: Iterable[Path] = [base]
    for segment in segments:
        matched = sorted({child for folder in matched for child in _step(folder, segment)})
    return (path for path in matched if _is_file(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError as error:  # of the folder that it would stand in
        raise ClosedError(path.parent, lowered(error)) from error


def _step(folder: Path, segment: str) -> Iterator[Path]:
    if segment == "**":
        for path, folders, _ in os.walk(folder, onerror=_shut):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield Path(path)
    elif _MAGIC.intersection(segment):
        yield from (folder / name for name in _names(folder) if _fits(name, segment))
    elif segment != "..":  # after a wildcard it would lead anywhere
        yield folder / segment


def _names(folder: Path) -> list[str]:
    try:
        return [child.name for child in folder.iterdir()]
    except OSError as error:
        _shut(error)
        return []


def _shut(error: OSError) -> None:
    """What is no folder, or is gone by now, has nothing in it; of any other that cannot be looked into nobody knows."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise ClosedError(Path(error.filename), lowered(error)) from error


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
    return bool(names) and _fits_or_is(names[0], segments[0]) and _matches(names[1:], segments[1:])


def _fits_or_is(name: str, segment: str) -> bool:
    return _fits(name, segment) if _MAGIC.intersection(segment) else name == segment
