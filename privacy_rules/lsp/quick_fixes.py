"""Quick fixes: what the help of a mistake says, as an edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol.types import Diagnostic, Position, Range, TextEdit

from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.protocol_places import SOURCE
from privacy_rules.lsp.workspace import Workspace

_MEANT = re.compile(r"^help: did you mean `([^`]+)`\?", re.MULTILINE)
_WRITE = re.compile(r"^help: write ((?:`[\w.]+`(?: or )?)+)", re.MULTILINE)
_QUOTE = re.compile(r"^help: write it in quotes: `(\"[^`]*\")`", re.MULTILINE)
_USE = re.compile(r"^help: `(use [\w.]+)` brings", re.MULTILINE)
_WORD = re.compile(r"[\w.\"]+\Z")
_HEAD = re.compile(r"^policy\s+\w+\s*\{[^}]*\}[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend what a diagnostic tells of, in its file; `preferred` where nothing else is to be weighed."""

    title: str
    mends: Diagnostic
    edits: list[TextEdit]
    preferred: bool


def of_mistakes(space: Workspace, path: Path, diagnostics: Iterable[Diagnostic]) -> Iterator[Fix]:
    """The fixes of the mistakes that the client names."""
    lines = space.texts.lines(path)
    for each in diagnostics:
        if each.source == SOURCE:
            yield from (Fix(title, each, [edit], preferred) for title, edit, preferred in _fixes(each, lines))


def _fixes(found: Diagnostic, lines: Lines) -> Iterator[tuple[str, TextEdit, bool]]:
    start, end = lines.offset(found.range.start), lines.offset(found.range.end)
    written = lines.text[start:end]
    if (_WORD.match(written) or written.startswith('"')) and (meant := _MEANT.search(found.message)):
        name = f'"{meant[1]}"' if written.startswith('"') and not meant[1].startswith('"') else meant[1]
        yield f"Change to `{meant[1]}`", TextEdit(found.range, name), True
    if _WORD.match(written) and (ways := _WRITE.search(found.message)):
        for name in re.findall(r"`([^`]+)`", ways[1]):
            yield f"Write `{name}`", TextEdit(found.range, name), False
    if quoted := _QUOTE.search(found.message):
        yield f"Write {quoted[1]}", TextEdit(found.range, quoted[1]), True
    if used := _USE.search(found.message):
        yield f"Add `{used[1]}`", TextEdit(_top(lines), f"{used[1]}\n"), True


def _top(lines: Lines) -> Range:
    """Where a `use` is added: behind the `policy` block, else before all."""
    head = _HEAD.search(lines.text)
    place = Position(0, 0) if head is None else lines.position(*lines.place(head.end()))
    return Range(place, place)
