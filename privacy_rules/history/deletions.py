"""The files that a commit deletes, which no hook is told of."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.source.file_system import LIMIT

_PLAIN = (b":100644", b":100755")


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deleted file: where it was, whether it was a file and not a link or a submodule, and what was in it, if asked for."""

    path: Path
    is_file: bool
    content: bytes = b""


def deletions(
    folder: Path, between: tuple[str, str] | None = None, *, content_of: Callable[[str], bool]
) -> list[Deletion]:
    """The files that the next commit deletes; those that the second of two commits has deleted since they parted.

    `content_of` says by name which files' content is wanted. If git has no answer, nothing is deleted.
    """
    try:
        repository = Repository.around(folder.resolve())
        told = repository.deleted(between)
        parts = told.split(b"\0")[:-1]
        gone = [(os.fsdecode(name), about.split()) for about, name in zip(parts[::2], parts[1::2], strict=True)]
        with Objects(repository) as objects:
            return [
                Deletion(
                    repository.top / name,
                    about[0] in _PLAIN,
                    _content(about[2].decode(), objects) if content_of(name) else b"",
                )
                for name, about in gone
            ]
    except GitError:
        return []


def _content(oid: str, objects: Objects) -> bytes:
    try:
        return objects.read(oid, LIMIT) or b""
    except GitError:
        return b""
