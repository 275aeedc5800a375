"""A policy as it was at a commit, read from git objects in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from privacy_rules import engine
from privacy_rules.history.commit_files import CommitFiles
from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.objects import Objects
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.project_boundary import Confined

Diagnostics = tuple[Diagnostic, ...]


def policy_at(
    revision: str, files: Sequence[Path], disk: Confined, *, root: Path | None = None
) -> tuple[Policy | None, Diagnostics]:
    """Load policy files as they were at a revision. `A...B` is the commit at which B left A, seen from A.

    Paths are those of the checkout. None, with the errors, if git cannot answer or the policy of that time is wrong.
    """
    try:
        repository = Repository.around(Path.cwd().resolve())
        one, dots, other = revision.partition("...")
        commit = repository.parted(one or "HEAD", other or "HEAD") if dots else repository.commit(revision)
        with Objects(repository) as objects:
            then = CommitFiles(repository, commit, objects)
            try:
                policy, wrong = engine.load_policy(files, root=root, disk=disk.over(then))
            finally:
                then.close()
    except GitError as error:
        return None, (Diagnostic(codes.COMMIT, str(error), help=error.help),)
    return policy, wrong


def top_of_repository() -> Path:
    """The top folder of the repository around the working directory. Raises GitError if there is none."""
    return Repository.around(Path.cwd().resolve()).top
