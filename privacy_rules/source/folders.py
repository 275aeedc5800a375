"""Make folders for files that are to be written, and undo that if they cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path


def make_folders(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those above it that do not exist. `undo` removes them again if they are empty then."""
    if not folder.exists():
        make_folders(folder.parent, undo)
        folder.mkdir()
        undo.callback(_remove_if_empty, folder)


def remove(files: Iterable[Path]) -> None:
    """Remove files, and their folders if nothing is left in them. What cannot be removed is left."""
    for each in files:
        with suppress(OSError):
            each.unlink()
            _remove_if_empty(each.parent)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
