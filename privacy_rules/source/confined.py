"""A file system that ends at the project: what the files of a repository name may not lead out of it.

    disk = Confined(DISK, [project_of(Path("services"))])
    disk.read(Path("services/link-to-etc-passwd"))      # raises OutsideError

Links are followed first, so that a link inside which leads out is outside. What the caller of a command names is inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from errno import EACCES
from pathlib import Path

from privacy_rules.source.file_system import DISK, LIMIT, Entry, FileSystem, Kind, git_top


class OutsideError(OSError):
    """A file is outside the project."""

    def __init__(self, path: Path, real: Path, top: Path) -> None:
        super().__init__(EACCES, f"it leads out of the project `{top}`, to `{real}`", str(path))


class Confined(FileSystem):
    """The files inside some folders, or that are named themselves.

    `hidden` are files outside that may be read although nobody has named them in the call; no line of them is shown.
    """

    def __init__(self, inner: FileSystem, inside: Iterable[Path], hidden: Iterable[Path] = ()) -> None:
        self._inner = inner
        self._inside = tuple(_real(inner, each) for each in inside)
        self._hidden = frozenset(_real(inner, each) for each in hidden)

    def with_inside(self, more: Iterable[Path]) -> Confined:
        """The same with more folders and files inside."""
        return Confined(self._inner, [*self._inside, *more], self._hidden)

    def is_inside(self, path: Path) -> bool:
        """Whether a path leads to something inside, or to nothing at all."""
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
        return any(real.is_relative_to(each) for each in self._inside)


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
