"""Report a list that contains a term and a narrower one, which the broad one includes (in `includes all`, the broad one is redundant).

forbid flow of (contact, email)                     # found: email, if it is below contact

forbid flow of contact                              # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.edits import without_item
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.term_lists import Listed, lists
from privacy_rules.vocabulary.taxonomy import Taxonomy


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for listed in lists(lint_input):
        if listed.vocabulary is not None:  # texts have no hierarchy
            of_days = lint_input.policy.taxonomy(listed.vocabulary).of_all_days
            broader, *others = [_broader(each, listed) for each in of_days]
            broader = {name: other for name, other in broader.items() if all(name in each for each in others)}
            for number, name in enumerate(listed.names):
                if name in broader:  # once: `duplicate-term` reports repeated terms
                    yield _problem(lint_input, listed, number, broader.pop(name))


def _broader(taxonomy: Taxonomy, listed: Listed) -> dict[str, str]:
    """For each redundant term, the first term in the list that makes it redundant."""
    waiting = taxonomy.bits_of(listed.names)
    found: dict[str, str] = {}
    for other in dict.fromkeys(listed.names):
        related = taxonomy.above_any([other]) if listed.every else taxonomy.below_any([other])
        needless = related & waiting & ~taxonomy.bits_of([other])
        found.update(dict.fromkeys(taxonomy.names(needless), other))
        waiting &= ~needless
    return found


def _problem(lint_input: LintInput, listed: Listed, number: int, other: str) -> Problem:
    item = listed.items[number]
    what = "is implied by" if listed.every else "is below"
    edits = without_item(lint_input.source(item.span), listed.spans, number)
    return Problem(item.span, f"`{item.text}` {what} `{other}`, which is in the list", "remove it", edits=edits)


LINT = Lint("broad-and-narrow", "L119", "warning", "a broad and a narrow term in one list", _check, fixes="remove it")
