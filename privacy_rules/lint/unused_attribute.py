"""Report an attribute of the policy that no condition tests: declaring it has no effect.

attribute double_opt_in on flow: flag
rule r { require choice is opt_in on collection }   # found: double_opt_in

attribute double_opt_in on flow: flag
rule r { require double_opt_in on collection }      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.lint.framework import references
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    if not lint_input.policy.rules:
        return
    asked = {name.rpartition(".")[2] for _, name in references.names(lint_input)}
    for attribute in lint_input.declared(syntax.Attribute):
        if attribute.name.text not in asked:
            message = f"no condition tests the attribute `{attribute.name.text}`"
            yield Problem(attribute.name.span, message, "remove it here and from the manifests, or test it in a rule")


LINT = Lint("unused-attribute", "L103", "warning", "an attribute that no condition tests", _check)
