"""The files beside a policy that lints read: its prose and its tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from privacy_rules.lint.framework.file_stamp import Stamp, stamp
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK
from privacy_rules.source.opened_files import noted
from privacy_rules.tracing.prose_loader import prose_files

_ENDINGS = ("*.tests.yaml", "*.tests.yml", "*.tests.json")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_RULE = re.compile(r"""\brule["']?\s*:\s*["']?(\w+)""")


def stamps(lint_input: LintInput) -> tuple[Stamp, ...]:
    """Return the current stamps of these files. As long as they and the policy stay the same, so do the findings."""
    prose = set(prose_files(lint_input.policy))
    folders = {lint_input.paths[name].parent for name in lint_input.asked}
    from privacy_rules.lint.framework.readable_tests import files_named_in

    tests = {path for folder in folders for path in test_files(folder)}
    named = {path for file in tests for path in files_named_in(stamp(file))}
    return tuple(stamp(path) for path in sorted(prose | tests | named))


def test_files(folder: Path) -> list[Path]:
    """The test files of a folder."""
    return sorted({path for ending in _ENDINGS for path in folder.glob(ending)})


@dataclass(frozen=True, slots=True)
class Tests:
    """The rules that the test files of a folder name, and the first error of each file that cannot be read."""

    rules: frozenset[str]
    wrong: tuple[tuple[Path, Diagnostic], ...]


def tests_of(lint_input: LintInput) -> Mapping[Path, Tests]:
    """Return the tests in each folder of the examined policy files; folders without tests are left out."""
    folders = sorted({lint_input.paths[name].parent for name in lint_input.asked})
    return {folder: _tests(files, lint_input) for folder in folders if (files := test_files(folder))}


def _tests(files: Iterable[Path], lint_input: LintInput) -> Tests:
    from privacy_rules.lint.framework.readable_tests import first_mistake

    known = frozenset(lint_input.paths.values())
    stamps = {file: stamp(noted(file)) for file in files}
    wrong = [(file, first_mistake(each, lint_input.policy, known)) for file, each in stamps.items()]
    rules = frozenset[str]().union(*map(rules_named_in, stamps.values()))
    return Tests(rules, tuple((file, found) for file, found in wrong if found))


@lru_cache(maxsize=256)
def rules_named_in(file: Stamp) -> frozenset[str]:
    """The rules that a test file names in its expectations; none if it cannot be read. It is read again only after a change."""
    try:
        text = DISK.read(file[0]).decode("utf-8")
    except (OSError, ValueError):
        return frozenset()
    return frozenset(_RULE.findall(_COMMENT.sub("", text)))
