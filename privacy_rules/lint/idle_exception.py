"""Report an exception that changes no verdict: the rule does not apply to it, or allows it anyway.

forbid disclosure of card unless data is email      # found, if nothing is both

forbid disclosure of card unless notice             # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import is_idle_exception


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        if is_idle_exception(lint_input.questions, rule):
            message = f"this exception changes no verdict of `{rule.name}`"
            yield Problem(tree.statement.unless[0].span, message, "remove it, or fix it")


LINT = Lint("idle-exception", "L109", "warning", "an exception that changes nothing", _check)
