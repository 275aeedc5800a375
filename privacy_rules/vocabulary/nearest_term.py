"""Find the term of a vocabulary that is nearest in meaning to a word of another tool.

Words are compared by what they mean: their parts, the synonyms of these, and the descriptions of the terms. Spelling
counts only if meanings do not decide.

>>> data = Taxonomy("data", {"contact": (), "email_address": ("contact",)}, {"contact": "how to reach a person"})
>>> nearest_term("user.contact.mail", data)
Near(term='email_address', sure=True)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import sqrt

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.spelling import nearest
from privacy_rules.vocabulary.synonyms import MEANINGS
from privacy_rules.vocabulary.taxonomy import Taxonomy

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PART = re.compile(r"[^\W_]+")
_WORDS = """
a an and any as at be by for from in is it of on or our that the their this to us we what which who with
customer data detail id information number other person personal user
"""
_STOP = frozenset(_WORDS.split())
"""Words that say nothing about which term is meant."""
_OUTER, _DESCRIBED, _PARENT = 0.2, 0.4, 0.2
_SURE, _POSSIBLE = 0.7, 0.3
_LONGEST = 200

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Near:
    """A term, and whether its meaning surely matches (`sure`), or may."""

    term: str
    sure: bool


class Meanings:
    """The meanings of the terms of a vocabulary."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._terms = {term: self._of_term(term) for term in taxonomy.terms}

    def nearest(self, word: str) -> Near | None:
        """The term that is nearest to a word; None if none is near."""
        wanted = _of_word(word[:_LONGEST])
        scored = [
            (_alike(wanted, each), -len(self._taxonomy.parents[term]), term) for term, each in self._terms.items()
        ]
        score, _, term = max(scored, default=(0.0, 0, ""))
        if score >= _POSSIBLE:
            return Near(term, score >= _SURE and all(wanted.get(each) == 1 for each in _meanings(term)))
        spelt = nearest(word.rpartition(".")[2], self._taxonomy.terms)
        return Near(spelt, sure=False) if spelt else None

    def _of_term(self, term: str) -> Weights:
        found = dict.fromkeys(_meanings(term), 1.0)
        for each in _meanings(self._taxonomy.descriptions.get(term, "")):
            found.setdefault(each, _DESCRIBED)
        for parent in self._taxonomy.parents[term]:
            for each in _meanings(parent):
                found.setdefault(each, _PARENT)
        return found


def nearest_term(word: str, taxonomy: Taxonomy) -> Near | None:
    """The term of a vocabulary that is nearest in meaning to a word; None if none is near."""
    return Meanings(taxonomy).nearest(word)


def _of_word(word: str) -> Weights:
    """The meanings of a word: those after its last dot count most."""
    outer, _, last = word.rpartition(".")
    found = dict.fromkeys(_meanings(last), 1.0)
    for each in _meanings(outer):
        found.setdefault(each, _OUTER)
    return found


def _meanings(words: str) -> list[str]:
    parts = [each.lower() for each in _PART.findall(_CAMEL.sub(" ", words))]
    return [_meaning(each) for each in parts if each not in _STOP and each.removesuffix("s") not in _STOP]


def _meaning(part: str) -> str:
    for each in (part, part.removesuffix("s"), part.removesuffix("es"), part.removesuffix("ies") + "y"):
        if each in MEANINGS:
            return MEANINGS[each]
    return part.removesuffix("s") if len(part) > 3 else part


def _alike(one: Weights, other: Weights) -> float:
    """How much two bags of meanings have in common, from 0 to 1."""
    shared = sum(weight * other[each] for each, weight in one.items() if each in other)
    size = sqrt(sum(each * each for each in one.values()) * sum(each * each for each in other.values()))
    return shared / size if size else 0.0
