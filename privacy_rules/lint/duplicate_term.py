"""Report a term or a text that appears twice in one list.

forbid flow of (card, email, card)                  # found

forbid flow of (card, email)                        # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.edits import without_item
from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.term_lists import lists


def _check(reading: Reading) -> Iterable[Found]:
    for listed in lists(reading):
        first: dict[str, int] = {}
        for number, name in enumerate(listed.names):
            if first.setdefault(name, number) != number:
                item = listed.items[number]
                edits = without_item(reading.source(item.span), listed.spans, number)
                also = (listed.items[first[name]].span,)
                yield Found(item.span, f"`{item.text}` appears earlier in this list", "remove it", also, edits)


LINT = Lint("duplicate-term", "L120", "warning", "a term that appears twice in one list", _check, fixes="remove it")
