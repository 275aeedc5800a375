"""Report a condition that can never be true, whatever is declared.

rule r { forbid flow when data is card and data is email }   # found, if nothing is both
rule s { forbid system when retention < 0 days }             # found

rule r { forbid flow when data is (card, email) }            # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.constant_conditions import Constant, constants
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    return (_problem(each) for each in constants(lint_input) if not each.value)


def _problem(constant: Constant) -> Problem:
    message = f"`{constant.condition.text}` can never be true, whatever is declared"
    return Problem(constant.condition.span, message, "fix it, or remove it")


LINT = Lint("always-false", "L105", "warning", "a condition that is never true", _check)
