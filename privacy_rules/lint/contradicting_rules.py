"""Report rules that nothing can satisfy together: whatever complies with one violates another.

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
from privacy_rules.source.words import listed


def _check(lint_input: LintInput) -> Iterable[Problem]:
    places = {rule.name: tree.name.span for rule, tree in lint_input.rules}
    for each in conflicts(lint_input):
        one, others = f"`{each.rule.name}`", [f"`{other.name}`" for other in each.others]
        message = f"if {listed([one, *others])} judge the same subject, whatever complies with {one} violates {listed(others, 'or')}"
        help_ = "fix one of them, or add a `permit` that lifts another; if you mean all of them, write `forbid`"
        also = tuple(other.name_span or other.span for other in each.others)
        yield Problem(places[each.rule.name], message, help_, also)


LINT = Lint("contradicting-rules", "L143", "warning", "rules that nothing can satisfy together", _check)
