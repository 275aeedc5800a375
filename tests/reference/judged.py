"""The parts of a subject that are judged one by one."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item
from tests.reference.facts import Context, Facts, said


def subjects_of(estate: Estate, kind: Kind) -> list[str]:
    """The ids of the subjects of a rule about a kind."""
    match kind.family:
        case Kind.FLOW:
            return sorted(estate.flows)
        case Kind.SYSTEM | Kind.STORAGE | Kind.JOINING | Kind.USE | Kind.DERIVATION:
            return sorted(estate.systems)
        case Kind.PARTY:
            return sorted(estate.parties)
        case Kind.CONTRACT:
            return sorted(estate.contracts)
        case _:
            return ["organisation"]


def judged_of(facts: Facts, kind: Kind, subject: str) -> Iterator[Context]:
    """What is judged of a subject: one datum for one purpose, one item, one pair, or the subject itself."""
    family = kind.family
    if family is Kind.FLOW:
        for datum in facts.said_set(subject, "carries") or (None,):
            for purpose in facts.said_set(subject, "purposes") or (None,):
                yield Context(family, subject, datum, purpose)
    elif family is Kind.STORAGE:
        items = facts.estate.systems[subject].items
        if items is None:
            yield Context(family, subject)
        for item in items or ():
            yield Context(family, subject, datum=item.term, item=item)
    elif family is Kind.JOINING:
        pairs = facts.estate.systems[subject].pairs
        if pairs is None:
            yield Context(family, subject)
        for one, other in pairs or ():
            yield Context(family, subject, pair=(min(one, other), max(one, other)))
    elif family is Kind.USE:
        yield from _uses(facts, subject)
    elif family is Kind.DERIVATION:
        yield from _derivations(facts, subject)
    else:
        yield Context(family, subject)


def _uses(facts: Facts, system: str) -> Iterator[Context]:
    """One judged pair for each item of `uses`, category and purpose; one unknown one where it is not declared."""
    listed = said(facts.estate.systems[system], "uses")
    if not isinstance(listed, tuple) or not facts.policy.has_built_in(Entity.SYSTEM, "uses"):
        yield Context(Kind.USE, system)
        return
    for item in listed:
        assert isinstance(item, Item)
        purposes = dict(item.declared).get("purposes")
        for purpose in purposes if isinstance(purposes, tuple) else (None,):
            assert purpose is None or isinstance(purpose, str)
            yield Context(Kind.USE, system, item.term, purpose, item)


def _derivations(facts: Facts, system: str) -> Iterator[Context]:
    """One judged pair for each declared transform and made category."""
    declared = facts.estate.systems[system].transforms
    if declared is None:
        yield Context(Kind.DERIVATION, system)
    for each in declared or ():
        for made in each.makes:
            yield Context(Kind.DERIVATION, system, item=each, pair=(each.takes, made))
