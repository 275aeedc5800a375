"""Quick fixes: what the help of a mistake says, as an edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lsprotocol.types import CodeAction, CodeActionKind, Diagnostic, Position, Range, TextEdit, WorkspaceEdit

from privacy_rules.lsp.diagnostics import SOURCE
from privacy_rules.lsp.positions import Lines

_MEANT = re.compile(r"^help: did you mean `([^`]+)`\?", re.MULTILINE)
_WRITE = re.compile(r"^help: write ((?:`[\w.]+`(?: or )?)+)", re.MULTILINE)
_QUOTE = re.compile(r"^help: write it in quotes: `(\"[^`]*\")`", re.MULTILINE)
_USE = re.compile(r"^help: `(use [\w.]+)` brings", re.MULTILINE)
_WORD = re.compile(r"[\w.\"]+\Z")
_HEAD = re.compile(r"^policy\s+\w+\s*\{[^}]*\}[^\n]*\n", re.MULTILINE)


def fixes(uri: str, lines: Lines, diagnostics: Iterable[Diagnostic]) -> list[CodeAction]:
    """The fixes of the mistakes that the client names."""
    return [
        CodeAction(
            title,
            kind=CodeActionKind.QuickFix,
            diagnostics=[each],
            is_preferred=preferred,
            edit=WorkspaceEdit(changes={uri: [edit]}),
        )
        for each in diagnostics
        if each.source == SOURCE
        for title, edit, preferred in _fixes(each, lines)
    ]


def _fixes(found: Diagnostic, lines: Lines) -> Iterator[tuple[str, TextEdit, bool]]:
    start, end = lines.offset(found.range.start), lines.offset(found.range.end)
    written = lines.text[start:end]
    if meant := _MEANT.search(found.message):
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
