"""Quick fixes: the help of a diagnostic as an edit.

A diagnostic carries its fixes in `data`, which editors send back when they ask for actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lsprotocol.types import Diagnostic, Position, Range, TextEdit

from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.protocol_places import SOURCE
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.source.diagnostic import Help
from privacy_rules.source.fast_dataclasses import dataclass

_WORD = re.compile(r"[\w.\"]+\Z")
_HEAD = re.compile(r"^policy\s+\w+\s*\{[^}]*\}[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of a diagnostic's file that fix it; `preferred` if there is no alternative."""

    title: str
    fixed: Diagnostic
    edits: list[TextEdit]
    preferred: bool


def data_of(help_: str | None) -> dict[str, Any] | None:
    """Return a diagnostic's help as data: the replacements of its place, and a line to add at the top."""
    if not isinstance(help_, Help) or not (help_.replacements or help_.line):
        return None
    return {"replacements": list(help_.replacements), "line": help_.line}


def of_mistakes(space: Workspace, path: Path, diagnostics: Iterable[Diagnostic]) -> Iterator[Fix]:
    """Yield the fixes of the errors among the diagnostics that an editor sends back."""
    lines = space.texts.lines(path)
    for each in diagnostics:
        if each.source == SOURCE and isinstance(each.data, dict):
            yield from (
                Fix(title, each, [edit], preferred) for title, edit, preferred in _fixes(each, each.data, lines)
            )


def _fixes(found: Diagnostic, data: dict[str, Any], lines: Lines) -> Iterator[tuple[str, TextEdit, bool]]:
    start, end = lines.offset(found.range.start), lines.offset(found.range.end)
    written, texts, line = lines.text[start:end], data.get("replacements"), data.get("line")
    if isinstance(texts, list) and (_WORD.match(written) or written.startswith('"')):
        for text in map(str, texts):
            name = f'"{text}"' if written.startswith('"') and not text.startswith('"') else text
            verb = "Change to" if len(texts) == 1 else "Write"
            yield f"{verb} `{text}`", TextEdit(found.range, name), len(texts) == 1
    if isinstance(line, str):
        yield f"Add `{line}`", TextEdit(_top(lines), f"{line}\n"), True


def _top(lines: Lines) -> Range:
    """Return where a line is added: after the `policy` block, or else at the start."""
    head = _HEAD.search(lines.text)
    place = Position(0, 0) if head is None else lines.position(*lines.place(head.end()))
    return Range(place, place)
