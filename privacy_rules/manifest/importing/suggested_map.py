"""Suggest a map: each word that no map has, with the term of the policy that is closest in meaning."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.importing.result import Result
from privacy_rules.manifest.importing.term_map import ATTRIBUTES, KEYS, SECTIONS
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.intended_term import country
from privacy_rules.vocabulary.nearest_term import Meanings, Near

MOST, MOST_COMPARISONS = 2_000, 5_000_000
"""The most words that are compared with all terms of a vocabulary, and the most comparisons."""
_MOST_SYSTEMS = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word with its count, and the closest term. `otherwise` is the value in the map if no term is a clear match.

    `compared` is False if there were too many words to compare this one, too.
    """

    word: str
    count: int
    term: str | None = None
    sure: bool = False
    otherwise: str = "null"
    compared: bool = True


@dataclass(frozen=True, slots=True)
class SuggestedMap:
    """Suggestions by section of a map, and the systems without a declared party."""

    sections: Mapping[str, tuple[Suggestion, ...]]
    systems: tuple[str, ...]


def suggested(result: Result, policy: Policy) -> SuggestedMap:
    """Draft a map for the words of an import."""
    sections: dict[str, list[Suggestion]] = {}
    meanings: dict[str, Meanings] = {}
    spare, comparisons = MOST, MOST_COMPARISONS
    for (section, word), count in sorted(result.unmapped.items(), key=lambda each: (-each[1], each[0])):
        near, compared = None, section not in SECTIONS or (spare > 0 and comparisons > 0)
        if section in SECTIONS and compared:
            vocabulary = SECTIONS[section]
            spare, comparisons = spare - 1, comparisons - len(policy.taxonomy(vocabulary).terms)
            if vocabulary not in meanings:
                meanings[vocabulary] = Meanings(policy.taxonomy(vocabulary))
            near = _country(word, policy) if vocabulary == "region" else meanings[vocabulary].nearest(word)
        otherwise = "{}" if section in ATTRIBUTES else "null"
        term, sure = (near.term, near.sure) if near else (None, False)
        sections.setdefault(section, []).append(Suggestion(word, count, term, sure, otherwise, compared))
    systems = result.manifest.get("systems", {})
    without = [name for name, body in systems.items() if not (isinstance(body, dict) and "party" in body)]
    ordered = {key: tuple(sections[key]) for key in KEYS if key in sections}
    return SuggestedMap(ordered, tuple(without[:_MOST_SYSTEMS]))


def _country(word: str, policy: Policy) -> Near | None:
    code = country(word)
    return Near(code, sure=True) if code is not None and code in policy.taxonomy("region") else None
