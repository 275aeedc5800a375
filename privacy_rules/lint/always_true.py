"""Report a condition that can never be false, whatever is declared.

rule r { require retention <= unlimited on system }          # found
rule s { forbid flow when notice or not notice }             # found

rule r { require retention <= 2 years on system }            # passes

A term above all others of its vocabulary is not reported, because the vocabulary may grow.
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import Compares, Condition, EndMatches, JudgedIs
from privacy_rules.lint.framework.constant_conditions import Constant, constants
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput

_LIMITS = ("of", "with", "into", "for", "from", "to", "at")


def _check(lint_input: LintInput) -> Iterable[Problem]:
    return (_problem(each) for each in constants(lint_input) if each.value)


def _problem(constant: Constant) -> Problem:
    message = f"`{constant.condition.text}` can never be false, whatever is declared"
    return Problem(constant.condition.span, message, _way_out(constant.condition))


def _way_out(condition: Condition) -> str:
    if isinstance(condition, JudgedIs | EndMatches) and condition.text.split()[0] in _LIMITS:
        return "remove this limit, because the rule applies to the same subjects without it; or write the limit that you mean"
    if isinstance(condition, Compares):
        return "write a limit that a value can exceed; to ask only whether it is declared, write `… is declared`"
    return "write the condition that you mean; to ask only whether something is declared, write `… is declared`"


LINT = Lint("always-true", "L106", "warning", "a condition that is never false", _check)
