"""Report an `allow` comment without a reason. It has no effect.

rule r { forbid flow of card }   # allow no-clause                     # found

rule r { forbid flow of card }   # allow no-clause: it is an example   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for allow in lint_input.allows:
        if not allow.reason and allow.name in lint_input.known:
            message = f"`{allow.name}` is allowed without a reason"
            yield Problem(allow.span, message, f"write `# allow {allow.name}: …`, with the reason")


LINT = Lint("unexplained-allow", "L140", "warning", "an `allow` comment without a reason", _check, last=True)
