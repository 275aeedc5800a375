"""Ask git about a repository without trusting the repository.

    repository = Repository.around(Path.cwd())
    commit = repository.commit("origin/main")
    output = repository.ask("cat-file", "-s", commit)

No call reads or writes the working tree, and none writes the index. No program that the repository's own configuration
names is started: no hook, filter, file-system monitor, pager or helper. Nothing is fetched, and every call has a time
limit. If git refuses, GitError says why in words for a user.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from stat import S_ISREG

from privacy_rules.history.git_settings import SETTINGS, environment
from privacy_rules.source import observations
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import git_top

SECONDS = 30.0
"""How long one question to git may take."""

OPENING_SECONDS = 8.0
"""How long git may take to open a repository: a configuration that includes a named pipe would be waited for."""

_WINDOWS = sys.platform == "win32"


class GitError(Exception):
    """git cannot answer; `help` says what to do about it."""

    def __init__(self, message: str, help_: str | None = None) -> None:
        super().__init__(message)
        self.help = help_


class NoRepositoryError(GitError):
    """A folder is not in a repository."""


class MissingObjectError(GitError):
    """The repository does not have an object that one of its commits needs."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The parts of a repository's configuration that a check needs."""

    filters: frozenset[str] = frozenset()
    sparse: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Repository:
    """A repository; `top` is the folder of its checkout, without links. `environment` is what git runs with."""

    top: Path
    environment: dict[str, str] = field(repr=False, compare=False)

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository that a folder is in. Raises GitError if it is in none, or git does not trust its owner."""
        top = git_top(folder)
        if top is None:  # only variables can say where it is
            found = cls(folder, environment())
            try:
                top = Path(
                    os.fsdecode(found._git("rev-parse", "--show-toplevel", seconds=OPENING_SECONDS)).rstrip("\n")
                )
            except _FailedError as error:
                raise NoRepositoryError(f"`{folder}` is not in a git repository", error.help) from error
            return cls(top.resolve(), found.environment)
        return cls.at(top.resolve())

    @classmethod
    def at(cls, top: Path) -> Repository:
        """The repository whose checkout is a folder. Raises GitError if git does not accept it as one."""
        found = cls(top, environment(without_places=True))
        try:
            output = os.fsdecode(
                found._git("rev-parse", "--absolute-git-dir", "--show-prefix", seconds=OPENING_SECONDS)
            )
        except _FailedError as error:
            kind = NoRepositoryError if error.words and error.words.startswith("not a git repository") else GitError
            raise kind(error.words or f"git cannot open the repository `{top}`", error.help) from error
        place, prefix, *_ = (*map(Path, output.split("\n")), Path())
        if prefix.parts:  # a `.git` that is not a repository: git has gone on upwards
            return cls.at(top.parents[len(prefix.parts) - 1])
        index = os.environ.get("GIT_INDEX_FILE")
        if index and (top / index).resolve().is_relative_to(place.resolve()):  # a hook's own: what is being committed
            found.environment["GIT_INDEX_FILE"] = index
        return found

    @classmethod
    def of(cls, top: Path, git_folder: Path) -> Repository:
        """The repository that git keeps in a folder of its own, for the files in `top`."""
        found = cls(top, environment(without_places=True))
        found.environment.update(GIT_DIR=str(git_folder), GIT_WORK_TREE=str(top))
        return found

    def commit(self, name: str) -> str:
        """The commit that a branch, a tag or any other revision means.

        Raises GitError if it does not exist, or if both a branch and a tag have the name: whoever may add one of the
        two could choose the commit.
        """
        try:
            object_ = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
            if name not in {object_, "HEAD"}:
                self._refuse_ambiguous(name)
            found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{object_}^{{commit}}")
        except _FailedError as error:
            help_ = "name a branch, a tag or a commit; a shallow clone, as in CI, may have to fetch it first"
            raise GitError(f"there is no commit `{name}`", help_) from error
        return found.decode().strip()

    def _refuse_ambiguous(self, name: str) -> None:
        done = self._run("rev-parse", "--verify", "--end-of-options", name)
        if b"is ambiguous" in done.stderr:
            message = f"`{name}` is ambiguous: several branches, tags or commits have this name"
            raise GitError(message, "write it in full, such as `refs/heads/main` or `refs/remotes/origin/main`")

    def day_of(self, commit: str) -> date:
        """The day on which a commit was made."""
        output = self.ask("rev-list", "--max-count=1", "--format=%cs", commit, "--")  # `show` may verify signatures
        return date.fromisoformat(output.decode().split("\n")[1])

    def last_before(self, day: date) -> str | None:
        """The last commit, of those that lead to HEAD by first parents, that was made before a day; None if there is none."""
        found = self.ask("rev-list", "--max-count=1", "--first-parent", f"--before={day}T00:00:00", "HEAD", "--")
        return found.decode().strip() or None

    @property
    def has_commits(self) -> bool:
        """Whether HEAD is a commit; in a new repository it is not."""
        try:
            self._git("rev-parse", "--verify", "--quiet", "HEAD")
        except _FailedError:
            return False
        return True

    def deleted(self, between: tuple[str, str] | None) -> bytes:
        """The files of HEAD that the index lacks, or of two commits' merge base that the second lacks; raw."""
        form = ("--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=D")
        if between is None:
            return self.ask("diff-index", "--cached", *form, "HEAD", "--")
        old, new = map(self.commit, between)
        return self.ask("diff-tree", "-r", *form, self.ask("merge-base", old, new).decode().strip(), new, "--")

    def remote(self, name: str) -> str:
        """Return the address of a remote. Raises GitError if no remote has that name."""
        return self.ask("config", "--get", f"remote.{name}.url").decode("utf-8", "replace").strip()

    def parted(self, one: str, other: str) -> str:
        """The last commit that two revisions have in common. Raises GitError if there is none."""
        try:
            return self._git("merge-base", self.commit(one), self.commit(other)).decode().strip()
        except _FailedError as error:
            raise GitError(error.words or f"`{one}` and `{other}` have no common ancestor here", error.help) from error

    def merge_base(self, name: str, commit: str) -> str:
        """The merge base of HEAD and another commit, which a user calls `name`. During a merge, HEAD is the coming commit.

        Raises GitError if it does not exist.
        """
        merged = [self.commit("MERGE_HEAD")] if self.file("MERGE_HEAD").is_file() else []
        try:
            return self._git("merge-base", commit, self.commit("HEAD"), *merged).decode().strip()
        except _FailedError as error:
            message = f"`{name}` and the commit that is checked out have no common ancestor here"
            help_ = "fetch more history (in CI: `fetch-depth: 0`), or compare with the commit itself: `--since-exact`"
            raise GitError(error.words or message, error.help if error.words else help_) from error

    def tree(self, commit: str) -> str:
        """The top folder of a commit."""
        return self.ask("rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}").decode().strip()

    def changes(self, commit: str, kinds: Sequence[str]) -> bytes:
        """The files that the index adds to those of a commit and removes from them, raw and NUL-separated."""
        return self.ask(
            "diff-index",
            "--cached",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--diff-filter=AD",
            "-z",
            commit,
            "--",
            *kinds,
        )

    def removed(self, commit: str, kinds: Sequence[str]) -> frozenset[str]:
        """The files of a commit that the index no longer has."""
        form = ("--name-only", "--no-renames", "--diff-filter=D", "-z")
        output = self.ask("diff-index", "--cached", *form, commit, "--", *kinds)
        return frozenset(os.fsdecode(each) for each in output.split(b"\0") if each)

    def renames(self, commit: str, kinds: Sequence[str], *, exact: bool) -> dict[str, str]:
        """The files of the index that had another name at a commit: the present name and the one at the commit.

        `exact` follows only files with the same content, without reading any.
        """
        found = "--find-renames=100%" if exact else "--find-renames"
        words = ("diff-index", "--cached", "--no-ext-diff", "--no-textconv", "--name-status", found, "--diff-filter=R")
        output = self.ask(*words, "-z", commit, "--", *kinds)
        names = iter(os.fsdecode(output).split("\0"))
        return {new: old for status in names if status and (old := next(names)) and (new := next(names))}

    def ignored(self, names: Sequence[str]) -> frozenset[str]:
        """Which of these files git ignores. Names start at the top."""
        given = b"".join(os.fsencode(each) + b"\0" for each in names)
        try:
            output = self._git("check-ignore", "-z", "--stdin", given=given)
        except _FailedError as error:
            if error.code == 1:  # none of them
                return frozenset()
            raise GitError("`git check-ignore` failed", error.words) from error
        return frozenset(os.fsdecode(each) for each in output.split(b"\0") if each)

    def left_out(self) -> frozenset[str]:
        """The files of the index that a sparse checkout leaves out."""
        output = self.ask("ls-files", "-t", "-z").split(b"\0")
        return frozenset(os.fsdecode(each[2:]) for each in output if each.startswith(b"S "))

    def file(self, name: str) -> Path:
        """Where git keeps a file or folder of its own, such as `info/sparse-checkout`."""
        output = self.ask("rev-parse", "--git-path", name)
        return self.top / os.fsdecode(output).removesuffix("\n")

    def module_names(self, blob: str) -> dict[str, str]:
        """Return the names of submodules by path, from a `.gitmodules` file that is stored as `blob`."""
        try:
            output = self._git("config", "--blob", blob, "--null", "--get-regexp", r"^submodule\..*\.path$")
        except _FailedError:  # it names none, or is malformed
            return {}
        pairs = [os.fsdecode(each).partition("\n")[::2] for each in output.split(b"\0") if each]
        return {path: key.removeprefix("submodule.").removesuffix(".path") for key, path in pairs}

    def is_as_in_index(self, name: str, oid: str) -> bool:
        """Whether a file of the working tree is unchanged (by date and size), and has that object in the index."""
        output = self.ask("--literal-pathspecs", "ls-files", "--stage", "--debug", "--", name).decode(
            "utf-8", "replace"
        )
        entry = re.match(r"100(?:644|755) ([0-9a-f]+) 0\t", output)
        kept = dict(re.findall(r"^  (mtime|size): ?(\d+(?::\d+)?)", output, re.MULTILINE))
        try:
            file, written = (self.top / name).lstat(), self.file("index").stat().st_mtime_ns
        except OSError:
            return False
        if entry is None or entry[1] != oid or not kept.keys() >= {"mtime", "size"} or not S_ISREG(file.st_mode):
            return False
        seconds, nanoseconds = map(int, kept["mtime"].split(":"))
        modified = seconds * 10**9 + nanoseconds
        return (modified, int(kept["size"])) == (file.st_mtime_ns, file.st_size) and modified < written

    @cached_property
    def settings(self) -> Settings:
        """The settings, from all files of the configuration."""
        wanted = r"^(filter\..*\.(smudge|process)|core\.sparsecheckout|remote\..*\.promisor|extensions\.partialclone)$"
        try:
            output = self._git("config", "--null", "--get-regexp", wanted)
        except _FailedError:  # it sets none of them
            return Settings()
        pairs = [os.fsdecode(each).partition("\n")[::2] for each in output.split(b"\0") if each]
        filters = {
            key.split(".", 1)[1].rpartition(".")[0] for key, value in pairs if key.startswith("filter.") and value
        }
        sparse = any(
            key == "core.sparsecheckout" and value.lower() in ("true", "yes", "on", "1") for key, value in pairs
        )
        partial = any(key == "extensions.partialclone" or key.endswith(".promisor") for key, _ in pairs)
        return Settings(frozenset(filters), sparse, partial)

    def ask(self, *words: str, given: bytes = b"") -> bytes:
        """The output of a git command. Raises GitError if it fails."""
        try:
            return self._git(*words, given=given)
        except _FailedError as error:
            raise GitError(f"`git {_command(words)}` failed", error.output) from error

    def started(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a git command that keeps running and answers questions."""
        try:
            observations.stop()
            return subprocess.Popen(  # noqa: S603 -- no shell
                self._words(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self.environment,
            )
        except OSError as error:
            raise _no_git() from error

    def _git(self, *words: str, given: bytes = b"", seconds: float | None = None) -> bytes:
        done = self._run(*words, given=given, seconds=seconds)
        if done.returncode:
            raise _FailedError(done.returncode, done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def _run(self, *words: str, given: bytes = b"", seconds: float | None = None) -> subprocess.CompletedProcess[bytes]:
        seconds = SECONDS if seconds is None else seconds
        try:
            observations.stop()
            return subprocess.run(  # noqa: S603 -- no shell
                self._words(words),
                input=given,
                capture_output=True,
                check=False,
                env=self.environment,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired as error:
            message = f"`git {_command(words)}` took longer than {seconds:.0f} seconds"
            raise GitError(message, "compare with a baseline instead (`--baseline FILE`)") from error
        except OSError as error:
            raise _no_git() from error

    def _words(self, words: Sequence[str]) -> list[str]:
        safe = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
        return [_program(), "-C", str(self.top), "--no-pager", *safe, *words]


class _FailedError(Exception):
    """A command of git that failed, with its exit code and what it printed."""

    def __init__(self, code: int, printed: str) -> None:
        lines = [each for line in printed.splitlines()[:20] if (each := line.removeprefix("fatal: ").strip())]
        super().__init__(*lines[:1])
        self.code = code
        self.words = lines[0] if lines else None
        self.help = " ".join(lines[1:]) or None
        self.output = " ".join(lines) or None


def _program() -> str:
    """How git is called. Raises GitError if it is not installed.

    On Windows it is called by its path, because Windows searches the working directory first, which may be a repository
    with a program of that name.
    """
    if not _WINDOWS:
        return "git"
    folders = (Path(each.strip('"')) for each in os.environ.get("PATH", "").split(os.pathsep))
    for folder in folders:
        if folder.is_absolute() and (folder / "git.exe").is_file():
            return str(folder / "git.exe")
    raise _no_git()


def _command(words: Sequence[str]) -> str:
    return next(each for each in words if each.replace("-", "").isalpha() and not each.startswith("-"))


def _no_git() -> GitError:
    return GitError("cannot run git", "install git, or compare with a baseline (`--baseline FILE`)")
