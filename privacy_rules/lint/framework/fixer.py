"""Mends what can be mended safely, over and over until nothing is left to mend: new texts, of which none is written here.

A text that could not be read again, or that is not proved to say the same as before, is never taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from privacy_rules.language.loader import Survey
from privacy_rules.lint.framework.edits import applied
from privacy_rules.lint.framework.equivalence import keeps_meaning
from privacy_rules.lint.framework.lint import Edit
from privacy_rules.lint.framework.runner import Files, Level, Linted, reading_of, run
from privacy_rules.source.diagnostic import Diagnostic, has_errors
from privacy_rules.source.file_system import POLICY_LIMIT

_MOST_ROUNDS = 50
_Group = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file whose text is mended: both texts as they stand in the file, line ends and a byte-order mark kept."""

    path: Path
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What is left to tell once all is mended that can be, which files change, and how many mistakes that mends."""

    linted: Linted
    rewritten: tuple[Rewritten, ...]
    count: int


def mend(
    files: Files, day: date, levels: Mapping[str, Level] | None = None
) -> tuple[Mended | None, tuple[Diagnostic, ...]]:
    """As `lint`, with what is mended; None where the policy is wrong as it stands."""
    files = replace(files, texts=_texts(files))
    made, wrong = files.survey()
    if has_errors(wrong):
        return None, wrong
    texts = dict(files.texts or {})
    first, mended = dict(texts), 0
    for _ in range(_MOST_ROUNDS):
        linted = run(reading_of(made, files, day), levels or {})
        better = _better(files, made, texts, [each.found.edits for each in linted.findings if each.found.edits])
        if better is None:
            break
        made, texts, count = better
        mended += count
    names = {path: tree.source.file for path, tree in made.files.items()}
    changed = [Rewritten(path, names[path], first[path], text) for path, text in texts.items() if text != first[path]]
    return Mended(linted, tuple(sorted(changed, key=lambda each: each.name)), mended), wrong


def _texts(files: Files) -> dict[Path, str]:
    """The texts of the files that are looked at, line ends kept. Each is read once, so that all rounds start from one text."""
    given = {path.resolve(): text for path, text in (files.texts or {}).items()}
    found: dict[Path, str] = {}
    for path in files.paths:
        with suppress(OSError, ValueError):  # surveying the file reports what is wrong
            real = files.disk.real(path)
            found[real] = given[real] if real in given else files.disk.read(real, POLICY_LIMIT).decode("utf-8")
    return dict(sorted(found.items()))


_Better = tuple[Survey, dict[Path, str], int]


def _better(files: Files, made: Survey, texts: Mapping[Path, str], groups: Sequence[_Group]) -> _Better | None:
    """The files with all edits that can be made at once, else with the first that can be made; None where none can."""
    tries = [list(groups), *([group] for group in groups)] if len(groups) > 1 else [list(groups)]
    for each in tries:
        found = _with(files, made, texts, each)
        if found is not None:
            return found
    return None


def _with(files: Files, made: Survey, texts: Mapping[Path, str], groups: Sequence[_Group]) -> _Better | None:
    names = {made.files[path].source.file: path for path in texts}
    after, count = dict(texts), 0
    for name, path in names.items():
        own = [group for group in groups if group[0].file == name]
        after[path], taken = _edited(texts[path], own)
        count += taken
    if not count:
        return None
    again, wrong = replace(files, texts={**(files.texts or {}), **after}).survey()
    if has_errors(wrong) or not keeps_meaning(made.policy, again.policy):
        return None
    return again, after, count


def _edited(text: str, groups: Sequence[_Group]) -> tuple[str, int]:
    """A file's text with edits whose places are those of the text with line ends folded."""
    starts = [*_places(text), len(text)]
    moved = [tuple(replace(edit, start=starts[edit.start], end=starts[edit.end]) for edit in group) for group in groups]
    return applied(text, moved)


def _places(text: str) -> list[int]:
    """For each character of the folded text, where it stands in the text."""
    first = 1 if text.startswith("\ufeff") else 0
    behind = {found.start() + 1 for found in re.finditer("\r\n", text)}
    return [at for at in range(first, len(text)) if at not in behind]
