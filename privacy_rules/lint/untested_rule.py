"""Report a rule that no test expects a finding of. No findings unless there are test files (`*.tests.yaml`) beside the policy.

- {rule: no_selling, subject: ads, verdict: violation}    # in a test file beside the policy

rule no_selling { … }   rule no_renting { … }             # found: no_renting

rule no_selling { … }                                     # passes

A permit has no findings and needs no test. If a test file cannot be read, there are no findings (see unread-tests). `privacy-rules test` says whether the tests pass.
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.sibling_files import tests_of


def _check(lint_input: LintInput) -> Iterable[Problem]:
    known = tests_of(lint_input)
    for rule, tree in lint_input.rules:
        tests = known.get(lint_input.paths[tree.name.span.file].parent)
        if tests is None or tests.wrong:
            continue
        if rule.statement != "permit" and rule.name not in tests.rules:
            message = f"no test beside the policy expects a finding of `{rule.name}`"
            yield Problem(tree.name.span, message, "add a case that violates it")


LINT = Lint("untested-rule", "L141", "warning", "a rule that no test covers", _check)
