"""Report a rule that no subject can violate: its requirement is true for everything that it applies to.

require purpose is orders on flow for orders        # found

require purpose is orders on flow of card           # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import cannot_fail


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    for rule, tree in lint_input.rules:
        parts = [ask.of(each) for each in (rule.required, *rule.alternatives) if each is not None]
        if cannot_fail(ask, rule) and not any(ask.never_false(each) for each in parts):
            message = f"no subject can break `{rule.name}`: its requirement is true wherever it applies"
            yield Problem(tree.name.span, message, "widen its scope, or require more")


LINT = Lint("cannot-fail", "L112", "warning", "a rule that nothing can break", _check)
