"""Report test files beside the policy that cannot be read, so that it is unknown what they test.

- {rule: no_seling, subject: ads, verdict: violation}     # in a test file beside the policy

rule no_selling { … }                                     # found

rule no_seling { … }                                      # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.sibling_files import tests_of
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.span import Span


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for folder, tests in tests_of(lint_input).items():
        for file, wrong in tests.wrong:
            message = f"cannot read the tests `{shown(file)}`: {wrong.message}"
            also = (wrong.span,) if wrong.span else ()
            yield Problem(
                _place(lint_input, folder), message, wrong.help or "run `privacy-rules test` for the details", also
            )


def _place(lint_input: LintInput, folder: object) -> Span:
    """Return the place of the first rule of the policy's files in a folder, or else of their first line."""
    names = sorted(name for name in lint_input.asked if lint_input.paths[name].parent == folder)
    rules = [tree.name.span for _, tree in lint_input.rules if tree.name.span.file in names]
    return rules[0] if rules else Span(names[0], 1, 1)


LINT = Lint("unread-tests", "L145", "warning", "tests that cannot be read", _check)
