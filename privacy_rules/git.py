"""Files as they were at a commit, read through git: no checkout is touched, no index refreshed.

    repository = Repository.around(Path.cwd())
    commit = repository.commit("origin/main")
    repository.write(commit, folder, wanted=lambda name: name.endswith(".yaml"))

Whatever git refuses is raised as GitError, in words for a user.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_FILE, _EXECUTABLE, _LINK = "100644", "100755", "120000"


class GitError(Exception):
    """What git could not give; `help` says what to do about it."""

    def __init__(self, message: str, help_: str | None = None) -> None:
        super().__init__(message)
        self.help = help_


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: its name from the top of the repository, with `/`, its mode and its object."""

    name: str
    mode: str
    object: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; `top` is the folder of its checkout."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository that a folder stands in. Raises GitError where it stands in none."""
        try:
            found = _git(folder, "rev-parse", "--show-toplevel")
        except _FailedError as error:
            raise GitError(f"`{folder}` is in no git repository", error.told) from error
        return cls(Path(os.fsdecode(found).rstrip("\n")).resolve())

    def commit(self, name: str) -> str:
        """The commit that a branch, tag, or any other name of git's means. Raises GitError where there is none."""
        try:
            found = _git(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except _FailedError as error:
            help_ = "name a branch, a tag or a commit; a shallow clone, as CI makes it, may have to fetch it first"
            raise GitError(f"there is no commit `{name}`", help_) from error
        return found.decode().strip()

    def blobs(self, commit: str) -> list[Blob]:
        """Every file of a commit, but for submodules."""
        listed = self._ask("ls-tree", "-r", "-z", "--full-tree", commit)
        entries = [os.fsdecode(each).partition("\t") for each in listed.split(b"\0") if each]
        found = [Blob(name, *_mode_and_object(about)) for about, _, name in entries]
        return [each for each in found if each.mode in (_FILE, _EXECUTABLE, _LINK) and _is_inside(each.name)]

    def renamed(self, commit: str) -> dict[str, str]:
        """Each file of today that had another name at the commit: today's name, and the one of then."""
        told = self._ask("diff", "--no-ext-diff", "--name-status", "--find-renames", "--diff-filter=R", "-z", commit)
        names = iter(os.fsdecode(told).split("\0"))
        return {new: old for status in names if status and (old := next(names)) and (new := next(names))}

    def write(self, commit: str, folder: Path, wanted: Callable[[str], bool]) -> None:
        """Writes the files of a commit whose names are wanted into a folder, at their places."""
        blobs = [each for each in self.blobs(commit) if wanted(each.name)]
        for blob, content in zip(blobs, self._contents(blobs), strict=True):
            file = folder / blob.name
            file.parent.mkdir(parents=True, exist_ok=True)
            if blob.mode == _LINK:
                file.symlink_to(os.fsdecode(content))
            else:
                file.write_bytes(content)

    def _contents(self, blobs: Sequence[Blob]) -> Iterator[bytes]:
        given = "".join(f"{each.object}\n" for each in blobs).encode()
        told = memoryview(self._ask("cat-file", "--batch", given=given))
        at = 0
        for _ in blobs:
            line = bytes(told[at : at + 200]).partition(b"\n")[0]
            start, size = at + len(line) + 1, int(line.split()[2])
            yield bytes(told[start : start + size])
            at = start + size + 1

    def _ask(self, *words: str, given: bytes = b"") -> bytes:
        try:
            return _git(self.top, *words, given=given)
        except _FailedError as error:
            raise GitError(f"`git {words[0]}` failed", error.told) from error


class _FailedError(Exception):
    """A git command that failed, with what it told."""

    def __init__(self, told: str | None) -> None:
        super().__init__(told)
        self.told = told


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 -- no shell, and git itself is told where names end
            ["git", "-C", str(folder), *words],  # noqa: S607 -- the user's own git, as they would call it
            input=given,
            capture_output=True,
            check=False,
            env=environment,
        )
    except OSError as error:
        raise GitError("git cannot be run", "install git, or compare with a baseline (`--baseline FILE`)") from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _FailedError(told[0].removeprefix("fatal: ") if told else None)
    return done.stdout


def _mode_and_object(about: str) -> tuple[str, str]:
    mode, _, object_ = about.split(" ")
    return mode, object_


def _is_inside(name: str) -> bool:
    """Whether a name, which a hand-made tree may choose, stays below the folder."""
    parts = PurePosixPath(name).parts
    return not name.startswith("/") and not {"..", ".git"} & set(parts)


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

    `content_of` says by name of which files the content is asked for. If git has no answer, nothing is deleted. Nothing
    that the repository configures is run, and nothing is fetched.
    """

    def asked(*words: str, given: bytes = b"") -> bytes:
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
        calm = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "protocol.allow=never")
        command = ["git", "-C", str(folder), *calm, *words]
        return subprocess.run(command, input=given, capture_output=True, check=True, env=environment).stdout  # noqa: S603

    def commit(name: str) -> str:
        return asked("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").decode().strip()

    form = ("--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=D")
    try:
        if between is None:
            told = asked("diff-index", "--cached", *form, "HEAD", "--")
        else:
            old, new = map(commit, between)
            told = asked("diff-tree", "-r", *form, asked("merge-base", old, new).decode().strip(), new, "--")
        parts = told.split(b"\0")[:-1]
        # In a hook of a linked worktree git takes the working directory for the top.
        top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
        gone = [(os.fsdecode(name), about.split()) for about, name in zip(parts[::2], parts[1::2], strict=True)]
        wanted = [about[2] for name, about in gone if content_of(name)]
        batch = asked("cat-file", "--batch", given=b"".join(each + b"\n" for each in wanted)) if wanted else b""
    except (OSError, subprocess.CalledProcessError):
        return []
    contents, at = dict[bytes, bytes](), 0
    for each in wanted:
        head = batch[at : batch.index(b"\n", at)]
        size = 0 if head.endswith(b" missing") else int(head.split()[2]) + 1
        contents[each] = batch[at + len(head) + 1 :][: max(size - 1, 0)]
        at += len(head) + 1 + size
    plain = (f":{_FILE}".encode(), f":{_EXECUTABLE}".encode())
    return [Deletion(top / name, about[0] in plain, contents.get(about[2], b"")) for name, about in gone]
