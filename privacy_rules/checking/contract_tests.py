"""Evaluate `under contract` and `bound to us`, once for the same parties and judged pair, and again only if the day matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from privacy_rules.checking.attribute_lookup import party_of, systems_asked
from privacy_rules.checking.byte_columns import Column, packed, unpacked
from privacy_rules.checking.changed_contracts import AskedAbout, ChangedContracts, Parties
from privacy_rules.checking.connectives import Test
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.highest_values import Highest
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.work_limit import BINDING, CHAINS
from privacy_rules.language.policy import Condition, Side, UnderContract
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record

if TYPE_CHECKING:
    from privacy_rules.checking.condition_columns import ConditionColumns
    from privacy_rules.checking.condition_compiler import Evaluator

Pair = tuple[str | None, str | None]
"""The judged datum and purpose."""
_Key = tuple[Parties, str | None, str | None, tuple[int, ...], bool]
"""The parties with the judged datum, purpose and systems, if these can matter, and whether there must be a contract between both."""
_NOT_ASKED, _MANY = 255, 64


class ContractTests:
    """The tests on contracts of one check, with the answers so far. What tests ask about has a number, the same for all tests."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._asked: dict[int, _Asked] = {}
        self.keys: list[_Key] = []
        self._number: dict[_Key, int] = {}
        self._reaching: dict[tuple[Parties, tuple[int, ...], bool], Sequence[tuple[int, int]]] = {}
        self._bound_by: dict[tuple[Parties, bool], Sequence[tuple[Record, int]]] = {}
        self._beginning: dict[tuple[str, tuple[int, ...]], Sequence[tuple[int, int]]] = {}
        self._expected: list[UnderContract] = []
        self._plans: dict[tuple[tuple[int, ...], bool], _Plan] = {}
        self._binding: dict[int, Column] = {}
        self._may_bind: dict[int, Column] = {}
        self._asked_about = AskedAbout(evaluator.contracts, evaluator.roles.us)

    def expect(self, tests: Iterable[UnderContract]) -> None:
        """Announce tests. If those on chains are many, they are worked out together. Keep them alive as long as this."""
        self._expected = [each for each in tests if each.chain]

    def find_chains(self, asked: _Asked) -> None:
        """Find which parties chains bind to us, for a test and for those that are expected."""
        contracts, together = self._evaluator.contracts, {id(asked): asked}
        for each in map(self._of, self._expected):
            if each.chain is None:
                together[id(each)] = each
        if len(together) < _MANY:
            asked.chain = contracts.chained(asked.of_contracts)
            return
        found = contracts.chained_together([bytes(each.of_contracts) for each in together.values()])
        for each, chain in zip(together.values(), found, strict=True):
            each.chain = chain

    def test(self, condition: UnderContract) -> Test:
        """The condition as a function of a frame."""
        number_of, asked = self.number_of(condition), self._of(condition)
        return lambda frame: asked.answer(number_of(frame))

    def answers(self, condition: UnderContract, numbers: tuple[int, ...]) -> bytes:
        """Return the answers of a test for these numbers, each one more than `number_of` gives (0: always false)."""
        keys, asked = [each - 1 for each in numbers], self._of(condition)
        if condition.chain:
            return asked.each(keys)
        by_pair = self._evaluator.by_pair(condition)
        if (numbers, by_pair) not in self._plans:
            reaching = [() if each < 0 else self.reaching(self.keys[each]) for each in keys]
            pairs = [(None, None) if each < 0 else self.keys[each][1:3] for each in keys] if by_pair else None
            self._plans[numbers, by_pair] = _Plan(self._evaluator, keys, reaching, pairs)
        plan = self._plans[numbers, by_pair]
        self._evaluator.work.take(BINDING, plan.work)
        return asked.planned(plan)

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
            if (parties, both) not in self._bound_by:
                known = [each for each in parties if each is not None]
                self._bound_by[parties, both] = list(contracts.reaching(known, both=both))
            every = self._bound_by[parties, both]
            meant = ((contracts.number[each.id], min(sure, contracts.is_for(each, systems))) for each, sure in every)
            found = self._reaching[asked] = [each for each in meant if each[1]]
        return found

    def beginning(self, party: str, systems: tuple[int, ...]) -> Sequence[tuple[int, int]]:
        """Return the contracts that may be the first of a chain from some systems of a party, by number, each with that value."""
        key = party, systems
        if key not in self._beginning:
            self._beginning[key] = self._evaluator.contracts.beginning(party, systems)
        return self._beginning[key]

    def chain_from(self, condition: UnderContract, party: str, frame: Frame) -> int:
        """Whether a chain of contracts leads from a party to us, whether or not it is us itself."""
        systems = systems_asked(self._evaluator.graph, frame, condition.side)
        return self._of(condition).chain_from(party, systems)

    def move_to(self, day: date) -> Mapping[int, tuple[Side, set[Parties]]]:
        """Move to another day and return the parties whose answer changes, by the condition's identity."""
        contracts = self._evaluator.contracts.move_to(day)
        if not contracts:
            return {}
        self._reaching.clear()
        for each in (self._binding, self._bound_by, self._beginning, self._plans):
            each.clear()
        new = self.keys[len(self._asked_about) :]
        changed = ChangedContracts(contracts, self._asked_about.add([parties for parties, *_ in new]))
        found = {key: (asked.side, asked.again(changed)) for key, asked in self._asked.items()}
        return {key: (side, parties) for key, (side, parties) in found.items() if parties}

    def binding(self, number: int) -> Column:
        """Return the contracts that must or may bind the parties of a number on the day: a byte for each contract."""
        found = self._binding.get(number)
        if found is None:
            (must, may), running = self._binding_on_some_day(number), self._evaluator.contracts.running
            found = self._binding[number] = must & running[0], may & running[1]
        return found

    def _binding_on_some_day(self, number: int) -> Column:
        if number not in self._may_bind:
            contracts, (parties, _, _, systems, both) = self._evaluator.contracts, self.keys[number]
            known, values = [each for each in parties if each is not None], bytearray(len(contracts.all))
            for each in contracts.candidates(known, both=both):
                values[contracts.number[each.id]] = min(
                    contracts.reach(each, known, both=both), contracts.is_for(each, systems)
                )
            self._may_bind[number] = packed(bytes(values))
        return self._may_bind[number]

    def _of(self, condition: UnderContract) -> _Asked:
        if id(condition) not in self._asked:
            self._asked[id(condition)] = _Asked(self, self._evaluator, condition)
        return self._asked[id(condition)]


class _Plan:
    """What is asked about together, by number, and which contracts may bind the parties.

    With `pairs`, what is judged at each place, a contract that may bind where several pairs are judged is one unit for
    each pair.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        numbers: Sequence[int],
        reaching: Sequence[Sequence[tuple[int, int]]],
        pairs: Sequence[Pair] | None,
    ) -> None:
        self.numbers, self._evaluator = numbers, evaluator
        self._units: dict[tuple[int, Pair], int] = {}
        if pairs is not None:
            reaching = [
                [(self._units.setdefault((contract, pair), len(self._units)), sure) for contract, sure in each]
                for each, pair in zip(reaching, pairs, strict=True)
            ]
        self.work = sum(map(len, reaching))
        self._highest = Highest(reaching)

    @cached_property
    def _columns(self) -> ConditionColumns:
        """The columns of the units."""
        from privacy_rules.checking.aspects import Aspects  # these use this module
        from privacy_rules.checking.cases import Cases
        from privacy_rules.checking.condition_columns import ConditionColumns

        every = self._evaluator.contracts.all
        chosen = [
            (every[contract].id, Frame(contract=every[contract], data=data, purpose=purpose), (None,))
            for contract, (data, purpose) in self._units
        ]
        return ConditionColumns(Cases(Aspects(self._evaluator, Kind.CONTRACT, chosen), each=True))

    def of_units(self, terms: Condition) -> Sequence[int]:
        """Return whether each contract satisfies a condition, for each pair that is judged where it may bind."""
        if not self._units:
            return ()
        cases = self._columns.cases
        return unpacked(self._columns.of(terms, cases.every), cases.size)

    def best(self, values: Sequence[int]) -> bytes:
        """Return the answers, given the value of each contract, or of each unit."""
        return self._highest(bytes(values))


class _Asked:
    """The answers of one condition.

    They are indexed by the parties that a contract must bind if it is to change the answer.
    """

    def __init__(self, tests: ContractTests, evaluator: Evaluator, condition: UnderContract) -> None:
        self._tests, self._evaluator, self._condition = tests, evaluator, condition
        self.chain: bytes | None = None
        """Whether a chain binds each party to us on the day, by number; None if that is not known yet."""
        self.side = condition.side
        self._answers = bytearray()
        self._by_pair = evaluator.by_pair(condition)
        self._satisfied: dict[tuple[int, str | None, str | None], int] = {}
        self._planned: list[_Plan] = []
        self._besides: dict[str, bytes] = {}
        self._beyond_party: dict[tuple[int, str], int] = {}

    def answer(self, number: int) -> int:
        """Return the answer for a number, on the day."""
        if number < 0:
            return FALSE
        answers = self._answers
        if self._known(number) == _NOT_ASKED:
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
        return self._best(plan)

    def _best(self, plan: _Plan) -> bytes:
        if not self._by_pair:
            return plan.best(self.of_contracts)
        assert self._condition.terms is not None
        return plan.best(plan.of_units(self._condition.terms))

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
    def _satisfying(self) -> Column:
        return packed(bytes(self.of_contracts))

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

    def _bound(self, party: str | None, systems: tuple[int, ...]) -> int:
        """Whether a chain of contracts leads from a party to us; from an unknown party, whether one may."""
        contracts = self._evaluator.contracts
        if self.chain is None:
            self._tests.find_chains(self)
            assert self.chain is not None
        if party is None:
            return min(UNKNOWN, max(self.chain, default=FALSE))
        found = self.chain[contracts.number_of_party(party)]
        if not found or not contracts.limited or contracts.are_for(party, systems):
            return found
        return max(self._evaluator.roles.us.get(party, FALSE), self.chain_from(party, systems))

    def chain_from(self, party: str, systems: tuple[int, ...]) -> int:
        """Whether a chain leads from a party to us whose first contract is for some of the party's systems, whether or not it is us itself.

        The other contracts bind parties, whichever of their systems they are for, and do not lead back over the party.
        """
        best, first = FALSE, self._tests.beginning(party, systems)
        self._evaluator.work.take(CHAINS, len(first))
        for contract, sure in first:
            strength = min(sure, self.of_contracts[contract])
            if strength > best:
                best = max(best, min(strength, self._beyond(contract, party)))
        return best

    def _beyond(self, contract: int, party: str) -> int:
        """Whether a contract binds a party to us, or to a party that is bound to us."""
        key = contract, party
        if key not in self._beyond_party:
            record = self._evaluator.contracts.all[contract]
            self._beyond_party[key] = self._evaluator.contracts.binds_besides(
                record, party, lambda: self._chained_besides(party)
            )
        return self._beyond_party[key]

    def _chained_besides(self, party: str) -> bytes:
        """Whether a chain that does not lead over a party binds each party to us, by number."""
        if party not in self._besides:
            contracts = self._evaluator.contracts
            self._evaluator.work.take(CHAINS, len(contracts.all) + len(self._evaluator.graph.estate.parties))
            self._besides[party] = contracts.chained(self.of_contracts, besides=party)
        return self._besides[party]

    def again(self, changed: ChangedContracts) -> set[Parties]:
        """Evaluate again what may depend on the contracts, and return the parties whose answer has changed.

        Parties with an unknown answer are returned, too, because the facts that leave it open may have changed.
        """
        keys = self._tests.keys
        if self._condition.chain:
            self.chain = None
            self._besides.clear()
            self._beyond_party.clear()
            asked = [number for number, each in enumerate(self._answers) if each != _NOT_ASKED]
            return {keys[number][0] for number in asked if self._changes(number)}
        if self._planned:
            self._ask_planned()
        answers, found = self._answers, set[Parties]()
        may_change = self._by_pair or self._satisfying[1] & changed.column
        if not may_change and UNKNOWN not in answers:
            return found
        for number in changed.concerned(self.side):
            if number < len(answers) and answers[number] != _NOT_ASKED:
                before = answers[number]
                if may_change:
                    answers[number] = self._again(number)
                if answers[number] != before or before == UNKNOWN:
                    found.add(keys[number][0])
        return found

    def _again(self, number: int) -> int:
        """Return the answer for a number, on the day."""
        if self._by_pair:
            return self._answer(self._tests.keys[number])
        (must, may), satisfying = self._tests.binding(number), self._satisfying
        return TRUE if must & satisfying[0] else UNKNOWN if may & satisfying[1] else FALSE

    def _changes(self, number: int) -> bool:
        before = self._answers[number]
        self._answers[number] = self._answer(self._tests.keys[number])
        return self._answers[number] != before

    def _ask_planned(self) -> None:
        """Note the answers of the plans: they are those of the day before."""
        for plan in self._planned:
            for number, answer in zip(plan.numbers, self._best(plan), strict=True):
                if number >= 0 and self._known(number) == _NOT_ASKED:
                    self._answers[number] = answer
        self._planned.clear()
