"""Which contracts bind two parties, surely or maybe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.standing import Standing
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.known import known as known_value
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity

Satisfies = Callable[[Record], int]
"""Whether a contract satisfies the condition that a test puts to it."""


class Contracts:
    """The declared contracts of an estate on one day."""

    def __init__(self, graph: FlowGraph, standing: Standing, day: date) -> None:
        self._graph, self._standing, self._day = graph, standing, day

    @cached_property
    def _of_party(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for contract in self.all:
            for party in members(contract):
                found[party].append(contract)
        return found

    @cached_property
    def all(self) -> list[Record]:
        """Every contract, in the order of ids."""
        return [self._graph.estate.contracts[key] for key in sorted(self._graph.estate.contracts)]

    def in_force(self, contract: Record) -> int:
        """Whether the contract holds on the day: from its first day on, before its `until`."""
        attributes = self._graph.policy.attributes
        begins, ends = (known_value(contract, attributes[Entity.CONTRACT, name])[0] for name in ("from", "until"))
        started = UNKNOWN if begins is None else TRUE if begins <= self._day else FALSE  # type: ignore[operator]
        running = UNKNOWN if ends is None else TRUE if self._day < ends else FALSE  # type: ignore[operator]
        return min(started, running)

    def binds(self, contract: Record, one: str, other: str) -> int:
        """Whether the contract is one between two declared parties."""
        if one == other:
            return FALSE
        parties = members(contract)
        if "with" not in contract.declared:
            return TRUE if one in parties and other in parties else FALSE
        return max(
            (self._standing.us.get(we, FALSE) for they, we in ((one, other), (other, one)) if they in parties),
            default=FALSE,
        )

    def between(self, one: str | None, other: str | None, satisfies: Satisfies) -> int:
        """Whether a contract in force binds two different systems' parties and satisfies a condition.

        A party of None is not known: it may be any, so a contract that could bind it makes the answer unknown.
        """
        return self._best([each for each in (one, other) if each is not None], satisfies, both=True)

    def with_us(self, party: str | None, satisfies: Satisfies) -> int:
        """Whether a contract in force binds a party and us: some declared party ⊑ us other than the one asked about."""
        return self._best([] if party is None else [party], satisfies, both=False)

    def reach(self, contract: Record, known: Sequence[str], *, both: bool) -> int:
        """Whether a contract binds two parties (`both`), or one and us; of those only `known` are known."""
        between = self.binds if both else self._binds_us
        asked = 2 if both else 1
        if len(known) == asked:
            return between(contract, *known)
        someone = members(contract)
        if "with" in contract.declared:  # it binds its party and each of us
            someone = (*someone, *self._standing.us)
        if both:
            firsts = known or someone
            return min(UNKNOWN, max((self.binds(contract, a, b) for a in firsts for b in someone), default=FALSE))
        return min(UNKNOWN, max((self._binds_us(contract, each) for each in someone), default=FALSE))

    def _binds_us(self, contract: Record, party: str) -> int:
        us = self._standing.us
        return max((min(us[we], self.binds(contract, party, we)) for we in us if we != party), default=FALSE)

    def doubtful(self, contract: Record) -> list[str]:
        """The parties whose roles leave open whom the contract binds."""
        us = self._standing.us
        return [
            party
            for party in us
            if us[party] == UNKNOWN and ("with" in contract.declared or party in members(contract))
        ]

    def concerning(self, *parties: str) -> list[Record]:
        """The contracts that may bind one of the parties, in the order of ids.

        Those name one of them; and for one of us alone, every contract that is with somebody.
        """
        found = {contract.id: contract for party in parties for contract in self._of_party[party]}
        if len(parties) == 1 and parties[0] in self._standing.us:
            found.update((contract.id, contract) for contract in self.all if "with" in contract.declared)
        return [found[key] for key in sorted(found)]

    def _best(self, known: Sequence[str], satisfies: Satisfies, *, both: bool) -> int:
        best = FALSE
        for contract in self.concerning(*known) if known else self.all:
            value = min(self.reach(contract, known, both=both), self.in_force(contract))
            if value > best:
                best = max(best, min(value, satisfies(contract)))
            if best == TRUE:
                break
        return best


def members(contract: Record) -> tuple[str, ...]:
    """The parties that the contract names."""
    other = contract.declared.get("with")
    return (other,) if isinstance(other, str) else tuple(contract.declared.get("between") or ())  # type: ignore[arg-type]
