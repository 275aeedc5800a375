"""A rule of which no test expects a finding. Silent unless test files (`*.tests.yaml`) stand beside the policy.

- {rule: no_selling, subject: ads, verdict: violation}    # in a test file beside the policy

rule no_selling { … }   rule no_renting { … }             # found: no_renting

rule no_selling { … }                                     # passes

A permit never finds anything itself, and needs none. Whether the tests hold, `privacy-rules test` tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from privacy_rules.lint.running.lint import Found, Lint
from privacy_rules.lint.running.reading import Reading

_ENDINGS = ("*.tests.yaml", "*.tests.yml", "*.tests.json")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_RULE = re.compile(r"""\brule["']?\s*:\s*["']?(\w+)""")


def _check(reading: Reading) -> Iterable[Found]:
    named: dict[Path, set[str] | None] = {}
    for rule, tree in reading.rules:
        folder = reading.paths[tree.name.span.file].parent
        if folder not in named:
            named[folder] = _named_beside(folder)
        names = named[folder]
        if names is not None and rule.statement != "permit" and rule.name not in names:
            message = f"no test beside the policy expects a finding of `{rule.name}`"
            yield Found(tree.name.span, message, "add a case in which it is broken")


def _named_beside(folder: Path) -> set[str] | None:
    """The rules that the test files of a folder name; None where there are no such files."""
    files = [path for ending in _ENDINGS for path in folder.glob(ending)]
    return {name for file in files for name in _named_in(file)} if files else None


def _named_in(file: Path) -> set[str]:
    """The rules that a test file names in what it expects; none where it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return set()
    return set(_RULE.findall(_COMMENT.sub("", text)))


LINT = Lint("untested-rule", "L141", "warning", "a rule of which no test expects a finding", _check)
