"""`owned by`: whether a party up the chain of parents is meant."""

from __future__ import annotations

from collections.abc import Callable

from privacy_rules.checking.logic import Truth
from privacy_rules.language.policy import Condition, OwnedBy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.vocabulary.attributes import Entity
from tests.reference.facts import Context, Facts
from tests.reference.terms import UNKNOWN, either

Holds = Callable[[Condition, Context], Truth]


def owned_by(facts: Facts, test: OwnedBy, context: Context, holds: Holds) -> Truth:
    """A party that is not known may be any; it is not owned so only if none of them is."""
    if context.kind is Kind.PARTY:
        return owned(facts, context.id, test.owner, holds)
    party = facts.party_of(facts.system_of(context, test.side))
    if party is None:
        return min(UNKNOWN, either(*(owned(facts, each, test.owner, holds) for each in facts.estate.parties)))
    return owned(facts, party, test.owner, holds)


def owned(facts: Facts, party: str, owner: Condition, holds: Holds) -> Truth:
    """Some party up the chain is meant; the chain ends for certain only where somebody has `parent: none`."""
    values: list[Truth] = []
    for _ in facts.estate.parties:
        parent = facts.value(facts.estate.parties[party], facts.policy.attributes[Entity.PARTY, "parent"])
        if parent == "none":
            return either(*values)
        if not isinstance(parent, str):
            break
        values.append(holds(owner, Context(Kind.PARTY, parent)))
        party = parent
    return either(*values, UNKNOWN)  # it goes on where nothing is said, and in a circle it never ends
