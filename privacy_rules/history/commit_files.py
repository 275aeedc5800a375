"""The files of a commit as a file system: read from git objects in memory, never written to the disk.

    with repository.objects() as objects:
        files = CommitFiles(repository, commit, objects)
        files.read(repository.top / "services/privacy.yaml", limit=2**20)

Files keep the paths that they have in the checkout. Links lead where they led at the commit, a submodule is read at its
recorded commit, and whatever is outside the repository is read from the disk.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from errno import EINVAL, EISDIR, ELOOP, ENOENT, ENOTDIR
from functools import cached_property
from pathlib import Path

from privacy_rules.history.git import GitError, MissingObjectError, Objects, Repository
from privacy_rules.source.file_system import DISK, LIMIT, MIB, Entry, FileSystem, Kind, TooLargeError

_FOLDER, _LINK, _SUBMODULE = "40000", "120000", "160000"
_MOST_LINKS = 40
_LONGEST_LINK = 4096
_LARGEST_FOLDER = 64 * MIB
_MOST_ENTRIES = 2_000_000
"""How many entries of folders one check may look at: a tree that holds itself over and over has no end."""
_STORED_ELSEWHERE = {
    b"version https://git-lfs.github.com/spec/": "Git LFS",
    b"\0GITCRYPT\0": "git-crypt",
}
"""How files begin that a filter of git has replaced."""


@dataclass(frozen=True, slots=True)
class _Node:
    mode: str
    oid: str


class CommitFiles(FileSystem):
    """The files of a commit. `today` are files of the checkout that count beside those of the commit: git ignores them.

    A repository that lacks an object, or holds a malformed folder, raises GitError.
    """

    def __init__(self, repository: Repository, commit: str, objects: Objects, today: Collection[Path] = ()) -> None:
        self._repository, self._commit, self._objects = repository, commit, objects
        self._top = repository.top
        self._folders: dict[str, dict[str, _Node]] = {}
        self._entries = 0
        self._links: dict[Path, str | None] = {}
        self._modules: dict[Path, CommitFiles | None] = {}
        self._stack = ExitStack()
        self._today: dict[Path, set[str]] = {}
        for each in today:
            self._remember(each)

    def close(self) -> None:
        """Ends what was started to read submodules."""
        self._stack.close()

    # ---- the file system

    def real(self, path: Path) -> Path:
        """See FileSystem."""
        absolute = Path(os.path.abspath(path)) if not path.is_absolute() else path  # noqa: PTH100
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
            if led.is_absolute():
                here, waiting = Path(led.anchor), [*waiting, *reversed(led.parts[1:])]
            else:
                waiting += reversed(led.parts)
        return here

    def kind(self, path: Path) -> Kind | None:
        """See FileSystem."""
        real = self.real(path)
        if not real.is_relative_to(self._top) or self._is_of_today(real):
            return DISK.kind(real)
        node = self._node(real)
        if node is None:
            return "folder" if real in self._today else None
        return "folder" if node.mode in (_FOLDER, _SUBMODULE) else "file"

    def entries(self, folder: Path) -> list[Entry]:
        """See FileSystem."""
        real = self.real(folder)
        if not real.is_relative_to(self._top):
            return DISK.entries(real)
        held = self._held(real)
        more = self._today.get(real, set())
        if held is None and not more:
            code = ENOENT if self.kind(real) is None else ENOTDIR
            raise OSError(code, os.strerror(code), str(folder))
        self._entries += len(held or ())
        if self._entries > _MOST_ENTRIES:
            message = f"commit {self._commit[:12]} has more than {_MOST_ENTRIES:,} files and folders to search"
            raise GitError(message, "name manifests or narrower folders")
        modes = {name: node.mode for name, node in (held or {}).items() if real / name not in self._left_out}
        found = [Entry(name, self._is_folder(real / name, mode), mode == _LINK) for name, mode in modes.items()]
        return found + [Entry(name, real / name in self._today, is_link=False) for name in more - modes.keys()]

    def read(self, path: Path, limit: int = LIMIT) -> bytes:
        """See FileSystem. Raises GitError if a filter of git would have to be run to get the content."""
        real = self.real(path)
        if not real.is_relative_to(self._top) or self._is_of_today(real):
            return DISK.read(real, limit)
        module = self._module_of(real)
        if module is not None:
            return module.read(real, limit)
        node = self._node(real)
        if node is None or real in self._left_out:
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))
        if node.mode in (_FOLDER, _SUBMODULE):
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
        return self._content(real, node, limit)

    def object_id(self, path: Path) -> str | None:
        """The id of the object that a file is stored as; None if that is not in the commit."""
        real = self.real(path)
        if not real.is_relative_to(self._top):
            return None
        module = self._module_of(real)
        if module is not None:
            return module.object_id(real)
        node = self._node(real)
        return None if node is None or node.mode == _FOLDER else node.oid

    # ---- the commit

    def _content(self, real: Path, node: _Node, limit: int) -> bytes:
        name = real.relative_to(self._top).as_posix()
        try:
            content = self._objects.read(node.oid, limit)
        except MissingObjectError as error:
            raise self._missing(name, error) from error
        if content is None:
            raise TooLargeError(real, limit)
        return self._as_checked_out(real, name, node, content, limit)

    def _as_checked_out(self, real: Path, name: str, node: _Node, content: bytes, limit: int) -> bytes:
        """The content as a checkout would write it, line ends aside. No filter is run."""
        known = next((each for start, each in _STORED_ELSEWHERE.items() if content.startswith(start)), None)
        filter_ = known or self._filter_of(name)
        if filter_ is None:
            return content
        if DISK.is_file(real) and self._repository.is_as_in_index(name, node.oid):
            return DISK.read(real, limit)  # it has not changed since, and git has checked it out
        message = f"`{name}` is stored through a filter of git ({filter_}), which is not run"
        raise GitError(message, "compare with a baseline instead (`--baseline FILE`)")

    def _filter_of(self, name: str) -> str | None:
        if not self._repository.settings.filters:
            return None
        told = self._repository.ask("check-attr", "-z", "--stdin", "filter", given=os.fsencode(name) + b"\0")
        value = os.fsdecode(told.split(b"\0")[2])
        return value if value in self._repository.settings.filters else None

    def _missing(self, name: str, error: MissingObjectError) -> GitError:
        help_ = "this is a partial clone: fetch the commit whole, or clone again without `--filter`"
        if not self._repository.settings.partial:
            help_ = "fetch the commit again, or check the repository with `git fsck`"
        return MissingObjectError(f"cannot read `{name}` at commit {self._commit[:12]}: {error}", help_)

    def _link(self, path: Path) -> str | None:
        """What a path says if it is a link itself; its folder has no links. Raises OSError if that is no path."""
        if path not in self._links:
            self._links[path] = self._read_link(path)
        return self._links[path]

    def _read_link(self, path: Path) -> str | None:
        if not path.is_relative_to(self._top) or path == self._top or self._is_of_today(path):
            try:
                return os.readlink(path)  # noqa: PTH115 -- a text, not a path
            except OSError:
                return None
        node = self._node(path)
        if node is None or node.mode != _LINK:
            return None
        module = self._module_of(path)
        if module is not None:
            return module._read_link(path)  # noqa: SLF001 -- of the same class
        content = self._objects.read(node.oid, _LONGEST_LINK)
        if not content or b"\0" in content:
            raise OSError(EINVAL, "the link leads nowhere", str(path))
        return os.fsdecode(content)

    def _node(self, path: Path) -> _Node | None:
        """What the commit has at a path without links."""
        module = self._module_of(path)
        if module is not None:
            return module._node(path)  # noqa: SLF001 -- of the same class
        parts = path.relative_to(self._top).parts
        node: _Node | None = self._root
        for part in parts:
            if node is None or node.mode != _FOLDER:
                return None
            node = self._folder(node.oid).get(part)
        return node

    def _held(self, folder: Path) -> Mapping[str, _Node] | None:
        module = self._module_of(folder)
        if module is not None:
            return module._held(folder)  # noqa: SLF001 -- of the same class
        node = self._node(folder)
        if node is None:
            return None
        if node.mode == _SUBMODULE:
            return {}  # not checked out today either
        return self._folder(node.oid) if node.mode == _FOLDER else None

    def _is_folder(self, path: Path, mode: str) -> bool:
        if mode == _LINK:
            try:
                return self.kind(path) == "folder"
            except (OSError, ValueError):
                return False
        return mode in (_FOLDER, _SUBMODULE)

    @cached_property
    def _root(self) -> _Node:
        return _Node(_FOLDER, self._repository.tree(self._commit))

    def _folder(self, oid: str) -> dict[str, _Node]:
        if oid not in self._folders:
            try:
                content = self._objects.read(oid, _LARGEST_FOLDER)
            except MissingObjectError as error:
                raise self._missing("a folder", error) from error
            if content is None:
                raise GitError(f"a folder of commit {self._commit[:12]} is larger than {_LARGEST_FOLDER} bytes")
            self._folders[oid] = dict(self._parsed(content))
        return self._folders[oid]

    def _parsed(self, content: bytes) -> Iterator[tuple[str, _Node]]:
        """The entries of a folder. Raises GitError if it is malformed: no checkout of git's own would write such a one."""
        width, at, seen = len(self._commit) // 2, 0, set[bytes]()
        while at < len(content):
            head, separator, _ = content[at : at + 8192].partition(b"\0")
            mode, blank, name = head.partition(b" ")
            end = at + len(head) + 1 + width
            if not separator or not blank or end > len(content) or name in seen or not _is_safe(name):
                raise GitError(
                    f"commit {self._commit[:12]} holds a malformed folder", "check the repository with `git fsck`"
                )
            seen.add(name)
            yield os.fsdecode(name), _Node(mode.decode("ascii", "replace"), content[end - width : end].hex())
            at = end

    # ---- submodules

    def _module_of(self, path: Path) -> CommitFiles | None:
        """The submodule that a path is in or is, at its recorded commit; None if it is in none that is checked out."""
        folder = self._submodule_above(path) if path.is_relative_to(self._top) else None
        if folder is None:
            return None
        if folder not in self._modules:
            self._modules[folder] = self._opened(folder)
        return self._modules[folder]

    def _submodule_above(self, path: Path) -> Path | None:
        here, node = self._top, self._root
        for part in path.relative_to(self._top).parts:
            found = self._folder(node.oid).get(part)
            here /= part
            if found is None or found.mode not in (_FOLDER, _SUBMODULE):
                return None
            if found.mode == _SUBMODULE:
                return here
            node = found
        return None

    def _opened(self, folder: Path) -> CommitFiles | None:
        """The submodule in a folder; None if it is not checked out: then today's check sees nothing in it either."""
        if not (folder / ".git").exists():
            return None
        node = self._folder_node(folder)
        repository = Repository.at(folder)
        name = folder.relative_to(self._top).as_posix()
        objects = self._stack.enter_context(repository.objects())
        try:
            objects.size(node.oid)
        except MissingObjectError as error:
            message = f"the submodule `{name}` does not have its commit {node.oid[:12]}"
            raise GitError(message, "fetch it: `git submodule update --init`") from error
        found = CommitFiles(repository, node.oid, objects)
        self._stack.callback(found.close)
        return found

    def _folder_node(self, path: Path) -> _Node:
        node = self._root
        for part in path.relative_to(self._top).parts:
            node = self._folder(node.oid)[part]
        return node

    # ---- files of today

    def _remember(self, file: Path) -> None:
        for folder in file.parents:
            known = folder in self._today
            self._today.setdefault(folder, set()).add(file.name)
            if known or folder == self._top:
                break
            file = folder

    def _is_of_today(self, path: Path) -> bool:
        return path.name in self._today.get(path.parent, ()) and path not in self._today

    @cached_property
    def _left_out(self) -> frozenset[Path]:
        """What a sparse checkout leaves out: today's check does not see it either."""
        if not self._repository.settings.sparse:
            return frozenset()
        return frozenset(self._top / each for each in self._repository.left_out())


def _is_safe(name: bytes) -> bool:
    return bool(name) and b"/" not in name and name not in (b".", b"..") and name.lower() != b".git"
