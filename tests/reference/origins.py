"""`origin`: which collections a flow takes its data from, and so what it forwards of what its source has."""

from __future__ import annotations

from tests.reference.facts import Facts, Silence, said
from tests.reference.terms import FALSE


class Origins:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def is_declared(self, flow: str) -> bool:
        """Whether the flow has an origin, known or `null`."""
        return said(self.facts.estate.flows[flow], "origin") is not Silence.UNDECLARED

    def is_known(self, flow: str) -> bool:
        return said(self.facts.estate.flows[flow], "origin") is not None

    def surely(self, flow: str) -> tuple[str, ...]:
        """The collections that the flow surely names; none where they are not known."""
        found = said(self.facts.estate.flows[flow], "origin")
        return tuple(map(str, found)) if isinstance(found, tuple) else ()

    def maybe(self, flow: str) -> tuple[str, ...]:
        """Those that it may name: any collection where they are not known."""
        if self.is_known(flow):
            return self.surely(flow)
        return tuple(each for each in self.facts.estate.flows if self.facts.counts_as_collection(each) is not FALSE)

    def applies_to_name(self, flow: str, name: str) -> bool:
        """Whether the origin may apply to a name that the flow carries: a collection of it may carry that."""
        below = self.facts.below((name,))
        return self.is_declared(flow) and any(self.facts.may_carry(each) & below for each in self.maybe(flow))

    def surely_applies_to(self, flow: str, leaf: str) -> bool:
        """Whether the origin surely applies to a leaf: one collection surely carries it, under each name if it is broad."""
        data = self.facts.policy.taxonomy("data")
        names = {leaf}
        if self.facts.below((leaf,)) != {leaf}:
            names = {each for each in self.facts.surely_carries(flow) if data.is_a(leaf, each)}
        return bool(names) and any(names <= self.facts.surely_carries(each) for each in self.surely(flow))
