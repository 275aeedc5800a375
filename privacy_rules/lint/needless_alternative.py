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
from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.rule_claims import is_out_of_scope, needless_alternatives, wider
from privacy_rules.source.span import Span


def _check(reading: Reading) -> Iterable[Found]:
    ask = reading.questions
    for rule, tree in reading.rules:
        for number in needless_alternatives(ask, rule):
            alternative = tree.statement.alternatives[number]
            if ask.never_true(ask.of(rule.alternatives[number])):
                continue  # `always-false` reports it
            yield _found(reading, rule, number, alternative.span)


def _found(reading: Reading, rule: Rule, number: int, place: Span) -> Found:
    ask = reading.questions
    edits = without_lines(reading.source(place), place)
    if is_out_of_scope(ask, rule, number):
        message = f"nothing that `{rule.name}` applies to fits this alternative"
        return Found(place, message, "remove it, or fix it", edits=edits)
    cause = wider(ask, rule, number)
    by = "the others do" if cause is None else "a wider one does"
    message = f"this alternative allows nothing that {by} not allow"
    also = () if cause is None else (cause.span,)
    return Found(place, message, "remove it, or the wider one if that allows too much", also, edits)


LINT = Lint(
    "needless-alternative",
    "L107",
    "warning",
    "an alternative that a wider one makes redundant",
    _check,
    fixes="remove it",
)
