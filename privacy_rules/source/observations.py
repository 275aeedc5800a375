"""What a call has asked of the disk, and the answers, so that a later call can see whether anything has changed.

    observations.begin()
    …                                   # the call asks through `DISK`, or notes what it asks itself
    observations.noted("exists", path, True)
    observations.unchanged(found)       # later: whether the disk still answers the same

A call that depends on something else, such as git or standard input, says so with `incomplete`. This module is imported
before anything else, so it imports little.
"""

from __future__ import annotations

import os
import stat
from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    Answer = str | bool | list[int | str] | None
    _Observed = TypeVar("_Observed")

MOST = 200_000
"""How many answers are kept; a call that asks more is not remembered."""
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

_found: dict[tuple[str, str], Answer] | None = None


def begin() -> None:
    """Begin to keep what is asked."""
    global _found  # noqa: PLW0603 -- one call in a process
    _found = {}


def incomplete() -> None:
    """Forget what was asked: the call depends on something that is not kept, or writes something."""
    global _found  # noqa: PLW0603
    _found = None


def is_kept() -> bool:
    """Return whether what is asked is kept."""
    return _found is not None


def noted(question: str, path: str | os.PathLike[str], answer: _Observed) -> _Observed:
    """Keep the answer to a question about a path, and return it. Answers to `kind` and the like are JSON."""
    if _found is None:
        return answer
    key = (question, os.fspath(path))
    given: Any = answer
    if len(_found) >= MOST or _found.setdefault(key, given) != answer:
        incomplete()
    return answer


def found() -> list[tuple[str, str, Answer]] | None:
    """Return each question, path and answer; None if they are not kept."""
    return None if _found is None else [(question, path, answer) for (question, path), answer in _found.items()]


def unchanged(observed: Iterable[tuple[str, str, Answer]]) -> bool:
    """Return whether the disk still gives these answers."""
    try:
        return all(_QUESTIONS[question](path) == answer for question, path, answer in observed)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def digest(content: bytes) -> list[int | str]:
    """Return the size and a hash of a file's content."""
    return [len(content), blake2b(content, digest_size=32).hexdigest()]


def kind_of(mode: int) -> str:
    """Return what a mode is of: a `file`, a `folder`, or something `other`."""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def kind(path: str) -> str | None:
    """Return what a path leads to, links followed; None if nothing is there."""
    try:
        return kind_of(os.stat(path).st_mode)  # noqa: PTH116 -- of thousands of names
    except (FileNotFoundError, NotADirectoryError):
        return None


def names(folder: str) -> list[int | str]:
    """Return the number and a hash of the names in a folder, with what each is."""
    with os.scandir(folder) as entries:
        return names_of(list(entries))


def names_of(entries: Iterable[os.DirEntry[str]]) -> list[int | str]:
    """Return what `names` returns, for the entries of a folder."""
    lines = [f"{each.name}\0{each.is_symlink():d}{is_folder(each):d}{_is_file(each):d}" for each in entries]
    return [len(lines), digest("\0\0".join(sorted(lines)).encode("utf-8", "surrogateescape"))[1]]


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _content(path: str, most: int | None = None) -> list[int | str] | None:
    try:
        handle = os.open(path, _OPEN)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return digest(stream.read() if most is None else stream.read(most))


_QUESTIONS: dict[str, Callable[[str], Answer]] = {
    "content": _content,
    "exists": os.path.lexists,
    "kind": kind,
    "link": os.path.islink,
    "names": names,
    "real": os.path.realpath,
    "start": lambda path: _content(path, START),
}
START = 4_096
"""How many bytes of a file `start` asks for."""
