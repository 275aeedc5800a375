"""Report two rules that nothing can satisfy together: whatever complies with one violates the other.

rule a { allow flow of card only for orders }
rule b { forbid flow of card for orders }           # found: together they forbid every flow of card

rule a { allow flow of card only for orders }
rule b { forbid flow of card for orders when exchange is sale }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.rule_conflicts import conflicts


def _check(reading: Reading) -> Iterable[Found]:
    places = {rule.name: tree.name.span for rule, tree in reading.rules}
    for each in conflicts(reading):
        one, other = each.rule.name, each.other.name
        message = f"if `{one}` and `{other}` judge the same subject, whatever complies with `{one}` violates `{other}`"
        help_ = "fix one of them, or add a `permit` that lifts the other; if you mean both, write `forbid`"
        yield Found(places[each.rule.name], message, help_, also=(each.other.name_span or each.other.span,))


LINT = Lint("contradicting-rules", "L143", "warning", "two rules that nothing can satisfy together", _check)
