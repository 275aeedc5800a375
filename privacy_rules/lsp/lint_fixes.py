"""Quick fixes of lints: edits that are proved to change no verdict, and `allow` comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lsprotocol.types import Diagnostic, Range, TextEdit

from privacy_rules.language.source_text import SourceText
from privacy_rules.lint.framework.allow_comments import allows
from privacy_rules.lint.framework.edits import applied
from privacy_rules.lint.framework.equivalence import keeps_meaning
from privacy_rules.lint.framework.runner import Finding
from privacy_rules.lsp.policy_view import PolicyView
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.quick_fixes import Fix
from privacy_rules.lsp.workspace import Workspace

_INDENT = re.compile(r"[ \t]*")


def of_lints(space: Workspace, path: Path, diagnostics: Iterable[Diagnostic]) -> Iterator[Fix]:
    """Return the fixes of the lints that the client names; none if the policy has changed since they were found."""
    if not space.is_policy(path):
        return
    view, text = space.policy(path), space.texts.text(path) or ""
    lines, findings = Lines(text), space.linting.at(view, path)
    if not findings or lines.text != view.survey.files[path].source.text:
        return
    by_place = {(each.lint.code, _corners(lines.range(each.found.span))): each for each in reversed(findings)}
    for diagnostic in diagnostics:
        finding = by_place.get((str(diagnostic.code), _corners(diagnostic.range)))
        if finding:
            if finding.found.edits and _is_safe(space, view, path, finding):
                edits = [TextEdit(lines.between(each.start, each.end), each.text) for each in finding.found.edits]
                yield Fix(f"{finding.lint.fixes.capitalize()} ({finding.lint.name})", diagnostic, edits, preferred=True)
            yield from _allowed(lines, "\r\n" if "\r\n" in text else "\n", diagnostic, finding)


def _corners(place: Range) -> tuple[int, int, int, int]:
    return place.start.line, place.start.character, place.end.line, place.end.character


def _is_safe(space: Workspace, view: PolicyView, path: Path, finding: Finding) -> bool:
    """Return whether the changed file can be read and the policy provably means the same."""
    source = view.survey.files[path].source
    if any(each.file != source.file for each in finding.found.edits):
        return False
    after = applied(source.text, [finding.found.edits])[0]
    made = space.with_texts({path: after}).policy_of(view.roots, space.top(view.roots[0]))
    return not made.has_errors and keeps_meaning(view.policy, made.policy)


def _allowed(lines: Lines, line_end: str, diagnostic: Diagnostic, finding: Finding) -> Iterator[Fix]:
    """Yield a fix that adds an `allow` comment above the line, unless the finding is itself in a comment."""
    name, line = finding.lint.name, finding.found.span.line
    written = lines.text.split("\n")
    indent = _INDENT.match(written[line - 1])
    comment = f"{indent[0] if indent else ''}# allow {name}: reason"
    after = SourceText("", "\n".join([*written[: line - 1], comment, *written[line - 1 :]]))
    if not finding.lint.last and any(
        each.name == name and each.line == line + 1 for each in allows(after, {name: name})
    ):
        start = lines.position(line, 1)
        title = f"Allow {name} here: `# allow {name}: reason`"
        yield Fix(title, diagnostic, [TextEdit(Range(start, start), comment + line_end)], preferred=False)
