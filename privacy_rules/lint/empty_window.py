"""Report a rule that is never in force: its `until`, the first day on which it is no longer in force, is not after its `from`.

rule r { applies from 2026-01-01 until 2026-01-01  forbid flow of card }   # found

rule r { applies from 2026-01-01 until 2026-01-02  forbid flow of card }   # passes: one day
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        begins, until = rule.applies_from, rule.applies_until
        if begins is not None and until is not None and until <= begins:
            place = next(meta.ends.span for meta in tree.metas if meta.ends is not None)
            message = f"`{rule.name}` is never in force: it ends on {until}, before it begins"
            yield Problem(
                place, message, "`until` is the first day on which the rule is no longer in force: write a later one"
            )


LINT = Lint("empty-window", "L130", "warning", "a rule that is in force on no day", _check)
