"""Report a rule without a title: reports then show its name.

rule r { forbid flow of card }                                   # found

rule r { title "Cards stay where they are"  forbid flow of card }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.condition_polarity import says_something
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        if not says_something(rule.title):
            yield Problem(tree.name.span, f"`{rule.name}` has no title", "write its promise in one sentence")


LINT = Lint("missing-title", "L133", "note", "a rule without a title", _check)
