"""Texts before and after → a unified diff as git writes it, which `git apply` and `patch -p1` take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ODD = re.compile(r'[\x00-\x1f\x7f"\\]')
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file, by its name from the top with `/`, and its texts."""

    name: str
    before: str
    after: str


def patch(files: Iterable[Rewritten], heading: Iterable[str] = ()) -> str:
    """The patch, with lines of comment at its top, which those that apply it skip."""
    comments = "".join(f"# {' '.join(line.split())}\n" for line in heading)
    return comments + "".join(line for each in files for line in _of(each))


def _of(file: Rewritten) -> Iterator[str]:
    old, new = f"a/{file.name}", f"b/{file.name}"
    yield f"diff --git {_quoted(old)} {_quoted(new)}\n"
    yield f"--- {_headed(old)}\n"
    yield f"+++ {_headed(new)}\n"
    lines = unified_diff(_LINE.findall(file.before), _LINE.findall(file.after))
    next(lines), next(lines)  # the head that difflib writes
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _headed(name: str) -> str:
    """A name with blanks ends with a tab, so that no date is sought in it."""
    quoted = _quoted(name)
    return f"{quoted}\t" if " " in quoted and quoted == name else quoted


def _quoted(name: str) -> str:
    if not _ODD.search(name):
        return name
    return '"' + _ODD.sub(lambda found: _NAMED.get(found[0], f"\\{ord(found[0]):03o}"), name) + '"'
