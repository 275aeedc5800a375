"""A policy and its prose as they were at a commit, read from git objects in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from privacy_rules import engine
from privacy_rules.history.commit_files import CommitFiles
from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.history.renames import Renames
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.project_boundary import Confined
from privacy_rules.tracing.prose import Clause
from privacy_rules.tracing.prose_loader import clauses_of, prose_of

Diagnostics = tuple[Diagnostic, ...]


def policy_at(
    revision: str, files: Sequence[Path], disk: Confined, *, root: Path | None = None
) -> tuple[Policy | None, Diagnostics]:
    """Load policy files as they were at a revision.

    `A...B` is the commit at which B left A. Paths are those of the checkout. None, with the errors, if git cannot
    answer or the policy had errors then.
    """
    try:
        with _files_at(revision) as (_, then):
            return engine.load_policy(files, root=root, disk=disk.over(then))
    except GitError as error:
        return None, (Diagnostic(codes.COMMIT, str(error), help=error.help),)


def named_at(revision: str, files: Sequence[Path]) -> list[Path]:
    """The names of policy files at a revision; files that did not exist yet are left out. May raise GitError."""
    with _files_at(revision) as (names, then):
        there = (each if then.is_file(each) else names(each) for each in files)
        return [each for each in there if then.is_file(each)]


def prose_at(revision: str, policy: Policy, disk: Confined) -> list[Clause]:
    """The clauses, at a revision, of the prose that a policy names.

    A file that cannot be read has none. May raise GitError.
    """
    with _files_at(revision) as (_, then):
        return clauses_of(prose_of(policy, disk.over(then)))


@contextmanager
def _files_at(revision: str) -> Iterator[tuple[Callable[[Path], Path], CommitFiles]]:
    """The names of present files at a revision, and the files of that revision.

    Raises GitError if git cannot answer.
    """
    repository = Repository.around(Path.cwd().resolve())
    one, dots, other = revision.partition("...")
    commit = repository.parted(one or "HEAD", other or "HEAD") if dots else repository.commit(revision)
    with Objects(repository) as objects:
        then = CommitFiles(repository, commit, objects)

        def former(path: Path) -> Path:
            whole = Path(os.path.normpath(Path.cwd() / path))
            if not whole.is_relative_to(repository.top):
                return path
            inside = PurePosixPath(whole.relative_to(repository.top).as_posix())
            return repository.top / Renames.since(repository, commit, objects).file(inside)

        try:
            yield former, then
        finally:
            then.close()


def top_of_repository() -> Path:
    """The top folder of the repository around the working directory. Raises GitError if there is none."""
    return Repository.around(Path.cwd().resolve()).top
