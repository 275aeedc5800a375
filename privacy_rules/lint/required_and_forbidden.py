"""Report a rule that requires something of a subject that other rules forbid: one of them is always violated.

rule a { require choice is opt_in on disclosure of contact }
rule b { forbid disclosure of email when choice is opt_in }          # found: e-mail addresses, if these are contact data

rule b { forbid disclosure of email to marketer unless notice }      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.requirement_conflicts import dead_ends
from privacy_rules.source.words import listed


def _check(lint_input: LintInput) -> Iterable[Problem]:
    places = {rule.name: tree.name.span for rule, tree in lint_input.rules}
    for each in dead_ends(lint_input):
        others = listed((f"`{other.name}`" for other in each.others), "or")
        message = f"for some subjects, whatever complies with `{each.rule.name}` violates {others}"
        help_ = "fix one of them, or add a `permit` that lifts one; if nothing may be done, write `forbid`"
        also = tuple(other.name_span or other.span for other in each.others)
        yield Problem(places[each.rule.name], message, help_, also, example=each.example)


LINT = Lint(
    "required-and-forbidden", "L151", "warning", "a subject for which one rule requires what others forbid", _check
)
