"""Report a rule that another one implies: the other has all its findings, at least as severe.

rule a { forbid flow of contact }
rule b { forbid flow of email when notice }         # found, if email is below contact

rule a { forbid flow of contact when exchange is sale }
rule b { forbid flow of email when notice }         # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.implications import implications
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    reported: set[str] = set()
    for found in implications(lint_input):
        if not found.both_ways and found.rule.name not in reported:
            reported.add(found.rule.name)
            message = f"`{found.rule.name}` finds nothing that `{found.other.name}` does not find"
            help_ = "remove it, or fix the wider rule if that forbids too much"
            yield Problem(found.place, message, help_, also=(found.other.name_span or found.other.span,))


LINT = Lint("subsumed-rule", "L127", "warning", "a rule that another one implies", _check)
