"""Report a define that no rule uses, directly or through another define.

define told as notice
rule r { require choice is opt_in on collection }   # found: told

define told as notice
rule r { require told on collection }               # passes
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.lint.framework import references
from privacy_rules.lint.framework.edits import without_lines
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    if not lint_input.policy.rules:
        return
    used = _used(lint_input)
    for define in lint_input.declared(syntax.Define):
        if define.name.text not in used:
            edits = without_lines(lint_input.source(define.span), define.span)
            message = f"no rule uses the define `{define.name.text}`"
            yield Problem(define.name.span, message, "remove it, or use it", edits=edits)


def _used(lint_input: LintInput) -> set[str]:
    """Return the names that rules use, directly or through defines."""
    asked: dict[str | None, set[str]] = defaultdict(set)
    for declaration, name in references.names(lint_input):
        asked[declaration.name.text if isinstance(declaration, syntax.Define) else None].add(name)
    found: set[str] = set()
    waiting = list(asked[None])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += asked[name]
    return found


LINT = Lint("unused-define", "L102", "warning", "a define that no rule uses", _check, fixes="remove it")
