"""A view of a policy: the trees of its files, the resolved policy, and its symbols, even if it has errors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from privacy_rules.language.loader import Survey
from privacy_rules.language.policy import Policy
from privacy_rules.lsp.position_encoding import covers
from privacy_rules.lsp.symbols import Meaning, Occurrence, Symbol, occurrences
from privacy_rules.source.diagnostic import has_errors
from privacy_rules.source.language_files import names_of_shipped_files


class PolicyView:
    """Policy files and the files that they use, at one moment."""

    def __init__(self, roots: Sequence[Path], survey: Survey) -> None:
        self.roots = tuple(roots)
        self.survey = survey
        self.policy: Policy = survey.policy
        self.paths = {file.source.file: path for path, file in survey.files.items()}
        self.has_errors = has_errors(survey.found)
        self._kept: dict[Path, tuple[Occurrence, ...]] = {}

    @cached_property
    def meaning(self) -> Meaning:
        """The meaning of names in conditions."""
        return Meaning(self.policy)

    def occurrences(self, path: Path) -> tuple[Occurrence, ...]:
        """Return the symbols of one file, in order of place."""
        if path not in self._kept:
            file = self.survey.files.get(path)
            self._kept[path] = occurrences(file, self.meaning) if file else ()
        return self._kept[path]

    def at(self, path: Path, line: int, column: int) -> Occurrence | None:
        """Return the symbol at a place."""
        return narrowest(self.occurrences(path), line, column)

    def of(self, symbol: Symbol) -> list[tuple[Path, Occurrence]]:
        """Yield the places of a symbol in all files."""
        return [(path, each) for path in self.survey.files for each in self.occurrences(path) if each.symbol == symbol]


def narrowest(found: Sequence[Occurrence], line: int, column: int) -> Occurrence | None:
    """Return the occurrence at a place; if two meet there, the one that starts there."""
    covering = [each for each in found if covers(each.span, line, column)]
    return max(covering, key=lambda each: each.span, default=None)


def is_shipped(path: Path) -> bool:
    """Return whether a file ships with the tool and is not for editing."""
    return path in names_of_shipped_files()
