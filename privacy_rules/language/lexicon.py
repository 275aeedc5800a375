"""Looks up the terms that a place calls for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from privacy_rules.language import syntax
from privacy_rules.language.policy_errors import Mistakes
from privacy_rules.language.resolve_vocabularies import SHIPPED, noun, spelling
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Help
from privacy_rules.vocabulary.taxonomy import Taxonomy


class Lexicon:
    """The vocabularies of a policy, and what its broken parts may have declared."""

    def __init__(self, vocabularies: Mapping[str, Taxonomy], lost: syntax.Lost, mistakes: Mistakes) -> None:
        self.vocabularies = vocabularies
        self.lost = lost
        self.mistakes = mistakes

    def terms(self, items: Sequence[syntax.Item], vocabulary: str) -> tuple[str, ...] | None:
        """The terms as their vocabulary spells them, without repeats; None where one is wrong, which is told."""
        found = [self._term(item, vocabulary) for item in items]
        known = tuple(dict.fromkeys(term for term in found if term is not None))
        return None if None in found else known

    def texts(self, items: Sequence[syntax.Item], name: str) -> tuple[str, ...] | None:
        """The strings of a list; None where one is a term, which is told."""
        wrong = [item for item in items if isinstance(item, syntax.Word)]
        for item in wrong:
            message = f"`{name}` is a set of text, and `{item.text}` is a name"
            self.mistakes.tell(
                codes.TYPE, message, item.span, Help(f'write it in quotes: `"{item.text}"`', f'"{item.text}"')
            )
        return None if wrong else tuple(dict.fromkeys(item.text for item in items))

    def term(self, word: syntax.Word, vocabulary: str) -> str | None:
        """One term as its vocabulary spells it; None where it is unknown, which is told."""
        taxonomy = self.vocabularies[vocabulary]
        name = spelling(vocabulary, word.text)
        if name in taxonomy:
            return name
        if word.text not in self.lost:
            message = f"unknown {noun(vocabulary)} `{word.text}`"
            self.mistakes.tell(codes.UNKNOWN_TERM, message, word.span, self._way_out(word.text, taxonomy))
        return None

    def _term(self, item: syntax.Item, vocabulary: str) -> str | None:
        if isinstance(item, syntax.Word):
            return self.term(item, vocabulary)
        message = f"a term of `{vocabulary}` belongs here, and this is text"
        way_out = (
            "write it without quotes" if spelling(vocabulary, item.text) in self.vocabularies[vocabulary] else None
        )
        self.mistakes.tell(codes.TYPE, message, item.span, way_out)
        return None

    def _way_out(self, name: str, taxonomy: Taxonomy) -> str | None:
        if not taxonomy.terms:
            if taxonomy.name in SHIPPED:
                return Help("`use std.core` brings the usual terms", line="use std.core")
            return f"no terms are declared: write `{taxonomy.name} {{ {name} }}`"
        if found := self.mistakes.near(name, taxonomy.terms, taxonomy.name):
            return found
        others = [other for other, terms in self.vocabularies.items() if name in terms]
        return f"`{name}` is a term of `{others[0]}`, and one of `{taxonomy.name}` belongs here" if others else None
