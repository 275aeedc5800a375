"""Choices drawn from bytes: one Hypothesis draw for a whole policy and manifest, which still shrinks well.

A zero byte, and one that is missing, is the first (the simplest) choice. Each part of what is made reads its own
stretch of bytes, so that making one part simpler leaves the others as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def part(self, length: int) -> Dice:
        """The dice for a part of what is made, with the next `length` bytes."""
        taken = Dice(self.data[self.at : self.at + length])
        self.at += length
        return taken

    def byte(self) -> int:
        found = self.data[self.at] if self.at < len(self.data) else 0
        self.at += 1
        return found

    def below(self, bound: int) -> int:
        return self.byte() % bound

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases; False is the simpler outcome."""
        return self.byte() >= 256 - percent * 256 // 100

    def pick(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def some(self, among: Sequence[T], low: int, high: int) -> list[T]:
        """Some of them, without repeats, in their order; as many as there are where `low` asks for more."""
        count = min(self.between(low, high), len(among))
        left = list(range(len(among)))
        taken = sorted(left.pop(self.below(len(left))) for _ in range(count))
        return [among[number] for number in taken]
