"""The possible values of one fact that is open, and what a rule's tests are of each of them, by trying all that differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from privacy_rules.vocabulary.attributes import Attribute, Form
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration

Row = tuple[bool, ...]


@dataclass(frozen=True)
class Test:
    """A question that a rule asks of a fact: a word and what it compares with."""

    __test__ = False

    word: str
    wanted: Any = None


@dataclass
class Fact:
    """An open fact, and each test of it once for each place where the rule has it."""

    values: Callable[[Sequence[Test]], Iterable[Any]]
    holds: Callable[[Test, Any], bool]
    asked: list[Test] = field(default_factory=list)

    @property
    def tests(self) -> list[Test]:
        return list(dict.fromkeys(self.asked))

    def rows(self) -> list[Row]:
        tests = self.tests
        return sorted({tuple(self.holds(each, value) for each in tests) for value in self.values(tests)})


def yes_or_no() -> Fact:
    return Fact(lambda _: (False, True), lambda _, value: bool(value))


def compared(one: Any, sign: str, other: Any) -> bool:
    return {
        "<": one < other,
        "<=": one <= other,
        "=": one == other,
        "!=": one != other,
        ">=": one >= other,
        ">": one > other,
    }[sign]


def earlier_or_later() -> Fact:
    """How one fact compares with another."""
    return Fact(lambda _: (-1, 0, 1), lambda test, value: compared(value, test.word, 0))


def one_name() -> Fact:
    """An id or a text: one that some test names, or another."""
    return Fact(lambda tests: (*(each.wanted for each in tests), None), lambda test, value: bool(test.wanted == value))


def one_term(terms: Taxonomy, declared: str | None) -> Fact:
    """A term is itself, and what is below it; as itself it is none of these."""
    among = terms.terms if declared is None else terms.descendants(declared)
    return Fact(lambda _: among, lambda test, value: below(terms, value, test.wanted))


def or_none(fact: Fact) -> Fact:
    """What is one term where it is anything: a flow may have no mandate."""
    return Fact(
        lambda tests: (*fact.values(tests), None), lambda test, value: value is not None and fact.holds(test, value)
    )


def below(terms: Taxonomy, term: str, listed: Iterable[str]) -> bool:
    return any(terms.is_a(term, each) for each in listed)


def of_two(terms: Taxonomy, declared: tuple[str, str] | None) -> Fact:
    """Two joined data. A test wants one of some terms, with one of others (None: with anything)."""
    ends = [terms.terms if declared is None else terms.descendants(declared[place]) for place in (0, 1)]

    def holds(test: Test, pair: tuple[str, str]) -> bool:
        some, others = test.wanted
        ways = (pair, pair[::-1])
        return any(below(terms, a, some) and (others is None or below(terms, b, others)) for a, b in ways)

    return Fact(lambda _: product(*ends), holds)


def several_terms(terms: Taxonomy, declared: Sequence[str] | None, *, empty: bool) -> Fact:
    """A set: any terms, or something for each declared element."""

    def values(tests: Sequence[Test]) -> Iterator[frozenset[str]]:
        if declared is None:
            yield from subsets(different(terms, terms.terms, tests), len(tests), empty=empty)
            return
        choices = [
            list(subsets(different(terms, terms.descendants(each), tests), len(tests), empty=False))
            for each in declared
        ]
        for chosen in product(*choices):
            yield frozenset().union(*chosen)

    return Fact(values, lambda test, value: of_set(test.word, [below(terms, each, test.wanted) for each in value]))


def several_texts(*, empty: bool) -> Fact:
    def values(tests: Sequence[Test]) -> Iterator[frozenset[str]]:
        named = sorted({text for each in tests for text in each.wanted})
        yield from subsets([*named, "another text"], len(tests), empty=empty)

    return Fact(values, lambda test, value: of_set(test.word, [each in test.wanted for each in value]))


def of_set(word: str, elements: Sequence[bool]) -> bool:
    return any(elements) if word == "includes" else all(elements)


def different(terms: Taxonomy, among: Iterable[str], tests: Sequence[Test]) -> list[str]:
    """One term for each way in which the tests tell terms apart."""
    return list({tuple(below(terms, term, each.wanted) for each in tests): term for term in among}.values())


def subsets(elements: Sequence[str], most: int, *, empty: bool) -> Iterator[frozenset[str]]:
    """What no more elements than there are tests can show, more cannot either."""
    for size in range(0 if empty else 1, most + 1):
        yield from map(frozenset, combinations(elements, size))


def number(value: object) -> Any:
    match value:
        case Duration():
            return value.length if value.unit == "unlimited" else Fraction(int(value.length))
        case date():
            return value.toordinal()
        case Decimal():
            return Fraction(value)
    raise AssertionError


def one_number(form: Form) -> Fact:
    """A number, a duration or a day: each limit of a test, what is a bit less and a bit more, and the extremes."""

    def values(tests: Sequence[Test]) -> list[Any]:
        step = 1 if form is Form.DATE else Fraction(1, 10**60)
        limits = [each.wanted for each in tests]
        around = [limit + way for limit in limits if limit != float("inf") for way in (-step, 0, step)]
        match form:
            case Form.DATE:
                first, last = date.min.toordinal(), date.max.toordinal()
                return [each for each in (*around, first, last) if first <= each <= last]
            case Form.DURATION:
                return [each for each in (*around, Fraction(0), float("inf")) if each >= 0]
            case _:
                return around

    return Fact(values, lambda test, value: compared(value, test.word, test.wanted))


def of_attribute(attribute: Attribute, terms: Taxonomy, declared: Any) -> Fact:
    """Its values if it is not declared, or declared by a broad name; else the declared one."""
    fact = of_form(attribute, terms, declared)
    match attribute.type.form:
        case Form.ONE | Form.SET | Form.ROLES:
            return fact
        case Form.NUMBER | Form.DURATION | Form.DATE if declared is not None:
            exact = number(declared)
        case _:
            exact = declared
    return fact if exact is None else Fact(lambda _: (exact,), fact.holds)


def of_form(attribute: Attribute, terms: Taxonomy, declared: object) -> Fact:
    match attribute.type.form:
        case Form.FLAG:
            return Fact(lambda _: (False, True), lambda test, value: bool(value == test.wanted))
        case Form.NUMBER | Form.DURATION | Form.DATE as form:
            return one_number(form)
        case Form.ONE:
            fact = one_term(terms, declared if isinstance(declared, str) else None)
            return fact if declared is not None else or_none(fact)
        case Form.SET | Form.ROLES:
            listed = None if declared is None else tuple(str(each) for each in declared)  # type: ignore[attr-defined]
            return several_terms(terms, listed, empty=not attribute.non_empty)
        case Form.TEXTS:
            return several_texts(empty=not attribute.non_empty)
        case _:
            return one_name()


Key = Hashable
