"""Report an exception that changes no verdict: the rule does not apply to it, or allows it anyway.

forbid disclosure of card unless data is email      # found, if nothing is both

forbid disclosure of card unless notice             # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.rule_claims import is_idle_exception


def _check(reading: Reading) -> Iterable[Found]:
    for rule, tree in reading.rules:
        if is_idle_exception(reading.questions, rule):
            message = f"this exception changes no verdict of `{rule.name}`"
            yield Found(tree.statement.unless[0].span, message, "remove it, or fix it")


LINT = Lint("idle-exception", "L109", "warning", "an exception that changes nothing", _check)
