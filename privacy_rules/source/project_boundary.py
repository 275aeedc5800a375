"""A file system that ends at the project: paths in a repository's files may not lead out of it.

    disk = Confined(DISK, [project_of(Path("services"))])
    disk.read(Path("services/link-to-etc-passwd"))      # raises OutsideError

Links are followed first, so a link that leads out is outside. A `.git` folder also counts as outside. Everything that
the caller of a command names is inside.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable
from errno import EACCES
from itertools import takewhile
from pathlib import Path, PurePath

from privacy_rules.source.file_system import DISK, LIMIT, Entry, FileSystem, Kind, exists, git_top


class OutsideError(OSError):
    """A file is outside the project."""

    def __init__(self, path: Path, real: Path, top: Path) -> None:
        super().__init__(EACCES, f"it leads out of the project `{top}`, to `{real}`", str(path))


class Confined(FileSystem):
    """The files inside some folders, and named files.

    `hidden` has files outside that may be read although the call does not name them; none of their lines are shown.
    """

    def __init__(self, inner: FileSystem, inside: Iterable[Path], hidden: Iterable[Path] = ()) -> None:
        self._inner = inner
        self._inside = tuple(_real(inner, each) for each in inside)
        self._hidden = frozenset(_real(inner, each) for each in hidden)

    def over(self, inner: FileSystem, hidden: Iterable[Path] = ()) -> Confined:
        """Return these borders around another file system, with additional hidden files."""
        return Confined(inner, self._inside, [*self._hidden, *hidden])

    def is_inside(self, path: Path) -> bool:
        """Whether a path leads to something inside the borders, or to nothing at all."""
        return self._holds(_real(self._inner, path))

    def refuse(self, path: Path) -> None:
        """Raises OutsideError if a path leads out."""
        real = _real(self._inner, path)
        if not self._holds(real):
            raise OutsideError(path, real, self._inside[0] if self._inside else Path())

    def may_show(self, path: Path) -> bool:
        """See FileSystem."""
        return self.is_inside(path)

    def real(self, path: Path) -> Path:
        """See FileSystem."""
        return self._inner.real(path)

    def kind(self, path: Path) -> Kind | None:
        """See FileSystem."""
        return self._inner.kind(path)

    def entries(self, folder: Path) -> list[Entry]:
        """See FileSystem."""
        return self._inner.entries(folder)

    def read(self, path: Path, limit: int = LIMIT) -> bytes:
        """See FileSystem. Raises OutsideError if the path leads out."""
        if _real(self._inner, path) not in self._hidden:
            self.refuse(path)
        return self._inner.read(path, limit)

    def _holds(self, real: Path) -> bool:
        return any(real.is_relative_to(each) and not _is_of_git(real.relative_to(each)) for each in self._inside)


def confined_to(called: Iterable[str | Path], folder: Path | None = None, hidden: Iterable[Path] = ()) -> Confined:
    """The files that a call may read: those that it names, their projects, and the project of `folder`.

    If there are none of these, it may read the project of the working directory.
    """
    named = [_before_wildcards(Path(each)) for each in called]
    homes = [each if DISK.is_folder(each) else each.parent for each in named]
    projects = [project_of(each) for each in ([folder] if folder else []) + homes]
    return Confined(DISK, dict.fromkeys([*(projects or [project_of(Path())]), *named]), hidden)


def shared_policies(paths: Iterable[Path], disk: FileSystem = DISK) -> list[Path]:
    """The configured policies that may be outside the project: named `*.privacy`, and not in a `.git` folder."""
    reals = {each: _real(disk, each) for each in paths}
    return [each for each, real in reals.items() if real.suffix == ".privacy" and not _is_of_git(real)]


def _before_wildcards(path: Path) -> Path:
    """The part of a path before the first wildcard; the whole path if it exists as it is."""
    if not glob.has_magic(str(path)) or exists(path):
        return path
    plain = takewhile(lambda part: not glob.has_magic(part), path.parts)
    return Path(*plain)


def _is_of_git(path: PurePath) -> bool:
    """Whether a path leads into a `.git` folder, which has programs (hooks) and secrets (the configuration)."""
    return any(part.lower() == ".git" for part in path.parts)


def project_of(folder: Path) -> Path:
    """The project that a folder belongs to: its git repository, else the working directory above it, else the folder."""
    real = _real(DISK, folder)
    here = Path.cwd().resolve()
    return git_top(real) or (here if real.is_relative_to(here) else real)


def _real(disk: FileSystem, path: Path) -> Path:
    try:
        return disk.real(path)
    except (OSError, ValueError):  # reading it reports what is wrong
        return path.absolute()
