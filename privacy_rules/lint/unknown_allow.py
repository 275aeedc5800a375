"""Report an `allow` comment that names an unknown lint.

rule r { forbid flow of card }   # allow no-clauze: it is an example   # found

rule r { forbid flow of card }   # allow no-clause: it is an example   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.source.spelling import Suggestions


def _check(reading: Reading) -> Iterable[Found]:
    suggestions = Suggestions()
    for allow in reading.allows:
        if allow.name not in reading.known:
            help_ = (
                suggestions.near(allow.name, reading.known, "lints") or "`privacy-rules lint --list` lists the lints"
            )
            yield Found(allow.span, f"there is no lint `{allow.name}`", help_)


LINT = Lint("unknown-allow", "L138", "warning", "an `allow` comment that names an unknown lint", _check, last=True)
