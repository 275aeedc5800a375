"""The costs of moves, by kind or by the entity that they change, and which moves are ruled out.

costs = Costs({"cut-flow": 20, "flow:signup": NEVER}, allowed={MoveKind.CUT, MoveKind.EXTEND})
costs.of(Cut("leads"))          # {("cut", "leads"): 20}; None if the move is ruled out
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from privacy_rules.repair.dependants import Dependants
from privacy_rules.repair.kinds import KNOCK_ON, MoveKind
from privacy_rules.repair.moves import Bill, Move, bills, touched
from privacy_rules.source.entity_ref import kind_and_id
from privacy_rules.source.fast_dataclasses import dataclass

NEVER: Literal["never"] = "never"
Price = float | Literal["never"]

USUAL: Mapping[MoveKind, int] = MappingProxyType(
    {
        MoveKind.EXTEND: 2,
        MoveKind.MEASURE: 3,
        MoveKind.DROP_DATA: 4,
        MoveKind.DROP_PURPOSE: 4,
        MoveKind.KEEP_APART: 4,
        MoveKind.STOP_STORING: 5,
        MoveKind.SIGN: 5,
        MoveKind.CONNECT: 6,
        MoveKind.ANONYMISE: 8,
        MoveKind.CUT: 10,
        MoveKind.RELOCATE: 12,
    }
)
"""What a move of each kind costs by default: less if it takes less away from what the estate does."""


USUAL_KNOCK_ON = 1
"""What each flow costs that would have carried on data which no longer comes."""


def configured_costs(costs: Mapping[str, Price], allowed: Collection[MoveKind] = tuple(MoveKind)) -> Costs:
    """Return costs as a configuration writes them, with ids as they are or as JSON strings."""
    return Costs(
        {":".join(kind_and_id(each)) if ":" in each else each: price for each, price in costs.items()}, allowed
    )


_STOPPING = (MoveKind.CUT, MoveKind.DROP_DATA, MoveKind.ANONYMISE)


def _stopped(bill: Bill) -> tuple[str, str | None]:
    """Return the flow and the category (None: all) of a bill for stopping data."""
    match bill:
        case ("cut", flow):
            return flow, None
        case _:
            return bill[1], bill[-1]


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of one call. `said` has prices by kind and by entity (`flow:signup`), which wins.

    If the price of the kind applies and a move stops data, each flow that would have forwarded it costs
    `said["knock-on"]` more.
    """

    said: Mapping[str, Price] = field(default_factory=dict)
    allowed: Collection[MoveKind] = tuple(MoveKind)
    dependants: Dependants | None = None

    def of(self, move: Move) -> dict[Bill, float] | None:
        """Return what a move costs, bill by bill; None if it is ruled out."""
        own = [self.said[each] for each in touched(move) if each in self.said]
        found: dict[Bill, float] = {}
        for bill, kind in bills(move):
            price = self._price(kind, own)
            if price is None:
                return None
            if not own and kind in _STOPPING and self.dependants is not None:
                price += self._knock_on * self.dependants.flows(*_stopped(bill))
            found[bill] = max(price, found.get(bill, 0))
        return found

    @property
    def _knock_on(self) -> float:
        price = self.said.get(KNOCK_ON, USUAL_KNOCK_ON)
        return 0 if price == NEVER else price

    def _price(self, kind: MoveKind, own: list[Price]) -> float | None:
        prices: list[Price] = own or [self.said.get(kind.value, USUAL[kind])]
        if kind not in self.allowed or NEVER in (*prices, self.said.get(kind.value)):
            return None
        return max(each for each in prices if each != NEVER)

    def paid(self, moves: Iterable[Move]) -> dict[Bill, float]:
        """Return the bills of several moves, each once."""
        found: dict[Bill, float] = {}
        for move in moves:
            for bill, price in (self.of(move) or {}).items():
                found[bill] = max(price, found.get(bill, 0))
        return found

    def total(self, moves: Iterable[Move]) -> float:
        """Return what several moves cost together."""
        return sum(self.paid(moves).values())
