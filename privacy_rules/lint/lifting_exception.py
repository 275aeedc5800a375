"""Report an exception that lifts everything: it is or may be true of every subject of the rule.

forbid disclosure of card unless data is card       # found

forbid disclosure of card unless notice             # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import lifts_all


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    for rule, tree in lint_input.rules:
        if rule.unless is not None and lifts_all(ask, rule) and not ask.never_false(ask.of(rule.unless)):
            message = f"this exception lifts all of `{rule.name}`: no subject is ever in violation"
            help_ = "narrow the exception, or remove the rule"
            yield Problem(tree.statement.unless[0].span, message, help_)


LINT = Lint("lifting-exception", "L108", "warning", "an exception that lifts everything", _check)
