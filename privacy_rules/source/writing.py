"""Write users' files: all of them or none, and never over an edit that the caller has not read.

    replace_all([Change(Path("customers.privacy"), after, before=content)])

Every content is written beside its target first. Then each target is compared with what the caller read, and replaced. If
anything fails before the last one is replaced, those that have been replaced get their old content back.

Between the last look at a file and its replacement some microseconds pass, in which an editor may save. Even then, an
edit that is written into the file itself is noticed, because the old file is kept until everything is done.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EACCES, EISDIR
from pathlib import Path
from typing import Literal

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, TooLargeError

Before = bytes | Literal["nothing", "anything"]
_FAILURES = (OSError, ValueError)  # ValueError: a zero byte in a name


@dataclass(frozen=True, slots=True)
class Change:
    """New content for a file.

    `before` is the content that the caller read. "nothing": there was no file, and one that exists now is left alone.
    "anything": whatever is there is replaced.
    """

    file: Path
    content: bytes
    before: Before = "anything"


class ChangedError(OSError):
    """A file is not what it was when it was read."""


class NotWrittenError(Exception):
    """Files could not be written, so none was.

    `wrong` has the changes that failed, each with the reason. `stuck` has those that were made but could not be undone.
    """

    def __init__(
        self, wrong: Iterable[tuple[Change, Exception]], stuck: Iterable[tuple[Change, Exception]] = ()
    ) -> None:
        self.wrong, self.stuck = tuple(wrong), tuple(stuck)
        super().__init__(", ".join(str(error) for _, error in (*self.wrong, *self.stuck)))


def replace_all(changes: Iterable[Change]) -> None:
    """Make all changes, or none. Raises NotWrittenError if one of them cannot be made."""
    changes = tuple(changes)
    with ExitStack() as leftovers:
        staged, wrong = _all_staged(changes, leftovers)
        wrong += [(each.change, error) for each in staged if (error := each.refused()) is not None]
        if wrong:
            raise NotWrittenError(wrong)
        _put_all(sorted(staged, key=_order))


def _all_staged(
    changes: Iterable[Change], leftovers: ExitStack
) -> tuple[list[_Staged], list[tuple[Change, Exception]]]:
    """The changes, each written beside its target, and those that cannot be."""
    staged: list[_Staged] = []
    wrong: list[tuple[Change, Exception]] = []
    for change in changes:
        try:
            staged.append(_stage(change, staged, leftovers))
        except _FAILURES as error:
            wrong.append((change, error))
    return staged, wrong


def _put_all(staged: list[_Staged]) -> None:
    each: _Staged | None = None
    try:
        for each in staged:
            each.put()
    except BaseException as error:
        stuck = list(_undone(staged))
        if each is not None and isinstance(error, _FAILURES):
            raise NotWrittenError([(each.change, error)], stuck) from error
        if stuck:  # interrupted: what is half done is reported all the same
            raise NotWrittenError([], stuck) from error
        raise


def _undone(staged: list[_Staged]) -> Iterator[tuple[Change, Exception]]:
    """Undo changes, the last one first, and yield those that cannot be undone."""
    for each in reversed(staged):
        try:
            each.undo()
        except _FAILURES as error:
            yield each.change, error


@dataclass(slots=True, eq=False)
class _Staged:
    """A change whose content is in `aside`, beside its target; None: the target is a pipe or a device.

    `old` is a second name of the file that is replaced.
    """

    change: Change
    target: Path
    aside: Path | None
    leftovers: ExitStack
    old: Path | None = None
    is_put: bool = False
    _identity: tuple[int, int] | None = None

    def refused(self) -> Exception | None:
        """Why the target must not be replaced, if it must not."""
        try:
            self._compare(self.target)
        except _FAILURES as error:
            return error
        return None

    def put(self) -> None:
        """Replace the target. Raises ChangedError if it is not what the caller read."""
        if self.aside is None:
            _pour(self.change.content, self.target)
            return
        self._identity = _identity(self.aside)
        if self.change.before == "nothing":
            _move_to_free_name(self.aside, self.target)
        else:
            if os.path.lexists(self.target):
                self.old = self._kept()
            self._compare(self.target)
            self.aside.replace(self.target)
        self.is_put = True
        if self.old is not None:
            self._compare(self.old)

    def undo(self) -> None:
        """Undo the change if it was made. Raises ChangedError if somebody has edited the file since."""
        is_ours = self._identity is not None and _identity(self.target) == self._identity
        if is_ours and _has(self.target, self.change.content):
            if self.old is None:
                self.target.unlink()
            else:
                self.old.replace(self.target)
        elif is_ours or self.is_put:
            raise ChangedError(None, "it changed after it was written", str(self.change.file))

    def _compare(self, path: Path) -> None:
        """Raise ChangedError unless a file has the content that the caller read."""
        before = self.change.before
        if self.aside is None or before == "anything":
            return
        if not isinstance(before, bytes):
            happened = "was created" if os.path.lexists(path) else None
        elif _has(path, before):
            happened = None
        else:
            happened = "changed" if os.path.lexists(path) else "was removed"
        if happened:
            raise ChangedError(None, f"it {happened} after it was read", str(self.change.file))

    def _kept(self) -> Path:
        """The old file under a second name. On a file system without links it is a copy."""
        kept = _name_beside(self.target, self.leftovers)
        try:
            os.link(self.target, kept)
        except OSError:
            shutil.copy2(self.target, kept)
        return kept


def _order(staged: _Staged) -> int:
    """The order of writing: new files first, which are easiest to undo; pipes last, which cannot be undone."""
    return 2 if staged.aside is None else 0 if staged.change.before == "nothing" else 1


def _stage(change: Change, others: Iterable[_Staged], leftovers: ExitStack) -> _Staged:
    kind = DISK.kind(change.file)
    if kind == "folder":
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(change.file))
    if kind == "other":
        return _Staged(change, change.file, None, leftovers)
    target = DISK.real(change.file)  # a link stays, and what it leads to is replaced
    if kind is not None:
        _refuse_read_only(target)
    aside = _name_beside(target, leftovers)
    twin = next((each for each in others if kind is not None and _are_one_file(each, change, target)), None)
    if twin is None or twin.aside is None or not _is_linked(twin.aside, aside):
        with aside.open("xb") as stream:
            if kind is not None:
                shutil.copymode(target, aside)
            stream.write(change.content)
    return _Staged(change, target, aside, leftovers)


def _are_one_file(other: _Staged, change: Change, target: Path) -> bool:
    """Whether two changes write one content to two names of one file, which then stays one file."""
    same = other.change.content == change.content and other.target != target and other.target.exists()
    return same and other.target.samefile(target)


def _is_linked(first: Path, second: Path) -> bool:
    try:
        os.link(first, second)
    except OSError:  # a file system without links
        return False
    return True


def _pour(content: bytes, target: Path) -> None:
    """Write into a pipe or a device. A pipe that nobody reads raises OSError at once."""
    handle = os.open(target, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "set_blocking"):
        os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def _refuse_read_only(target: Path) -> None:
    """Raise OSError for a read-only file, even if its folder would allow us to replace it."""
    if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
        raise OSError(EACCES, "it is read-only", str(target))
    if not os.access(target.parent, os.W_OK):
        raise OSError(EACCES, "its folder is read-only", str(target))


def _name_beside(target: Path, leftovers: ExitStack) -> Path:
    """A free name in the target's folder. A file of that name is removed in the end."""
    found = target.parent / f".{target.name[:40]}.{secrets.token_hex(6)}"
    leftovers.enter_context(_removed(found))
    return found


@contextmanager
def _removed(file: Path) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _move_to_free_name(aside: Path, target: Path) -> None:
    """Move a file to a name that is free. A link, unlike a move, fails if it is not."""
    try:
        os.link(aside, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise
        aside.rename(target)


def _has(file: Path, content: bytes) -> bool:
    """Whether a file has this content."""
    try:
        return DISK.read(file, len(content)) == content
    except (FileNotFoundError, TooLargeError):
        return False


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file has this name; None if there is none."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
