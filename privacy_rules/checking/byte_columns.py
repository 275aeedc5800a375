"""Evaluate tests in many cases at once: the values are columns with one byte for each case.

    spread = Spread([0, 1, 0])              # three cases; the first and the last are in one group
    spread(bytes([TRUE, FALSE]))            # one value for each case, from one value for each group
    packed(...)                             # the same as a column, on which `and` and `or` take one operation

A comparison is a binary search among the sorted values, so thousands of rules can compare with thousands of values.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from functools import cached_property
from math import prod
from operator import itemgetter
from typing import Any

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS
from privacy_rules.checking.value_tests import ValueCondition, value_test
from privacy_rules.language.policy import Compares, Includes, IsTerm, Policy, Reference, Within
from privacy_rules.vocabulary.attributes import Form
from privacy_rules.vocabulary.taxonomy import Taxonomy, bits, union
from privacy_rules.vocabulary.values import Duration

Column = tuple[int, int]
"""In which cases something must be true, and in which it may be. Each of the two has a byte for each case, 1 or 0."""
_SETS = (Form.ROLES, Form.SET, Form.TEXTS)
_MUST, _MAY = (bytes(each) + bytes(253) for each in ([0, 0, 1], [0, 1, 1]))


def packed(values: bytes) -> Column:
    """Return a column from the truth value of each case."""
    return int.from_bytes(values.translate(_MUST), "little"), int.from_bytes(values.translate(_MAY), "little")


def unpacked(column: Column, size: int) -> bytes:
    """Return the truth value of each case."""
    return sum(column).to_bytes(size, "little")


class Spread:
    """Spreads values over cases: each case has the number of its group, and gets the value of that group.

    A value is one byte.
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers, self.most = numbers, max(numbers, default=0)
        self._few = bytes(numbers) if self.most < 256 else None
        self._get: Callable[[bytes], tuple[int, ...]] | None = None
        if self._few is None:
            self._get = itemgetter(*numbers, 0)  # of one number alone, it would return no tuple

    def __call__(self, table: bytes) -> bytes:
        if self._few is not None:
            return self._few.translate(table[:256].ljust(256))
        assert self._get is not None
        return bytes(self._get(table)[:-1])


class ValueColumns:
    """Evaluates tests of one name for all cases, given its value in each case (None: not known)."""

    def __init__(self, policy: Policy, reference: Reference, values: Sequence[Any]) -> None:
        self._policy, self._values = policy, values
        self._form, self._vocabulary = reference.attribute.type.form, reference.attribute.type.vocabulary or ""

    @cached_property
    def _ranks(self) -> tuple[Spread, list[Any]]:
        values = [_comparable(each) for each in self._values]
        every = sorted({*values} - {None})
        rank = {each: number for number, each in enumerate([*every, None])}
        return Spread([rank[each] for each in values]), every

    @cached_property
    def _terms(self) -> Spread:
        return Spread(numbers_of(self._policy.taxonomy(self._vocabulary), self._values))

    @cached_property
    def different(self) -> tuple[Spread, list[Any]]:
        """The number of each value, and the different values in the order of their numbers."""
        return Spread(numbered(self._values)), list(dict.fromkeys(self._values))

    @cached_property
    def _having(self) -> dict[str, int]:
        """For each element of a set, which of the different values contain it: a byte for each value, 1 or 0."""
        having: dict[str, int] = {}
        for number, elements in enumerate(self.different[1]):
            for each in elements or ():
                having[each] = having.get(each, 0) | 1 << 8 * number
        return having

    def of(self, test: ValueCondition) -> bytes:
        """Return the value of a test in each case."""
        if isinstance(test, Compares):
            return self.compared(test.operator, test.value)
        if isinstance(test, IsTerm) and self._form is Form.ONE:
            return self._terms(term_table(self._policy.taxonomy(self._vocabulary), test.terms))
        spread, different = self.different
        if isinstance(test, Includes | IsTerm | Within) and self._form in _SETS:
            return spread(self._of_sets(test))
        return spread(bytes(map(value_test(self._policy, test), different)))

    def _of_sets(self, test: Includes | IsTerm | Within) -> bytes:
        """Return the value of a test for each of the different sets."""
        different = self.different[1]
        every = int.from_bytes(b"\1" * len(different), "little")
        if isinstance(test, Within):
            must, may = self._within(test.terms, every)
            if test.non_empty:
                some = union(self._having.values())
                must, may = must & some, may & some
        elif isinstance(test, Includes) and test.every:
            must = may = every
            for each in test.terms:
                one, other = self._including((each,))
                must, may = must & one, may & other
        else:
            must, may = self._including(test.terms)
        found = bytearray(unpacked((must, may), len(different)))
        if None in different:
            found[different.index(None)] = UNKNOWN
        return bytes(found)

    def _including(self, terms: Iterable[str]) -> Column:
        """Return which of the different sets must, and may, contain one of some terms."""
        if self._form is Form.TEXTS:
            found = union(self._having.get(each, 0) for each in terms)
            return found, found
        inside, overlapping = self._meant(terms)
        having = self._having.items()
        must = union(sets for each, sets in having if each in inside)
        return must, must | union(sets for each, sets in having if each in overlapping)

    def _within(self, terms: Iterable[str], every: int) -> Column:
        """Return the sets of which all elements must, and may, be among some terms."""
        inside, overlapping = self._meant(terms)
        must = may = every
        for each, sets in self._having.items():
            if each not in inside:
                must &= ~sets
                if each not in overlapping:
                    may &= ~sets
        return must, may

    def _meant(self, terms: Iterable[str]) -> tuple[Container[str], Container[str]]:
        """Return the elements that are certainly among some terms, and those that overlap one without being below one."""
        if self._form is Form.TEXTS:
            return frozenset(terms), ()
        taxonomy = self._policy.taxonomy(self._vocabulary)
        table = term_table(taxonomy, terms)
        known = {each: table[taxonomy.index[each]] for each in self._having}
        return tuple(frozenset(each for each in known if known[each] == value) for value in (TRUE, UNKNOWN))  # type: ignore[return-value]

    def compared(self, operator: str, limit: Any) -> bytes:
        """Return in each case whether the value is before, at or after another one, as the operator says."""
        spread, every = self._ranks
        limit, compare = _comparable(limit), COMPARISONS[operator]
        start, end = bisect_left(every, limit), bisect_right(every, limit)
        less, same, more = (bytes([TRUE if compare(*each) else FALSE]) for each in ((0, 1), (0, 0), (1, 0)))
        return spread(less * start + same * (end - start) + more * (len(every) - end) + bytes([UNKNOWN]))


def numbers_of(taxonomy: Taxonomy, terms: Iterable[str | None]) -> list[int]:
    """Return the number of each term in a `term_table`."""
    return [len(taxonomy.terms) if each is None else taxonomy.index[each] for each in terms]


def term_table(taxonomy: Taxonomy, terms: Iterable[str]) -> bytes:
    """Return for each term whether it is at or below one of some terms; the last entry is for an unknown term."""
    inside = taxonomy.below_any(terms)
    table = bytearray(len(taxonomy.terms) + 1)
    for number in bits(taxonomy.above_any(taxonomy.names(inside))):
        table[number] = UNKNOWN
    for number in bits(inside):
        table[number] = TRUE
    table[-1] = UNKNOWN
    return bytes(table)


def numbered(values: Iterable[Hashable]) -> list[int]:
    """Number the values from 0 in the order in which they first appear; equal values get the same number."""
    every = list(values)
    numbers = {each: number for number, each in enumerate(dict.fromkeys(every))}
    return [*map(numbers.__getitem__, every)]


def combined(*columns: Sequence[int | None]) -> Sequence[Hashable]:
    """Return one column that is equal where all of the columns are equal; as bytes, if there are few different values."""
    of_bytes = [each for each in columns if isinstance(each, bytes)]
    sizes = [max(each, default=0) + 1 for each in of_bytes]
    if len(of_bytes) < len(columns) or prod(sizes) > 256:
        return [*zip(*columns, strict=True)] if len(columns) > 1 else columns[0]
    found = 0
    for each, size in zip(of_bytes, sizes, strict=True):
        found = found * size + int.from_bytes(each, "little")
    return found.to_bytes(len(columns[0]), "little")


def grouped(values: Sequence[Hashable]) -> tuple[Sequence[int], list[int], list[int]]:
    """Number the values as `numbered` does, and return the first place of each number, and how often it occurs."""
    if isinstance(values, bytes):
        few = sorted({*values}, key=values.index)
        numbers = bytearray(256)
        for number, value in enumerate(few):
            numbers[value] = number
        return values.translate(numbers), [*map(values.index, few)], [*map(values.count, few)]
    first = dict(zip(reversed(values), range(len(values) - 1, -1, -1), strict=True))
    counts = Counter(values)
    return numbered(values), [first[each] for each in counts], [*counts.values()]


def _comparable(value: Any) -> Any:
    return value.length if isinstance(value, Duration) else value
