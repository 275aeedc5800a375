"""Report a permit that lifts a whole rule: while it is in force, nothing violates the rule.

rule r { forbid disclosure of card }
rule p { permit disclosure despite r }              # found

rule r { forbid disclosure of card }
rule p { permit disclosure when mandate is law despite r }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.rule_claims import permits_all


def _check(reading: Reading) -> Iterable[Found]:
    for permit, rule, place in reading.liftings:
        if permits_all(reading.questions, permit, rule):
            message = f"`{permit.name}` lifts all of `{rule.name}`: while it is in force, nothing violates the rule"
            yield Found(place, message, "narrow the permit, or remove the rule", also=(rule.span,))


LINT = Lint("lifting-permit", "L111", "warning", "a permit that lifts everything", _check)
