"""Report prose that the policy names but that cannot be read, so that citations cannot be checked.

policy p { text "gone.md" }                         # found

policy p { text "policy.md" }                       # passes, if that file exists
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for prose in lint_input.prose:
        if prose.error:
            message = f"cannot read the prose `{prose.name}`: {prose.reason}"
            yield from (Problem(at, message, _help(prose.error)) for at in prose.named_at if lint_input.looks_at(at))


def _help(error: Exception) -> str:
    match error:
        case PermissionError():
            return "let the file be read"
        case IsADirectoryError():
            return "name a file in that folder"
        case UnicodeDecodeError():
            return "save it as UTF-8"
        case _:
            return "correct the path, which is relative to this file"


LINT = Lint("unread-prose", "L118", "warning", "prose that cannot be read", _check)
