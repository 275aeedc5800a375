"""The contracts that are in force on only one of two days, and the numbers of everything that tests ask about parties that these may bind.

asked = AskedAbout(contracts, roles.us)
changed = ChangedContracts(records, asked.add(parties))
changed.column                          # a byte for each contract: 1 if it has changed
changed.concerned(Side.BOTH)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from privacy_rules.checking.contracts import Contracts
from privacy_rules.language.policy import Side
from privacy_rules.manifest.model import Record

Parties = tuple[str | None, ...]
"""The parties that a test asks about: both ends of a flow, or one that is to be bound to us. None: not known."""


class AskedAbout:
    """Everything that tests ask about, by its parties."""

    def __init__(self, contracts: Contracts, us: Iterable[str]) -> None:
        self.contracts, self._us = contracts, frozenset(us)
        self._parties: list[Parties] = []
        self._of_one: dict[str | None, list[int]] = defaultdict(list)
        self._of_two: dict[str, list[int]] = defaultdict(list)

    def add(self, parties: Sequence[Parties]) -> AskedAbout:
        """Add what is asked about, with the numbers that follow."""
        for number, each in enumerate(parties, len(self._parties)):
            known = [party for party in each if party is not None]
            if len(known) == 2:
                for party in known:
                    self._of_two[party].append(number)
            else:
                self._of_one[known[0] if known else None].append(number)
        self._parties += parties
        return self

    def __len__(self) -> int:
        return len(self._parties)

    def concerned(self, contract: Record, *, both: bool) -> Iterator[int]:
        """Yield the numbers of what is asked about parties that the contract may bind."""
        for number in self._candidates(contract):
            parties = self._parties[number]
            if (len(parties) == 2) is both:
                known = [each for each in parties if each is not None]
                if self.contracts.reach(contract, known, both=both):
                    yield number

    def _candidates(self, contract: Record) -> Iterator[int]:
        named = sorted(contract.parties, key=lambda each: len(self._of_two.get(each, ())))
        bound = {*named, *self._us} if "with" in contract.declared else set(named)
        for party in bound & self._of_one.keys():
            yield from self._of_one[party]
        yield from self._of_one.get(None, ())
        # Two parties that a contract is between are both named: the one with the most keys need not be looked at.
        for party in named[:-1] or named:
            yield from self._of_two.get(party, ())


class ChangedContracts:
    """The contracts that are in force on only one of two days."""

    def __init__(self, records: Sequence[Record], asked: AskedAbout) -> None:
        self._records, self._asked = records, asked
        self._concerned: dict[bool, list[int]] = {}
        number = asked.contracts.number
        self.column = sum(1 << 8 * number[each.id] for each in records)
        """A byte for each contract: 1 if it is one of them."""

    def concerned(self, side: Side) -> Sequence[int]:
        """Return the numbers of what is asked about a side of parties that some of the contracts may bind."""
        both = side is Side.BOTH
        if both not in self._concerned:
            found = (number for each in self._records for number in self._asked.concerned(each, both=both))
            self._concerned[both] = [*dict.fromkeys(found)]
        return self._concerned[both]
