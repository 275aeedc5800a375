"""Report a test `is declared` that lets undeclared values pass, without even an undetermined finding.

forbid flow when exchange is declared and exchange is sale   # found

forbid flow when exchange is sale                            # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import IsDeclared
from privacy_rules.lint.framework.condition_polarity import signed_conditions, with_inner
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.span import Span


def _check(lint_input: LintInput) -> Iterable[Problem]:
    reported: set[Span] = set()
    for rule, _ in lint_input.rules:
        for signed in with_inner(signed_conditions(rule)):
            condition = signed.condition
            if isinstance(condition, IsDeclared) and signed.sign == 1 and condition.span not in reported:
                reported.add(condition.span)
                if lint_input.looks_at(condition.span):
                    message = f"by `{condition.text}`, anything that declares nothing passes `{rule.name}`"
                    help_ = "remove it: what is undeclared is then undetermined, and the finding says what to declare"
                    yield Problem(condition.span, message, help_)


LINT = Lint("passing-silence", "L123", "warning", "a test that lets undeclared values pass", _check)
