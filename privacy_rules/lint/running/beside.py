"""Files beside a policy that lints read – its prose, and its tests – and when they changed last."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from privacy_rules.language import syntax
from privacy_rules.lint.running.reading import Reading, prose_files

_ENDINGS = ("*.tests.yaml", "*.tests.yml", "*.tests.json")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_RULE = re.compile(r"""\brule["']?\s*:\s*["']?(\w+)""")
Stamp = tuple[Path, int, int]
"""A file with when it changed last, in nanoseconds, and its size; -1 for both where it cannot be read."""


def stamps(reading: Reading) -> tuple[Stamp, ...]:
    """All of them, as they are now: while these and the policy stay the same, lints find the same."""
    blocks = reading.declared(syntax.Policy, everywhere=True)
    prose = {path for block in blocks for _, path in prose_files(block)}
    folders = {reading.paths[name].parent for name in reading.asked}
    return tuple(stamp(path) for path in sorted(prose.union(*map(test_files, folders))))


def stamp(path: Path) -> Stamp:
    """One of them."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return path, -1, -1
    return path, found.st_mtime_ns, found.st_size


def test_files(folder: Path) -> list[Path]:
    """The test files of a folder."""
    return sorted({path for ending in _ENDINGS for path in folder.glob(ending)})


@lru_cache(maxsize=256)
def rules_named_in(file: Stamp) -> frozenset[str]:
    """The rules that a test file names in what it expects; none where it cannot be read. Read again only once it has changed."""
    try:
        text = file[0].read_text(encoding="utf-8")
    except (OSError, ValueError):
        return frozenset()
    return frozenset(_RULE.findall(_COMMENT.sub("", text)))
