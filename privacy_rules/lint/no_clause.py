"""Report a rule that cites no clause: nobody can tell which promise it encodes, and `trace` cannot compare it with the prose.

rule r { forbid flow of card }                      # found

rule r { cites " "  forbid flow of card }           # found

rule r { cites "#cards"  forbid flow of card }      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.condition_polarity import says_something
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        if not any(map(says_something, rule.cites)):
            help_ = 'name the clause that it encodes, such as `cites "#no-selling"`'
            yield Problem(tree.name.span, f"`{rule.name}` cites no clause", help_)


LINT = Lint("no-clause", "L116", "warning", "a rule that cites no clause", _check)
