"""Help for a file or pattern that leads to nothing: `\\` between folders, or a name that nearly exists."""

from __future__ import annotations

import glob
import os
from itertools import takewhile
from pathlib import Path

from privacy_rules.source.file_system import DISK, FileSystem
from privacy_rules.source.spelling import nearest

_MOST_NAMES = 5_000


def help_for_absent(written: str, folder: Path | None = None, disk: FileSystem = DISK) -> str | None:
    """Return the help for a path or pattern that matches nothing, or None.

    `folder` is where it starts (default: the working directory). The help names only files that messages may show.
    """
    if "\\" in written and os.sep == "/":
        return f"write `/` between folders, on every system: `{written.replace(chr(92), '/')}`"
    try:
        found = _near(written, folder or Path(), disk)
    except (OSError, ValueError):  # a folder that cannot be read, a name that no file can have
        return None
    return f"did you mean `{found}`?" if found else None


def _near(written: str, folder: Path, disk: FileSystem) -> str | None:
    parts = Path(written).parts
    plain = list(takewhile(lambda part: not glob.has_magic(part), parts))
    for number, part in enumerate(plain):
        here = Path(folder, *plain[:number])
        if disk.kind(here / part) is None:
            name = _name_like(part, here, disk)
            exists = name and disk.kind(Path(here, name, *plain[number + 1 :]))
            return Path(*parts[:number], name, *parts[number + 1 :]).as_posix() if name and exists else None
    return None


def _name_like(part: str, folder: Path, disk: FileSystem) -> str | None:
    """The name in a folder that is most similar to another one; names with the same ending are preferred."""
    if not disk.may_show(folder) or disk.kind(folder) != "folder":
        return None
    names = sorted(each.name for each in disk.entries(folder))[:_MOST_NAMES]
    ending = Path(part).suffix
    alike = nearest(part, [each for each in names if Path(each).suffix == ending]) or nearest(part, names)
    return alike or next((each for each in names if each.startswith(f"{part}.")), None)
