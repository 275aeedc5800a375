"""Watch files for changes by polling their times and sizes, which works on any file system."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Marks = Mapping[str, tuple[int, int] | None]
"""Each file's modification time and size; None if it does not exist."""

PAUSE = 0.3
"""Seconds between two polls."""
_SETTLING, _MOST_LOOKS = 0.05, 40
"""Seconds for which a changed file must stay the same, and the number of polls: editors empty a file before they write it."""


def marks(files: Iterable[str]) -> Marks:
    """Return the current marks of the files."""
    return {file: _mark(file) for file in files}


def wait(
    before: Marks, files: Callable[[], Iterable[str]] = tuple, sleep: Callable[[float], object] = time.sleep
) -> None:
    """Wait until a file has changed, or a new one is among `files`, and all files have settled."""
    while marks(before) == before and all(each in before for each in files()):
        sleep(PAUSE)
    seen: Marks = {}
    for _ in range(_MOST_LOOKS):
        now = marks([*before, *files()])
        if now == seen:
            return
        seen = now
        sleep(_SETTLING)


def _mark(file: str) -> tuple[int, int] | None:
    try:
        found = Path(file).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
