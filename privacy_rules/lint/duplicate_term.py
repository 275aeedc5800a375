"""Report a term or a text that appears twice in one list.

forbid flow of (card, email, card)                  # found

forbid flow of (card, email)                        # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.edits import without_item
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.term_lists import lists


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for listed in lists(lint_input):
        first: dict[str, int] = {}
        for number, name in enumerate(listed.names):
            if first.setdefault(name, number) != number:
                item = listed.items[number]
                edits = without_item(lint_input.source(item.span), listed.spans, number)
                also = (listed.items[first[name]].span,)
                yield Problem(item.span, f"`{item.text}` appears earlier in this list", "remove it", also, edits)


LINT = Lint("duplicate-term", "L120", "warning", "a term that appears twice in one list", _check, fixes="remove it")
