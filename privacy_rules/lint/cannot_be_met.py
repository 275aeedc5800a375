"""Report a requirement that nothing in the scope can meet: the rule forbids without saying so.

require data is email on flow of card               # found, if nothing is both

require notice on flow of card                      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import cannot_be_met


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        if cannot_be_met(lint_input.questions, rule, lint_input.permits_of(rule)):
            message = f"nothing that `{rule.name}` applies to can comply with it"
            yield Problem(tree.name.span, message, "write `forbid` if that is what you mean, or fix the requirement")


LINT = Lint("cannot-be-met", "L113", "warning", "a requirement that nothing can meet", _check)
