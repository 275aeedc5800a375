"""Write a unified diff like git, for `git apply` and `patch -p1`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import unified_diff

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ODD = re.compile(r'["\\]')
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file, by its name from the top folder with `/`, and its texts before and after."""

    name: str
    before: str
    after: str


def patch(files: Iterable[Rewritten], heading: Iterable[str] = ()) -> str:
    """The patch, with comment lines at its top, which `git apply` and `patch` skip."""
    comments = "".join(f"# {visible(' '.join(line.split()))}\n" for line in heading)
    return comments + "".join(line for each in files for line in _of(each))


def _of(file: Rewritten) -> Iterator[str]:
    old, new = f"a/{file.name}", f"b/{file.name}"
    yield f"diff --git {quoted(old)} {quoted(new)}\n"
    yield f"--- {_headed(old)}\n"
    yield f"+++ {_headed(new)}\n"
    lines = unified_diff(_LINE.findall(file.before), _LINE.findall(file.after))
    next(lines), next(lines)  # the heading of difflib
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _headed(name: str) -> str:
    """A name in a heading. One with spaces ends with a tab, so that no tool looks for a date in it."""
    shown = quoted(name)
    return f"{shown}\t" if " " in shown and shown == name else shown


def quoted(name: str) -> str:
    """A name as git writes it in a patch: in quotes if it has an invisible character, a quote or a backslash."""
    if not _ODD.search(name) and visible(name) == name:
        return name
    shown = "".join(_NAMED.get(each) or (each if visible(each) == each else _octal(each)) for each in name)
    return '"' + shown.replace("##", "\\043#") + '"'  # `##[` is a command for some CI runners


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
