"""Shows what a verb would change in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def difference(name: str, before: str, after: str) -> Iterator[str]:
    """The lines of a unified diff of a file's two texts."""
    old, new = (_LINE.findall(text) for text in (before, after))
    for line in unified_diff(old, new, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
