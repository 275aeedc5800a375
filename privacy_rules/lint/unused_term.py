"""Report a term if no rule uses it or a term above or below it: every test of it is false.

purpose { orders  newsletter }                      # found: newsletter
rule r { forbid flow of card for orders }

purpose { orders }
rule r { forbid flow of card for orders }           # passes
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from privacy_rules.language import syntax
from privacy_rules.language.syntax_walks import walk_terms
from privacy_rules.lint.framework import references
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.vocabulary.taxonomy import spelling


def _check(lint_input: LintInput) -> Iterable[Problem]:
    if not lint_input.policy.rules:
        return  # a vocabulary for other policies
    bearing = _bearing(lint_input)
    whole = references.whole_vocabularies(lint_input)
    reported: set[tuple[str, str]] = set()
    for block in lint_input.declared(syntax.Vocabulary):
        vocabulary = block.name.text
        if vocabulary in whole:
            continue
        for term in walk_terms(block.terms):
            lint_input.checkpoint()
            name = spelling(vocabulary, term.name.text)
            if (vocabulary, name) not in reported and name not in bearing[vocabulary]:
                reported.add((vocabulary, name))
                yield Problem(
                    term.name.span,
                    f"no rule uses `{term.name.text}`, or a term above or below it",
                    "remove it, or write `# allow unused-term: …` with the reason why it is needed",
                )


def _bearing(lint_input: LintInput) -> Mapping[str, set[str]]:
    """Return, by vocabulary, the terms that rules use and all terms above and below them."""
    found: dict[str, set[str]] = defaultdict(set)
    spoken_of: dict[str, list[str]] = defaultdict(list)
    for vocabulary, name in references.terms(lint_input):
        if name in lint_input.policy.taxonomy(vocabulary):
            spoken_of[vocabulary].append(name)
    for vocabulary, names in spoken_of.items():
        taxonomy = lint_input.policy.taxonomy(vocabulary)
        found[vocabulary].update(taxonomy.names(taxonomy.below_any(names) | taxonomy.above_any(names)))
    return found


LINT = Lint("unused-term", "L101", "note", "a term that no rule uses", _check)
