"""Report an invisible character, or one that changes the text direction, in a name, a text or a comment.

title "Nobody sells\u200b lists"                      # found, if it is the character itself

title "Nobody sells lists"                          # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.invisible import of_policy
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for file in lint_input.looked_at:
        for each in of_policy(file.source):
            assert each.span is not None
            yield Problem(each.span, each.message, each.help)


LINT = Lint(
    "invisible-character", "L146", "warning", "an invisible character, or one that changes the text direction", _check
)
