"""Report a permit that lifts nothing of a rule it names: they apply to different things, or are never in force together.

rule r { forbid disclosure of card }
rule p { permit disclosure of email despite r }     # found, if nothing is both

rule r { forbid disclosure of card }
rule p { permit disclosure of card when notice despite r }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import applies, cannot_fail, lifts_nothing


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    for permit, rule, place in lint_input.liftings:
        if not applies(ask, permit):
            continue  # `never-applies` or `always-false` reports it
        if applies(ask, rule) and not cannot_fail(ask, rule) and lifts_nothing(ask, permit, rule):
            message = f"`{permit.name}` lifts nothing of `{rule.name}`: every verdict is the same without it"
            yield Problem(place, message, "name the rule that you mean, or remove this one", also=(rule.span,))


LINT = Lint("idle-permit", "L110", "warning", "a permit that lifts nothing", _check)
