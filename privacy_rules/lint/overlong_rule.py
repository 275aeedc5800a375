"""Report a rule with so many tests that it is hard to read as one promise.

rule r { forbid flow when … and … and … }           # found, with more than 30 tests, limits and uses of defines

two rules, or a `define` with a name for a part     # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.language.syntax_walks import limits_of, walk_declaration
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput

MOST_TESTS = 30
"""The highest number of tests, limits and uses of defines of a rule; the longest rule of the example has 23."""


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, tree in lint_input.rules:
        count = sum(not _joins(each) for each in walk_declaration(tree)) + sum(1 for _ in limits_of(tree.statement))
        if count > MOST_TESTS:
            message = f"`{rule.name}` makes {count} tests; more than {MOST_TESTS} are hard to read"
            yield Problem(tree.name.span, message, "name a part of it with `define`, or split the rule in two")


def _joins(node: syntax.Condition | syntax.Selector) -> bool:
    """Return whether a condition only joins tests; a selector counts as part of its limit or path."""
    joins = (syntax.Conjunction, syntax.Disjunction, syntax.Negated, syntax.Grouped)
    return isinstance(node, (*joins, syntax.Roles, syntax.Entity, syntax.Matching))


LINT = Lint("overlong-rule", "L124", "warning", "a rule that is too long", _check)
