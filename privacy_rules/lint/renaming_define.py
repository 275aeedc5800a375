"""Report a define that only gives another name to a flag or a define.

define told as notice                               # found

define told as notice and choice is opt_in          # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.language.syntax_walks import without_parentheses
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for define in lint_input.declared(syntax.Define):
        inner = without_parentheses(define.condition)
        if isinstance(inner, syntax.Named):
            message = f"`{define.name.text}` is only another name for `{inner.name.text}`"
            yield Problem(define.name.span, message, f"write `{inner.name.text}` instead")


LINT = Lint("renaming-define", "L131", "warning", "a define that only renames something", _check)
