"""How much work lints put into proofs: counted in steps, never in time, so that an answer is the same on every machine."""

from __future__ import annotations

MOST_EFFORT = 5_500_000
"""How many steps all lints of one run may take: thirty times those that the example takes."""
_SHARE = 3
"""One lint may take the third part of what is left, so that it leaves something for the others."""


class Spent(Exception):  # noqa: N818 -- no error: a lint ends here
    """A lint has taken its share of steps."""


class Effort:
    """The steps of one run. Each lint has a share of what the ones before it have left."""

    def __init__(self, most: int = MOST_EFFORT) -> None:
        self._left = most
        self._share = most
        self._taken = 0

    def begin(self) -> None:
        """Begin the next lint's share."""
        self._left -= self._taken
        self._taken, self._share = 0, self._left // _SHARE

    def take(self, steps: int) -> None:
        """Count steps. Raises Spent where the share is used up."""
        self._taken += steps
        if self._taken > self._share:
            raise Spent
