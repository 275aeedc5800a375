"""Report a limit, or a part of a `when` or of an alternative, that follows from the rest of the rule.

forbid disclosure of card when data is card         # found
forbid disclosure to outside                        # found: every disclosure goes outside

forbid disclosure of card when notice               # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import applies, implied_parts


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    for rule, _ in lint_input.rules:
        if applies(ask, rule):
            for part in implied_parts(ask, rule):
                yield Problem(
                    part.span, f"`{part.text}` changes no verdict: the rest of the rule implies it", "remove it"
                )


LINT = Lint("implied-condition", "L114", "warning", "a condition that the rest of the rule implies", _check)
