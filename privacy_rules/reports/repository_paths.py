"""Where a file is for tools that seek it from the top of a repository, wherever a check runs.

from_top("estate.yaml", "services/shop") == "services/shop/estate.yaml"
"""

from __future__ import annotations

import posixpath
import re

_ABSOLUTE = re.compile(r"/|[A-Za-z]:/|<|%3C")  # `<`: standard input, which is no file


def from_top(file: str, folder: str) -> str:
    """The name of a file that is named from `folder`, which is named from the top, as from the top."""
    if not folder or _ABSOLUTE.match(file):
        return file
    return posixpath.normpath(posixpath.join(folder, file))
