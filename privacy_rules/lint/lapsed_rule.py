"""Report a rule that is no longer in force today or on the day of `--as-of`.

rule r { applies until 2020-01-01  forbid flow of card }   # found

rule r { applies from 2020-01-01  forbid flow of card }    # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        until, begins = rule.applies_until, rule.applies_from
        if until is not None and until <= lint_input.day and (begins is None or begins < until):
            place = next(meta.ends.span for meta in tree.metas if meta.ends is not None)
            message = f"`{rule.name}` is no longer in force on {lint_input.day}"
            yield Problem(place, message, "remove it, or extend it")


LINT = Lint("lapsed-rule", "L129", "warning", "a rule that is no longer in force", _check)
