"""The files that a call has opened to read: whoever writes a report asks here, and spares them.

Every reader of a user's file says so with `noted`; only where a call has begun (`begin`) is anything kept.
"""

from __future__ import annotations

import os
import stat
from contextvars import ContextVar
from pathlib import Path

_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


def begin() -> None:
    """Begins a call: what was read before it is not its own."""
    _noted.set(set())


def noted(file: Path) -> Path:
    """The file itself, noted as one that is read, whether that succeeds or not."""
    known = _noted.get()
    if known is not None:
        known.add(str(file))
    return file


def files_read() -> frozenset[str]:
    """The names of the files that the call has opened so far."""
    return frozenset(_noted.get() or ())


def is_read(file: Path) -> bool:
    """Whether the call has read the file, by this name or another that leads to it."""
    known = _noted.get() or set()
    names = {os.path.abspath(each) for each in known if "\0" not in each}  # noqa: PTH100 -- asks the disk nothing
    if {os.path.abspath(file), str(file.resolve())} & names:  # noqa: PTH100
        return True
    meant = _on_disk(file)
    return meant is not None and any(_on_disk(each) == meant for each in known)


def _on_disk(file: str | Path) -> tuple[int, int] | None:
    """What a name leads to; None where that is nothing, or no plain file: a terminal may be read and written."""
    try:
        found = os.stat(file)  # noqa: PTH116 -- of thousands of names
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None
