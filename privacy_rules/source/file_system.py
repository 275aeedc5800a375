"""Find and read users' files, on the disk or in a commit.

    content = DISK.read(Path("customers.privacy"), limit=16 * MIB)

Every reader of a user's file goes through this module. So every read has a limit, named pipes, devices and sockets are
refused, and the call knows which files it has read (`privacy_rules.source.opened_files`).
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from errno import EFBIG, EINVAL, EISDIR
from pathlib import Path
from typing import Literal, cast

from privacy_rules.source import observations
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.opened_files import noted

Kind = Literal["file", "folder", "other"]

MIB = 2**20
LIMIT = 64 * MIB
"""How many bytes a user's file may have, unless its kind or the configuration has another limit."""
POLICY_LIMIT = 16 * MIB
"""How many bytes a policy file may have, and the prose that it names."""
CONFIGURATION_LIMIT = 4 * MIB
"""How many bytes a configuration file may have."""

_IMPOSSIBLE_NAMES = (123, 1921)
"""How Windows says that no file can have a name, or that a link leads in a circle."""
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class TooLargeError(OSError):
    """A file is larger than its limit."""

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(EFBIG, f"the file is larger than the limit of {limit} bytes", str(path))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a folder. `is_folder` follows links; `is_link` says whether the entry itself is a link."""

    name: str
    is_folder: bool
    is_link: bool


class FileSystem(ABC):
    """Files and folders by absolute path. Every method raises OSError as the disk does, and ValueError for a zero byte in a name."""

    @abstractmethod
    def real(self, path: Path) -> Path:
        """The absolute path without any link.

        A path that does not exist is returned unchanged; links in a circle raise OSError.
        """

    @abstractmethod
    def kind(self, path: Path) -> Kind | None:
        """The kind of thing that a path leads to, with links followed; None if nothing is there."""

    @abstractmethod
    def entries(self, folder: Path) -> list[Entry]:
        """What a folder holds, in no particular order."""

    @abstractmethod
    def read(self, path: Path, limit: int = LIMIT) -> bytes:
        """The content of a file. Raises TooLargeError if it has more than `limit` bytes, OSError if it is not a plain file."""

    def is_folder(self, path: Path) -> bool:
        """Whether a path leads to a folder that can be asked about."""
        try:
            return self.kind(path) == "folder"
        except (OSError, ValueError):
            return False

    def may_show(self, path: Path) -> bool:  # noqa: ARG002 -- for those that may not
        """Whether messages may show lines of a file."""
        return True

    def is_file(self, path: Path) -> bool:
        """Whether a path leads to a plain file; a name that cannot exist does not."""
        try:
            return self.kind(path) == "file"
        except ValueError:
            return False

    def walk(
        self, folder: Path, on_error: Callable[[Path, OSError], None], *, follow: bool = False
    ) -> Iterator[tuple[Path, list[Entry]]]:
        """A folder and all below it, each with its entries by name. Hidden folders are not entered.

        `follow`: links to folders are also entered, but each folder by only one of its names.
        """
        waiting, seen = [folder], set[Path]()
        while waiting:
            here = waiting.pop()
            try:
                if follow and self._is_seen(here, seen):
                    continue
                found = sorted(self.entries(here), key=lambda each: each.name)
            except OSError as error:
                on_error(here, error)
                continue
            yield here, found
            below = [each for each in reversed(found) if each.is_folder and not each.name.startswith(".")]
            links = [here / each.name for each in below if each.is_link and follow]
            waiting += [here / each.name for each in below if not each.is_link]
            waiting[:0] = links  # they come last, so that folders keep their own names

    def _is_seen(self, folder: Path, seen: set[Path]) -> bool:
        real = self.real(folder)
        if real in seen:
            return True
        seen.add(real)
        return False


class Disk(FileSystem):
    """The disk. A relative path starts at the working directory."""

    def real(self, path: Path) -> Path:
        """See FileSystem."""
        try:
            found = path.resolve()
            observations.recorded("real", path, str(found))
            return found
        except RuntimeError as error:  # links in a circle, before Python 3.13
            raise OSError(EINVAL, "too many levels of symbolic links", str(path)) from error

    def kind(self, path: Path) -> Kind | None:
        """See FileSystem."""
        try:
            return cast("Kind | None", observations.recorded("kind", path, observations.kind(str(path))))
        except OSError as error:
            observations.stop()
            if getattr(error, "winerror", None) in _IMPOSSIBLE_NAMES:  # such as that of a pattern, `*.yaml`
                return None
            raise

    def entries(self, folder: Path) -> list[Entry]:
        """See FileSystem."""
        return [Entry(each.name, observations.is_folder(each), _is_link(each)) for each in _listed(folder)]

    def read(self, path: Path, limit: int = LIMIT) -> bytes:
        """See FileSystem."""
        try:
            content = self._read(path, limit)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            observations.recorded("content", path, None)
            raise
        except OSError:
            observations.stop()
            raise
        if observations.is_recording():
            observations.recorded("content", path, observations.digest(content))
        return content

    def _read(self, path: Path, limit: int) -> bytes:
        try:
            handle = os.open(noted(path), _OPEN)
        except PermissionError:
            if os.path.isdir(path):  # noqa: PTH112 -- Windows opens no folder
                raise _is_a_folder(path) from None
            raise
        try:
            kind = observations.kind_of(os.fstat(handle).st_mode)
            if kind == "folder":
                raise _is_a_folder(path)
            if kind == "other":
                raise OSError(EINVAL, "it is a pipe, a device or a socket, not a file", str(path))
            content = b"".join(_chunks(handle, limit + 1))
        finally:
            os.close(handle)
        if len(content) > limit:
            raise TooLargeError(path, limit)
        return content

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file. The call does not count as one that reads the file."""
        handle = os.open(path, _OPEN)
        try:
            found = os.read(handle, size)
        finally:
            os.close(handle)
        if size != observations.START and len(found) == size:
            observations.stop()
        question = "start" if size == observations.START else "content"
        observations.recorded(question, path, observations.digest(found))
        return found

    def unlinked(self, folder: str) -> tuple[list[str], list[str]]:
        """The names of the folders and of the plain files in a folder that are not links: `entries` for many thousands of names."""
        folders, files = [], []
        for each in _listed(folder):
            if each.is_file(follow_symlinks=False):
                files.append(each.name)
            elif each.is_dir(follow_symlinks=False):
                folders.append(each.name)
        return sorted(folders), sorted(files)


def _chunks(handle: int, size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := os.read(handle, min(size, 16 * MIB))):
        size -= len(chunk)
        yield chunk


def _listed(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        observations.stop()
        raise
    if observations.is_recording():
        observations.recorded("names", folder, observations.names_of(found))
    return found


def _is_a_folder(path: Path) -> IsADirectoryError:
    return IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a symbolic link or, on Windows, a junction (Python says so from 3.12 on)."""
    is_junction = getattr(entry, "is_junction", None)
    return entry.is_symlink() or (is_junction is not None and is_junction())


DISK = Disk()
"""The disk of this machine."""


def git_top(folder: Path) -> Path | None:
    """The nearest folder from here upwards that holds a `.git`; None if there is none."""
    return next((each for each in (folder, *folder.parents) if exists(each / ".git")), None)


def exists(path: str | Path) -> bool:
    """Return whether there is something of that name, links not followed."""
    return observations.recorded("exists", path, os.path.lexists(path))
