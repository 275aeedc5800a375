"""When a file last changed. Content that was read from the file is valid for as long as its stamp stays the same."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[Path, int, int]
"""A file, its time of last change in nanoseconds, and its size in bytes; -1 for both if it cannot be read."""


def stamp(path: Path) -> Stamp:
    """Return the current stamp of a file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return path, -1, -1
    return path, found.st_mtime_ns, found.st_size
