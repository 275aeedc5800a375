"""Strong Kleene logic: three truth values, in the order false < unknown < true."""

from __future__ import annotations

from enum import IntEnum

FALSE, UNKNOWN, TRUE = 0, 1, 2
"""The values of `Truth` as plain numbers, which are faster."""


class Truth(IntEnum):
    """`and` is the minimum, `or` the maximum, `not` turns the order round."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @property
    def word(self) -> str:
        """`false`, `unknown` or `true`."""
        return self.name.lower()


class Verdict(IntEnum):
    """A rule's verdict on a subject; a larger one is worse."""

    COMPLIANT = 0
    UNDETERMINED = 1
    VIOLATION = 2

    @property
    def word(self) -> str:
        """`compliant`, `undetermined` or `violation`."""
        return self.name.lower()


def verdict(scope: int, requirement: int) -> Verdict:
    """Return the verdict: compliant if scope is false or requirement true, violation if scope is true and requirement false."""
    return Verdict(min(scope, 2 - requirement))
