"""Find the highest truth value in each of many groups at once, for test after test.

highest = Highest([[(0, TRUE), (2, UNKNOWN)], []])      # two groups: what is in them, by number, and each group's limit on it
highest(bytes([FALSE, TRUE, TRUE]))                     # the value of each group: unknown, false
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from privacy_rules.checking.byte_columns import Column, Spread, packed, unpacked
from privacy_rules.checking.logic import FALSE

_FEW = 3


class Highest:
    """Groups of things that have a number. No thing gives a group a higher value than its limit there.

    Groups of a few things are worked out together; a larger one takes a step for each of its things.
    """

    def __init__(self, groups: Sequence[Sequence[tuple[int, int]]]) -> None:
        self._number = len(groups)
        few = max((len(each) for each in groups if len(each) <= _FEW), default=0)
        self._layers: list[tuple[list[int], Column]] = []
        for layer in range(few):
            found = [each[layer] if layer < len(each) <= _FEW else (-1, FALSE) for each in groups]
            self._layers.append(([number for number, _ in found], packed(bytes(limit for _, limit in found))))
        many = [(place, each) for place, each in enumerate(groups) if len(each) > _FEW]
        self._many = [place for place, _ in many]
        self._bounds = list(pairwise(accumulate((len(each) for _, each in many), initial=0)))
        self._every = Spread([number for _, each in many for number, _ in each])
        self._limits = packed(bytes(limit for _, each in many for _, limit in each))
        self._spreads: list[Spread] | None = None

    def __call__(self, values: bytes) -> bytes:
        """Return the value of each group, given that of each thing; an empty group is false."""
        if self._spreads is None:  # a number of -1 is the last value
            self._spreads = [
                Spread([len(values) if each < 0 else each for each in numbers]) for numbers, _ in self._layers
            ]
        table, must, may = values + bytes([FALSE]), 0, 0
        for spread, (_, limits) in zip(self._spreads, self._layers, strict=True):
            one, other = packed(spread(table))
            must, may = must | one & limits[0], may | other & limits[1]
        highest = bytearray(unpacked((must, may), self._number))
        if self._many:
            one, other = packed(self._every(table))
            found = unpacked((one & self._limits[0], other & self._limits[1]), len(self._every.numbers))
            for place, (start, end) in zip(self._many, self._bounds, strict=True):
                highest[place] = max(found[start:end])
        return bytes(highest)
