"""Report an `allow` comment that names an unknown lint.

rule r { forbid flow of card }   # allow no-clauze: it is an example   # found

rule r { forbid flow of card }   # allow no-clause: it is an example   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.spelling import Suggestions


def _check(lint_input: LintInput) -> Iterable[Problem]:
    suggestions = Suggestions()
    for allow in lint_input.allows:
        if allow.name not in lint_input.known:
            help_ = (
                suggestions.near(allow.name, lint_input.known, "lints") or "`privacy-rules lint --list` lists the lints"
            )
            yield Problem(allow.span, f"there is no lint `{allow.name}`", help_)


LINT = Lint("unknown-allow", "L138", "warning", "an `allow` comment that names an unknown lint", _check, last=True)
