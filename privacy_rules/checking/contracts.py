"""Which contracts must or may bind two parties."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from heapq import nlargest
from operator import add, itemgetter

from privacy_rules.checking.byte_columns import Column, packed
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.term_tests import truth
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.layered_propagation import LayeredPasses, LayeredTest, Passing
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity


class Contracts:
    """The declared contracts of an estate on one day."""

    def __init__(self, graph: FlowGraph, roles: Roles, day: date) -> None:
        self._graph, self._roles, self._day = graph, roles, day
        self._listed = graph.policy.built_in(Entity.CONTRACT, "systems")
        self._in_force: dict[str, int] = {}
        self._running: Column | None = None
        self._ours: dict[str, _Best] = {}
        self._for_all: dict[tuple[str, tuple[int, ...]], bool] = {}

    @cached_property
    def _of_party(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for contract in self.all:
            for party in self._members[contract.id]:
                found[party].append(contract)
        return found

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        return {contract.id: frozenset(contract.parties) for contract in self.all}

    @cached_property
    def _with_a_party(self) -> list[Record]:
        return [contract for contract in self.all if "with" in contract.declared]

    @cached_property
    def limited(self) -> bool:
        """Whether some contract applies, or may apply, only to some systems."""
        return any(self.systems(each) is not None for each in self.all)

    @cached_property
    def _us(self) -> _Best:
        return _Best(self._roles.us.items())

    @cached_property
    def _dates(self) -> list[tuple[date, Record]]:
        """Each day on which a contract starts or ends, in order."""
        found = [(day, contract) for contract in self.all for day in self._term(contract) if day is not None]
        return sorted(found, key=itemgetter(0))

    @cached_property
    def all(self) -> list[Record]:
        """Every contract, in the order of ids."""
        return [self._graph.estate.contracts[key] for key in sorted(self._graph.estate.contracts)]

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each contract in `all`."""
        return {each.id: number for number, each in enumerate(self.all)}

    def move_to(self, day: date) -> list[Record]:
        """Move to another day and return the contracts that are in force on only one of the two days."""
        first, last = (bisect_right(self._dates, each, key=itemgetter(0)) for each in sorted((self._day, day)))
        before = {contract.id: (contract, self.in_force(contract)) for _, contract in self._dates[first:last]}
        self._day = day
        for name in before:
            del self._in_force[name]
        self._running = None
        return [contract for contract, value in before.values() if self.in_force(contract) != value]

    def in_force(self, contract: Record) -> int:
        """Whether the contract holds on the day: from its first day on, before its `until`."""
        found = self._in_force.get(contract.id)
        if found is None:
            begins, ends = self._term(contract)
            started = UNKNOWN if begins is None else truth(begins <= self._day)
            running = UNKNOWN if ends is None else truth(self._day < ends)
            found = self._in_force[contract.id] = min(started, running)
        return found

    @property
    def running(self) -> Column:
        """The contracts that must or may be in force on the day: a byte for each contract."""
        if self._running is None:
            self._running = packed(bytes(map(self.in_force, self.all)))
        return self._running

    def _term(self, contract: Record) -> tuple[date | None, date | None]:
        attributes = self._graph.policy.attributes
        begins, ends = (known(contract, attributes[Entity.CONTRACT, name])[0] for name in ("from", "until"))
        return begins, ends  # type: ignore[return-value]

    def systems(self, contract: Record) -> tuple[str, ...] | None:
        """Return the systems to which a contract is limited, empty if unknown; None if it applies to all."""
        value, given = known(contract, self._listed)
        return None if given is Given.UNDECLARED else value or ()  # type: ignore[return-value]

    @cached_property
    def _listed_by(self) -> dict[str, frozenset[int] | None]:
        """The numbers of the systems to which each contract is limited, empty if unknown; None if it applies to all."""
        listed, number = {each.id: self.systems(each) for each in self.all}, self._graph.system_number
        return {
            each: None if systems is None else frozenset(map(number.__getitem__, systems))
            for each, systems in listed.items()
        }

    def is_for(self, contract: Record, systems: Sequence[int]) -> int:
        """Whether a contract applies to the systems in question, so far as its list of systems says."""
        numbers = self._listed_by[contract.id]
        if numbers is None or not systems:
            return TRUE
        if not numbers:
            return UNKNOWN
        others = [each for each in systems if each not in numbers]
        if len(others) == len(systems):
            return FALSE
        return min((self._roles.differ(one, other) for one in others for other in numbers), default=TRUE)

    def binds(self, contract: Record, one: str, other: str) -> int:
        """Return whether the contract is between two declared parties."""
        if one == other:
            return FALSE
        parties = self._members[contract.id]
        if "with" not in contract.declared:
            return truth(one in parties and other in parties)
        us = self._roles.us
        return max((us.get(we, FALSE) for they, we in ((one, other), (other, one)) if they in parties), default=FALSE)

    def chained(self, satisfied: Sequence[int], besides: str | None = None) -> bytes:
        """Return for each declared party whether it is bound to us by a chain of contracts that are in force and satisfy the condition.

        `satisfied`: whether each contract of `all` satisfies it. `besides`: a party over which no chain may lead.
        """
        numbers, joined = self._party_number, self._joined
        best = bytearray(self._us_by_number)
        if besides is not None:
            best[numbers[besides]] = FALSE
        strength = list(map(min, map(self.in_force, self.all), satisfied))
        for number, parties in self._with_us:
            for party, us in parties:
                best[party] = max(best[party], min(strength[number], us))
        for level in (TRUE, UNKNOWN):
            # A party over which no chain may lead never waits, and nothing raises it.
            barred = None if besides is None else numbers[besides]
            if barred is not None:
                best[barred] = TRUE
            strong = bytearray(each >= level for each in strength)
            waiting = [party for party, value in enumerate(best) if value >= level and party != barred]
            while waiting:
                for number, members in joined[waiting.pop()]:
                    if strong[number]:
                        strong[number] = False
                        new = [each for each in members if best[each] < level]
                        for each in new:
                            best[each] = level
                        waiting += new
        if besides is not None:
            best[numbers[besides]] = FALSE
        return bytes(best)

    def chained_together(self, satisfied: Sequence[bytes]) -> Iterator[bytes]:
        """Yield the same for many conditions, worked out together: whether each contract satisfies each of them."""
        every = len(self._party_number), len(self.all)
        found = []
        for level in (TRUE, UNKNOWN):
            network = self._network(level)
            enough = bytes(value >= level for value in range(256))
            in_force = int.from_bytes(bytes(map(self.in_force, self.all)).translate(enough), "little")
            begun, starts = [1] * len(network.systems), bytes(sum(every)) + b"\1"
            tests = []
            for each in satisfied:
                strong = in_force & int.from_bytes(each.translate(enough), "little")
                weak = int.from_bytes(b"\1" * every[1], "little") ^ strong
                blocked = bytes(every[0]) + weak.to_bytes(every[1], "little") + b"\0"
                tests.append(LayeredTest(starts, blocked, begun, 1))
            found.append(LayeredPasses(network, Passing([1] * len(network.source))).arrived(tests))
        for must, may in zip(*found, strict=True):
            yield bytes(map(add, must[: every[0]], may))

    def _network(self, level: int) -> _ChainNetwork:
        """Return what leads from us to parties over contracts: the parties, the contracts and a start, by number in this order."""
        parties, start = len(self._party_number), len(self._party_number) + len(self.all)
        links = [(start, party) for party, value in enumerate(self._us_by_number) if value >= level]
        for party, found in enumerate(self._joined):
            for contract, _ in found:
                links += [(party, parties + contract), (parties + contract, party)]
        for contract, bound in self._with_us:
            links.append((start, parties + contract))
            links += [(parties + contract, party) for party, value in bound if value >= level]
        return _ChainNetwork(start + 1, links)

    def number_of_party(self, party: str) -> int:
        """Return the number of a declared party in the answers on chains."""
        return self._party_number[party]

    @cached_property
    def _party_number(self) -> dict[str, int]:
        return {party: number for number, party in enumerate(self._graph.estate.parties)}

    @cached_property
    def _us_by_number(self) -> bytes:
        return bytes(self._roles.us.get(party, FALSE) for party in self._party_number)

    @cached_property
    def _joined(self) -> list[list[tuple[int, tuple[int, ...]]]]:
        """For each party, by number, the contracts that are between parties, each with its parties."""
        found: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in self._party_number]
        for number, contract in enumerate(self.all):
            if "with" not in contract.declared:
                parties = tuple(self._party_number[each] for each in self._members[contract.id])
                for party in parties:
                    found[party].append((number, parties))
        return found

    @cached_property
    def _with_us(self) -> list[tuple[int, list[tuple[int, int]]]]:
        """The contracts that are with somebody, by number: each party with whether somebody else is us."""
        found = ((self.number[each.id], self._members[each.id]) for each in self._with_a_party)
        number_of = self._party_number
        return [(number, [(number_of[each], self._us.besides(each)) for each in parties]) for number, parties in found]

    def are_for(self, party: str, systems: Sequence[int]) -> bool:
        """Return whether all contracts of a party certainly apply to some systems of it."""
        key = party, tuple(systems)
        if key not in self._for_all:
            self._for_all[key] = all(self.is_for(each, systems) == TRUE for each in self.concerning(party))
        return self._for_all[key]

    def beginning(self, party: str, systems: Sequence[int]) -> list[tuple[int, int]]:
        """Return the contracts, by number, that may be the first of a chain from some systems of a party, each with that value."""
        found = (
            (self.number[each.id], min(self.in_force(each), self.is_for(each, systems)))
            for each in self.concerning(party)
        )
        return [each for each in found if each[1]]

    def binds_besides(self, contract: Record, party: str, bound: Callable[[], bytes]) -> int:
        """Whether a contract binds a party to another one that is us, or that is bound to us by a chain that does not lead over the party.

        `bound` gives the value of each party, by number; it is asked only if that matters.
        """
        best = self._binds_us(contract, party)
        if best == TRUE:
            return best
        others = zip(self._party_number, bound(), strict=True)
        return max(best, *(min(self.binds(contract, party, each), value) for each, value in others if value), FALSE)

    def around(self, party: str | None) -> list[Record]:
        """Return the contracts that a chain from a party (None: any party) may contain, the nearest first."""
        if party is None:
            return self.all
        found: dict[str, Record] = {}
        seen = {party: None}
        waiting = [party]
        for each in waiting:
            for contract in self._of_party.get(each, ()):
                found.setdefault(contract.id, contract)
                new = sorted(self._members[contract.id] - seen.keys())
                seen.update(dict.fromkeys(new))
                waiting += new
        return list(found.values())

    def reach(self, contract: Record, known: Sequence[str], *, both: bool) -> int:
        """Whether a contract binds two parties (`both`), or one party and us. Only the parties in `known` are known."""
        if len(known) == (2 if both else 1):
            return self.binds(contract, *known) if both else self._binds_us(contract, known[0])
        found = self._binds_anybody(contract, *known) if both else self._binds_us(contract, None)
        return min(UNKNOWN, found)

    def _binds_anybody(self, contract: Record, party: str | None = None) -> int:
        """Whether the contract binds the party (None: any party) to some other party."""
        parties = self._members[contract.id]
        if "with" not in contract.declared:
            return truth(len(parties) > 1 and (party is None or party in parties))
        return self._us.besides(*parties) if party is None or party in parties else self._roles.us.get(party, FALSE)

    def _binds_us(self, contract: Record, party: str | None) -> int:
        """Whether the contract binds the party (None: any party) to another party that is us."""
        parties, us = self._members[contract.id], self._roles.us
        if "with" in contract.declared:
            if party is None or party in parties:
                return self._us.besides(*parties)
            return max(min(us.get(party, FALSE), us.get(each, FALSE)) for each in parties)
        if len(parties) < 2 or (party is not None and party not in parties):
            return FALSE
        if contract.id not in self._ours:
            self._ours[contract.id] = _Best((each, us[each]) for each in parties if each in us)
        return self._ours[contract.id].besides(party)

    def doubtful(self, contract: Record) -> list[str]:
        """The parties whose roles leave open whom the contract binds."""
        us = self._roles.us
        return [
            party for party in us if us[party] == UNKNOWN and ("with" in contract.declared or party in contract.parties)
        ]

    def concerning(self, *parties: str) -> list[Record]:
        """The contracts that may bind one of the parties (if we are one, every contract with somebody), by id."""
        found = {contract.id: contract for party in parties for contract in self._of_party[party]}
        if len(parties) == 1 and parties[0] in self._roles.us:
            found.update((contract.id, contract) for contract in self._with_a_party)
        return [found[key] for key in sorted(found)]

    def reaching(self, known: Sequence[str], *, both: bool) -> Iterator[tuple[Record, int]]:
        """Yield the contracts in force that must or may bind two parties (`both`), or one and us, each with that truth value.

        Only the parties in `known` are known: the others may be anyone, so nothing about them is certain.
        """
        for contract in self.candidates(known, both=both):
            sure = min(self.in_force(contract), self.reach(contract, known, both=both))
            if sure:
                yield contract, sure

    def candidates(self, known: Sequence[str], *, both: bool) -> Sequence[Record]:
        """The contracts that may bind the parties."""
        if not known:
            return self.all
        if both and len(known) == 2:
            few, many = sorted((self._of_party[each] for each in known), key=len)
            return [*few, *(each for each in many if "with" in each.declared)]
        return self.concerning(*known)


class _ChainNetwork:
    """A number of nodes, and the links between them."""

    def __init__(self, size: int, links: Sequence[tuple[int, int]]) -> None:
        self.systems = range(size)
        self.source, self.target = [each for each, _ in links], [each for _, each in links]
        self.outgoing: list[list[int]] = [[] for _ in self.systems]
        for number, each in enumerate(self.source):
            self.outgoing[each].append(number)


class _Best:
    """The highest truth value of several parties, and of all but one of them."""

    def __init__(self, parties: Iterable[tuple[str, int]]) -> None:
        self._two = nlargest(2, parties, key=itemgetter(1))

    def besides(self, party: str | None) -> int:
        """The best value of the parties, leaving one out."""
        return max((value for each, value in self._two if each != party), default=FALSE)
