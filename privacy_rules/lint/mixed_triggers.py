"""Report a comparison of `retention` that does not say what the period starts with, in a policy in which other rules say it.

rule r { require retention <= 60 days and retention_from is account_closed on storage of contact }
rule s { require retention <= 30 days on storage of card }                                          # found

rule r { require retention <= 60 days and retention_from is account_closed on storage of contact }
rule s { require retention <= 30 days and retention_from is collection on storage of card }         # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.periods import Unsaid, tells_starts_apart, unsaid
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    rules = lint_input.policy.rules
    apart = next((each for rule in rules if (each := tells_starts_apart(rule))), None)
    if apart is None:
        return
    compared = {one.condition.span: one for rule in rules for one in unsaid(lint_input.policy, rule)}
    for span, found in compared.items():
        yield Problem(span, _message(found), _help(found), also=(apart.span,))


def _message(found: Unsaid) -> str:
    if len(found.periods) == 1:
        return "this compares the length of a period without saying which event the period starts with"
    return "this compares the lengths of two periods, which may start with different events"


def _help(found: Unsaid) -> str:
    names = [f"{each.text}_from" for each in found.periods.values()]
    if len(names) == 1:
        return f"also test `{names[0]}`, if only some events are meant"
    return f"also test `{names[0]} = {names[1]}`, if both should start with the same event"


LINT = Lint(
    "mixed-triggers", "L149", "note", "a comparison of `retention` that ignores what the period starts with", _check
)
