"""Combine tests with strong Kleene `and` and `or`, and cache tests of repeated values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.value_tests import ValueTest
from privacy_rules.vocabulary.values import Value

Test = Callable[[Frame], int]
"""A condition as a function of what it is judged of."""


def conjunction(parts: Sequence[Test]) -> Test:
    """Return the `and` of tests, which stops at the first false one; true without tests."""
    if len(parts) == 1:
        return parts[0]

    def run(frame: Frame) -> int:
        value = TRUE
        for part in parts:
            found = part(frame)
            if found < value:
                if found == FALSE:
                    return FALSE
                value = found
        return value

    return run


def disjunction(parts: Sequence[Test]) -> Test:
    """Return the `or` of tests, which stops at the first true one; false without tests."""
    if len(parts) == 1:
        return parts[0]

    def run(frame: Frame) -> int:
        value = FALSE
        for part in parts:
            found = part(frame)
            if found > value:
                if found == TRUE:
                    return TRUE
                value = found
        return value

    return run


def remembering(test: ValueTest, value_of: Callable[[Frame], Value | None]) -> Test:
    """Make a test of a value remember its results, so that it is evaluated once for each different value."""
    memo: dict[Value | None, int] = {}

    def run(frame: Frame) -> int:
        value = value_of(frame)
        found = memo.get(value)
        if found is None:
            found = memo[value] = test(value)
        return found

    return run
