"""Quick fixes of findings: declare the `origin` that a finding asks for, naming possible collections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from lsprotocol.types import Diagnostic, TextEdit

from privacy_rules.checking.judgements import Missing
from privacy_rules.checking.trial_completions import Need, completed
from privacy_rules.findings.wording import entity_words, item_words
from privacy_rules.lsp.diagnostics import place_of
from privacy_rules.lsp.estate_view import EstateView
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.quick_fixes import Fix
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.manifest.declaration_reader import SECTION_OF
from privacy_rules.simulation.manifest_patch import patched

_MOST = 4
"""At most so many collections are offered one by one; all together are always offered."""


def of_findings(space: Workspace, path: Path, diagnostics: Iterable[Diagnostic]) -> Iterator[Fix]:
    """Yield edits that declare each origin that a finding lacks: with each collection alone, and with all."""
    if space.is_policy(path):
        return
    view, lines = space.estate(path), space.texts.lines(path)
    missing = dict(_missing(view, lines))
    for diagnostic in diagnostics:
        start, end = diagnostic.range.start, diagnostic.range.end
        for each in missing.get((diagnostic.code, start.line, start.character, end.line, end.character), ()):
            for named in _choices(each.about):
                edit = _edit(view, path, lines, each, named)
                if edit is not None:
                    where = f"{item_words(each.item)} on {entity_words(each.entity, each.id)}"
                    title = f"Declare `origin: [{', '.join(named)}]`{where}"
                    yield Fix(title, diagnostic, [edit], preferred=False)


def _missing(view: EstateView, lines: Lines) -> Iterator[tuple[tuple[object, ...], list[Missing]]]:
    """Yield the missing origins of an estate's findings, by their rules and places."""
    for finding in view.report.present if view.report else ():
        origins = [each for each in finding.missing if each.attribute == "origin" and each.about]
        span = place_of(finding, view) if origins else None
        if span:
            at = lines.range(span)
            key = finding.rule, at.start.line, at.start.character, at.end.line, at.end.character
            yield key, origins


def _choices(about: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if 1 < len(about) <= _MOST:
        yield from ((each,) for each in about)
    yield about


def _edit(view: EstateView, path: Path, lines: Lines, missing: Missing, named: tuple[str, ...]) -> TextEdit | None:
    """Return the edit of a file that declares an origin; None if it cannot be declared there by an edit."""
    if view.inputs is None or view.documents is None:
        return None
    before = view.inputs.estate
    need = Need(missing.entity, missing.id, missing.attribute, missing.action, missing.item)
    changed = {id_: record for (_, id_), record in completed(before, {need: tuple(sorted(named))}).items()}
    records: dict[str, Any] = {SECTION_OF[missing.entity]: {**before.records(missing.entity), **changed}}
    patch, _ = patched(view.documents, view.inputs.policy, before, replace(before, **records))
    texts = {view.paths[file.document.name]: text for file, text in patch.files} if patch else {}
    return _difference(lines, Lines(texts[path]).text, "\r\n" in texts[path]) if [*texts] == [path] else None


def _difference(lines: Lines, after: str, returns: bool) -> TextEdit:
    """Return one edit that makes a text another."""
    before = lines.text
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    text = after[start : len(after) - end]
    return TextEdit(lines.between(start, len(before) - end), text.replace("\n", "\r\n") if returns else text)


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts start with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
