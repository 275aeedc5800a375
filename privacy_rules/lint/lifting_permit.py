"""Report a permit that lifts a whole rule: while it is in force, nothing violates the rule.

rule r { forbid disclosure of card }
rule p { permit disclosure despite r }              # found

rule r { forbid disclosure of card }
rule p { permit disclosure when mandate is law despite r }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import permits_all


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for permit, rule, place in lint_input.liftings:
        if permits_all(lint_input.questions, permit, rule):
            message = f"`{permit.name}` lifts all of `{rule.name}`: while it is in force, nothing violates the rule"
            yield Problem(place, message, "narrow the permit, or remove the rule", also=(rule.span,))


LINT = Lint("lifting-permit", "L111", "warning", "a permit that lifts everything", _check)
