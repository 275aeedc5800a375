"""Read the clauses of a policy's prose, as far as possible; without them a finding shows only its citations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.file_system import FileSystem
from privacy_rules.tracing.prose import Clause, clauses_in


def clauses_of(policy: Policy, disk: FileSystem) -> tuple[Clause, ...]:
    """The clauses of all texts that the policy's headers name, each beside its file."""
    return tuple(clause for file in _texts(policy) for clause in _clauses(file, disk))


def _texts(policy: Policy) -> list[Path]:
    named = [(Path(each.span.file).parent, each.fields["text"]) for each in policy.headers if "text" in each.fields]
    return list(dict.fromkeys(folder / name for folder, name in named))


def _clauses(file: Path, disk: FileSystem) -> Iterator[Clause]:
    with suppress(OSError, ValueError):
        yield from clauses_in(file, shown(file), disk)
