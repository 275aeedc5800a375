"""Files that a verb rewrites: all of them or none, or only shown as a difference."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from privacy_rules import codes
from privacy_rules.cli.output import replace_file, say
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible import visible_lines
from privacy_rules.whatif.patch.unified import quoted

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def rewrite(changed: Sequence[tuple[Path, str]]) -> None:
    """Writes each file's new text. Raises InputError, before anything is written, where a file must not be."""
    wrong = [
        Diagnostic(codes.UNUSABLE_FILE, f"`{displayed(path)}` cannot be written: it is read-only")
        for path, _ in changed
        if not _is_writable(path)
    ]
    if wrong:
        raise InputError(wrong)
    for path, text in changed:
        replace_file(path, text)


def _is_writable(path: Path) -> bool:
    """Whether it may be replaced: a file that nobody may write is not, though its folder would let us."""
    target = path.resolve()
    return bool(target.stat().st_mode & 0o222) and os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)


def displayed(path: Path) -> str:
    """A path relative to the working directory, with `/`."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def print_exactly(text: str) -> None:
    """Writes to standard output as to a file: UTF-8, line ends as they are."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if text and reconfigure:
        reconfigure(encoding="utf-8", newline="")
    say(text)


def difference(name: str, before: str, after: str) -> Iterator[str]:
    """The lines of a unified diff of a file's two texts, for people: what is not seen is escaped, also in the texts."""
    old, new = (_LINE.findall(visible_lines(text)) for text in (before, after))
    head = quoted(name)
    for line in unified_diff(old, new, head, head):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
