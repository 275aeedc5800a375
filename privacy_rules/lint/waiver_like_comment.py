"""Report a comment that postpones or disables a rule: it appears in no report and never expires.

# rule no_selling { forbid flow when exchange is sale }   # found
# temporarily off until the contract is signed            # found

# Whoever pays for it is a marketer here.                 # passes
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from privacy_rules.lint.framework.allow_comments import comments
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput

_PUT_OFF = re.compile(r"\b(waive[ds]?|waiving|temporar(y|ily)|until further notice|todo|fixme|xxx)\b", re.IGNORECASE)
_DISABLED = re.compile(
    r"#+\s*(rule\s+\w+\s*\{|(forbid|require|permit|allow)\s.*\b(flow|collection|sharing|disclosure|system|"
    r"storage|joining|use|derivation|party|contract|organisation)\b.*[^.!?]\Z)"
)


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for file in lint_input.looked_at:
        allowed = {each.span for each in lint_input.allows}
        for comment in comments(file.source):
            if comment.span in allowed:
                continue
            if _DISABLED.match(comment.text):
                yield Problem(comment.span, "a rule that is commented out appears in no report", _HELP)
            elif word := _PUT_OFF.search(comment.text):
                yield Problem(comment.span, f"a comment waives nothing, and `{word[0]}` does not name a day", _HELP)


_HELP = "remove it; to suppress a finding, write a waiver in the manifest, or a permit with `applies until`"


LINT = Lint("waiver-like-comment", "L137", "warning", "a comment that postpones or disables a rule", _check)
