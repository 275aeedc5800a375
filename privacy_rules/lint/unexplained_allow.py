"""Report an `allow` comment without a reason. It has no effect.

rule r { forbid flow of card }   # allow no-clause                     # found

rule r { forbid flow of card }   # allow no-clause: it is an example   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading


def _check(reading: Reading) -> Iterable[Found]:
    for allow in reading.allows:
        if not allow.reason and allow.name in reading.known:
            message = f"`{allow.name}` is allowed without a reason"
            yield Found(allow.span, message, f"write `# allow {allow.name}: …`, with the reason")


LINT = Lint("unexplained-allow", "L140", "warning", "an `allow` comment without a reason", _check, last=True)
