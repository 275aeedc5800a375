"""Report an alternative of an `allow` that wider ones make redundant: every verdict is the same without it.

allow disclosure only
  - to service_provider
  - of card to service_provider                     # found

allow disclosure only
  - of card to service_provider                     # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import Rule
from privacy_rules.lint.framework.edits import without_lines
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import is_out_of_scope, needless_alternatives, wider
from privacy_rules.source.span import Span


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    for rule, tree in lint_input.rules:
        for number in needless_alternatives(ask, rule):
            alternative = tree.statement.alternatives[number]
            if ask.never_true(ask.of(rule.alternatives[number])):
                continue  # `always-false` reports it
            yield _problem(lint_input, rule, number, alternative.span)


def _problem(lint_input: LintInput, rule: Rule, number: int, place: Span) -> Problem:
    ask = lint_input.questions
    edits = without_lines(lint_input.source(place), place)
    if is_out_of_scope(ask, rule, number):
        message = f"nothing that `{rule.name}` applies to fits this alternative"
        return Problem(place, message, "remove it, or fix it", edits=edits)
    cause = wider(ask, rule, number)
    by = "the others do" if cause is None else "a wider one does"
    message = f"this alternative allows nothing that {by} not allow"
    also = () if cause is None else (cause.span,)
    return Problem(place, message, "remove it, or the wider one if that allows too much", also, edits)


LINT = Lint(
    "needless-alternative",
    "L107",
    "warning",
    "an alternative that a wider one makes redundant",
    _check,
    fixes="remove it",
)
