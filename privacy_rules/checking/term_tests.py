"""Tests of terms as functions of a value: 0 false, 1 unknown, 2 true.

A value of None is unknown. `mask` has the bits of the listed terms and of all terms below them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.vocabulary.taxonomy import Taxonomy


def is_term(taxonomy: Taxonomy, term: str | None, mask: int) -> int:
    """`x is (T, U)`: true if x is a listed term or below one, unknown if it only overlaps one or is unknown."""
    if term is None:
        return UNKNOWN
    if mask >> taxonomy.index[term] & 1:
        return TRUE
    return UNKNOWN if taxonomy.below(term) & mask else FALSE


def includes(taxonomy: Taxonomy, terms: tuple[str, ...] | None, mask: int) -> int:
    """`s includes (T, U)`: some element is a listed term."""
    if terms is None:
        return UNKNOWN
    return max((is_term(taxonomy, term, mask) for term in terms), default=FALSE)


def within(taxonomy: Taxonomy, terms: tuple[str, ...] | None, mask: int) -> int:
    """`s within (T, U)`: every element is a listed term; false if some element overlaps none."""
    if terms is None:
        return UNKNOWN
    return min((is_term(taxonomy, term, mask) for term in terms), default=TRUE)


def covered(taxonomy: Taxonomy, judged: str | None, promised: tuple[str, ...] | None) -> int:
    """`covers data`: the judged term is a covered one or below it; promises are taken literally."""
    if promised is None or judged is None:
        return UNKNOWN
    return is_term(taxonomy, judged, taxonomy.below_any(promised))


def truth(value: bool | None) -> int:
    """The truth value of a flag, which may be unknown."""
    return UNKNOWN if value is None else (TRUE if value else FALSE)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
