"""A rule of which no test expects a finding. Silent unless test files (`*.tests.yaml`) stand beside the policy.

- {rule: no_selling, subject: ads, verdict: violation}    # in a test file beside the policy

rule no_selling { … }   rule no_renting { … }             # found: no_renting

rule no_selling { … }                                     # passes

A permit never finds anything itself, and needs none. Whether the tests hold, `privacy-rules test` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from privacy_rules.lint.running.beside import rules_named_in, stamp, test_files
from privacy_rules.lint.running.lint import Found, Lint
from privacy_rules.lint.running.reading import Reading


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
    files = test_files(folder)
    return {name for file in files for name in rules_named_in(stamp(file))} if files else None


LINT = Lint("untested-rule", "L141", "warning", "a rule of which no test expects a finding", _check)
