"""The folder of the cache. It is always the user's: the authors of a repository could forge a cache in it.

It is opened without following a link, and used only if it belongs to the user and nobody else can write to it.
"""

from __future__ import annotations

import os
import stat
import sys

NAME = "privacy-rules"
MOST_BYTES = 16 * 2**20
"""How large an entry may be."""
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class UnusableError(Exception):
    """The cache cannot be used. The message says why."""


def folder() -> str | None:
    """Return the path of the folder, which need not exist; None if this system or user has none."""
    if sys.platform == "win32":  # which has neither owners nor modes that can be checked so simply
        return None
    given, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME", "")
    usual = os.path.join("Library", "Caches") if sys.platform == "darwin" else ".cache"  # noqa: PTH118 -- see `start`
    parent = given if os.path.isabs(given) else os.path.join(home, usual) if os.path.isabs(home) else None  # noqa: PTH117, PTH118
    path = None if parent is None else os.path.join(parent, NAME)  # noqa: PTH118
    return None if path is None or (_reason_not_safe(path) and not os.path.lexists(path)) else path


def open_folder(path: str) -> int:
    """Open the folder. Raises FileNotFoundError if it does not exist, UnusableError if it is not safe to use."""
    if others := _reason_not_safe(path):
        raise UnusableError(others)
    try:
        handle = os.open(path, _FOLDER)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnusableError(
            f"it is not a folder that can be opened ({os.strerror(error.errno or 0).lower()})"
        ) from error
    if not _is_own(os.fstat(handle)):
        os.close(handle)
        raise UnusableError("others can write to it, or it belongs to another user")
    return handle


def read_entry(handle: int, name: str) -> bytes | None:
    """Return the content of an entry; None if it does not exist. Raises UnusableError if it is not a file of the user."""
    try:
        file = os.open(name, _FILE, dir_fd=handle)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnusableError(f"its entry `{name}` cannot be opened ({os.strerror(error.errno or 0).lower()})") from error
    with os.fdopen(file, "rb") as stream:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or not _is_own(found):
            raise UnusableError(f"its entry `{name}` is not a file that only you can write")
        read = stream.read(MOST_BYTES + 1)
    if len(read) > MOST_BYTES:
        raise UnusableError(f"its entry `{name}` is too large")
    return read


def _reason_not_safe(path: str) -> str | None:
    """Return why the authors of a repository may have written the folder, judging by its place."""
    real, here = os.path.realpath(path), os.getcwd()  # noqa: PTH109 -- see `start`
    if real == here or real.startswith(os.path.join(here, "")):  # noqa: PTH118
        return "it is in the working directory, whose authors could forge it"
    while real != os.path.dirname(real):  # noqa: PTH120
        real = os.path.dirname(real)  # noqa: PTH120
        if os.path.lexists(os.path.join(real, ".git")):  # noqa: PTH118
            return f"it is in the git repository `{real}`, whose authors could forge it"
    return None


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
