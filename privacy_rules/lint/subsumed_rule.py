"""Report a rule that one or several others imply: they have all its findings, at least as severe.

rule a { forbid flow of contact }
rule b { forbid flow of email when notice }         # found, if email is below contact

rule a { forbid flow of contact when exchange is sale }
rule b { forbid flow of email when notice }         # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.implications import Implied, implications
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.words import listed


def _check(lint_input: LintInput) -> Iterable[Problem]:
    reported: set[str] = set()
    for found in implications(lint_input):
        if not found.both_ways and found.rule.name not in reported:
            reported.add(found.rule.name)
            yield Problem(found.place, *_words(found), also=tuple(each.name_span or each.span for each in found.others))


def _words(found: Implied) -> tuple[str, str]:
    by = listed(f"`{each.name}`" for each in found.others)
    if len(found.others) > 1:
        message = f"`{found.rule.name}` finds nothing that {by} together do not find"
        return message, "remove it, or fix the other rules if they forbid too much"
    message = f"`{found.rule.name}` finds nothing that {by} does not find"
    return message, "remove it, or fix the wider rule if that forbids too much"


LINT = Lint("subsumed-rule", "L127", "warning", "a rule that others imply", _check)
