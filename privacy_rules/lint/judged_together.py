"""Report a test of a whole list whose items are judged one by one, so that one wrong item makes all others fail.

rule r { require carries within (email, phone) on flow }   # found

rule r { require data is (email, phone) on flow }          # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language.policy import Owner, Rule, Side, Within
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.lint.framework.condition_polarity import signed_conditions, with_inner
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput

_JUDGED = {
    (Kind.FLOW, Owner.FLOW, "carries"): "data",
    (Kind.FLOW, Owner.FLOW, "purposes"): "purpose",
    (Kind.STORAGE, Owner.SYSTEM, "stores"): "data",
}
"""What is judged one by one, by the kind of subject and the list."""


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for rule, _ in lint_input.rules:
        for test, judged in _tests(rule):
            terms = test.terms[0] if len(test.terms) == 1 else f"({', '.join(test.terms)})"
            one = "purpose" if judged == "purpose" else "datum"
            message = f"`{test.text}` is false for every {one} of the {rule.subject.kind.family} as soon as one is not in the list"
            yield Problem(
                test.span, message, f"write `{judged} is {terms}`, which fails only for what is not in the list"
            )


def _tests(rule: Rule) -> Iterable[tuple[Within, str]]:
    """Yield the tests of whole lists through which a subject may comply, each with what is judged one by one."""
    for signed in with_inner(signed_conditions(rule)):
        test = signed.condition
        if signed.sign == -1 and signed.side is Side.SUBJECT and isinstance(test, Within) and not test.non_empty:
            key = rule.subject.kind.family, test.reference.owner, test.reference.attribute.name
            if key in _JUDGED:
                yield test, _JUDGED[key]


LINT = Lint("judged-together", "L147", "warning", "a test of a whole list whose items are judged one by one", _check)
