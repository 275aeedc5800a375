"""Sort changed files into manifests of a check, files that may affect every finding, and others.

Files are compared by their real paths: a manifest that is configured through a linked folder and changed under its own
name is one file.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from privacy_rules.manifest.file_set import shown
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.real_paths import RealPaths, is_in, real_path


@dataclass(frozen=True, slots=True)
class Changes:
    """Changed files and folders, by the names that users see.

    `manifests` are the manifests of the check among them, by the names that places show; `strange` are those that the
    check does not read; `all_because` says why they may affect every finding, if they may.
    """

    names: tuple[str, ...]
    manifests: frozenset[str] = frozenset()
    strange: tuple[str, ...] = ()
    all_because: str | None = None


def changes(changed: Iterable[Path], manifests: Collection[str], decisive: Iterable[str | Path]) -> Changes:
    """Sort changed files for a check of `manifests`. `decisive` are the files that may affect every finding.

    A folder means the files in it. So that nothing is missed, a file that does not exist may affect every finding, and so
    may a symbolic link, which may have led elsewhere before.
    """
    names = tuple(sorted({shown(each) for each in changed}))
    known = _Known(manifests, decisive)
    because = next((why for each in names if (why := known.why_all(each))), None)
    if because is not None:
        return Changes(names, all_because=because)
    meant = {name: known.manifests_of(name) for name in names}
    strange = tuple(name for name, found in meant.items() if not found)
    return Changes(names, frozenset().union(*meant.values()), strange)


class _Known:
    """The files of a check, by name and by real path."""

    def __init__(self, manifests: Collection[str], decisive: Iterable[str | Path]) -> None:
        self._real = RealPaths()
        self._manifests = manifests
        there = {shown(Path(each)) for each in decisive if os.path.exists(each)}  # noqa: PTH110 -- shipped ones are elsewhere
        self._decisive = sorted(there)

    def why_all(self, name: str) -> str | None:
        """Why a changed file may affect every finding; None if it cannot."""
        if not os.path.exists(name):  # noqa: PTH110 -- a name that no file can have does not exist
            return f"{name} does not exist (deleted, or misspelt)"
        if os.path.islink(name):  # noqa: PTH114
            return f"{name} is a symbolic link, which may have led elsewhere before"
        if not os.path.isdir(name) and name.endswith((".privacy", ".toml")):  # noqa: PTH112
            return f"{name} may affect every finding"
        found = self._among(name, self._decisive)
        if not found:
            return None
        return (
            f"{name} may affect every finding"
            if found[0] == name
            else f"{name} refers to {found[0]}, which may affect every finding"
        )

    def manifests_of(self, name: str) -> list[str]:
        """The manifests that the name of a changed file or folder refers to."""
        return [name] if name in self._manifests else self._among(name, self._manifests)

    def _among(self, name: str, files: Iterable[str]) -> list[str]:
        """The files that a name refers to: that file, or those in that folder, by their names or their real paths."""
        named, real = os.path.abspath(name), real_path(name)  # noqa: PTH100
        return [
            each
            for each in files
            if is_in(self._real.of(each), real) or is_in(os.path.abspath(each), named)  # noqa: PTH100
        ]
