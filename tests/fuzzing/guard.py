"""Watches what this process does while a target runs: it may write inside one folder, and read what Python needs.

    guard = Guard(project)
    with guard:
        run(["check", "estate.yaml"])
    assert not guard.offences

The network, other programs than git, and any other write or read is an offence: it is prevented and remembered.
"""

from __future__ import annotations

import os
import site
import sys
import threading
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (0, 1),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
}
"""Which arguments of an audit event are paths that it changes."""
_PROGRAMS = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn")
_NETWORK = (
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendmsg",
    "socket.sendto",
)
_READABLE = tuple(
    os.path.realpath(each)
    for each in (
        str(ROOT),
        sys.prefix,
        sys.base_prefix,
        *site.getsitepackages(),
        "/usr/share/zoneinfo",
        "/etc/localtime",
    )
)


class OffenceError(Exception):
    """Something that no input may bring about."""


def no_network() -> None:
    """Refuses the network to this process, from now on and in every thread."""

    def hear(event: str, words: tuple[object, ...]) -> None:
        if event in _NETWORK:
            raise OffenceError(f"{event} {words!r}")

    sys.addaudithook(hear)


class Guard:
    """Guards the calling thread between `__enter__` and `__exit__`. Python cannot remove the hook; it rests in between."""

    def __init__(self, writable: Path) -> None:
        self.offences: list[str] = []
        self._writable = os.path.realpath(writable)
        self._thread: int | None = None
        sys.addaudithook(self._hear)

    def __enter__(self) -> Guard:
        self.offences.clear()
        self._thread = threading.get_ident()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread = None

    def _hear(self, event: str, words: tuple[object, ...]) -> None:
        if self._thread is None or threading.get_ident() != self._thread:
            return
        if event == "open":
            self._opened(words)
        elif event in _CHANGES:
            for each in _CHANGES[event]:
                if not self._is_inside(words[each]):
                    self._refuse(f"{event} {words[each]!r}")
        elif event == "subprocess.Popen" and words[0] not in ("git", b"git"):
            self._refuse(f"the program {words[0]!r} is started")
        elif event in _NETWORK or event in _PROGRAMS:
            self._refuse(f"{event} {words!r}")

    def _opened(self, words: tuple[object, ...]) -> None:
        path, _, flags = words
        if not isinstance(path, str | bytes | os.PathLike) or path == os.devnull:
            return
        if isinstance(flags, int) and flags & _WRITES:
            if not self._is_inside(path):
                self._refuse(f"{path!r} is opened for writing")
        elif not self._is_inside(path) and not self._may_read(os.path.realpath(os.fsdecode(path))):
            self._refuse(f"{path!r} is read")

    def _may_read(self, real: str) -> bool:
        """What Python needs, and a configuration, which is searched for upwards."""
        folder, name = os.path.split(real)
        searched = name in ("privacy-rules.toml", "pyproject.toml") and _is_in(self._writable, (folder,))
        return searched or _is_in(real, _READABLE)

    def _is_inside(self, path: object) -> bool:
        """Whether a path leads to something inside; a link itself is where it stands."""
        text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        here = Path(os.path.realpath(Path(text).parent), Path(text).name)
        return all(_is_in(each, (self._writable,)) for each in (str(here), os.path.realpath(text)))

    def _refuse(self, offence: str) -> None:
        self.offences.append(offence)
        raise OffenceError(offence)


def _is_in(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith(each.rstrip(os.sep) + os.sep) for each in folders)
