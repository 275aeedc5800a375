"""Report a rule without a hint. Permits have no findings and need none.

rule r { forbid flow of card }                                   # found

rule r { forbid flow of card  hint "Use a token instead." }      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.condition_polarity import says_something
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        if not says_something(rule.hint) and rule.statement != "permit":
            message = f"`{rule.name}` has no hint"
            yield Problem(tree.name.span, message, "write what to do about a finding")


LINT = Lint("missing-hint", "L134", "note", "a rule without a hint", _check)
