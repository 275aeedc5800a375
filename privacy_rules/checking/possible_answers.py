"""The answers that the possible values of one open fact give to a rule's tests of it.

A fact is open if it is not declared, or declared by a broad name. Each term is a separate value, because a broad name
may also mean something that no narrower term names. A row has the answer to each test for one value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, product
from typing import Any, Literal

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.term_tests import COMPARISONS
from privacy_rules.source.fast_dataclasses import dataclass

Row = tuple[int, ...]
Tests = tuple[Any, ...]
Form = Literal["one", "set", "texts", "pair", "number", "order", "name", "flag"]
"""What the values of a fact are: `pair` is two terms, `order` how one fact compares with another, `name` an id or text."""

MOST_CASES = 4_096
"""How many cases are tried for one judged pair."""
_MOST_KINDS = 100
"""A set of elements that the tests tell apart in more ways has too many rows."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a fact may have.

    For a term, `among` has the bits of the possible terms. For a set, it has a mask for each declared element; None
    means any elements of `universe`. For a name, a flag or a set of texts, it has the value itself, if that is known.
    `least` and `most` are the limits of a number, and `whole` numbers are days.
    """

    form: Form
    among: tuple[Any, ...] | None = None
    universe: int = 0
    non_empty: bool = False
    least: Any = None
    most: Any = None
    whole: bool = False


@lru_cache(4_096)
def rows(values: Values, tests: Tests) -> Sequence[Row] | None:
    """Return the rows of a fact's tests, each in the form that its values need. None if there are more than `MOST_CASES`."""
    found = _ROWS[values.form](values, tests)
    return found if found is not None and len(found) <= MOST_CASES else None


def _truth(value: object) -> int:
    return TRUE if value else FALSE


def _distinct(rows: Iterable[Row]) -> list[Row]:
    return list(dict.fromkeys(rows))


def _cells(among: int, masks: Iterable[int]) -> list[int]:
    """Split terms into groups that no mask distinguishes."""
    cells = [among] if among else []
    for mask in masks:
        cells = [part for cell in cells for part in (cell & mask, cell & ~mask) if part]
    return cells


def _of_one(values: Values, tests: Tests) -> list[Row]:
    among = values.universe if values.among is None else values.among[0]
    return _distinct(tuple(_truth(cell & mask) for mask in tests) for cell in _cells(among, tests))


def _of_pair(values: Values, tests: Tests) -> list[Row]:
    """Each test has a mask for each of the two, in either order; a second mask of None is anything."""
    masks = [mask for test in tests for mask in test if mask is not None]
    first, second = values.among or (values.universe, values.universe)

    def answer(test: tuple[int, int | None], one: int, other: int) -> int:
        ways = ((one, other), (other, one))
        return _truth(any(this & test[0] and (test[1] is None or that & test[1]) for this, that in ways))

    pairs = product(_cells(first, masks), _cells(second, masks))
    return _distinct(tuple(answer(test, one, other) for test in tests) for one, other in pairs)


def _of_set(values: Values, tests: Tests) -> list[Row] | None:
    """Each test is `includes` or `within` with a mask."""
    words, masks = [word for word, _ in tests], [mask for _, mask in tests]

    def marks(among: int) -> list[Row]:
        return _distinct(tuple(_truth(cell & mask) for mask in masks) for cell in _cells(among, masks))

    return _sets(words, values, marks)


def _of_texts(values: Values, tests: Tests) -> list[Row] | None:
    """Each test is `includes` or `within` with some texts; an element is one of these texts or another one."""
    if values.among is not None:
        own = frozenset(values.among)
        return [tuple(_truth(own & texts if word == "includes" else own <= texts) for word, texts in tests)]
    named = sorted({text for _, texts in tests for text in texts})
    found = _distinct(tuple(_truth(each in texts) for _, texts in tests) for each in (*named, None))
    return _sets([word for word, _ in tests], values, lambda _: found)


def _sets(words: Sequence[str], values: Values, marks: Callable[[int], list[Row]]) -> list[Row] | None:
    """The rows of sets with a possible element for each declared one; with any elements if none are declared."""
    nothing = tuple(FALSE if word == "includes" else TRUE for word in words)

    def joined(one: Row, other: Row) -> Row:
        pairs = zip(one, other, words, strict=True)
        return tuple(max(a, b) if word == "includes" else min(a, b) for a, b, word in pairs)

    def unions(parts: list[Row]) -> list[Row]:
        found = dict.fromkeys(parts)
        for row in (waiting := list(parts)):
            if len(found) > MOST_CASES:
                break
            new = (joined(row, part) for part in parts)
            for more in (each for each in new if each not in found):
                found[more] = None
                waiting.append(more)
        return list(found)

    each = [marks(among) for among in ((values.universe,) if values.among is None else values.among)]
    if max(map(len, each), default=0) > _MOST_KINDS:
        return None
    if values.among is None:
        return _distinct([*unions(each[0]), *(() if values.non_empty else (nothing,))])
    found = [nothing]
    for element in each:
        found = _distinct(joined(one, other) for one in found for other in unions(element))
        if len(found) > MOST_CASES:
            return None
    return found


def _of_number(values: Values, tests: Tests) -> list[Row]:
    """Each test is a sign and a limit. The values are the limits, and one below, between and above them."""
    marks = sorted(
        {*(limit for _, limit in tests), *(each for each in (values.least, values.most) if each is not None)}
    )
    finite = [each for each in marks if abs(each) != float("inf")]
    between = [(one + other) // 2 if values.whole else (one + other) / 2 for one, other in pairwise(finite)]
    points = [*marks, *between, *([finite[0] - 1] if values.least is None else ())]
    points += [finite[-1] + 1] if finite and values.most != finite[-1] else []
    least, most = (values.least, values.most) if values.least is not None else (min(points), max(points))
    return _distinct(
        tuple(_truth(COMPARISONS[sign](point, limit)) for sign, limit in tests)
        for point in points
        if least <= point <= most
    )


def _of_order(_: Values, tests: Tests) -> list[Row]:
    """Each test is a sign."""
    return _distinct(tuple(_truth(COMPARISONS[sign](order, 0)) for sign in tests) for order in (-1, 0, 1))


def _of_name(values: Values, tests: Tests) -> list[Row]:
    """Each test is a name."""
    return [tuple(_truth(test == name) for test in tests) for name in values.among or (*tests, None)]


def _of_flag(values: Values, tests: Tests) -> list[Row]:
    """Each test is the wanted truth value."""
    return [tuple(_truth(test is value) for test in tests) for value in values.among or (False, True)]


_ROWS: dict[Form, Callable[[Values, Tests], list[Row] | None]] = {
    "one": _of_one,
    "set": _of_set,
    "texts": _of_texts,
    "pair": _of_pair,
    "number": _of_number,
    "order": _of_order,
    "name": _of_name,
    "flag": _of_flag,
}
