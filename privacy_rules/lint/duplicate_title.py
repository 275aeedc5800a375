"""Report two rules with the same title: readers cannot tell whose findings they see.

rule a { title "Not sold"  forbid flow when exchange is sale }
rule b { title "Not sold"  forbid flow when exchange is rental }         # found

rule b { title "Not rented out"  forbid flow when exchange is rental }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    first: dict[str, syntax.Text] = {}
    for tree in lint_input.declared(syntax.Rule, everywhere=True):
        for meta in tree.metas:
            if meta.word.text == "title" and isinstance(meta.value, syntax.Text):
                other = first.setdefault(" ".join(meta.value.text.casefold().split()), meta.value)
                if other is not meta.value and lint_input.looks_at(meta.value.span):
                    message = f"another rule has the title `{meta.value.text}`"
                    yield Problem(meta.value.span, message, "give each rule its own title", also=(other.span,))


LINT = Lint("duplicate-title", "L128", "warning", "two rules with the same title", _check)
