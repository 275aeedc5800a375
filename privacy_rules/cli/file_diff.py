"""Shows what a verb would change in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff

from privacy_rules.manifest.edit.unified_diff import quoted
from privacy_rules.source.invisible_characters import visible_lines

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def difference(name: str, before: str, after: str) -> Iterator[str]:
    """The lines of a unified diff of two texts of a file, for people: with invisible characters as escapes."""
    old, new = (_LINE.findall(visible_lines(text)) for text in (before, after))
    head = quoted(name)
    for line in unified_diff(old, new, head, head):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
