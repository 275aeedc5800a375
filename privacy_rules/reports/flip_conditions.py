"""Why a judged pair passes, or which tests would have to change for it to pass.

would pass if
  `supports includes deletion` were true
  or `in force` of contract packing were true
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from privacy_rules.checking.explanations import deciding
from privacy_rules.checking.judgements import Explained, Fact, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.wording import fact_and_place

_MOST = 8
"""At most this many ways are listed, those with the fewest changes first."""


@dataclass(frozen=True, slots=True)
class Change:
    """A test that would need another value; `of` is the contract that it applies to."""

    text: str
    value: Truth
    of: str | None = None

    def __str__(self) -> str:
        return f"`{self.text}`{f' of {self.of}' if self.of else ''} were {self.value.word}"


Way = tuple[Change, ...]


def ways(found: Explanation) -> list[Way]:
    """The smallest sets of tests that would have to change for a pair to pass; none if it passes."""
    if found.verdict is Verdict.COMPLIANT:
        return []
    limits = [each for each in found.scope.children if each.part is not Part.SUBJECT]
    outside = [way for each in limits for way in _ways(each, Truth.FALSE)]
    return _shortest([*_ways(found.requirement, Truth.TRUE), *outside])


def grounds(found: Explanation) -> list[Explained]:
    """The tests because of which a pair passes; none if it does not."""
    if found.verdict is not Verdict.COMPLIANT:
        return []
    return deciding(found.scope if found.scope.value is Truth.FALSE else found.requirement)


def _ways(node: Explained, wanted: Truth, of: str | None = None) -> list[Way]:
    """The ways to give a node the wanted value. A change within a contract names it."""
    if node.value is wanted:
        return [()]
    contracts = [each for each in node.children if each.part is Part.ALL and each.text.startswith("contract ")]
    if node.part is Part.TEST:
        inner = [way for each in contracts for way in _ways(each, wanted, each.text)] if wanted is Truth.TRUE else []
        return _shortest(inner) or [(Change(node.text, wanted, of),)]
    if node.part is Part.NOT:
        return _ways(node.children[0], Truth(2 - wanted), of)
    each = [_ways(child, wanted, of) for child in node.children]
    any_will_do = Truth.FALSE if node.part in (Part.ALL, Part.SCOPE) else Truth.TRUE
    if wanted is any_will_do or len(each) < 2:
        return _shortest(way for found in each for way in found)
    return _together(each)


def _together(each: Iterable[list[Way]]) -> list[Way]:
    found: list[Way] = [()]
    for options in each:
        found = _shortest(tuple(dict.fromkeys((*way, *more))) for way in found for more in options)
    return found


def _shortest(found: Iterable[Way]) -> list[Way]:
    return sorted(dict.fromkeys(found), key=len)[:_MOST]


def reason_lines(found: Explanation) -> Iterator[str]:
    """The reasons, or the ways to pass, as lines."""
    reasons = grounds(found)
    if reasons:
        yield "passes because"
        for each in reasons:
            yield f"  `{each.text}` is {each.value.word}"
            yield from (f"    {fact_and_place(fact)}" for fact in list(dict.fromkeys(_facts(each)))[:_MOST])
    for number, way in enumerate(ways(found)):
        if number == 0:
            yield "would pass if"
        yield f"  {'or ' if number else ''}{' and '.join(map(str, way))}"


def _facts(node: Explained) -> Iterator[Fact]:
    """The facts that decide a test: its own, and those of inner tests with the same value."""
    yield from node.facts
    for child in node.children:
        if child.value is node.value:
            yield from _facts(child)
