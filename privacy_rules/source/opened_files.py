"""The files that a call reads or knows of, so that no report is written over one of them.

`noted` records a file that is read, and `knows` one that is only named, such as the prose of a policy. Nothing is recorded before a
call has begun (`begin`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import field
from pathlib import Path

from privacy_rules.source.fast_dataclasses import dataclass

POLICY = "a policy"
"""What a policy file is to a call."""
_READ = "read by this call"


@dataclass(frozen=True, slots=True)
class _Call:
    words: tuple[str, ...]
    read: set[str] = field(default_factory=set)
    known: dict[str, str] = field(default_factory=dict)


_call: ContextVar[_Call | None] = ContextVar("call", default=None)


def begin(words: Sequence[str] = ()) -> None:
    """Begin a call with the words of its command line. What was read before does not belong to it."""
    _call.set(_Call(tuple(words)))


def noted(file: Path) -> Path:
    """Record a file as read, whether that succeeds or not, and return it."""
    call = _call.get()
    if call is not None:
        call.read.add(str(file))
    return file


def knows(file: Path, what: str) -> None:
    """Record a file that the call knows of. `what` is the file's description, such as "the baseline"."""
    call = _call.get()
    if call is not None:
        call.known.setdefault(str(file), what)


def files_read() -> frozenset[str]:
    """Return the names of the files that the call has read so far."""
    call = _call.get()
    return frozenset(call.read if call else ())


def files_known(what: str) -> list[Path]:
    """Return the files that the call knows of as `what`."""
    call = _call.get()
    return [Path(file) for file, known in (call.known.items() if call else ()) if known == what]


def words_of_call() -> tuple[str, ...]:
    """Return the words of the call's command line."""
    call = _call.get()
    return call.words if call else ()


def use_of(file: Path) -> str | None:
    """Return how the call uses a file, under any of its names, such as "read by this call"; None if it does not."""
    call = _call.get()
    if call is None:
        return None
    if _is_among(file, call.read):
        return _READ
    for what in dict.fromkeys(call.known.values()):
        if _is_among(file, [name for name, known in call.known.items() if known == what]):
            return what
    return None


def _is_among(file: Path, names: Iterable[str]) -> bool:
    """Whether a file is one of those named, by this name or another that leads to it."""
    usable = [each for each in names if "\0" not in each]
    absolute = {os.path.abspath(each) for each in usable}  # noqa: PTH100 -- asks the disk nothing
    if {os.path.abspath(file), os.path.realpath(file)} & absolute:  # noqa: PTH100
        return True
    meant = _on_disk(file)
    return meant is not None and any(_on_disk(each) == meant for each in usable)


def _on_disk(file: str | Path) -> tuple[int, int] | None:
    """The identity of the file that a name leads to.

    None if there is no plain file: a terminal, for example, may be read and written. Also None on file systems that do
    not number their files, as on some Windows ones, where all numbers are 0.
    """
    try:
        found = os.stat(file)  # noqa: PTH116 -- of thousands of names
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) and found.st_ino else None
