"""Report a rule without a title: reports then show its name.

rule r { forbid flow of card }                                   # found

rule r { title "Cards stay where they are"  forbid flow of card }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.signed_conditions import says_something


def _check(reading: Reading) -> Iterable[Found]:
    for rule, tree in reading.rules:
        if not says_something(rule.title):
            yield Found(tree.name.span, f"`{rule.name}` has no title", "write its promise in one sentence")


LINT = Lint("missing-title", "L133", "note", "a rule without a title", _check)
