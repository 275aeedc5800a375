"""Record what a call reads from disk, so that a later call can find out whether anything has changed.

    observations.begin()
    …                                       # the call reads through `DISK`, or records what it reads itself
    observations.recorded("exists", path, True)
    observations.unchanged(observations.all_recorded())         # later: whether the disk still gives the same answers

A call that depends on something else, such as git or standard input, says so with `stop`. This module is imported
first, so it imports little itself.
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

MOST_ANSWERS = 200_000
"""A call that asks more questions than this is not recorded."""
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

_recorded: dict[tuple[str, str], Answer] | None = None


def begin() -> None:
    """Begin to record."""
    global _recorded  # noqa: PLW0603 -- one call in a process
    _recorded = {}


def stop() -> None:
    """Stop recording and forget what was recorded: the call depends on something else, or writes something."""
    global _recorded  # noqa: PLW0603
    _recorded = None


def is_recording() -> bool:
    """Return whether this call is recorded."""
    return _recorded is not None


def recorded(question: str, path: str | os.PathLike[str], answer: _Observed) -> _Observed:
    """Record the answer to a question about a path, and return it. Answers other than `content` are JSON."""
    if _recorded is None:
        return answer
    key = (question, os.fspath(path))
    given: Any = answer
    if len(_recorded) >= MOST_ANSWERS or _recorded.setdefault(key, given) != answer:
        stop()
    return answer


def all_recorded() -> list[tuple[str, str, Answer]] | None:
    """Return each question, path and answer; None if this call is not recorded."""
    return None if _recorded is None else [(question, path, answer) for (question, path), answer in _recorded.items()]


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
    """Return what a mode means: a `file`, a `folder`, or something `other`."""
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
