"""Report a default of the policy that lets undeclared values pass: they count as compliant.

attribute encrypted on flow: flag default yes
rule r { require encrypted on flow of card }        # found: the default

attribute encrypted on flow: flag
rule r { require encrypted on flow of card }        # passes: undeclared is undetermined
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.value_tests import value_test
from privacy_rules.language import syntax
from privacy_rules.language.policy import Compares, Includes, IsFlagged, IsTerm, Rule, Within
from privacy_rules.lint.framework.condition_polarity import signed_conditions, with_inner
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    lenient = _lenient(lint_input)
    for attribute in lint_input.declared(syntax.Attribute):
        rule = lenient.get(attribute.name.text)
        if attribute.default is not None and rule is not None:
            name = attribute.name.text
            message = f"with this default, anything that does not declare `{name}` passes a test of `{rule.name}`"
            help_ = "remove the default: what is undeclared is then undetermined"
            yield Problem(attribute.default.span, message, help_, also=(rule.name_span or rule.span,))


def _lenient(lint_input: LintInput) -> dict[str, Rule]:
    """Yield the attributes whose default lets a subject pass a test, each with the first such rule."""
    found: dict[str, Rule] = {}
    for rule in lint_input.policy.rules:
        for signed in with_inner(signed_conditions(rule)):
            condition = signed.condition
            if isinstance(condition, IsTerm | Includes | Within | Compares | IsFlagged):
                attribute = condition.reference.attribute
                favourable = FALSE if signed.sign == 1 else TRUE
                if attribute.default is not None:
                    value = value_test(lint_input.policy, condition)(attribute.default)
                    if value == favourable:
                        found.setdefault(attribute.name, rule)
    return found


LINT = Lint("innocent-default", "L122", "warning", "a default that lets undeclared values pass", _check)
