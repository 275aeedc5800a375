"""The files of a commit as a file system: read from git objects in memory, never written to the disk.

    with Objects(repository) as objects:
        files = CommitFiles(repository, commit, objects)
        files.read(repository.top / "services/privacy.yaml", limit=2**20)

Files keep the paths that they have in the checkout. Links lead where they led at the commit, a submodule is read at its
recorded commit, and files outside the repository are read from the disk.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from errno import EINVAL, EISDIR, ELOOP, ENOENT, ENOTDIR
from functools import cached_property
from pathlib import Path, PurePosixPath

from privacy_rules.history.commit_tree import FILE, FOLDER, LINK, SUBMODULE, CommitTree, Node
from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.history.renames import KINDS, Renames
from privacy_rules.history.sparse_checkout import SparseCheckout
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, LIMIT, MIB, Entry, FileSystem, Kind

_MOST_LINKS = 40
_LONGEST_LINK = 4096
_MOST_PATTERNS = 4 * MIB
_MOST_SEARCHED = 1_000_000
"""How many files one check may search: a tree that holds itself over and over has no end."""
_COST_OF_FOLDER = 5
"""To enter a folder costs as much as to look at this many files."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder: the commit that it belongs to, and its object there."""

    tree: CommitTree
    oid: str

    @property
    def entries(self) -> dict[str, Node]:
        return self.tree.folder(self.oid)


class CommitFiles(FileSystem):
    """The files of a commit.

    `today` has files of the checkout that count in addition to those of the commit, because git ignores them.

    `notes` say what could not be read, a sentence each.

    A repository that lacks an object, or holds a malformed folder, raises GitError.
    """

    def __init__(self, repository: Repository, commit: str, objects: Objects, today: Collection[Path] = ()) -> None:
        self._repository, self._commit, self._top = repository, commit, repository.top
        self._objects = objects
        self._tree = CommitTree(repository, commit, objects)
        self._folders: dict[Path, _Folder | None] = {}
        self._links: dict[Path, str | None] = {}
        self._reals: dict[Path, Path] = {}
        self._searched = 0
        self.notes: list[str] = []
        self._stack = ExitStack()
        self._today: dict[Path, set[str]] = {}
        for each in today:
            self._remember(each)

    def close(self) -> None:
        """End the git processes that read submodules."""
        self._stack.close()

    # ---- the file system

    def real(self, path: Path) -> Path:
        """See FileSystem."""
        folder = self._reals.get(path.parent)
        if folder is not None and path.name not in ("", os.pardir) and self._link(folder / path.name) is None:
            found = self._reals[path] = folder / path.name
        else:
            found = self._reals[path] = self._resolved(path)
        return found

    def _resolved(self, path: Path) -> Path:
        absolute = path if path.is_absolute() else Path.cwd() / path
        here, waiting, links = Path(absolute.anchor), [*reversed(absolute.parts[1:])], 0
        while waiting:
            part = waiting.pop()
            if part == os.pardir:
                here = here.parent
                continue
            target = self._link(here / part)
            if target is None:
                here /= part
                continue
            links += 1
            if links > _MOST_LINKS:
                raise OSError(ELOOP, os.strerror(ELOOP), str(path))
            led = Path(target)
            here = Path(led.anchor) if led.is_absolute() else here
            waiting += reversed(led.parts[1:] if led.is_absolute() else led.parts)
        return here

    def kind(self, path: Path) -> Kind | None:
        """See FileSystem."""
        real = self.real(path)
        if not self._is_of_the_commit(real):
            return DISK.kind(real)
        if real == self._top or real in self._today:
            return "folder"
        node = self._node(real)
        return None if node is None else "folder" if node.mode in (FOLDER, SUBMODULE) else "file"

    def entries(self, folder: Path) -> list[Entry]:
        """See FileSystem."""
        real = self.real(folder)
        if not self._is_of_the_commit(real):
            return DISK.entries(real)
        held, more = self._folder(real), self._today.get(real, set())
        if held is None and not more:
            kind = self.kind(real)
            if kind == "folder":  # a submodule that is not checked out: today's check sees nothing in it either
                return []
            code = ENOENT if kind is None else ENOTDIR
            raise OSError(code, os.strerror(code), str(folder))
        nodes = {} if held is None else held.entries
        self._searched += _COST_OF_FOLDER + len(nodes)
        if self._searched > _MOST_SEARCHED:
            message = f"commit {self._commit[:12]} has too many files and folders to search"
            raise GitError(message, "name manifests or narrower folders")
        found = [
            Entry(name, self._is_folder(real, name, node), node.mode == LINK)
            for name, node in nodes.items()
            if not self._unseen or real / name not in self._unseen
        ]
        return found + [Entry(name, real / name in self._today, is_link=False) for name in more - nodes.keys()]

    def read(self, path: Path, limit: int = LIMIT) -> bytes:
        """See FileSystem. Raises GitError if a filter of git would have to be run to get the content."""
        real = self.real(path)
        if not self._is_of_the_commit(real):
            return DISK.read(real, limit)
        node, folder = self._node(real), self._folder(real.parent)
        if self.kind(real) == "folder":
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
        if node is None or folder is None or real in self._left_out:
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))
        return folder.tree.read(real, node, limit, self._attributes(real))

    def _attributes(self, real: Path) -> Iterator[tuple[Path, Node]]:
        """The `.gitattributes` files of the commit in the folders above a file."""
        for folder in real.parents:
            node = self._node(folder / ".gitattributes")
            if node is not None and node.mode == FILE:
                yield folder / ".gitattributes", node
            if folder == self._top:
                return

    def object_id(self, path: Path) -> str | None:
        """The id of the object that a file is stored as; None if it is not in the commit."""
        real = self.real(path)
        node = self._node(real) if self._is_of_the_commit(real) else None
        return None if node is None or node.mode in (FOLDER, SUBMODULE) else node.oid

    # ---- paths without links

    def _is_of_the_commit(self, real: Path) -> bool:
        """Whether a path is read from the commit, and not from the disk."""
        is_of_today = real.name in self._today.get(real.parent, ()) and real not in self._today
        return real.is_relative_to(self._top) and not is_of_today

    def _node(self, path: Path) -> Node | None:
        folder = self._folder(path.parent)
        return None if folder is None else folder.entries.get(path.name)

    def _folder(self, path: Path) -> _Folder | None:
        """The folder at a path, if the commit has one there."""
        unknown = []
        while path not in self._folders and path not in (self._top, path.parent):
            unknown.append(path)
            path = path.parent
        found = _Folder(self._tree, self._tree.root) if path == self._top else self._folders.get(path)
        for each in reversed(unknown):
            found = self._folders[each] = self._below(found, each)
        return found

    def _below(self, folder: _Folder | None, path: Path) -> _Folder | None:
        node = None if folder is None else folder.entries.get(path.name)
        if folder is None or node is None or node.mode not in (FOLDER, SUBMODULE):
            return None
        return _Folder(folder.tree, node.oid) if node.mode == FOLDER else self._submodule(folder.tree, path, node)

    def _submodule(self, above: CommitTree, folder: Path, node: Node) -> _Folder | None:
        """Return the submodule in a folder at its recorded commit; None if it is not checked out or the commit is missing.

        If the folder has files and is no longer a submodule, the commit is searched for in git's folder for submodules,
        and in the repository above, which has it after a subtree merge.
        """
        if folder in self._left_out or not _has_files(folder):
            return None
        is_submodule = (folder / ".git").exists()
        for repository in [Repository.at(folder)] if is_submodule else _keepers(above, folder):
            tree = CommitTree(repository, node.oid, self._stack.enter_context(Objects(repository)))
            if tree.has(node.oid):
                return _Folder(tree, tree.root)
        name = folder.relative_to(self._top).as_posix()
        if is_submodule:
            message = f"the submodule `{name}` does not have its commit {node.oid[:12]}"
            raise GitError(message, "fetch it: `git submodule update --init`")
        self.notes.append(
            f"{shown(folder)} was a submodule, whose commit {node.oid[:12]} is missing: every finding in it is new"
        )
        return None

    def _is_folder(self, folder: Path, name: str, node: Node) -> bool:
        if node.mode != LINK:
            return node.mode in (FOLDER, SUBMODULE)
        try:
            return self.kind(folder / name) == "folder"
        except (OSError, ValueError):
            return False

    def _link(self, path: Path) -> str | None:
        """Return the target of a path that is a link, with no link among its earlier parts.

        Raises OSError if the target is not a path.
        """
        if path not in self._links:
            self._links[path] = self._read_link(path)
        return self._links[path]

    def _read_link(self, path: Path) -> str | None:
        if path == self._top or not self._is_of_the_commit(path):
            try:
                return os.readlink(path)  # noqa: PTH115 -- a text, not a path
            except OSError:
                return None
        node, folder = self._node(path), self._folder(path.parent)
        if node is None or folder is None or node.mode != LINK:
            return None
        content = folder.tree.link(path, node, _LONGEST_LINK)
        if not content or b"\0" in content:
            raise OSError(EINVAL, "the link leads to nothing", str(path))
        return os.fsdecode(content)

    # ---- the checkout of today

    def _remember(self, file: Path) -> None:
        for folder in file.parents:
            known = folder in self._today
            self._today.setdefault(folder, set()).add(file.name)
            if known or folder == self._top:
                break
            file = folder

    @cached_property
    def _left_out(self) -> frozenset[Path]:
        """The files of the index that a sparse checkout leaves out."""
        if not self._repository.settings.sparse:
            return frozenset()
        return frozenset(self._top / each for each in self._repository.left_out())

    @cached_property
    def _unseen(self) -> frozenset[Path]:
        """Return the files that a search misses in a sparse checkout, including files removed since."""
        if not self._repository.settings.sparse:
            return frozenset()
        patterns = self._repository.file("info/sparse-checkout")
        if not DISK.is_file(patterns):
            return self._left_out
        checkout = SparseCheckout(DISK.read(patterns, _MOST_PATTERNS).decode("utf-8", "surrogateescape"))
        renamed = Renames.since(self._repository, self._commit, self._objects).names
        moved_in = {old for new, old in renamed.items() if self._top / new not in self._left_out}
        gone = self._repository.removed(self._commit, KINDS) - moved_in
        return self._left_out | {self._top / each for each in gone if checkout.leaves_out(each)}


def _has_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False


def _keepers(above: CommitTree, folder: Path) -> Iterator[Repository]:
    """Return the repositories that may have the commits of a former submodule, inside the repository above it."""
    name = above.module_name(folder.relative_to(above.repository.top).as_posix())
    kept = above.repository.file(f"modules/{name}") if ".." not in PurePosixPath(name).parts else None
    if kept is not None and DISK.is_folder(kept):
        yield Repository.of(folder, kept)
    yield above.repository
