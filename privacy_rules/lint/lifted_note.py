"""Report a permit that lifts a rule of severity note, which fails no check anyway.

rule r { severity note  forbid flow of card }
rule p { permit flow of card when notice despite r }   # found

rule r { severity warning  forbid flow of card }
rule p { permit flow of card when notice despite r }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for permit, rule, place in lint_input.liftings:
        if rule.severity == "note":
            message = f"`{permit.name}` lifts `{rule.name}`, which is a note and fails no check"
            help_ = "raise the severity of the rule, or write the exception as its `unless`"
            yield Problem(place, message, help_, also=(rule.name_span or rule.span,))


LINT = Lint("lifted-note", "L132", "note", "a permit that lifts a rule of severity note", _check)
