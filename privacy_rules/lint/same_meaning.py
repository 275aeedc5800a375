"""Report two rules that mean the same for everything on every day.

rule a { forbid flow of card when not notice }
rule b { require notice on flow of card }           # found

rule a { forbid flow of card when not notice }
rule b { require notice on flow of email }          # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.implications import implications
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for same in implications(lint_input):
        if same.both_ways:
            (other,) = same.others
            message = f"`{same.rule.name}` means the same as `{other.name}`"
            help_ = "remove one of them; the other can cite both clauses"
            yield Problem(same.place, message, help_, also=(other.name_span or other.span,))


LINT = Lint("same-meaning", "L126", "warning", "two rules with the same meaning", _check)
