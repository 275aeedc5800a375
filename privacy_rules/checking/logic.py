"""Strong Kleene logic: three truth values in the order false < unknown < true."""

from __future__ import annotations

from enum import IntEnum

FALSE, UNKNOWN, TRUE = 0, 1, 2
"""Plain numbers for the hot path; `Truth` has the same."""


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
    """What a rule says of a subject; the larger is the worse."""

    COMPLIANT = 0
    UNDETERMINED = 1
    VIOLATION = 2

    @property
    def word(self) -> str:
        """`compliant`, `undetermined` or `violation`."""
        return self.name.lower()


def verdict(scope: int, requirement: int) -> Verdict:
    """Compliant where scope is false or requirement true; violation where both are the other way round."""
    return Verdict(min(scope, 2 - requirement))
