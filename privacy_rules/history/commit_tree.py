"""The folders and files of one commit of one repository, by object; a submodule is a commit of its own.

tree = CommitTree(repository, commit, objects)
tree.folder(tree.root)["privacy.yaml"]      # Node("100644", "c86f3de1…")
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from stat import S_IFMT

from privacy_rules.history.git import GitError, MissingObjectError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, MIB, TooLargeError

FILE, FOLDER, LINK, SUBMODULE = 0o100000, 0o040000, 0o120000, 0o160000
_LARGEST_FOLDER = 64 * MIB
_LARGEST_SETTINGS = 4 * MIB
_FILTER = re.compile(rb"(?<!\S)filter=(\S+)")
_STORED_ELSEWHERE = {
    b"version https://git-lfs.github.com/spec/": "Git LFS",
    b"\0GITCRYPT\0": "git-crypt",
}
"""How files begin that a filter of git has replaced."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entry of a folder: its kind, one of the four above, and the id of its object."""

    mode: int
    oid: str


class CommitTree:
    """A commit.

    Raises GitError for objects that the repository lacks, and for entries that git itself would never check out.
    """

    def __init__(self, repository: Repository, commit: str, objects: Objects) -> None:
        self.repository, self.commit, self._objects = repository, commit, objects
        self._folders: dict[str, dict[str, Node]] = {}

    @cached_property
    def root(self) -> str:
        """The top folder."""
        return self.repository.tree(self.commit)

    def folder(self, oid: str) -> dict[str, Node]:
        """What a folder holds."""
        if oid not in self._folders:
            content = self._object(oid, _LARGEST_FOLDER, "a folder", "tree")
            if content is None:
                raise GitError(f"a folder of commit {self.commit[:12]} is larger than {_LARGEST_FOLDER} bytes")
            self._folders[oid] = dict(self._parsed(content))
        return self._folders[oid]

    def module_name(self, path: str) -> str:
        """Git's name of the submodule in a folder: its path from the top, unless `.gitmodules` has another name."""
        node = self.folder(self.root).get(".gitmodules")
        if node is None or node.mode != FILE:
            return path
        content = self._object(node.oid, _LARGEST_SETTINGS, "`.gitmodules`")
        return path if content is None else self.repository.module_names(node.oid).get(path, path)

    def link(self, path: Path, node: Node, limit: int) -> bytes:
        """Where a link leads; empty if that is longer than `limit` bytes."""
        return self._object(node.oid, limit, f"`{self._name(path)}`") or b""

    def read(self, path: Path, node: Node, limit: int, attributes: Iterable[tuple[Path, Node]] = ()) -> bytes:
        """The content of a file as a checkout would write it, line ends aside.

        `attributes` are the `.gitattributes` files that may apply to it.

        No filter of git is run. If the file needs one, it is read from the working tree instead, provided that it has
        not changed.
        """
        name = self._name(path)
        content = self._object(node.oid, limit, f"`{name}`")
        if content is None:
            raise TooLargeError(path, limit)
        known = next((each for start, each in _STORED_ELSEWHERE.items() if content.startswith(start)), None)
        filter_ = known or self._filter_of(name) or self._filter_of_then(attributes)
        if filter_ is None:
            return content
        if DISK.is_file(path) and DISK.real(path) == path and self.repository.is_as_in_index(name, node.oid):
            return DISK.read(path, limit)
        message = f"`{name}` is stored with a git filter ({filter_}), and this tool does not run filters"
        raise GitError(message, "compare with a baseline instead (`--baseline FILE`)")

    def has(self, oid: str) -> bool:
        """Whether the repository has an object."""
        try:
            self._objects.size(oid, "commit")
        except MissingObjectError:
            return False
        return True

    def _name(self, path: Path) -> str:
        return path.relative_to(self.repository.top).as_posix()

    def _filter_of(self, name: str) -> str | None:
        filters = self.repository.settings.filters
        if not filters:
            return None
        output = self.repository.ask("check-attr", "-z", "--stdin", "filter", given=os.fsencode(name) + b"\0")
        value = os.fsdecode(output.split(b"\0")[2])
        return value if value in filters else None

    def _filter_of_then(self, attributes: Iterable[tuple[Path, Node]]) -> str | None:
        """Return a filter that an attributes file of the commit names, if the file on disk differs from it."""
        filters = self.repository.settings.filters
        for path, node in attributes if filters else ():
            content = self._object(node.oid, _LARGEST_SETTINGS, f"`{self._name(path)}`") or b""
            named = {os.fsdecode(each) for each in _FILTER.findall(content)} & filters
            if named and not (DISK.is_file(path) and DISK.read(path, _LARGEST_SETTINGS) == content):
                return min(named)
        return None

    def _object(self, oid: str, limit: int, what: str, kind: str = "blob") -> bytes | None:
        try:
            return self._objects.read(oid, limit, kind)
        except MissingObjectError as error:
            partial = self.repository.settings.partial
            help_ = "this is a partial clone: fetch the commit whole, or clone again without `--filter`"
            help_ = help_ if partial else "fetch the commit again, or check the repository with `git fsck`"
            raise MissingObjectError(f"cannot read {what} at commit {self.commit[:12]}: {error}", help_) from error

    def _parsed(self, content: bytes) -> Iterator[tuple[str, Node]]:
        width, at, seen = len(self.commit) // 2, 0, set[bytes]()
        while at < len(content):
            head, separator, _ = content[at : at + 8192].partition(b"\0")
            mode, blank, name = head.partition(b" ")
            end = at + len(head) + 1 + width
            what = _kind(mode)
            if not separator or not blank or end > len(content) or name in seen or not _is_safe(name) or what is None:
                message = f"commit {self.commit[:12]} holds a malformed folder"
                raise GitError(message, "check the repository with `git fsck`")
            seen.add(name)
            yield os.fsdecode(name), Node(what, content[end - width : end].hex())
            at = end


def _kind(mode: bytes) -> int | None:
    """The kind of an entry, by its mode in octal digits; None if git does not write such entries."""
    if not re.fullmatch(rb"[0-7]{5,7}", mode):
        return None
    found = S_IFMT(int(mode, 8))
    return found if found in (FILE, FOLDER, LINK, SUBMODULE) else None


def _is_safe(name: bytes) -> bool:
    return bool(name) and b"/" not in name and name not in (b".", b"..") and name.lower() != b".git"
