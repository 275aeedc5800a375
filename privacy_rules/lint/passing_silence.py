"""Report a test `is declared` that makes silence pass, without even an undetermined finding.

forbid flow when exchange is declared and exchange is sale   # found

forbid flow when exchange is sale                            # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import IsDeclared
from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.signed_conditions import parts_below, rule_parts
from privacy_rules.source.span import Span


def _check(reading: Reading) -> Iterable[Found]:
    reported: set[Span] = set()
    for rule, _ in reading.rules:
        for part in parts_below(rule_parts(rule)):
            condition = part.condition
            if isinstance(condition, IsDeclared) and part.sign == 1 and condition.span not in reported:
                reported.add(condition.span)
                if reading.looks_at(condition.span):
                    message = f"by `{condition.text}`, anything that declares nothing passes `{rule.name}`"
                    help_ = "remove it: what is undeclared is then undetermined, and the finding says what to declare"
                    yield Found(condition.span, message, help_)


LINT = Lint("passing-silence", "L123", "warning", "a test that makes silence pass", _check)
