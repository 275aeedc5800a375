"""Report a `not` of a `not`, which has no effect.

    forbid flow when not not notice                     # found

    forbid flow when notice                             # passes

A selector `(not not flag)` is not reported: it is the only way to write a flag by itself, because `(flag)` is a role.
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.language.syntax_walks import walk_declaration, without_parentheses
from privacy_rules.lint.framework.edits import replaced
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for declaration in lint_input.asking():
        passed: set[int] = set()
        for node in walk_declaration(declaration):
            if isinstance(node, syntax.Matching) and _is_flag_alone(node.condition):
                passed.add(id(node.condition))
            inner = without_parentheses(node.part) if isinstance(node, syntax.Negated) else None
            if isinstance(node, syntax.Negated) and isinstance(inner, syntax.Negated) and id(node) not in passed:
                passed.add(id(inner))
                yield _problem(lint_input, node, inner)


def _problem(lint_input: LintInput, node: syntax.Negated, inner: syntax.Negated) -> Problem:
    edits = replaced(lint_input.source(node.span), node.span, inner.part.span)
    return Problem(node.span, "`not` twice has no effect", "remove both", edits=edits)


def _is_flag_alone(node: syntax.Condition) -> bool:
    negations = 0
    while isinstance(node, syntax.Grouped | syntax.Negated):
        negations += isinstance(node, syntax.Negated)
        node = node.part
    return isinstance(node, syntax.Named) and negations == 2


LINT = Lint("double-negation", "L115", "warning", "a negation of a negation", _check, fixes="remove both")
