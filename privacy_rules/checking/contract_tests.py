"""Evaluate `under contract` and `bound to us`, once for the same parties and judged pair, and again only if the day matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from privacy_rules.checking.attribute_lookup import party_of, systems_asked
from privacy_rules.checking.columns import Column, Spread, packed, unpacked
from privacy_rules.checking.connectives import Test
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Side, UnderContract
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record

if TYPE_CHECKING:
    from privacy_rules.checking.evaluator import Evaluator

Parties = tuple[str | None, ...]
"""The parties that a test asks about: both ends of a flow, or one that is to be bound to us. None: not known."""
_Key = tuple[Parties, str | None, str | None, tuple[int, ...], bool]
"""The parties with the judged datum, purpose and systems, if these can matter, and whether there must be a contract between both."""
_NOT_ASKED, _FEW = 255, 3


class ContractTests:
    """The tests on contracts of one check, with the answers so far. What tests ask about has a number, the same for all tests."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._asked: dict[int, _Asked] = {}
        self.keys: list[_Key] = []
        self._number: dict[_Key, int] = {}
        self._reaching: dict[tuple[Parties, tuple[int, ...], bool], Sequence[tuple[int, int]]] = {}
        self._plans: dict[tuple[int, ...], _Plan] = {}

    def test(self, condition: UnderContract) -> Test:
        """The condition as a function of a frame."""
        number_of, asked = self.number_of(condition), self._of(condition)
        return lambda frame: asked.answer(number_of(frame))

    def answers(self, condition: UnderContract, numbers: tuple[int, ...]) -> bytes:
        """Return the answers of a test for these numbers, each one more than `number_of` gives (0: always false)."""
        keys, asked = [each - 1 for each in numbers], self._of(condition)
        if condition.chain or self._evaluator.by_pair(condition):
            return asked.each(keys)
        if numbers not in self._plans:
            reaching = [() if each < 0 else self.reaching(self.keys[each]) for each in keys]
            self._plans[numbers] = _Plan(keys, reaching)
        return asked.planned(self._plans[numbers])

    def number_of(self, condition: UnderContract) -> Callable[[Frame], int]:
        """Return the function that numbers what a test asks about in a frame; -1 if the test must be false there."""
        graph, side, by_pair = self._evaluator.graph, condition.side, self._evaluator.by_pair(condition)
        limited, known, both = self._evaluator.contracts.limited, self._number, side is Side.BOTH

        def number(frame: Frame) -> int:
            if both:
                source, target = graph.source[frame.flow], graph.target[frame.flow]
                if source == target:
                    return -1  # one party is under no contract with itself
                parties: Parties = (graph.parties[source], graph.parties[target])
            else:
                party = party_of(graph, frame, side)
                parties = (None if party is None else party.id,)
            systems = systems_asked(graph, frame, side) if limited else ()
            data, purpose = (frame.data, frame.purpose) if by_pair else (None, None)
            key = (parties, data, purpose, systems, both)
            found = known.get(key)
            if found is None:
                found = known[key] = len(self.keys)
                self.keys.append(key)
            return found

        return number

    def reaching(self, key: _Key) -> Sequence[tuple[int, int]]:
        """Return the contracts, by number, that must or may bind the parties on the day, each with that truth value."""
        parties, _, _, systems, both = key
        asked = parties, systems, both
        found = self._reaching.get(asked)
        if found is None:
            contracts = self._evaluator.contracts
            every = contracts.reaching([each for each in parties if each is not None], both=both)
            meant = ((contracts.number[each.id], min(sure, contracts.is_for(each, systems))) for each, sure in every)
            found = self._reaching[asked] = [each for each in meant if each[1]]
        return found

    def chain_from(self, condition: UnderContract, party: str, frame: Frame) -> int:
        """Whether a chain of contracts leads from a party to us, whether or not it is us itself."""
        systems = systems_asked(self._evaluator.graph, frame, condition.side)
        return self._of(condition).chain_from(party, systems)

    def move_to(self, day: date) -> Mapping[int, tuple[Side, set[Parties]]]:
        """Move to another day and return the parties whose answer changes, by the condition's identity."""
        contracts = self._evaluator.contracts.move_to(day)
        if contracts:
            self._reaching.clear()
            self._plans.clear()
        found = {key: (asked.side, asked.again(contracts)) for key, asked in self._asked.items()} if contracts else {}
        return {key: (side, parties) for key, (side, parties) in found.items() if parties}

    def _of(self, condition: UnderContract) -> _Asked:
        if id(condition) not in self._asked:
            self._asked[id(condition)] = _Asked(self, self._evaluator, condition)
        return self._asked[id(condition)]


class _Plan:
    """What is asked about at once, by number, and which contracts may bind there: those of most by place, first ones first.

    Many contracts in one place are looked at one by one.
    """

    def __init__(self, numbers: Sequence[int], reaching: Sequence[Sequence[tuple[int, int]]]) -> None:
        self.numbers = numbers
        few = max((len(each) for each in reaching if len(each) <= _FEW), default=0)
        self._many = [(place, each) for place, each in enumerate(reaching) if len(each) > _FEW]
        self._layers: list[tuple[list[int], Column]] = []
        for layer in range(few):
            found = [each[layer] if layer < len(each) <= _FEW else (-1, FALSE) for each in reaching]
            self._layers.append(([contract for contract, _ in found], packed(bytes(sure for _, sure in found))))
        self._spreads: list[Spread] | None = None

    def best(self, values: Sequence[int]) -> bytes:
        """Return the answers, given the value of each contract."""
        if self._spreads is None:  # a contract of -1 is the last value
            self._spreads = [
                Spread([len(values) if each < 0 else each for each in numbers]) for numbers, _ in self._layers
            ]
        table, must, may = bytes(values) + bytes([FALSE]), 0, 0
        for spread, (_, sure) in zip(self._spreads, self._layers, strict=True):
            one, other = packed(spread(table))
            must, may = must | one & sure[0], may | other & sure[1]
        answers = bytearray(unpacked((must, may), len(self.numbers)))
        for place, found in self._many:
            answers[place] = max(min(sure, table[contract]) for contract, sure in found)
        return bytes(answers)


class _Asked:
    """The answers of one condition. Keys are found by a party that a contract must bind for the answer to change."""

    def __init__(self, tests: ContractTests, evaluator: Evaluator, condition: UnderContract) -> None:
        self._tests, self._evaluator, self._condition = tests, evaluator, condition
        self._chain: dict[str, int] | None = None
        self.side = condition.side
        self._answers = bytearray()
        self._by_pair = evaluator.by_pair(condition)
        self._satisfied: dict[tuple[int, str | None, str | None], int] = {}
        self._planned: list[_Plan] = []
        self._new: list[int] = []
        self._of_one: dict[str | None, list[int]] = defaultdict(list)
        self._of_two: dict[str, list[int]] = defaultdict(list)

    def answer(self, number: int) -> int:
        """Return the answer for a number, on the day."""
        if number < 0:
            return FALSE
        answers = self._answers
        if self._known(number) == _NOT_ASKED:
            self._new.append(number)
            answers[number] = self._answer(self._tests.keys[number])
        return answers[number]

    def _known(self, number: int) -> int:
        if number >= len(self._answers):
            self._answers += bytes([_NOT_ASKED]) * (len(self._tests.keys) - len(self._answers))
        return self._answers[number]

    def each(self, numbers: Iterable[int]) -> bytes:
        """Return the answers for these numbers, on the day."""
        found = bytes(map(self.answer, numbers))
        self._satisfied.clear()
        return found

    def planned(self, plan: _Plan) -> bytes:
        """Return the answers for a plan, on the day."""
        if plan not in self._planned:
            self._planned.append(plan)
        return plan.best(self.of_contracts)

    def _answer(self, key: _Key) -> int:
        parties, data, purpose, systems, _ = key
        if self._condition.chain:
            return self._bound(parties[0], systems)
        best, values = FALSE, None if self._by_pair else self.of_contracts
        for contract, sure in self._tests.reaching(key):
            if sure > best:
                value = self._satisfies(contract, data, purpose) if values is None else values[contract]
                best = max(best, min(sure, value))
                if best == TRUE:
                    break
        return best

    @cached_property
    def of_contracts(self) -> Sequence[int]:
        """Whether each contract satisfies the condition, if that does not depend on the judged pair."""
        terms, every = self._condition.terms, self._evaluator.contracts.all
        return [TRUE] * len(every) if terms is None else self._evaluator.of_all(terms, Kind.CONTRACT)

    def _satisfies(self, contract: int, data: str | None, purpose: str | None) -> int:
        assert self._condition.terms is not None
        asked = contract, data, purpose
        found = self._satisfied.get(asked)
        if found is None:
            record = self._evaluator.contracts.all[contract]
            frame = Frame(contract=record, data=data, purpose=purpose)
            found = self._satisfied[asked] = self._evaluator.test(self._condition.terms)(frame)
        return found

    def _bound(self, party: str | None, systems: Sequence[int]) -> int:
        """Whether a chain of contracts leads from a party to us; from an unknown party, whether one may."""
        contracts = self._evaluator.contracts
        if self._chain is None:
            self._chain = contracts.chained(self.of_contracts)
        if party is None:
            return min(UNKNOWN, max(self._chain.values(), default=FALSE))
        found = self._chain.get(party, FALSE)
        for_all = not found or not contracts.limited
        if for_all or all(contracts.is_for(each, systems) == TRUE for each in contracts.concerning(party)):
            return found
        return max(self._evaluator.roles.us.get(party, FALSE), self.chain_from(party, systems))

    def chain_from(self, party: str, systems: Sequence[int]) -> int:
        """Whether a chain of contracts leads from a party to us, whether or not it is us itself."""
        return self._evaluator.contracts.chained_from(party, systems, self.of_contracts)

    def again(self, contracts: Iterable[Record]) -> set[Parties]:
        """Evaluate again what may depend on the contracts, and return the parties whose answer has changed.

        What leaves an answer unknown may have changed, too, so their parties are returned as well.
        """
        if self._condition.chain:
            self._chain = None
            asked = [number for number, each in enumerate(self._answers) if each != _NOT_ASKED]
            return {self._tests.keys[number][0] for number in asked if self._changes(number)}
        self._index()
        numbers = {number for contract in contracts for number in self._concerned(contract)}
        return {
            self._tests.keys[number][0]
            for number in numbers
            if self._changes(number) or self._answers[number] == UNKNOWN
        }

    def _changes(self, number: int) -> bool:
        before = self._answers[number]
        self._answers[number] = self._answer(self._tests.keys[number])
        return self._answers[number] != before

    def _index(self) -> None:
        """Find what is asked about by its parties; of what a plan has, the answers before this day are those of the plan."""
        for plan in self._planned:
            for number, answer in zip(plan.numbers, plan.best(self.of_contracts), strict=True):
                if number >= 0 and self._known(number) == _NOT_ASKED:
                    self._new.append(number)
                    self._answers[number] = answer
        self._planned.clear()
        for number in self._new:
            known = [each for each in self._tests.keys[number][0] if each is not None]
            if len(known) == 2:
                for each in known:
                    self._of_two[each].append(number)
            else:
                self._of_one[known[0] if known else None].append(number)
        self._new.clear()

    def _concerned(self, contract: Record) -> Iterator[int]:
        """The numbers of what is asked about parties that the contract may bind."""
        reach = self._evaluator.contracts.reach
        for number in self._candidates(contract):
            parties = self._tests.keys[number][0]
            if reach(contract, [each for each in parties if each is not None], both=self.side is Side.BOTH):
                yield number

    def _candidates(self, contract: Record) -> Iterator[int]:
        named = sorted(contract.parties, key=lambda each: len(self._of_two.get(each, ())))
        bound = {*named, *self._evaluator.roles.us} if "with" in contract.declared else set(named)
        for party in bound & self._of_one.keys():
            yield from self._of_one[party]
        yield from self._of_one.get(None, ())
        # Two parties that a contract is between are both named: the one with the most keys need not be looked at.
        for party in named[:-1] or named:
            yield from self._of_two.get(party, ())
