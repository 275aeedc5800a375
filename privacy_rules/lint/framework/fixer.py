"""Fixes what can be fixed safely, until nothing is left to fix. The new texts are returned, not written.

A new text is used only if it parses, and if a proof shows that it means the same as before.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from privacy_rules.language.loader import Survey
from privacy_rules.lint.framework.edits import applied
from privacy_rules.lint.framework.equivalence import keeps_meaning
from privacy_rules.lint.framework.lint import Edit
from privacy_rules.lint.framework.runner import Files, Level, Linted, lint_input_of, run
from privacy_rules.source.diagnostic import Diagnostic, has_errors
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import POLICY_LIMIT

_MOST_ROUNDS = 50
_MOST_READ = 500_000
"""How many characters of new texts may be read to find out which edits can be made; the first text may have more."""
_Group = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A fixed file: its text before and after, with its line ends and byte-order mark."""

    path: Path
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FixResult:
    """The remaining findings, the changed files, and the number of findings that are fixed."""

    linted: Linted
    rewritten: tuple[Rewritten, ...]
    count: int


def fix(
    files: Files, day: date, levels: Mapping[str, Level] | None = None
) -> tuple[FixResult | None, tuple[Diagnostic, ...]]:
    """Lint the files on a day and fix what can be fixed; None, and diagnostics, if the policy has errors."""
    files = replace(files, texts=_texts(files))
    made, wrong = files.survey()
    if has_errors(wrong):
        return None, wrong
    texts = dict(files.texts or {})
    first, fixed = dict(texts), 0
    tries = _Tries(files)
    for _ in range(_MOST_ROUNDS):
        linted = run(lint_input_of(made, files, day), levels or {})
        better = tries.better(made, texts, [each.found.edits for each in linted.findings if each.found.edits])
        if better is None:
            break
        made, texts, count = better
        fixed += count
    names = {path: tree.source.file for path, tree in made.files.items()}
    changed = [Rewritten(path, names[path], first[path], text) for path, text in texts.items() if text != first[path]]
    return FixResult(linted, tuple(sorted(changed, key=lambda each: each.name)), fixed), wrong


def _texts(files: Files) -> dict[Path, str]:
    """The texts of the files, with their line ends. Each file is read once, so that all rounds start from one text."""
    given = {path.resolve(): text for path, text in (files.texts or {}).items()}
    found: dict[Path, str] = {}
    for path in files.paths:
        with suppress(OSError, ValueError):  # surveying the file reports what is wrong
            real = files.disk.real(path)
            found[real] = given[real] if real in given else files.disk.read(real, POLICY_LIMIT).decode("utf-8")
    return dict(sorted(found.items()))


_Better = tuple[Survey, dict[Path, str], int]


class _Tries:
    """Tries edits: makes them, reads the new texts, and proves that these mean the same."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._read = 0

    def better(self, made: Survey, texts: Mapping[Path, str], groups: Sequence[_Group]) -> _Better | None:
        """Return the files with all edits, else with the first half, quarter and so on that can be made; None if none can."""
        size = sum(map(len, texts.values()))
        waiting = deque([list(groups)])
        while waiting and (not self._read or self._read + size <= _MOST_READ):
            several = waiting.popleft()
            self._read += size
            found = self._with(made, texts, several)
            if found is not None:
                return found
            half = len(several) // 2
            waiting += [several[:half], several[half:]] if half else []
        return None

    def _with(self, made: Survey, texts: Mapping[Path, str], groups: Sequence[_Group]) -> _Better | None:
        names = {made.files[path].source.file: path for path in texts}
        after, count = dict(texts), 0
        for name, path in names.items():
            own = [group for group in groups if group[0].file == name]
            after[path], taken = _edited(texts[path], own)
            count += taken
        if not count:
            return None
        again, wrong = replace(self._files, texts={**(self._files.texts or {}), **after}).survey()
        if has_errors(wrong) or not keeps_meaning(made.policy, again.policy):
            return None
        return again, after, count


def _edited(text: str, groups: Sequence[_Group]) -> tuple[str, int]:
    """Make edits in a file's text. Their offsets are those of the text with each line end as one character."""
    starts = [*_places(text), len(text)]
    moved = [tuple(replace(edit, start=starts[edit.start], end=starts[edit.end]) for edit in group) for group in groups]
    return applied(text, moved)


def _places(text: str) -> list[int]:
    """The offset in the text of each character of the text with folded line ends."""
    first = 1 if text.startswith("\ufeff") else 0
    behind = {found.start() + 1 for found in re.finditer("\r\n", text)}
    return [at for at in range(first, len(text)) if at not in behind]
