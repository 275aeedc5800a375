"""The rows of a variable: the combinations of answers that values give to its tests, each with an example."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from privacy_rules.analysis.formula import Variable
from privacy_rules.analysis.term_answers import Mask, Row, answers_of
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS, is_term
from privacy_rules.vocabulary.taxonomy import Taxonomy

Values = dict[Row, Any]
"""The rows of a variable, each with a value that gives these answers: a term, a tuple of terms or texts, a truth value.

Numbers and durations (in thousandths of an hour) are fractions, dates are ordinals; None is an unknown value or another id.
"""
MOST_ROWS = 2_000


Meaning = Mask | tuple[Mask, ...]
"""The same on all days, or one for each vocabulary in `of_all_days`: what is claimed of all manifests holds on every day."""


def is_below(taxonomy: Taxonomy, term: str, mask: Mask) -> int:
    """Whether a term is one of a mask."""
    if isinstance(mask, int):
        return is_term(taxonomy, term, mask)
    number = taxonomy.index[term]
    return TRUE if mask.below >> number & 1 else UNKNOWN if mask.overlapping >> number & 1 else FALSE


_KNOWN_UNDECLARED = ("from", "until", "country", "role")
"""Attributes that are known even if they are not declared: the first and last day of a contract, and a system's country and role (from its party)."""
DECLARED = "declared"
"""The test `is declared`."""


def rows(variable: Variable, tests: Sequence[int], taxonomy: Taxonomy) -> list[Row] | None:
    """Return the rows for some of a variable's tests, given by number; None if there are too many.

    The last rows are for a broad term that means something which no narrower term means. No manifest can declare that,
    but undetermined subjects are decided case by case, and this is one of the cases.
    """
    found = values(variable, tests, taxonomy)
    if found is None:
        return None
    first = sorted(found, key=lambda row: (row.count(UNKNOWN), row))
    more = values(variable, tests, taxonomy, exact=True) if variable.vocabulary else found
    return None if more is None else [*first, *sorted(row for row in more if row not in found)]


def values(
    variable: Variable, tests: Sequence[int], taxonomy: Taxonomy, *, complete: bool = False, exact: bool = False
) -> Values | None:
    """Return the rows with a value for each, the most specific terms first; None if there are too many.

    `complete`: only of known values whose terms have nothing below them. `exact`: also those of a broad term by itself.
    """
    asked = [variable.tests[number] for number in tests]
    known = _answers(
        variable, [each for each in asked if each != DECLARED], _Terms(taxonomy, complete=complete, exact=exact)
    )
    if known is None or len(known) > MOST_ROWS:
        return None
    found = {_with_declared(row, asked, TRUE): value for row, value in known.items()}
    if DECLARED in asked and has_default(variable):
        found |= {_with_declared(row, asked, FALSE): value for row, value in known.items()}
    if variable.nullable and not complete:
        nothing = tuple(FALSE if each == DECLARED else UNKNOWN for each in asked)
        found.setdefault(nothing, None)
    return found


def _with_declared(row: Row, asked: Sequence[Hashable], declared: int) -> Row:
    rest = iter(row)
    return tuple(declared if each == DECLARED else next(rest) for each in asked)


def value_of(variable: Variable, tests: Sequence[int], row: Row, taxonomy: Taxonomy) -> Any:
    """Return a value, the most specific one, that gives these answers to tests given by number; None if only an unknown one does."""
    for exact in (False, True):
        found = values(variable, tests, taxonomy, exact=exact)
        if found is not None and row in found:
            return found[row]
        if found is None and variable.form in ("set", "texts"):
            asked = [(variable.tests[each], answer) for each, answer in zip(tests, row, strict=True)]
            return _set_of([each for each in asked if each[0] != DECLARED], variable, taxonomy)
    return None


def _set_of(asked: Sequence[tuple[Any, int]], variable: Variable, taxonomy: Taxonomy) -> tuple[Any, ...] | None:
    """A smallest set that gives these answers to tests."""
    tests, row = [test for test, _ in asked], tuple(answer for _, answer in asked)
    best = [word == "includes" for word, _ in tests]
    marks = _marks(variable, tests, _Terms(taxonomy, complete=False, exact=True))
    fitting = {
        element: mark
        for mark, element in marks.items()
        if all(one <= most if up else one >= most for one, most, up in zip(mark, row, best, strict=True))
    }

    def gives(chosen: Sequence[Any]) -> bool:
        columns = zip(*(fitting[each] for each in chosen), strict=True)
        return tuple(max(each) if up else min(each) for each, up in zip(columns, best, strict=True)) == row

    chosen = list(fitting)
    if not chosen or not gives(chosen):
        return None
    for each in list(chosen):
        fewer = [other for other in chosen if other != each]
        chosen = fewer if fewer and gives(fewer) else chosen
    return tuple(sorted(chosen))


def elements(variable: Variable, tests: Sequence[Any], taxonomy: Taxonomy) -> list[Row]:
    """Return the answers that each element of a set can give to tests of it, or each of two data to those in `pair_terms`."""
    return list(_marks(variable, tests, _Terms(taxonomy, complete=False, exact=True)))


def pair_terms(tests: Sequence[tuple[Meaning, Meaning | None]]) -> tuple[list[Meaning], list[tuple[int | None, ...]]]:
    """Return the terms that tests of a pair name, and for each test which of them it asks of either datum."""
    masks = list(dict.fromkeys(mask for test in tests for mask in test if mask is not None))
    return masks, [tuple(None if mask is None else masks.index(mask) for mask in test) for test in tests]


def has_default(variable: Variable) -> bool:
    """Whether the value may be known although it is not declared."""
    attribute = variable.attribute
    return attribute is not None and (attribute.default is not None or attribute.name in _KNOWN_UNDECLARED)


class _Terms:
    """The terms that a value may have, the narrowest first.

    `exact`: a broad term may also mean something that no narrower term means.
    """

    def __init__(self, taxonomy: Taxonomy, *, complete: bool, exact: bool = False) -> None:
        self._taxonomy, self.complete, self._exact = taxonomy, complete, exact

    def marks(self, masks: Sequence[Meaning]) -> Values:
        """The rows of single terms, on any day."""
        of_days = enumerate(self._taxonomy.of_all_days)
        return _first(
            row
            for day, taxonomy in of_days
            for row in answers_of(taxonomy).of(
                [_on(each, day) for each in masks], complete=self.complete, exact=self._exact
            )
        )


def _on(meaning: Meaning, day: int) -> Mask:
    return meaning[day] if isinstance(meaning, tuple) else meaning


def _answers(variable: Variable, tests: Sequence[Any], terms: _Terms) -> Values | None:
    """The rows of known values."""
    match variable.form:
        case "free" | "sure":
            truths = (TRUE,) if variable.form == "sure" else (FALSE, TRUE)
            return {(each,): each for each in (truths if terms.complete else (*truths, UNKNOWN))}
        case "flag":
            return {(each,) * len(tests): each for each in (FALSE, TRUE)}
        case "one":
            return terms.marks(tests)
        case "set" | "texts":
            return _of_sets(variable, tests, _marks(variable, tests, terms))
        case "pair":
            return _of_pairs(variable, tests, terms)
        case "id" | "text" | "number" | "duration" | "date" if len({*map(_limit, tests)}) > MOST_ROWS + 2:
            return None  # each limit gives at least one row, except perhaps the least and the greatest
        case "id":
            answers = ((tuple(_truth(each == name) for each in tests), name) for name in (*tests, None))
            return _first(answers, MOST_ROWS)
        case "text":
            texts: list[str] = [*dict.fromkeys(limit for _, limit in tests)]
            return _of_points(tests, [*texts, _other_text(texts)])
        case _:
            return _of_points(tests, _points(variable.form, [limit for _, limit in tests]))


def _limit(test: Any) -> Any:
    """What a test compares with: the id, or the value after the sign."""
    return test[1] if isinstance(test, tuple) else test


def _first(found: Iterable[tuple[Row, Any]], most: int | None = None) -> Values:
    """Each row with its first value. With `most`, stop as soon as there are more rows than that."""
    made: Values = {}
    for row, value in found:
        made.setdefault(row, value)
        if most is not None and len(made) > most:
            break
    return made


def _of_points(tests: Sequence[tuple[str, Any]], points: Iterable[Any]) -> Values:
    answers = ((tuple(_truth(COMPARISONS[sign](each, limit)) for sign, limit in tests), each) for each in points)
    return _first(answers, MOST_ROWS)


def _truth(value: bool) -> int:
    return TRUE if value else FALSE


def _other_text(texts: Sequence[str]) -> str:
    """A text that is not one of these."""
    return next(each for each in ("other", *(f"other {number}" for number in range(len(texts)))) if each not in texts)


# ---- sets


def _marks(variable: Variable, tests: Sequence[Any], terms: _Terms) -> Values:
    """The answers of single elements: terms, or the texts that tests name and one that no test names."""
    if variable.form == "pair":
        return terms.marks(pair_terms(tests)[0])
    if variable.form == "set":
        return terms.marks([mask for _, mask in tests])
    named = sorted({each for _, texts in tests for each in texts})
    return _first((tuple(_truth(text in texts) for _, texts in tests), text) for text in (*named, _other_text(named)))


def _of_sets(variable: Variable, tests: Sequence[tuple[str, Any]], marks: Values) -> Values | None:
    """The rows of sets: `includes` takes the best answer of the elements, `within` the worst."""
    best = [word == "includes" for word, _ in tests]
    found: Values = {}
    if variable.attribute is None or not variable.attribute.non_empty:
        found[tuple(FALSE if up else TRUE for up in best)] = ()
    for mark, element in marks.items():
        found.setdefault(mark, (element,))
    waiting = list(marks)
    while waiting:
        row = waiting.pop(0)
        for mark, element in marks.items():
            more = tuple(max(a, b) if up else min(a, b) for a, b, up in zip(row, mark, best, strict=True))
            if more not in found:
                found[more] = tuple(sorted({*found[row], element}))
                waiting.append(more)
        if len(found) > MOST_ROWS:
            return None
    return found


def _of_pairs(variable: Variable, tests: Sequence[tuple[Meaning, Meaning | None]], terms: _Terms) -> Values:
    """The rows of the two data of a joining, in either order."""
    _, at = pair_terms(tests)
    kinds = list(_marks(variable, tests, terms).items())
    return _first(
        (tuple(_joined(each, one[0], other[0]) for each in at), (one[1], other[1]))
        for one, other in product(kinds, kinds)
    )


def _joined(test: tuple[int | None, ...], one: Row, other: Row) -> int:
    """The answer of a test of a pair, given the columns that it asks about."""
    first, second = test
    assert first is not None
    return max(
        min(this[first], TRUE if second is None else that[second]) for this, that in ((one, other), (other, one))
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
