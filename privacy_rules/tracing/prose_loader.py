"""Find and read the prose that the headers of a policy name.

prose = prose_of(policy, disk)
index = ClauseIndex(clauses_of(prose))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.diagnostic import lowered
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import POLICY_LIMIT, FileSystem
from privacy_rules.source.span import Span
from privacy_rules.tracing.prose import Clause, clauses, is_markdown

Texts = Mapping[Path, str]
"""The texts of open documents by absolute path, which replace those on disk."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A file of prose.

    If it cannot be read, it has no clauses, and `error` says why. `named_at` has the places where headers name it.
    """

    file: Path
    clauses: tuple[Clause, ...] = ()
    error: OSError | ValueError | None = None
    named_at: tuple[Span, ...] = ()

    @property
    def name(self) -> str:
        """The file as users see it."""
        return shown(self.file)

    @property
    def reason(self) -> str:
        """Why it cannot be read, in words."""
        if isinstance(self.error, UnicodeDecodeError):
            return "it is not UTF-8"
        return lowered(self.error) if self.error else ""


def prose_files(policy: Policy) -> dict[Path, tuple[Span, ...]]:
    """Return the files that the headers name, each with the places that name it. A name is relative to the header's file."""
    found: dict[Path, tuple[Span, ...]] = {}
    for header in policy.headers:
        if header.prose is not None:
            found[header.prose] = (*found.get(header.prose, ()), header.prose_span or header.span)
    return found


def prose_of(policy: Policy, disk: FileSystem, texts: Texts | None = None) -> list[Prose]:
    """Read the prose that a policy names. A file that `disk` does not let us read, or that is not UTF-8, has an error."""
    return [replace(read_prose(file, disk, texts), named_at=spans) for file, spans in prose_files(policy).items()]


def read_prose(file: Path, disk: FileSystem, texts: Texts | None = None) -> Prose:
    """Read a file of prose."""
    try:
        text = open_text(file, disk, texts)
        if text is None:
            text = disk.read(file, POLICY_LIMIT).decode("utf-8")
    except (OSError, ValueError) as error:
        return Prose(file, error=error)
    return Prose(file, tuple(clauses(text.removeprefix("\ufeff"), shown(file), markdown=is_markdown(file))))


def open_text(file: Path, disk: FileSystem, texts: Texts | None) -> str | None:
    """Return the text of a file as `texts` has it; None if it has none. Raises OSError or ValueError for an impossible name."""
    return texts.get(disk.real(file)) if texts else None


def clauses_of(prose: Iterable[Prose]) -> list[Clause]:
    """Return the clauses of several files, in order."""
    return [clause for each in prose for clause in each.clauses]
