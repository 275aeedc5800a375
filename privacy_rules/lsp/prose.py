"""The clauses of a policy's prose, as open in the editor or else on disk."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.lsp.readable_files import border
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.tracing import prose


def clauses(space: Workspace, path: Path) -> list[prose.Clause]:
    """Return the clauses of all prose that the policy of a file names; `file` is an absolute path."""
    found: list[prose.Clause] = []
    for file in files(space, path):
        text = (space.texts.text(file) or "").removeprefix("\ufeff")
        found += prose.clauses(text, str(file), markdown=prose.is_markdown(file))
    return found


def files(space: Workspace, path: Path) -> list[Path]:
    """Yield the prose files that the policy of a file names, relative to the file that names them."""
    view = space.policy(path)
    named = [
        view.paths[header.span.file].parent / header.fields["text"]
        for header in view.policy.headers
        if "text" in header.fields and header.span.file in view.paths and "\0" not in header.fields["text"]
    ]
    readable = border(space.texts.open, space.settings(path))
    return list(dict.fromkeys(each.resolve() for each in named if readable.is_inside(each)))
