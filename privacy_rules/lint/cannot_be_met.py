"""Report a requirement that nothing in the scope can meet: the rule forbids without saying so.

require data is email on flow of card               # found, if nothing is both

require notice on flow of card                      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.rule_claims import cannot_be_met


def _check(reading: Reading) -> Iterable[Found]:
    for rule, tree in reading.rules:
        if cannot_be_met(reading.questions, rule, reading.permits_of(rule)):
            message = f"nothing that `{rule.name}` applies to can comply with it"
            yield Found(tree.name.span, message, "write `forbid` if that is what you mean, or fix the requirement")


LINT = Lint("cannot-be-met", "L113", "warning", "a requirement that nothing can meet", _check)
