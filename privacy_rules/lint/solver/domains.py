"""The rows of a variable: each combination of answers that a value, or an unknown value, can give to its tests."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS, is_term
from privacy_rules.lint.solver.formula import Variable
from privacy_rules.vocabulary.taxonomy import Taxonomy

Row = tuple[int, ...]
MOST_ROWS = 2_000
_KNOWN_UNDECLARED = ("from", "until", "country", "role")
"""Attributes that are known even if they are not declared: the first and last day of a contract, and a system's country and role (from its party)."""
DECLARED = "declared"
"""The test `is declared`."""


def rows(variable: Variable, tests: Sequence[int], taxonomy: Taxonomy) -> list[Row] | None:
    """Return the rows for some of a variable's tests, given by number; None if there are too many."""
    asked = [variable.tests[number] for number in tests]
    values = _answers(variable, [each for each in asked if each != DECLARED], taxonomy)
    if values is None or len(values) > MOST_ROWS:
        return None
    found = {_with_declared(row, asked, TRUE): None for row in values}
    if DECLARED in asked and _has_default(variable):
        found |= {_with_declared(row, asked, FALSE): None for row in values}
    if variable.nullable:
        nothing = tuple(FALSE if each == DECLARED else UNKNOWN for each in asked)
        found[nothing] = None
    return sorted(found, key=lambda row: (row.count(UNKNOWN), row))


def _with_declared(row: Row, asked: Sequence[Hashable], declared: int) -> Row:
    rest = iter(row)
    return tuple(declared if each == DECLARED else next(rest) for each in asked)


def _has_default(variable: Variable) -> bool:
    """Whether the value can be known without being declared."""
    attribute = variable.attribute
    return attribute is not None and (attribute.default is not None or attribute.name in _KNOWN_UNDECLARED)


def _answers(variable: Variable, tests: Sequence[Any], taxonomy: Taxonomy) -> list[Row] | None:
    """The rows of known values."""
    match variable.form:
        case "free":
            return [(FALSE,), (TRUE,), (UNKNOWN,)]
        case "sure":
            return [(TRUE,), (UNKNOWN,)]
        case "flag":
            return [(FALSE,) * len(tests), (TRUE,) * len(tests)]
        case "one":
            return list(_distinct(tuple(is_term(taxonomy, t, mask) for mask in tests) for t in taxonomy.terms))
        case "set":
            marks = _distinct(tuple(is_term(taxonomy, t, mask) for _, mask in tests) for t in taxonomy.terms)
            return _of_sets(variable, tests, marks)
        case "texts":
            return _of_texts(variable, tests)
        case "pair":
            return _of_pairs(tests, taxonomy)
        case "id":
            return [tuple(_truth(each == name) for each in tests) for name in (*tests, None)]
        case "text":
            values: list[object] = [*dict.fromkeys(limit for _, limit in tests), object()]
            return [tuple(_compared(each, value) for each in tests) for value in values]
        case _:
            points = _points(variable.form, [limit for _, limit in tests])
            return [tuple(_compared(each, point) for each in tests) for point in points]


def _distinct(found: Iterable[Row]) -> list[Row]:
    return list(dict.fromkeys(found))


def _truth(value: bool) -> int:
    return TRUE if value else FALSE


def _compared(test: tuple[str, Any], value: object) -> int:
    sign, limit = test
    return _truth(COMPARISONS[sign](value, limit))


# ---- sets


def _of_texts(variable: Variable, tests: Sequence[tuple[str, frozenset[str]]]) -> list[Row] | None:
    """The rows of a set of text: elements are the texts that tests name, and one that no test names."""
    named = sorted({each for _, texts in tests for each in texts})
    marks = [tuple(_truth(text in texts) for _, texts in tests) for text in (*named, None)]
    return _of_sets(variable, tests, _distinct(marks))


def _of_sets(variable: Variable, tests: Sequence[tuple[str, Any]], marks: Sequence[Row]) -> list[Row] | None:
    """The rows of sets: `includes` takes the best answer of the elements, `within` the worst."""
    best = [word == "includes" for word, _ in tests]
    found: dict[Row, None] = dict.fromkeys(marks)
    waiting = list(marks)
    while waiting:
        row = waiting.pop()
        for mark in marks:
            more = tuple(max(a, b) if up else min(a, b) for a, b, up in zip(row, mark, best, strict=True))
            if more not in found:
                found[more] = None
                waiting.append(more)
        if len(found) > MOST_ROWS:
            return None
    if variable.attribute is None or not variable.attribute.non_empty:
        found[tuple(FALSE if up else TRUE for up in best)] = None
    return list(found)


def _of_pairs(tests: Sequence[tuple[int, int | None]], taxonomy: Taxonomy) -> list[Row]:
    """The rows of the two data of a joining, in either order."""
    masks = [mask for test in tests for mask in test if mask is not None]
    kinds: dict[Row, str] = {}
    for term in taxonomy.terms:
        kinds.setdefault(tuple(is_term(taxonomy, term, mask) for mask in masks), term)
    found = product(kinds.values(), repeat=2)
    return _distinct(tuple(_joined(test, one, other, taxonomy) for test in tests) for one, other in found)


def _joined(test: tuple[int, int | None], one: str, other: str, taxonomy: Taxonomy) -> int:
    first, second = test
    ways = ((one, other), (other, one))
    return max(
        min(is_term(taxonomy, this, first), TRUE if second is None else is_term(taxonomy, that, second))
        for this, that in ways
    )


# ---- numbers, durations, dates


def _points(form: str, limits: Sequence[Any]) -> list[Any]:
    """Return each limit, and a value below, between and above them, if the type has one."""
    least, most = {"duration": (Fraction(0), None), "date": (1, 3_652_059)}.get(form, (None, None))
    whole = form == "date"
    marks = sorted({*limits, *(each for each in (least, most) if each is not None)})
    finite = [each for each in marks if each != float("inf")]
    found: list[Any] = list(marks)
    if least is None:
        found.append(finite[0] - 1 if finite else 0)
    for one, other in pairwise(finite):
        middle = (one + other) // 2 if whole else (one + other) / 2
        found += [middle] if one < middle < other else []
    if most is None:
        found.append(finite[-1] + 1 if finite else 0)
    if form == "duration":
        found.append(float("inf"))
    return found
