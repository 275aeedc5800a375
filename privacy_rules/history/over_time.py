"""What was found at several commits between a day, or a commit, and today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from privacy_rules.history.git import GitError, Repository
from privacy_rules.history.since import Past, Present, findings_at
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.vocabulary.values import read_date

MOST = 12
"""At most this many commits are judged; each takes as long as a check."""

Diagnostics = tuple[Diagnostic, ...]


def over_time(name: str, present: Present, *, most: int = MOST) -> tuple[list[tuple[date, Past]] | None, Diagnostics]:
    """Return what was found at a commit, or at the last one before a day, and at commits since then, about equally far apart.

    The first is the one that `name` means. None if git cannot answer, or the files of a commit are wrong.
    """
    try:
        commits = list(_commits(Repository.around(Path.cwd().resolve()), name, most))
    except GitError as error:
        return None, (Diagnostic(codes.COMMIT, str(error), help=error.help),)
    found = []
    for day, commit in commits:
        past, wrong = findings_at(commit, present, exact=True)
        if past is None:
            return None, wrong
        found.append((day, past))
    return found, ()


def _commits(repository: Repository, name: str, most: int) -> Iterator[tuple[date, str]]:
    day = read_date(name)
    first = repository.commit(name) if day is None else repository.last_before(day)
    if first is None:
        raise GitError(f"there is no commit before {name}", "give a later day, or fetch more history")
    start, end = day or repository.day_of(first), repository.day_of(repository.commit("HEAD"))
    yield start, first
    seen, step = {first}, max((end - start) / most, timedelta(days=1))
    for number in range(1, most):
        if start + number * step > end:
            return
        commit = repository.last_before(start + number * step)
        if commit is not None and commit not in seen:
            seen.add(commit)
            yield start + number * step, commit
