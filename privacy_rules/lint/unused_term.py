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
from privacy_rules.lint.framework.lint import Found, Lint
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.vocabulary.taxonomy import spelling


def _check(reading: Reading) -> Iterable[Found]:
    if not reading.policy.rules:
        return  # a vocabulary for other policies
    bearing = _bearing(reading)
    whole = references.whole_vocabularies(reading)
    reported: set[tuple[str, str]] = set()
    for block in reading.declared(syntax.Vocabulary):
        vocabulary = block.name.text
        if vocabulary in whole:
            continue
        for term in walk_terms(block.terms):
            reading.checkpoint()
            name = spelling(vocabulary, term.name.text)
            if (vocabulary, name) not in reported and name not in bearing[vocabulary]:
                reported.add((vocabulary, name))
                yield Found(
                    term.name.span,
                    f"no rule uses `{term.name.text}`, or a term above or below it",
                    "remove it, or write `# allow unused-term: …` with the reason why it is needed",
                )


def _bearing(reading: Reading) -> Mapping[str, set[str]]:
    """Return, by vocabulary, the terms that rules use and all terms above and below them."""
    found: dict[str, set[str]] = defaultdict(set)
    spoken_of: dict[str, list[str]] = defaultdict(list)
    for vocabulary, name in references.terms(reading):
        if name in reading.policy.taxonomy(vocabulary):
            spoken_of[vocabulary].append(name)
    for vocabulary, names in spoken_of.items():
        taxonomy = reading.policy.taxonomy(vocabulary)
        found[vocabulary].update(taxonomy.names(taxonomy.below_any(names) | taxonomy.above_any(names)))
    return found


LINT = Lint("unused-term", "L101", "note", "a term that no rule uses", _check)
