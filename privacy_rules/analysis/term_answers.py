"""The answers that the terms of a vocabulary give to tests, worked out for all terms at once.

terms = answers_of(taxonomy)
terms.of([mask])                    # a row of answers for each term, the narrowest terms first
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import Taxonomy

Row = tuple[int, ...]
_MOST_KEPT = 1 << 24
"""The answers that are remembered for a vocabulary, in bytes."""
_SURE = bytes(TRUE if each == TRUE else FALSE for each in range(256))


@dataclass(frozen=True, slots=True)
class MovedMask:
    """The terms of which a test is true: bits of those below the test's terms, and of those that overlap them."""

    below: int
    overlapping: int


Mask = int | MovedMask
"""The terms of which a test is true."""


class TermAnswers:
    """The answers of the terms of one vocabulary."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        narrow, broad = taxonomy.narrowest_and_broad
        self._terms, self._narrow = (*narrow, *broad), len(narrow)
        self._place = itemgetter(*(taxonomy.index[each] for each in self._terms), 0) if self._terms else None
        self._tables: dict[Mask, bytes] = {}

    def of(self, masks: Sequence[Mask], *, complete: bool, exact: bool) -> Iterator[tuple[Row, str]]:
        """Yield each different row of answers with the first term that gives it.

        `complete`: only the rows of terms with nothing below them. `exact`: also those of a broad term that means something
        that no narrower term means.
        """
        tables = [self._table(each) for each in masks]
        most = self._narrow if complete else len(self._terms)
        rows: list[Row] = list(zip(*tables, strict=True))[:most] if tables else [()] * most
        terms = list(self._terms[:most])
        if exact:
            own = [each[self._narrow :].translate(_SURE) for each in tables]
            broad = self._terms[self._narrow :]
            rows += zip(*own, strict=True) if own else [()] * len(broad)
            terms += broad
        first = dict(zip(reversed(rows), reversed(terms), strict=True))
        return ((row, first[row]) for row in dict.fromkeys(rows))

    def _table(self, mask: Mask) -> bytes:
        """Return the answer of each term, in the order of `_terms`."""
        found = self._tables.get(mask)
        if found is None:
            if len(self._tables) * len(self._terms) > _MOST_KEPT:
                self._tables.clear()
            below = mask if isinstance(mask, int) else mask.below
            touched = self._above(mask) if isinstance(mask, int) else mask.overlapping
            inside, near = self._spread(below), self._spread(touched)
            values = bytes(
                TRUE if one else UNKNOWN if other else FALSE for one, other in zip(inside, near, strict=True)
            )
            found = self._tables[mask] = bytes(self._place(values)[:-1]) if self._place else b""
        return found

    def _above(self, mask: int) -> int:
        """Return the bits of the terms below which there is one of a mask."""
        return self._taxonomy.above_any(self._taxonomy.names(mask))

    def _spread(self, mask: int) -> bytes:
        """Return a byte for each term: 1 if its bit is set, else 0."""
        size = len(self._taxonomy.terms)
        return f"{mask:0{size}b}"[::-1].encode().translate(_DIGITS)


_DIGITS = bytes(each - ord("0") if each in b"01" else 0 for each in range(256))


@lru_cache(maxsize=32)
def answers_of(taxonomy: Taxonomy) -> TermAnswers:
    """Return the answers of a vocabulary's terms."""
    return TermAnswers(taxonomy)
