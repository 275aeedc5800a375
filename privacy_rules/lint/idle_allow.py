"""Report an `allow` comment of a lint that has no finding there.

rule r { cites "#cards"  forbid flow of card }   # allow no-clause: it is an example   # found

rule r { forbid flow of card }   # allow no-clause: it is an example   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading


def _check(reading: Reading) -> Iterable[Found]:
    for allow in reading.idle:
        message = f"`{allow.name}` has no finding here to suppress"
        yield Found(allow.span, message, "remove the comment, or move it to the line that you mean, or above it")


LINT = Lint("idle-allow", "L139", "warning", "an `allow` comment that has no effect", _check, last=True)
