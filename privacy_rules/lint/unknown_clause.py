"""Report a citation that means no clause of the prose, or several. No findings if the policy names no readable prose.

policy p { text "policy.md" }
rule r { cites "#no-seling"  forbid flow of card }  # found

rule r { cites "#no-selling"  forbid flow of card } # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.span import Span
from privacy_rules.tracing.clause_index import MOST_MEANT, ClauseIndex
from privacy_rules.tracing.prose_loader import clauses_of


def _check(lint_input: LintInput) -> Iterable[Problem]:
    if not lint_input.prose or any(each.error for each in lint_input.prose):
        return
    cited = ClauseIndex(clauses_of(lint_input.prose))
    for cite, span in _cites(lint_input):
        found = cited.meant(cite)
        if not found:
            help_ = cited.help_for(cite) or "`privacy-rules trace` lists the clauses"
            yield Problem(span, f"the prose has no clause `{cite}`", help_)
        elif len(found) > 1:
            named, many = ", ".join(f"`{each.id}`" for each in found[:MOST_MEANT]), len(found) > MOST_MEANT
            count = f"more than {MOST_MEANT}" if many else len(found)
            help_ = "quote more of its words, or give the clause an anchor" if many else f"name one of {named}"
            yield Problem(span, f"`{cite}` means {count} clauses of the prose", help_)


def _cites(lint_input: LintInput) -> Iterable[tuple[str, Span]]:
    for rule in lint_input.declared(syntax.Rule):
        for meta in rule.metas:
            if meta.word.text == "cites" and meta.value:
                yield meta.value.text, meta.value.span
    for clause in lint_input.declared(syntax.Clause):
        yield clause.cited.text, clause.cited.span


LINT = Lint("unknown-clause", "L117", "warning", "a cited clause that does not exist", _check)
