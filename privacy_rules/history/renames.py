"""Find the names that files and folders had at a commit.

names = Renames.since(repository, commit, objects)
names.folder(PurePosixPath("services"))     # PurePosixPath("svc"): most of what is in it was there
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from pathlib import PurePosixPath

from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import LIMIT

KINDS = ("*.yaml", "*.yml", "*.json", "*.privacy", "*.toml")
"""Only these are followed: what a check reads."""


@dataclass(frozen=True, slots=True)
class Renames:
    """The names of files at a commit, from the top of the repository.

    `names` maps the present name of each renamed file to its name then.
    """

    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def since(cls, repository: Repository, commit: str, objects: Objects) -> Renames:
        """The renamed files that git finds between a commit and the index.

        Files with changed content are also followed, unless one of the files to compare is too large to be read.
        """
        added, removed = set[str](), set[str]()
        fields = iter(repository.changes(commit, KINDS).split(b"\0"))
        for about in fields:
            if about:
                _, _, old, new, _ = about.split(b" ")
                next(fields)
                (removed if new.strip(b"0") == b"" else added).add((old if new.strip(b"0") == b"" else new).decode())
        if not added or not removed:
            return cls()
        exact = not all(_is_small(each, objects) for each in added | removed)
        return cls(repository.renames(commit, KINDS, exact=exact))

    def file(self, name: PurePosixPath) -> PurePosixPath:
        """The name that a file had; its present name if it was not renamed."""
        return PurePosixPath(self.names.get(name.as_posix(), name))

    def folder(self, name: PurePosixPath) -> PurePosixPath:
        """The name that a folder had, if all or most files that moved into it came from one other folder."""
        votes = Counter(old for each in self.names.items() if (old := _folder_before(name, *each)) is not None)
        return min(votes, key=lambda each: (-votes[each], each)) if votes else name


def _folder_before(folder: PurePosixPath, new: str, old: str) -> PurePosixPath | None:
    """The former name of a folder, judging by one renamed file that kept its place in it."""
    now, before = PurePosixPath(new), PurePosixPath(old)
    if not now.is_relative_to(folder):
        return None
    inside = now.relative_to(folder).parts
    return PurePosixPath(*before.parts[: -len(inside)]) if before.parts[-len(inside) :] == inside else None


def _is_small(oid: str, objects: Objects) -> bool:
    try:
        return objects.size(oid, "blob") <= LIMIT
    except GitError:
        return False
