"""Find policies and manifests on disk that are not open but may name what a file declares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from privacy_rules.lsp.estate_view import EstateView
from privacy_rules.lsp.open_documents import POLICY_ENDING
from privacy_rules.lsp.policy_view import PolicyView
from privacy_rules.lsp.workspace import MANIFEST_ENDINGS, Workspace

_MOST = 20_000
_LEFT_OUT = frozenset({"node_modules", "__pycache__"})
_LARGEST = 2**24


def around(space: Workspace, path: Path, name: str) -> Iterator[PolicyView | EstateView]:
    """Yield the policies and estates that include a file and mention a name, searching the opened folder."""
    for file in _files(_top(space, path)):
        if file == path or not _has(space, file, name):
            continue
        if space.is_policy(file):
            policy = space.policy(file)
            if path in policy.survey.files:
                yield policy
        elif space.is_manifest(file):
            estate = space.estate(file)
            if path in estate.files or (estate.policy and path in estate.policy.survey.files):
                yield estate


def _top(space: Workspace, path: Path) -> Path | None:
    """Return the outermost folder of the editor or of a configuration; None for a file by itself."""
    folders = [*space.folders, *filter(None, [space.settings(path).folder])]
    return min((each for each in folders if path.is_relative_to(each)), key=lambda each: len(each.parts), default=None)


def _files(top: Path | None) -> Iterator[Path]:
    seen = 0
    for folder, folders, names in os.walk(top) if top else ():
        folders[:] = sorted(each for each in folders if each not in _LEFT_OUT and not each.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > _MOST:
                return
            if name.endswith((POLICY_ENDING, *MANIFEST_ENDINGS)):
                yield Path(folder, name).resolve()


def _has(space: Workspace, file: Path, name: str) -> bool:
    try:
        return (file in space.texts.open or file.stat().st_size < _LARGEST) and name in (space.texts.text(file) or "")
    except OSError:
        return False
