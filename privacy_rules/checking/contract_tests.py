"""`under contract` and `bound to us`: evaluated once for the same parties and judged pair, and again only if the day matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from privacy_rules.checking.attribute_lookup import party_of, systems_asked
from privacy_rules.checking.connectives import Test
from privacy_rules.checking.contracts import Satisfies
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Side, UnderContract
from privacy_rules.manifest.model import Record

if TYPE_CHECKING:
    from privacy_rules.checking.evaluator import Evaluator

Parties = tuple[str | None, ...]
"""The parties that a test asks about: both ends of a flow, or one that is to be bound to us. None: not known."""
_Key = tuple[Parties, str | None, str | None, tuple[int, ...]]
"""The parties, with the judged datum, purpose and systems if these can matter."""


class ContractTests:
    """The tests on contracts of one check, with the answers so far."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._asked: dict[int, _Asked] = {}

    def test(self, condition: UnderContract) -> Test:
        """The condition as a function of a frame."""
        graph, side = self._evaluator.graph, condition.side
        asked = self._asked[id(condition)] = _Asked(self._evaluator, condition)
        by_pair, answers = self._evaluator.by_pair(condition), asked.answers
        limited = self._evaluator.contracts.limited

        def run(frame: Frame) -> int:
            if side is Side.BOTH:
                source, target = graph.source[frame.flow], graph.target[frame.flow]
                if source == target:
                    return FALSE  # one party is under no contract with itself
                parties: Parties = (graph.parties[source], graph.parties[target])
            else:
                party = party_of(graph, frame, side)
                parties = (None if party is None else party.id,)
            systems = systems_asked(graph, frame, side) if limited else ()
            key = (parties, frame.data, frame.purpose, systems) if by_pair else (parties, None, None, systems)
            found = answers.get(key)
            return asked.answer(key) if found is None else found

        return run

    def chain_from(self, condition: UnderContract, party: str, frame: Frame) -> int:
        """Whether a chain of contracts leads from a party to us, whether or not it is us itself."""
        systems = systems_asked(self._evaluator.graph, frame, condition.side)
        return self._asked[id(condition)].chain_from(party, systems, frame)

    def move_to(self, day: date) -> Mapping[int, tuple[Side, set[Parties]]]:
        """Move to another day and return the parties whose answer changes, by the condition's identity."""
        contracts = self._evaluator.contracts.move_to(day)
        found = {key: (asked.side, asked.again(contracts)) for key, asked in self._asked.items()} if contracts else {}
        return {key: (side, parties) for key, (side, parties) in found.items() if parties}


class _Asked:
    """The answers of one condition. Keys are found by a party that a contract must bind for the answer to change."""

    def __init__(self, evaluator: Evaluator, condition: UnderContract) -> None:
        self._evaluator = evaluator
        self._terms: Test = (lambda _: TRUE) if condition.terms is None else evaluator.test(condition.terms)
        self._chain: dict[str, int] | None = None
        self._chains = condition.chain
        self._satisfied: dict[tuple[str, str | None, str | None], int] = {}
        self.side = condition.side
        self.answers: dict[_Key, int] = {}
        self._new: list[_Key] = []
        self._of_one: dict[str | None, list[_Key]] = defaultdict(list)
        self._of_two: dict[str, list[_Key]] = defaultdict(list)

    def answer(self, key: _Key) -> int:
        """Return the answer on the day, and remember it."""
        parties, data, purpose, systems = key

        def satisfied(contract: Record) -> int:
            asked = contract.id, data, purpose
            found = self._satisfied.get(asked)
            if found is None:
                found = self._satisfied[asked] = self._terms(Frame(contract=contract, data=data, purpose=purpose))
            return found

        def satisfied_here(contract: Record) -> int:
            meant = contracts.is_for(contract, systems)
            return min(meant, satisfied(contract)) if meant else FALSE

        contracts = self._evaluator.contracts
        if self._chains:
            found = self._bound(parties[0], systems, satisfied)
        elif self.side is Side.BOTH:
            found = contracts.between(parties[0], parties[-1], satisfied_here)
        else:
            found = contracts.with_us(parties[0], satisfied_here)
        if key not in self.answers:
            self._new.append(key)
        self.answers[key] = found
        return found

    def _bound(self, party: str | None, systems: Sequence[int], satisfied: Satisfies) -> int:
        """Whether a chain of contracts leads from a party to us; from an unknown party, whether one may."""
        if self._chain is None:
            self._chain = self._evaluator.contracts.chained(satisfied)
        if party is None:
            return min(UNKNOWN, max(self._chain.values(), default=FALSE))
        found, contracts = self._chain.get(party, FALSE), self._evaluator.contracts
        if found and not all(contracts.is_for(each, systems) == TRUE for each in contracts.concerning(party)):
            return max(self._evaluator.roles.us.get(party, FALSE), contracts.chained_from(party, systems, satisfied))
        return found

    def chain_from(self, party: str, systems: Sequence[int], frame: Frame) -> int:
        """Whether a chain of contracts leads from a party to us, whether or not it is us itself."""

        def satisfied(contract: Record) -> int:
            return self._terms(Frame(contract=contract, data=frame.data, purpose=frame.purpose))

        return self._evaluator.contracts.chained_from(party, systems, satisfied)

    def again(self, contracts: Iterable[Record]) -> set[Parties]:
        """Evaluate again what may depend on the contracts, and return the parties whose answer has changed.

        What leaves an answer unknown may have changed, too, so their parties are returned as well.
        """
        if self._chains:
            self._chain = None
            return {key[0] for key in list(self.answers) if self.answers[key] != self.answer(key)}
        self._index()
        keys = {key for contract in contracts for key in self._concerned(contract)}
        return {key[0] for key in keys if self.answers[key] != self.answer(key) or self.answers[key] == UNKNOWN}

    def _index(self) -> None:
        for key in self._new:
            known = [each for each in key[0] if each is not None]
            if len(known) == 2:
                for each in known:
                    self._of_two[each].append(key)
            else:
                self._of_one[known[0] if known else None].append(key)
        self._new.clear()

    def _concerned(self, contract: Record) -> Iterator[_Key]:
        """The keys whose parties the contract may bind."""
        reach = self._evaluator.contracts.reach
        for key in self._candidates(contract):
            if reach(contract, [each for each in key[0] if each is not None], both=self.side is Side.BOTH):
                yield key

    def _candidates(self, contract: Record) -> Iterator[_Key]:
        named = sorted(contract.parties, key=lambda each: len(self._of_two.get(each, ())))
        bound = {*named, *self._evaluator.roles.us} if "with" in contract.declared else set(named)
        for party in bound & self._of_one.keys():
            yield from self._of_one[party]
        yield from self._of_one.get(None, ())
        # Two parties that a contract is between are both named: the one with the most keys need not be looked at.
        for party in named[:-1] or named:
            yield from self._of_two.get(party, ())
