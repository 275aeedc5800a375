"""`under contract`: which parties a contract binds, on which days, and whether one satisfies a condition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from privacy_rules.checking.logic import Truth
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity
from tests.reference.facts import Facts, Silence, said
from tests.reference.terms import FALSE, TRUE, UNKNOWN, both, either, opposite, truth

Satisfies = Callable[[Record], Truth]


class Contracts:
    def __init__(self, facts: Facts, day: date) -> None:
        self.facts = facts
        self.day = day

    def in_force(self, contract: Record) -> Truth:
        attributes = self.facts.policy.attributes
        begins = self.facts.value(contract, attributes[Entity.CONTRACT, "from"])
        ends = self.facts.value(contract, attributes[Entity.CONTRACT, "until"])
        return both(self._begun(begins), self._not_ended(ends))

    def _begun(self, begins: object) -> Truth:
        if begins is Silence.FROM_EVER:
            return TRUE
        return truth(begins <= self.day) if isinstance(begins, date) else UNKNOWN

    def _not_ended(self, ends: object) -> Truth:
        if ends is Silence.UNTIL_ENDED:
            return TRUE
        return truth(self.day < ends) if isinstance(ends, date) else UNKNOWN

    def is_us(self, party: str) -> Truth:
        return self.facts.party_has_role(party, "us")

    def binds(self, contract: Record, one: str, other: str) -> Truth:
        """Whether the contract is one between two declared parties."""
        if one == other:
            return FALSE
        with_, between = said(contract, "with"), said(contract, "between")
        if isinstance(with_, str):
            if with_ == one:
                return self.is_us(other)
            return self.is_us(one) if with_ == other else FALSE
        if isinstance(between, tuple):
            return truth(one in between and other in between)
        return UNKNOWN  # `null`: with whom is not known

    def is_for(self, contract: Record, systems: tuple[str, ...]) -> Truth:
        """Whether the contract is for the systems asked about; for parties alone, whichever systems it is for.

        Some listed system is one of them, and each of them whose party owns a listed one is listed.
        """
        if not self.facts.policy.has_built_in(
            Entity.CONTRACT, "systems"
        ):  # an older policy's own attribute limits nothing
            return TRUE
        listed = self.facts.value(contract, self.facts.policy.attributes[Entity.CONTRACT, "systems"])
        if listed is Silence.ALL_SYSTEMS or not systems:
            return TRUE
        if not isinstance(listed, tuple):
            return UNKNOWN
        named = truth(any(each in listed for each in systems))
        owning = [self._one_party(each, other) for each in systems if each not in listed for other in listed]
        return both(named, *(opposite(each) for each in owning))

    def _one_party(self, one: str, other: object) -> Truth:
        owners = self.facts.party_of(one), self.facts.party_of(str(other))
        return UNKNOWN if None in owners else truth(owners[0] == owners[1])

    def between(self, one: str | None, other: str | None, satisfies: Satisfies) -> Truth:
        """Some contract between the two, in force, that satisfies the condition."""
        return either(
            *(
                both(self._may_bind(contract, one, other), self.in_force(contract), satisfies(contract))
                for contract in self.facts.estate.contracts.values()
            )
        )

    def _may_bind(self, contract: Record, one: str | None, other: str | None) -> Truth:
        if one is not None and other is not None:
            return self.binds(contract, one, other)
        possible = either(
            *(self.binds(contract, first, second) for first in self._may_be(one) for second in self._may_be(other))
        )
        return min(possible, UNKNOWN)

    def _may_be(self, party: str | None) -> tuple[str, ...]:
        return tuple(self.facts.estate.parties) if party is None else (party,)

    def bound_to_us(self, party: str | None, satisfies: Satisfies, systems: tuple[str, ...]) -> Truth:
        """The party is us, or the first contract, for the systems, binds it to one that is bound without it."""
        if party is None or not systems:
            return self._bound(party, satisfies, tuple(self.facts.estate.parties))
        return either(self.is_us(party), self.chain_from(party, satisfies, systems))

    def chain_from(self, party: str, satisfies: Satisfies, systems: tuple[str, ...]) -> Truth:
        """Whether the party is bound to one that is bound to us without it, whether or not it is us itself."""
        others = tuple(each for each in self.facts.estate.parties if each != party)

        def first(contract: Record) -> Truth:
            return both(satisfies(contract), self.is_for(contract, systems))

        return either(
            *(both(self.between(party, each, first), self._bound(each, satisfies, others)) for each in others)
        )

    def _bound(self, party: str | None, satisfies: Satisfies, parties: tuple[str, ...]) -> Truth:
        """The least fixpoint of: us, or under a contract in force that satisfies with another party that is bound."""
        value = {each: self.is_us(each) for each in parties}
        links = {
            (one, other): self.between(one, other, satisfies) for one in parties for other in parties if one != other
        }
        for _ in parties:
            for (one, other), link in links.items():
                value[one] = either(value[one], both(link, value[other]))
        return min(either(*value.values()), UNKNOWN) if party is None else value[party]

    def with_us(self, party: str | None, satisfies: Satisfies) -> Truth:
        """Some contract between the party and some other declared party that is `us`."""
        known = either(
            *(
                both(self.is_us(us), self.between(each, us, satisfies))
                for each in self._may_be(party)
                for us in self.facts.estate.parties
                if us != each
            )
        )
        return min(known, UNKNOWN) if party is None else known
