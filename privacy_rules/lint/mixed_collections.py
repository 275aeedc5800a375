"""Report `collected with (C)` if `only` or `partly` is meant: it stays unknown as soon as the collections differ.

rule r { require collected with (choice is opt_in) on disclosure }          # found: write `only`
rule s { forbid disclosure when collected with (choice is opt_out) }        # found: write `partly`

rule r { require collected only with (choice is opt_in) on disclosure }     # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import CollectedWith
from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.signed_conditions import parts_below, rule_parts


def _check(reading: Reading) -> Iterable[Found]:
    signs: dict[int, tuple[CollectedWith, set[int]]] = {}
    for rule in reading.policy.rules:
        for part in parts_below(rule_parts(rule)):
            if isinstance(part.condition, CollectedWith) and part.condition.how is None:
                signs.setdefault(id(part.condition), (part.condition, set()))[1].add(part.sign)
    for condition, found in signs.values():
        if len(found) == 1:
            how = "partly" if found == {1} else "only"
            fails = "one satisfies the condition" if how == "partly" else "one fails the condition"
            message = f"if a declared `origin` names several collections, this stays undecided as soon as {fails}"
            yield Found(condition.span, message, f"write `collected {how} with` if that is what you mean")


LINT = Lint("mixed-collections", "L148", "note", "a test of collections that stays undecided if they differ", _check)
