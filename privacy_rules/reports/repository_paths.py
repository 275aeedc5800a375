"""File names relative to the top of a repository, for tools that look for files from there.

from_top("estate.yaml", "services/shop") == "services/shop/estate.yaml"
"""

from __future__ import annotations

import posixpath
import re

_ABSOLUTE = re.compile(r"/|[A-Za-z]:/|<|%3C")  # `<`: standard input, which is no file


def from_top(file: str, folder: str) -> str:
    """Return a file name relative to the top, given one relative to `folder`, which is relative to the top."""
    if not folder or _ABSOLUTE.match(file):
        return file
    return posixpath.normpath(posixpath.join(folder, file))
