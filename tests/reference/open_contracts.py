"""Tests of contracts of which something is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privacy_rules.checking.logic import Truth
from privacy_rules.language.policy import Owner, Reference, Side, UnderContract
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity
from tests.reference.facts import Context
from tests.reference.formulas import And, Formula, Or, shape
from tests.reference.possible import Test
from tests.reference.terms import FALSE, TRUE, UNKNOWN, both, either

if TYPE_CHECKING:
    from tests.reference.cases import Cases


class OpenContracts:
    def __init__(self, cases: Cases) -> None:
        self.cases = cases

    def bound_to_us(self, test: UnderContract, context: Context) -> Formula:
        """The party is us, or a chain leads to us. A chain of contracts that satisfy a condition is also a chain without one."""
        who = self.cases.who(context, test.side)
        party = context.id if context.kind is Kind.PARTY else self.cases.facts.party_of(who)
        if party is None:
            where, role, begun = Context(Kind.SYSTEM, who), UNKNOWN, UNKNOWN
        else:
            where, role = Context(Kind.PARTY, party), self.cases.evaluator.contracts.is_us(party)
            evaluator = self.cases.evaluator
            asked = evaluator.satisfying(test, context), evaluator.asked(test.side, context)
            begun = evaluator.contracts.chain_from(party, *asked)
        us: Formula = role
        if role is UNKNOWN:
            its_role = Reference(Side.SUBJECT, Owner.PARTY, self.cases.policy.attributes[Entity.PARTY, "role"], "")
            us = self.cases.test_of(its_role, where, None, Test("includes", ("us",)))
        if begun is not UNKNOWN:
            return Or((us, begun))
        chains = dict.fromkeys((shape(test.terms), shape(None)))
        return Or((us, And(tuple(self.cases.by_itself("chain", who, each) for each in chains))))

    def covers(self, judged: str, contract: Record | None) -> Formula:
        assert contract is not None
        name = "covers.data" if judged == "data" else "covers.purposes"
        promised = self.cases.facts.value(contract, self.cases.policy.attributes[Entity.CONTRACT, name])
        if not isinstance(promised, tuple):
            return self.cases.by_itself("covers", judged, contract.id)
        return self.cases.judged_is(judged, promised)  # type: ignore[arg-type]

    def under_contract(self, test: UnderContract, context: Context) -> Formula:
        """Each contract that may bind them, part by part."""
        asked = self.cases.evaluator.asked(test.side, context)
        parties = [self.cases.facts.party_of(each) for each in asked] or [context.id]
        found: list[Formula] = []
        if sum(self.may_bind(each, parties) is not FALSE for each in self.cases.facts.estate.contracts.values()) > 50:
            return self.cases.by_itself(
                "under contract", test.side, self.cases.who(context, test.side), shape(test.terms)
            )
        for contract in self.cases.facts.estate.contracts.values():
            binds = self.may_bind(contract, parties)
            here = self.cases.evaluator.contracts.is_for(contract, asked)
            if binds is FALSE or here is FALSE:
                continue
            parts = [
                self.in_force(contract),
                binds if binds is not UNKNOWN else self.cases.by_itself("binds", contract.id, *asked),
                here if here is not UNKNOWN else self.cases.by_itself("is for", contract.id, asked),
                TRUE if test.terms is None else self.cases.of(test.terms, self.cases.context, contract),
            ]
            found.append(And(tuple(parts)))
        return Or(tuple(found))

    def may_bind(self, contract: Record, parties: list[str | None]) -> Truth:
        contracts = self.cases.evaluator.contracts
        if len(parties) == 2:
            return contracts._may_bind(contract, *parties)
        known = either(
            *(
                both(contracts.is_us(us), contracts._may_bind(contract, each, us))
                for each in contracts._may_be(parties[0])
                for us in self.cases.facts.estate.parties
                if us != each
            )
        )
        return min(known, UNKNOWN) if parties[0] is None else known

    def in_force(self, contract: Record) -> Formula:
        """Not false; else the contract would not count."""
        parts: list[Formula] = []
        if self.cases.evaluator.contracts.in_force(contract) is not UNKNOWN:
            return self.cases.evaluator.contracts.in_force(contract)
        for name, sign in (("from", "<="), ("until", ">")):
            day = self.cases.facts.value(contract, self.cases.policy.attributes[Entity.CONTRACT, name])
            if day is None:
                parts.append(self.cases.comparisons.with_today((Entity.CONTRACT, contract.id, name), None, sign))
        return And(tuple(parts))
