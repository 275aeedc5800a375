"""A vocabulary: terms in a directed acyclic hierarchy, with `is a` and `overlaps` as bit masks.

>>> data = Taxonomy("data", {"contact": (), "email": ("contact",), "age": ()})
>>> data.is_a("email", "contact"), data.overlaps("contact", "email"), data.overlaps("age", "email")
(True, True, False)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from graphlib import TopologicalSorter
from operator import or_

from privacy_rules.source.words import plural, with_article

BUILT_IN = (
    "basis",
    "choice",
    "data",
    "exchange",
    "kind",
    "mandate",
    "method",
    "obligation",
    "occasion",
    "purpose",
    "region",
    "retention_ground",
    "right",
    "role",
    "safeguard",
    "trigger",
)
"""The vocabularies that exist without a declaration."""
SHIPPED = frozenset(BUILT_IN) - {"data", "purpose", "occasion"}
"""The built-in vocabularies that `std.core` has terms for."""
_NOUNS = {"data": "category", "basis": "legal basis"}


@dataclass(frozen=True, slots=True)
class Noun:
    """What the terms of a vocabulary are called: `legal basis`, `a legal basis`, `legal bases`."""

    name: str
    one: str
    many: str


@cache
def noun_of(vocabulary: str) -> Noun:
    """Return what the terms of a vocabulary are called."""
    name = _NOUNS.get(vocabulary, vocabulary.replace("_", " "))
    return Noun(name, with_article(name), plural(name))


def spelling(vocabulary: str, name: str) -> str:
    """Return a term as its vocabulary spells it: regions are in lower case."""
    return name.lower() if vocabulary == "region" else name


class Taxonomy:
    """One vocabulary, immutable. `parents` gives each term its direct parents (declared terms, no cycle).

    Terms are numbered in order of name, and sets of terms are ints with a bit for each number.
    Raises graphlib.CycleError on a cycle and KeyError on an undeclared parent; the resolver reports both to users first.
    """

    __slots__ = ("_above", "_below", "_children", "_sets", "descriptions", "index", "name", "parents", "terms")

    def __init__(
        self, name: str, parents: Mapping[str, tuple[str, ...]], descriptions: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.terms: tuple[str, ...] = tuple(sorted(parents))
        self.parents = {term: tuple(parents[term]) for term in self.terms}
        self.descriptions = dict(descriptions or {})
        self.index = {term: number for number, term in enumerate(self.terms)}
        self._above, self._below = self._masks()
        self._sets: dict[tuple[str, ...], int] = {}
        self._children: dict[str, list[str]] | None = None

    def _masks(self) -> tuple[list[int], list[int]]:
        """For each term the bits of the terms above and below it, itself included in both."""
        order = [self.index[term] for term in TopologicalSorter(self.parents).static_order()]
        parents = [[self.index[parent] for parent in self.parents[term]] for term in self.terms]
        above = [1 << number for number in range(len(self.terms))]
        below = list(above)
        for number in order:
            for parent in parents[number]:
                above[number] |= above[parent]
        for number in reversed(order):
            for parent in parents[number]:
                below[parent] |= below[number]
        return above, below

    def __contains__(self, term: object) -> bool:
        return term in self.index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Taxonomy) and (self.name, self.parents) == (other.name, other.parents)

    def __hash__(self) -> int:
        return hash((self.name, self.terms))

    def __repr__(self) -> str:
        return f"Taxonomy({self.name!r}, {len(self.terms)} terms)"

    @property
    def everything(self) -> int:
        """The bits of all terms."""
        return (1 << len(self.terms)) - 1

    def below(self, term: str) -> int:
        """Return the bits of a term and of the terms below it."""
        return self._below[self.index[term]]

    def below_any(self, terms: Iterable[str]) -> int:
        """Return the bits of the terms and of all below them."""
        key = tuple(terms)
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = union(map(self.below, key))
        return found

    def bits_of(self, terms: Iterable[str]) -> int:
        """Return the bits of those terms that are declared."""
        found = bytearray(len(self.terms) // 8 + 1)
        for term in terms:
            if term in self.index:
                found[self.index[term] >> 3] |= 1 << (self.index[term] & 7)
        return int.from_bytes(found, "little")

    def above_any(self, terms: Iterable[str]) -> int:
        """Return the bits of the terms and of all above them."""
        return union(self._above[self.index[term]] for term in terms)

    def is_a(self, term: str, other: str) -> bool:
        """Return whether `term` is `other` or below it."""
        return bool(self._above[self.index[term]] >> self.index[other] & 1)

    def overlaps(self, term: str, other: str) -> bool:
        """Return whether some declared term is both, each being the term itself or above it."""
        return bool(self.below(term) & self.below(other))

    def is_narrowest(self, term: str) -> bool:
        """Return whether nothing is below a term."""
        return self.below(term) == 1 << self.index[term]

    def descendants(self, term: str) -> tuple[str, ...]:
        """Return a term and all terms below it, in order of name."""
        return self.names(self.below(term))

    def names(self, mask: int) -> tuple[str, ...]:
        """Return the terms whose bits are set, in order of name."""
        return tuple(self.terms[number] for number in bits(mask))

    def children(self, term: str) -> tuple[str, ...]:
        """Return the terms that have `term` as a direct parent, in order of name."""
        if self._children is None:
            self._children = {}
            for each in self.terms:
                for parent in dict.fromkeys(self.parents[each]):
                    self._children.setdefault(parent, []).append(each)
        return tuple(self._children.get(term, ()))


def union(masks: Iterable[int]) -> int:
    """Return the bits that any of the masks has."""
    return reduce(or_, masks, 0)


def bits(mask: int) -> list[int]:
    """Return the numbers of the set bits, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
