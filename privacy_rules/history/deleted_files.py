"""Find the files that a commit deletes, because git does not pass their names to a hook."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from privacy_rules.history.git import GitError, NoRepositoryError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.source.fast_dataclasses import dataclass

_PLAIN = (b":100644", b":100755")


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deleted file: where it was, whether it was a file and not a link or a submodule, and what was in it, if asked for."""

    path: Path
    is_file: bool
    content: bytes = b""


def deletions(
    folder: Path, between: tuple[str, str] | None = None, *, limit_of: Callable[[str], int]
) -> list[Deletion] | None:
    """The files that the next commit deletes; those that the second of two commits has deleted since they diverged.

    `limit_of` gives, by name, the most bytes of a content that is wanted. None if git cannot answer. Outside of a
    repository nothing is deleted.
    """
    try:
        repository = Repository.around(folder.resolve())
        if between is None and not repository.has_commits:
            return []
        output = repository.deleted(between)
        parts = output.split(b"\0")[:-1]
        gone = [(os.fsdecode(name), about.split()) for about, name in zip(parts[::2], parts[1::2], strict=True)]
        with Objects(repository) as objects:
            return [
                Deletion(
                    repository.top / name,
                    about[0] in _PLAIN,
                    _content(about[2].decode(), limit_of(name), objects),
                )
                for name, about in gone
            ]
    except NoRepositoryError:
        return []
    except GitError:
        return None


def _content(oid: str, limit: int, objects: Objects) -> bytes:
    try:
        return objects.read(oid, limit) or b""
    except GitError:
        return b""
