"""Real paths, which are the same for all names of a file."""

from __future__ import annotations

import os
from pathlib import Path

from privacy_rules.source import observations


def real_path(path: str | Path) -> str:
    """Return the real path or, for a name that no file can have, the absolute path."""
    try:
        return observations.recorded("real", path, os.path.realpath(path))
    except ValueError:
        return os.path.abspath(path)  # noqa: PTH100 -- asks the disk nothing


class RealPaths:
    """Finds the real paths of many files; each folder is looked up once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: str | Path) -> str:
        """Return the real path of a file or folder."""
        if observations.recorded("link", path, os.path.islink(path)):  # noqa: PTH114 -- of thousands of names
            return real_path(path)
        folder, name = os.path.split(path)
        if name in ("", ".", ".."):
            return real_path(path)
        if folder not in self._folders:
            self._folders[folder] = real_path(folder)
        return os.path.join(self._folders[folder], name)  # noqa: PTH118


def is_in(path: str, folder: str) -> bool:
    """Return whether a path is in a folder, or is that folder; both are absolute."""
    return path == folder or path.startswith(os.path.join(folder, ""))  # noqa: PTH118 -- with a slash at its end
