"""Report two rules that nothing can satisfy together: whatever complies with one violates the other.

rule a { allow flow of card only for orders }
rule b { forbid flow of card for orders }           # found: together they forbid every flow of card

rule a { allow flow of card only for orders }
rule b { forbid flow of card for orders when exchange is sale }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.rule_conflicts import conflicts


def _check(lint_input: LintInput) -> Iterable[Problem]:
    places = {rule.name: tree.name.span for rule, tree in lint_input.rules}
    for each in conflicts(lint_input):
        one, other = each.rule.name, each.other.name
        message = f"if `{one}` and `{other}` judge the same subject, whatever complies with `{one}` violates `{other}`"
        help_ = "fix one of them, or add a `permit` that lifts the other; if you mean both, write `forbid`"
        yield Problem(places[each.rule.name], message, help_, also=(each.other.name_span or each.other.span,))


LINT = Lint("contradicting-rules", "L143", "warning", "two rules that nothing can satisfy together", _check)
