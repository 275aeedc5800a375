"""A vocabulary: terms in a directed acyclic hierarchy, with `is a` and `overlaps` as bit masks.

>>> data = Taxonomy("data", {"contact": (), "email": ("contact",), "age": ()})
>>> data.is_a("email", "contact"), data.overlaps("contact", "email"), data.overlaps("age", "email")
(True, True, False)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import cache, reduce
from graphlib import TopologicalSorter
from operator import or_

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
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


Edge = tuple[str, str]
"""A term and a direct parent of it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days on which a term is below a parent: from `begins` until the day before `ends` (`date.min` and `date.max`: no limit)."""

    begins: date
    ends: date
    span: Span | None = field(default=None, compare=False)

    def __contains__(self, day: date) -> bool:
        return self.begins <= day and (day < self.ends or self.ends == date.max)

    def __str__(self) -> str:
        begins = "" if self.begins == date.min else f"from {self.begins}"
        ends = "" if self.ends == date.max else f"until {self.ends}"
        return f"{begins} {ends}".strip()


class Taxonomy:
    """One vocabulary, immutable. `parents` gives each term its direct parents (declared terms, no cycle).

    `periods` has the edges that exist on some days only. A vocabulary with such edges contains all of them, for all
    days together; `on` returns the vocabulary of a single day. Terms are numbered in order of name, and sets of terms
    are ints with a bit for each number. Raises graphlib.CycleError on a cycle and KeyError on an undeclared parent; the
    resolver reports both to users first.
    """

    __slots__ = (
        "_above",
        "_below",
        "_by_breadth",
        "_children",
        "_days",
        "_sets",
        "descriptions",
        "index",
        "name",
        "parents",
        "periods",
        "terms",
    )

    def __init__(
        self,
        name: str,
        parents: Mapping[str, tuple[str, ...]],
        descriptions: Mapping[str, str] | None = None,
        periods: Mapping[Edge, tuple[Period, ...]] | None = None,
        days: _Days | None = None,
    ) -> None:
        self.name = name
        self.terms: tuple[str, ...] = tuple(sorted(parents))
        self.parents = {term: tuple(parents[term]) for term in self.terms}
        self.descriptions = dict(descriptions or {})
        self.index = {term: number for number, term in enumerate(self.terms)}
        self.periods = dict(periods or {})
        self._days = days or _Days(self)
        if not self.periods:  # else they are seldom asked for
            self._above, self._below = self._masks()
        self._sets: dict[tuple[str, ...], int] = {}
        self._children: dict[str, list[str]] | None = None
        self._by_breadth: tuple[tuple[str, ...], tuple[str, ...]] | None = None

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

    def __getattr__(self, name: str) -> list[int]:
        if name not in ("_above", "_below"):
            raise AttributeError(name)
        self._above, self._below = self._masks()
        return self._above if name == "_above" else self._below

    def on(self, day: date) -> Taxonomy:
        """Return the vocabulary of a day; itself if it is that already, or no edge has dates."""
        if not self.periods:
            return self
        days = self._days
        number = bisect_right(days.turning, day)
        found = days.known.get(number)
        if found is None:
            parents = {
                term: tuple(each for each in above if self.exists(term, each, day))
                for term, above in days.whole.parents.items()
            }
            found = days.known[number] = Taxonomy(self.name, parents, self.descriptions, self.periods, days)
        return found

    def only_on(self, day: date) -> Taxonomy:
        """Return the vocabulary of a day, as if it did not change."""
        return Taxonomy(self.name, self.on(day).parents, self.descriptions) if self.periods else self

    @property
    def whole(self) -> Taxonomy:
        """The vocabulary of all days together."""
        return self._days.whole

    @property
    def change_days(self) -> tuple[date, ...]:
        """The days on which an edge begins or ends, in order."""
        return self._days.turning

    @property
    def of_all_days(self) -> tuple[Taxonomy, ...]:
        """The vocabulary before the first day on which an edge begins or ends, and that of each such day: one if no edge has dates."""
        return (self.on(date.min), *map(self.on, self.change_days))

    def exists(self, term: str, parent: str, day: date) -> bool:
        """Return whether a term is directly below a parent on a day, if it ever is."""
        periods = self.periods.get((term, parent))
        return periods is None or any(day in each for each in periods)

    def __contains__(self, term: object) -> bool:
        return term in self.index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Taxonomy) and (self.name, self.parents, self.periods) == (
            other.name,
            other.parents,
            other.periods,
        )

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

    @property
    def narrowest_and_broad(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The terms that have nothing below them, and those that have, in order of name."""
        if self._by_breadth is None:
            broad = tuple(each for each in self.terms if not self.is_narrowest(each))
            self._by_breadth = tuple(filter(self.is_narrowest, self.terms)), broad
        return self._by_breadth

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


class _Days:
    """What a vocabulary shares with those of single days: that of all days, the days of change, and those made."""

    __slots__ = ("known", "turning", "whole")

    def __init__(self, whole: Taxonomy) -> None:
        self.whole = whole
        self.known: dict[int, Taxonomy] = {}
        days = {day for each in whole.periods.values() for period in each for day in (period.begins, period.ends)}
        self.turning = tuple(sorted(days - {date.min, date.max}))


def bits(mask: int) -> list[int]:
    """Return the numbers of the set bits, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
