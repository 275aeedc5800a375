"""Report an `allow` comment for a lint that has no finding there.

rule r { cites "#cards"  forbid flow of card }   # allow no-clause: it is an example   # found

rule r { forbid flow of card }   # allow no-clause: it is an example   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for allow in lint_input.idle:
        message = f"`{allow.name}` has no finding here to suppress"
        yield Problem(allow.span, message, "remove the comment, or move it to the line that you mean, or above it")


LINT = Lint("idle-allow", "L139", "warning", "an `allow` comment that has no effect", _check, last=True)
