"""Report that no rule applies to some collection, disclosure or use.

The lint is off unless the configuration turns it on.

rule r { forbid disclosure of card }                # found: a disclosure of anything else, every collection, every use

rule r { require notice on disclosure }             # passes, as far as disclosures go
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.analysis.search import No
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.language.syntax import Policy
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.span import Span

_KINDS = (Kind.COLLECTION, Kind.DISCLOSURE, Kind.USE)


def _check(lint_input: LintInput) -> Iterable[Problem]:
    if not lint_input.rules:
        return
    for kind in _KINDS:
        lint_input.checkpoint()
        found = lint_input.examples.outside(kind)
        if found is No.NOT_PROVED:
            lint_input.unproved.add(f"every {kind.value}")
        elif not isinstance(found, No):
            message = (
                f"no rule applies to some {kind.value}s" if kind is not Kind.USE else "no rule applies to some uses"
            )
            help_ = "add a rule that applies to it, or turn this lint off if the policy leaves it open on purpose"
            yield Problem(_place(lint_input), message, help_, example=found)


def _place(lint_input: LintInput) -> Span:
    """The name of the policy, else of its first rule."""
    headers = (
        each.name.span for file in lint_input.looked_at for each in file.declarations if isinstance(each, Policy)
    )
    return next(headers, lint_input.rules[0][1].name.span)


LINT = Lint(
    "no-rule-applies",
    "L152",
    "note",
    "a collection, disclosure or use to which no rule applies (off by default)",
    _check,
    on=False,
)
