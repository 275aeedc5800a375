"""When a file changed last: what is read of it holds as long as that is the same."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[Path, int, int]
"""A file with when it changed last, in nanoseconds, and its size; -1 for both where it cannot be read."""


def stamp(path: Path) -> Stamp:
    """The stamp of a file as it is now."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return path, -1, -1
    return path, found.st_mtime_ns, found.st_size
