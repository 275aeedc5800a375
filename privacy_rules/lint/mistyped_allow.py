"""Report a comment that resembles an `allow` comment but does not have its form.

rule r { forbid flow of card }   # allow no-clause - an example        # found
rule r { forbid flow of card }   # Allow no-clause: an example         # found

rule r { forbid flow of card }   # allow no-clause: an example         # passes
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from privacy_rules.lint.framework.allow_comments import comments
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.spelling import Suggestions

_LIKE = re.compile(r"#+\s*(?:allow\w*|ignor\w*|disabl\w*|suppress\w*|noqa|nolint|lint)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_FIRST = 3
"""Look for a lint's name in this number of words."""


def _check(lint_input: LintInput) -> Iterable[Problem]:
    suggestions = Suggestions()
    for file in lint_input.looked_at:
        allowed = {each.span for each in lint_input.allows}
        for comment in comments(file.source):
            said = _LIKE.match(comment.text)
            if (
                said
                and comment.span not in allowed
                and (name := _named(lint_input, comment.text[said.end() :], suggestions))
            ):
                help_ = f"write `# allow {name}: …`, with the reason"
                yield Problem(
                    comment.span, "this comment has no effect: it does not have the form of an `allow` comment", help_
                )


def _named(lint_input: LintInput, words: str, suggestions: Suggestions) -> str | None:
    """Return the lint that a comment names; the first word may be misspelt."""
    found = _WORD.findall(words)[:_FIRST]
    for word in found:
        if word in lint_input.known:
            return lint_input.known[word]
    near = suggestions.nearest(found[0], lint_input.known, "lints") if found and "-" in found[0] else None
    return lint_input.known[near] if near else None


LINT = Lint("mistyped-allow", "L142", "warning", "a comment that only resembles an `allow` comment", _check, last=True)
