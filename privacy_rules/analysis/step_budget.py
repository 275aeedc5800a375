"""Limits the work on proofs. Steps are counted, not time, so that every machine gives the same answer."""

from __future__ import annotations

MOST_EFFORT = 8_400_000
"""How many steps all lints of one run may take: forty times as many as on the example."""
_SHARE = 3
"""One lint may take a third of the steps that are left, so that others can run, too."""


class Spent(Exception):  # noqa: N818 -- not an error: the lint stops early
    """A lint has taken its share of steps."""


class Effort:
    """The steps of one run. Each lint has a share of the steps that are left."""

    def __init__(self, most: int = MOST_EFFORT) -> None:
        self._left = most
        self._share = most
        self._taken = 0

    def begin(self) -> None:
        """Begin the next lint's share."""
        self._left -= self._taken
        self._taken, self._share = 0, self._left // _SHARE

    @property
    def taken(self) -> int:
        """The steps of this share so far."""
        return self._taken

    def take(self, steps: int) -> None:
        """Count steps. Raises Spent if the share is used up."""
        self._taken += steps
        if self._taken > self._share:
            raise Spent
