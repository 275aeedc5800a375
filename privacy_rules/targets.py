"""Which manifest files a call means: files, globs and folders."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_NAMES = re.compile(r"(.+\.)?privacy\.(yaml|yml|json)\Z")


def manifest_files(targets: Sequence[str]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files that the targets mean, in their order, each once, and the targets that mean none.

    A folder means its `**/privacy.{yaml,yml,json}` and `**/*.privacy.{yaml,yml,json}`, hidden folders left out.
    A name that is no glob counts as a file, whether it is there or not: reading it says what is wrong.
    """
    found: dict[Path, None] = {}
    empty = []
    for target in targets:
        files = list(_files(target))
        if not files:
            empty.append(target)
        found.update(dict.fromkeys(files))
    return tuple(found), tuple(empty)


def _files(target: str) -> Iterator[Path]:
    path = Path(target)
    if os.path.isdir(target):  # noqa: PTH112 -- a name with a zero byte is none; pathlib raises before 3.14
        yield from _in_folder(path)
    elif glob.has_magic(target) and not os.path.exists(target):  # noqa: PTH110
        for each in sorted(glob.glob(target, recursive=True)):  # noqa: PTH207 -- it takes whole patterns
            yield from _files_of_match(Path(each))
    else:
        yield path


def _files_of_match(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _in_folder(path)
    else:
        yield path


def _in_folder(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where) / name for name in sorted(files) if _NAMES.match(name))
