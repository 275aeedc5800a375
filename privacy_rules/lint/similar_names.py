"""Report two names of one kind that differ only in case or underscores.

rule no_selling { … }   rule noselling { … }        # found

rule no_selling { … }   rule no_renting { … }       # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.language.syntax_walks import walk_terms
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for kind, names in _names(lint_input).items():
        first: dict[str, syntax.Word] = {}
        for word in names:
            other = first.setdefault(word.text.casefold().replace("_", ""), word)
            if other.text != word.text and (lint_input.looks_at(word.span) or lint_input.looks_at(other.span)):
                place, also = (word, other) if lint_input.looks_at(word.span) else (other, word)
                message = f"{kind} `{place.text}` differs from `{also.text}` only in case or underscores"
                yield Problem(place.span, message, "rename one of them", also=(also.span,))


def _names(lint_input: LintInput) -> dict[str, list[syntax.Word]]:
    """Return the names of each kind in order of place. Attributes and defines share one namespace; regions are not case-sensitive."""
    found: dict[str, list[syntax.Word]] = {
        "rule": [each.name for each in lint_input.declared(syntax.Rule, everywhere=True)],
        "name": [
            *(each.name for each in lint_input.declared(syntax.Attribute, everywhere=True)),
            *(each.name for each in lint_input.declared(syntax.Define, everywhere=True)),
        ],
    }
    for block in lint_input.declared(syntax.Vocabulary, everywhere=True):
        if block.name.text != "region":
            found.setdefault(f"{block.name.text} term", []).extend(each.name for each in walk_terms(block.terms))
    return {kind: sorted(names, key=lambda each: each.span) for kind, names in found.items()}


LINT = Lint("similar-names", "L125", "warning", "names that differ only in case or underscores", _check)
