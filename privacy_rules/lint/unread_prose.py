"""Report prose that the policy names but that cannot be read, so that citations cannot be checked.

policy p { text "gone.md" }                         # found

policy p { text "policy.md" }                       # passes, if that file exists
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading


def _check(reading: Reading) -> Iterable[Found]:
    for each in reading.prose:
        if each.clauses is None and reading.looks_at(each.named_at):
            message = f"cannot read the prose `{each.name}`: {each.reason}"
            yield Found(each.named_at, message, each.way_out)


LINT = Lint("unread-prose", "L118", "warning", "prose that cannot be read", _check)
