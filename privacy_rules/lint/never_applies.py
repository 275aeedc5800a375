"""Report a rule whose scope never certainly contains a subject, so that it never has a violation.

rule r { forbid flow of card when data is email }   # found, if nothing is both

rule r { forbid flow of card when notice }          # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    for rule, tree in lint_input.rules:
        by_itself = [ask.of(each) for each in (*rule.subject.limits, *([rule.when] if rule.when else []))]
        if ask.never_true(ask.scope(rule)) and not any(ask.never_true(each) for each in by_itself):
            what = "lifts nothing" if rule.statement == "permit" else "finds no violation"
            message = f"`{rule.name}` never applies: its limits and its `when` exclude each other, so it {what}"
            yield Problem(tree.name.span, message, "fix the limits or the `when`, or remove the rule")


LINT = Lint("never-applies", "L104", "warning", "a rule that can never apply to any subject", _check)
