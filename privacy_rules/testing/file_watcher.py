"""Which files have changed: by their times and sizes, asked again and again, so that it works wherever files are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Marks = Mapping[str, tuple[int, int] | None]
"""Each file's time of change and size; None where it is not there."""

PAUSE = 0.3
"""Seconds between two looks."""
_SETTLING, _MOST_LOOKS = 0.05, 40
"""Seconds for which a file that has changed must stay as it is, and how often that is asked: an editor empties a file before it writes."""


def marks(files: Iterable[str]) -> Marks:
    """How the files are now."""
    return {file: _mark(file) for file in files}


def wait(
    before: Marks, files: Callable[[], Iterable[str]] = tuple, sleep: Callable[[float], object] = time.sleep
) -> None:
    """Comes back once a file is not as it was before, or is among `files` now and was not, and nobody writes any longer."""
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
