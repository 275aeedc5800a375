"""Work out what would have to change for a condition to have another value.

for way in ways_to_pass(explanation):
    " and ".join(map(str, way))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeVar

from privacy_rules.checking.decisive_tests import deciding
from privacy_rules.checking.judgements import Explained, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.source.fast_dataclasses import dataclass

T = TypeVar("T")
Set = tuple[T, ...]
"""Changes that together have an effect, in order."""
_MOST_WAYS = 8
"""At most this many ways are listed, those with the fewest changes first."""


def flips(
    node: Explained, wanted: Truth, of_leaf: Callable[[Explained, Truth], Iterable[Set[T]]], most: int
) -> list[Set[T]]:
    """Return sets of changes that give a node the wanted value, at most `most`, the smallest first.

    `of_leaf` gives the sets for a node without children: a test, or a define that is written out elsewhere.
    """
    if node.value is wanted:
        return [()]
    if node.part is Part.TEST or not node.children:
        return smallest(of_leaf(node, wanted), most)
    if node.part is Part.NOT:
        return flips(node.children[0], Truth(2 - wanted), of_leaf, most)
    each = [flips(child, wanted, of_leaf, most) for child in node.children]
    any_will_do = Truth.FALSE if node.part in (Part.ALL, Part.SCOPE) else Truth.TRUE
    return smallest(chain.from_iterable(each), most) if wanted is any_will_do else combined(each, most)


def combined(several: Iterable[Iterable[Set[T]]], most: int) -> list[Set[T]]:
    """Return the smallest sets that contain one set from each collection."""
    found: list[Set[T]] = [()]
    for each in several:
        options = [*each]
        found = smallest((tuple(dict.fromkeys((*first, *second))) for first in found for second in options), most)
    return found


def smallest(options: Iterable[Set[T]], most: int) -> list[Set[T]]:
    """Return the smallest sets, each once, whatever its order."""
    different = {frozenset(option): option for option in options}
    return sorted(different.values(), key=len)[:most]


# ---- of judged pairs


@dataclass(frozen=True, slots=True)
class Change:
    """A test that would need another value; `of` is the contract that it applies to."""

    text: str
    value: Truth
    of: str | None = None

    def __str__(self) -> str:
        return f"`{self.text}`{f' of {self.of}' if self.of else ''} were {self.value.word}"


def ways_to_pass(found: Explanation) -> list[Set[Change]]:
    """Return the smallest sets of tests that would have to change for a pair to pass; none if it passes."""
    if found.verdict is Verdict.COMPLIANT:
        return []
    nodes = chain(found.scope.walk(), found.requirement.walk())
    defines = {each.text: each.children[0] for each in nodes if each.part is Part.DEFINE and each.children}

    def of_leaf(node: Explained, wanted: Truth) -> list[Set[Change]]:
        if node.part is Part.DEFINE and node.text in defines:  # written out elsewhere
            return flips(defines[node.text], wanted, of_leaf, _MOST_WAYS)
        if found.in_every_case and node.value is Truth.UNKNOWN:
            return []  # whatever it were
        return _of_test(node, wanted) if node.part is Part.TEST else []

    limits = [each for each in found.scope.children if each.part is not Part.SUBJECT]
    outside = [way for each in limits for way in flips(each, Truth.FALSE, of_leaf, _MOST_WAYS)]
    return smallest([*flips(found.requirement, Truth.TRUE, of_leaf, _MOST_WAYS), *outside], _MOST_WAYS)


def grounds(found: Explanation) -> list[Explained]:
    """Return the tests that make a pair pass; none if it does not pass.

    If the pair passes in every case, they are the open tests.
    """
    if found.verdict is not Verdict.COMPLIANT:
        return []
    if found.in_every_case:
        open_ = (each for each in (found.scope, found.requirement) if each.value is Truth.UNKNOWN)
        return list({test.text: test for each in open_ for test in deciding(each)}.values())
    return deciding(found.scope if found.scope.value is Truth.FALSE else found.requirement)


def _of_test(node: Explained, wanted: Truth) -> list[Set[Change]]:
    """The changes of a test: of the test itself or, to make it true, of one of the contracts that it asks about."""
    within = (
        [way for each in node.contracts for way in _within(each)]
        if wanted is Truth.TRUE and node.topic == "contract"
        else []
    )
    return within or [(Change(node.text, wanted),)]


def _within(contract: Explained) -> list[Set[Change]]:
    """The ways to make a contract satisfy the test by its own terms, without changing whom it binds."""

    def of_leaf(node: Explained, wanted: Truth) -> list[Set[Change]]:
        return [(Change(node.text, wanted, contract.text),)]

    return [way for way in flips(contract, Truth.TRUE, of_leaf, _MOST_WAYS) if way]
