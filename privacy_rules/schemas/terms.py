"""The terms of a vocabulary as a schema: those of the policy, spelt in any way that a manifest may spell them."""

from __future__ import annotations

import re
from collections.abc import Collection

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.schemas.json_schema import Schema, either
from privacy_rules.vocabulary.taxonomy import noun_of

_BOOLEANS = {"true": True, "false": False}


def any_term(vocabulary: str) -> Schema:
    """A term of a policy that is not known."""
    return {"type": "string", "title": noun_of(vocabulary).name}


def terms_of(vocabulary: str, policy: Policy, lexicon: Lexicon) -> Schema:
    """The terms that the policy has; where it has none, nothing fits."""
    noun, terms = noun_of(vocabulary), lexicon.terms(vocabulary)
    if not terms:
        return {"not": {}, "title": noun.name, "description": f"The policy declares no {noun.many}."}
    offered = [_offered(term, vocabulary, lexicon) for term in terms]
    others = {each for term in terms for each in _spellings(term, vocabulary, lexicon)}.difference(offered)
    found: Schema = {"enum": offered, **_described(terms, policy.taxonomy(vocabulary).descriptions)}
    if others:  # a pattern, so that an editor completes each term once
        found = either(found, {"type": "string", "pattern": f"^(?:{'|'.join(map(re.escape, sorted(others)))})$"})
    return {**_with_booleans(found, {*offered, *others}), "title": noun.name}


def _spellings(term: str, vocabulary: str, lexicon: Lexicon) -> list[str]:
    return [each for each in (term, term.lower(), term.upper()) if lexicon.spelling(vocabulary, each) == term]


def _offered(term: str, vocabulary: str, lexicon: Lexicon) -> str:
    """A country's code in capitals, as people write it; any other term as the vocabulary has it."""
    is_code = vocabulary == "region" and len(term) == 2
    return _spellings(term, vocabulary, lexicon)[-1] if is_code else term


def _described(terms: Collection[str], descriptions: dict[str, str]) -> Schema:
    """What the policy says of its terms, in the keyword that editors read."""
    return {"enumDescriptions": [descriptions.get(term, "") for term in terms]} if descriptions else {}


def _with_booleans(found: Schema, spellings: Collection[str]) -> Schema:
    """A term named `true` is a truth value to an editor that reads YAML, and a term to us."""
    meant = sorted({_BOOLEANS[each.lower()] for each in spellings if each.lower() in _BOOLEANS})
    return either(found, {"enum": meant}) if meant else found
