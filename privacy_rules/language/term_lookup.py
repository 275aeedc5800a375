"""Look up terms in the vocabularies of a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from privacy_rules.language import syntax
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.policy_errors import Errors
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Help
from privacy_rules.source.spelling import listing
from privacy_rules.vocabulary.intended_term import country, meant
from privacy_rules.vocabulary.taxonomy import SHIPPED, Taxonomy, noun_of, spelling

_EVERYTHING = ("any", "all", "anyone", "anything", "anybody", "everyone", "everything", "everybody")


class Lexicon:
    """The vocabularies of a policy, and the names that its broken parts may declare."""

    def __init__(self, vocabularies: Mapping[str, Taxonomy], lost: Lost, errors: Errors) -> None:
        self.vocabularies = vocabularies
        self.lost = lost
        self.errors = errors
        self._folded: dict[str, str] = {}

    def terms(self, items: Sequence[syntax.Item], vocabulary: str) -> tuple[str, ...] | None:
        """Return the terms as their vocabulary spells them, without repeats, or report the wrong ones and return None."""
        found = [self._term(item, vocabulary) for item in items]
        known = tuple(dict.fromkeys(term for term in found if term is not None))
        return None if None in found else known

    def texts(self, items: Sequence[syntax.Item], name: str) -> tuple[str, ...] | None:
        """Return the texts of a list, or report the names in it and return None."""
        wrong = [item for item in items if isinstance(item, syntax.Word)]
        for item in wrong:
            message = f"`{name}` is a set of text, and `{item.text}` is a name"
            self.errors.report(
                codes.TYPE, message, item.span, Help(f'write it in quotes: `"{item.text}"`', f'"{item.text}"')
            )
        return None if wrong else tuple(dict.fromkeys(item.text for item in items))

    def term(self, word: syntax.Word, vocabulary: str) -> str | None:
        """Return one term as its vocabulary spells it, or report that it is unknown and return None."""
        taxonomy = self.vocabularies[vocabulary]
        name = spelling(vocabulary, word.text)
        if name in taxonomy:
            return name
        if word.text not in self.lost:
            message = f"unknown {noun_of(vocabulary).name} `{word.text}`"
            self.errors.report(codes.UNKNOWN_TERM, message, word.span, self._help(word.text, taxonomy))
        return None

    def _term(self, item: syntax.Item, vocabulary: str) -> str | None:
        if isinstance(item, syntax.Word):
            return self.term(item, vocabulary)
        message = f"expected a term of `{vocabulary}`, found text"
        taxonomy = self.vocabularies[vocabulary]
        known = spelling(vocabulary, item.text) in taxonomy
        help_ = "write it without quotes" if known else self.errors.near_term(item.text, taxonomy)
        if vocabulary == "role" and not known and (region := self._region(item.text)):
            help_ = _of_a_region(item.text, region, taxonomy)
        if vocabulary == "role" and not help_:
            help_ = _of_one_entity(f'"{item.text}"')
        self.errors.report(codes.TYPE, message, item.span, help_)
        return None

    def _help(self, name: str, taxonomy: Taxonomy) -> str | None:
        if not taxonomy.terms:
            if taxonomy.name in SHIPPED:
                return Help("write `use std.core` for the usual terms", line="use std.core")
            return f"no terms are declared: write `{taxonomy.name} {{ {name} }}`"
        if taxonomy.name == "role" and (region := self._region(name)):
            return _of_a_region(name, region, taxonomy)
        if found := self.errors.near_term(name, taxonomy):
            return found
        if name in _EVERYTHING:
            return "to mean all of them, leave out the limit or the test"
        others = [other for other, terms in self.vocabularies.items() if name in terms]
        if others:
            return f"`{name}` is a term of `{others[0]}`; this needs a term of `{taxonomy.name}`"
        named = _of_one_entity(name) if taxonomy.name == "role" else None
        return named or listing(noun_of(taxonomy.name).many, taxonomy.terms)

    def as_spelt(self, name: str) -> str:
        """Return the term that a name differs from only in case and underscores, such as `optIn`; else the name."""
        if not self._folded:
            for taxonomy in self.vocabularies.values():
                self._folded.update((_folded(term), term) for term in taxonomy.terms)
                self._folded.update((term, term) for term in taxonomy.terms)
        return self._folded.get(name) or self._folded.get(_folded(name), name)

    def _region(self, name: str) -> str | None:
        """The region that a name means, by its code or its name, or None."""
        regions = self.vocabularies["region"]
        code = spelling("region", name)
        if code in regions:
            return code
        help_ = meant(name, regions)
        return help_.replacements[0] if help_ else country(name)


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


def _of_a_region(name: str, region: str, roles: Taxonomy) -> str:
    """The help for a region where a role belongs; `US` may be either."""
    if name.lower() in roles:
        return f"write `{name.lower()}` for the role, or `(country is {region})` for the region"
    return f"`{region}` is a region, not a role: write `(country is {region})`"


def _of_one_entity(name: str) -> str:
    return f"a limit names one party as `party {name}`, and one system as `system {name}`"
