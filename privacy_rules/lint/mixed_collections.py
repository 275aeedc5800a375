"""Report `collected with (C)` if `only` or `partly` is meant: without it, collections that differ give unknown.

rule r { require collected with (choice is opt_in) on disclosure }          # found: write `only`
rule s { forbid disclosure when collected with (choice is opt_out) }        # found: write `partly`

rule r { require collected only with (choice is opt_in) on disclosure }     # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import CollectedWith
from privacy_rules.lint.framework.condition_polarity import signed_conditions, with_inner
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    signs: dict[int, tuple[CollectedWith, set[int]]] = {}
    for rule in lint_input.policy.rules:
        for signed in with_inner(signed_conditions(rule)):
            if isinstance(signed.condition, CollectedWith) and signed.condition.how is None:
                signs.setdefault(id(signed.condition), (signed.condition, set()))[1].add(signed.sign)
    for condition, found in signs.values():
        if len(found) == 1:
            how = "partly" if found == {1} else "only"
            fails = "one satisfies the condition" if how == "partly" else "one fails the condition"
            message = f"if a declared `origin` names several collections, this test is undecided if {fails}"
            yield Problem(condition.span, message, f"write `collected {how} with` if that is what you mean")


LINT = Lint(
    "mixed-collections", "L148", "note", "a test of collections that is undecided if the collections differ", _check
)
