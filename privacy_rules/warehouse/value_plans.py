"""Tests of a value as SQL: of terms, sets, numbers, durations, dates, text and flags.

They follow `checking/value_tests.py`, which judges a value in Python. What is not declared is the business of the caller.
"""

from __future__ import annotations

from datetime import date

from privacy_rules.checking.value_tests import ValueCondition
from privacy_rules.language.policy import Compares, Includes, IsFlagged, IsTerm, Policy, Within
from privacy_rules.vocabulary.attributes import Form
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration
from privacy_rules.warehouse import sql

_MILLI_HOURS = {"hour": 1_000, "day": 24_000, "week": 168_000, "month": 730_485, "year": 8_765_820}


def of_value(policy: Policy, test: ValueCondition, value: str) -> str:
    """The truth value of a test of a column that is not null; lists are lists of text."""
    match test:
        case IsFlagged():
            return sql.when((value, sql.TRUE), otherwise=sql.FALSE)
        case Compares(operator=sign, value=limit):
            return _compared(value, sign, limit)
    form = test.reference.attribute.type.form
    if form is Form.TEXTS:
        return _of_texts(test, value)
    taxonomy = policy.taxonomy(test.reference.attribute.type.vocabulary or "")
    if form is Form.ONE:
        return of_term(taxonomy, test.terms, value)
    if isinstance(test, Includes) and test.every:
        return sql.all_of([_includes(taxonomy, [each], value) for each in test.terms])
    if isinstance(test, Within):
        found = _within(taxonomy, test.terms, value)
        return sql.when((f"len({value}) = 0", sql.FALSE), otherwise=found) if test.non_empty else found
    return _includes(taxonomy, test.terms, value)


def of_term(taxonomy: Taxonomy, terms: tuple[str, ...] | list[str], value: str) -> str:
    """Whether a term that is not null is at or below some terms."""
    inside, open_ = spelt(taxonomy, *_sides(taxonomy, terms))
    cases = [
        (f"{value} IN ({sql.texts(each)})", truth) for each, truth in ((inside, sql.TRUE), (open_, sql.UNKNOWN)) if each
    ]
    return sql.when(*cases, otherwise=sql.FALSE) if cases else sql.FALSE


def spelt(taxonomy: Taxonomy, *lists: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Terms in each spelling that a manifest may use: codes of regions also in capitals, and in lower case."""
    if taxonomy.name != "region":
        return lists
    return tuple(
        tuple(dict.fromkeys(way for each in listed for way in (each, each.upper(), each.lower()))) for listed in lists
    )


def _sides(taxonomy: Taxonomy, terms: tuple[str, ...] | list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms for which a test of these terms is true, and those for which it is unknown."""
    mask = taxonomy.below_any(terms)
    inside = taxonomy.names(mask)
    return inside, tuple(each for each in taxonomy.names(taxonomy.above_any(inside)) if each not in set(inside))


def _includes(taxonomy: Taxonomy, terms: tuple[str, ...] | list[str], value: str) -> str:
    inside, open_ = spelt(taxonomy, *_sides(taxonomy, terms))
    cases = [(_some(value, each), truth) for each, truth in ((inside, sql.TRUE), (open_, sql.UNKNOWN)) if each]
    return sql.when(*cases, otherwise=sql.FALSE) if cases else sql.FALSE


def _within(taxonomy: Taxonomy, terms: tuple[str, ...], value: str) -> str:
    inside, open_ = _sides(taxonomy, terms)
    outside = tuple(each for each in taxonomy.terms if each not in {*inside, *open_})
    lists = spelt(taxonomy, outside, open_)
    cases = [(_some(value, each), truth) for each, truth in zip(lists, (sql.FALSE, sql.UNKNOWN), strict=True) if each]
    return sql.when(*cases, otherwise=sql.TRUE) if cases else sql.TRUE


def _some(value: str, terms: tuple[str, ...]) -> str:
    return f"list_has_any({value}, {sql.array(terms)})"


def _of_texts(test: IsTerm | Includes | Within, value: str) -> str:
    wanted = sql.array(test.terms)
    if isinstance(test, Within):
        inside = f"list_has_all({wanted}, {value})"
        found = f"({inside} AND len({value}) > 0)" if test.non_empty else inside
    elif isinstance(test, Includes) and test.every:
        found = f"list_has_all({value}, {wanted})"
    else:
        found = f"list_has_any({value}, {wanted})"
    return sql.when((found, sql.TRUE), otherwise=sql.FALSE)


def _compared(value: str, sign: str, limit: object) -> str:
    match limit:
        case Duration(count=count, unit=unit):
            most = "1e300" if unit == "unlimited" else str(count * _MILLI_HOURS[unit])
            found = f"{_length(value)} {sign} {most}"
        case date():
            found = f"CAST({value} AS DATE) {sign} DATE '{limit.isoformat()}'"
        case str():
            found = f"{value} {sign} {sql.text(limit)}"
        case _:
            found = f"{value} {sign} {limit}"
    return sql.when((found.replace(" != ", " <> "), sql.TRUE), otherwise=sql.FALSE)


def _length(value: str) -> str:
    """A duration in thousandths of an hour."""
    unit = f"regexp_extract({value}, '(hour|day|week|month|year)', 1)"
    factor = " ".join(f"WHEN '{each}' THEN {length}" for each, length in _MILLI_HOURS.items())
    number = f"CAST(regexp_extract({value}, '^([0-9]+)', 1) AS DOUBLE)"
    return f"(CASE WHEN {value} = 'unlimited' THEN 1e300 ELSE {number} * CASE {unit} {factor} END END)"
