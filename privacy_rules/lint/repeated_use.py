"""Report a `use` of a file that is already used, directly or through another file.

use std.core
use std.regions                                     # found: std.core uses it

use std.core                                        # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.edits import without_lines
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for file in lint_input.looked_at:
        uses = [(use, lint_input.used(use)) for use in lint_input.uses(file)]
        for number, (use, target) in enumerate(uses):
            by = next(
                (other for at, (other, its) in enumerate(uses) if _again(lint_input, number, target, at, its)), None
            )
            if by is not None:
                message = f"`{use.target.text}` is already used: `{by.target.text}` uses it"
                edits = without_lines(file.source, use.span)
                yield Problem(use.span, message, "remove it", also=(by.span,), edits=edits)


def _again(lint_input: LintInput, number: int, target: str | None, at: int, other: str | None) -> bool:
    """Return whether another `use` makes this one redundant: an earlier one of the same file, or one that leads to it but not back."""
    if target is None or other is None or at == number:
        return False
    if target == other:
        return at < number
    return target in lint_input.brought_by(other) and other not in lint_input.brought_by(target)


LINT = Lint("repeated-use", "L136", "warning", "a `use` that another one makes redundant", _check, fixes="remove it")
