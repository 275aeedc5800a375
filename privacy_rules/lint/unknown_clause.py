"""A cite that means no clause of the prose, or several of them. Silent where the policy names no prose that can be read.

policy p { text "policy.md" }
rule r { cites "#no-seling"  forbid flow of card }  # found

rule r { cites "#no-selling"  forbid flow of card } # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.lint.running.lint import Found, Lint
from privacy_rules.lint.running.reading import Reading
from privacy_rules.source.span import Span
from privacy_rules.tracing.near import way_out
from privacy_rules.tracing.prose import meant


def _check(reading: Reading) -> Iterable[Found]:
    if not reading.prose or any(each.clauses is None for each in reading.prose):
        return
    known = [clause for each in reading.prose for clause in each.clauses or ()]
    for cite, span in _cites(reading):
        found = meant(cite, known)
        if not found:
            help_ = way_out(cite, known) or "`privacy-rules trace` lists the clauses"
            yield Found(span, f"the prose has no clause `{cite}`", help_)
        elif len(found) > 1:
            named = ", ".join(f"`{each.id}`" for each in found)
            yield Found(span, f"`{cite}` means {len(found)} clauses of the prose", f"say which of {named}")


def _cites(reading: Reading) -> Iterable[tuple[str, Span]]:
    for rule in reading.declared(syntax.Rule):
        for meta in rule.metas:
            if meta.word.text == "cites" and meta.value:
                yield meta.value.text, meta.value.span
    for clause in reading.declared(syntax.Clause):
        yield clause.cited.text, clause.cited.span


LINT = Lint("unknown-clause", "L117", "warning", "a cited clause that does not exist", _check)
