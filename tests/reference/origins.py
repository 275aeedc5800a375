"""`origin`: which collections a flow takes its data from, and so what it forwards of what its source has.

An item of `carries` may state an origin of its own; the flow's own is that of all its other names.
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.vocabulary.values import Value
from tests.reference.facts import Facts, Silence, said
from tests.reference.terms import FALSE


class Origins:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def of(self, flow: str, name: str | None) -> Value | Silence | None:
        """What is said of the origin of a name that the flow carries; None where it says that nobody knows."""
        record = self.facts.estate.flows[flow]
        for item in self.facts.items_in(record, "carries", name):
            own = dict(item.declared)
            if "origin" in own:
                return own["origin"]
        return said(record, "origin")

    def names(self, flow: str) -> tuple[str | None, ...]:
        """The names that the flow carries; one unknown name where it does not say."""
        return self.facts.said_set(flow, "carries") or (None,)

    def below(self, name: str | None) -> frozenset[str]:
        return self.facts.all_categories() if name is None else self.facts.below((name,))

    def surely(self, flow: str, name: str | None) -> tuple[str, ...]:
        """The collections that the flow surely names for one of its names; none where they are not known."""
        found = self.of(flow, name)
        return tuple(map(str, found)) if isinstance(found, tuple) else ()

    def maybe(self, flow: str, name: str | None) -> tuple[str, ...]:
        """Those that it may name: any collection where they are not known."""
        if self.of(flow, name) is not None:
            return self.surely(flow, name)
        return tuple(each for each in self.facts.estate.flows if self.facts.counts_as_collection(each) is not FALSE)

    def applies_to_name(self, flow: str, name: str) -> bool:
        """Whether the origin may apply to a name that the flow carries: a collection of it may carry that."""
        return any(self.facts.may_carry(each) & self.below(name) for each in self.maybe(flow, name))

    def surely_applies_to(self, flow: str, leaf: str) -> bool:
        """Whether the origin surely applies to a leaf, whichever of the flow's names stands for it.

        Of names with one origin, one collection surely carries the leaf; if it is broad, it carries each of the names.
        """
        names = [each for each in self.names(flow) if leaf in self.below(each)]
        return all(
            self.one_carries(self.surely(flow, name), leaf, [each for each in names if self.alike(flow, each, name)])
            for name in names
        )

    def alike(self, flow: str, one: str | None, other: str | None) -> bool:
        return self.of(flow, one) == self.of(flow, other)

    def one_carries(self, collections: tuple[str, ...], leaf: str, names: list[str | None]) -> bool:
        wanted = names if self.facts.below((leaf,)) != {leaf} else [leaf]
        return any(set(wanted) <= self.facts.surely_carries(each) for each in collections)

    def drawn(self, flow: str, *, sure: bool, known: bool | None = None) -> Iterator[tuple[str, frozenset[str]]]:
        """Each collection that the flow surely (or may) draw on, with what comes from there.

        `known`: only by what names its collections, or only by what says that nobody knows them.
        """
        for name in self.names(flow):
            if known is not None and known is (self.of(flow, name) is None):
                continue
            own = self.below(name) if not sure else frozenset[str]() if name is None else frozenset([name])
            for each in self.surely(flow, name) if sure else self.maybe(flow, name):
                yield each, own & (self.facts.surely_carries(each) if sure else self.facts.may_carry(each))
