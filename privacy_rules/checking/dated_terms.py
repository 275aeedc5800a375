"""Which edges with dates decide a test of terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import Fact
from privacy_rules.language.conditions import terms
from privacy_rules.language.policy import Condition, Covers, JudgedIs, Policy
from privacy_rules.vocabulary.attributes import Attribute
from privacy_rules.vocabulary.dated_edges import Dated, depended_on
from privacy_rules.vocabulary.values import Item, Transform

_KINDS = ("organisation", "outside", "data_subject")
"""The roles that decide of which kind a flow is."""


def dated_terms(
    policy: Policy, condition: Condition, facts: Sequence[Fact], frame: Frame, day: date
) -> tuple[Dated, ...]:
    """Return the edges with dates that decide a test, given its facts; most policies have none."""
    if not any(each.periods for each in policy.vocabularies.values()):
        return ()
    asked: dict[str, set[str]] = defaultdict(set)
    for vocabulary, term in terms(condition):
        asked[vocabulary].add(term)
    if isinstance(condition, SubjectIs):
        asked["role"].update(_KINDS)
    found: dict[Dated, None] = {}
    for vocabulary, value, meant in _values(policy, condition, facts, frame, asked):
        found.update(dict.fromkeys(depended_on(policy.taxonomy(vocabulary), value, meant, day)))
    return tuple(found)


def _values(
    policy: Policy, condition: Condition, facts: Sequence[Fact], frame: Frame, asked: dict[str, set[str]]
) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the terms that are tested, each with its vocabulary and the terms that are asked for."""
    if isinstance(condition, Covers | JudgedIs):
        judged = frame.data if condition.judged == "data" else frame.purpose
        promised = (
            {each for fact in facts for each in _terms(fact)}
            if isinstance(condition, Covers)
            else asked[condition.judged]
        )
        if judged is not None:
            yield condition.judged, judged, promised
        return
    for fact in facts:
        attribute: Attribute | None = policy.attributes.get((fact.entity, fact.attribute))
        vocabulary = attribute.type.vocabulary if attribute else None
        if vocabulary in asked:
            yield from ((vocabulary, each, asked[vocabulary]) for each in _terms(fact))


def _terms(fact: Fact) -> Iterator[str]:
    for each in (fact.value,) if isinstance(fact.value, str) else fact.value if isinstance(fact.value, tuple) else ():
        match each:
            case str():
                yield each
            case Item(term=term):
                yield term
            case Transform(takes=takes, makes=makes):
                yield from (takes, *makes)
            case tuple():
                yield from map(str, each)
