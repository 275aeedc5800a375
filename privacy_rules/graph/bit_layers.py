"""Many passes over the same flows in one: layers of bits side by side. A flow forwards the same bits in each layer.

layers = Layers(range(3), everything)
state = propagate(graph, layers.spread(graph.leaves), …)     # bits of layer 1: state[v] >> layers.width & everything
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from privacy_rules.vocabulary.taxonomy import bits

_MOST_KEPT = 1_000
"""So many different masks are kept spread over the layers; they may be wide."""


class Layers:
    """Several layers of bits, by number. They are packed: a layer has only the wanted bits."""

    def __init__(self, numbers: Iterable[int], wanted: int) -> None:
        kept = bits(wanted)
        self._bits, self._numbers = kept, tuple(numbers)
        self._all_kept = wanted if wanted == (1 << len(kept)) - 1 else 0
        self.width = len(kept)
        self._shift = {number: place * self.width for place, number in enumerate(self._numbers)}
        self._ones = int(("0" * (self.width - 1) + "1") * len(self._numbers) or "0", 2) if kept else 0
        self._packed: dict[int, int] = {}
        self._spread: dict[int, int] = {}

    def __contains__(self, number: int) -> bool:
        return number in self._shift

    @property
    def size(self) -> int:
        """The number of bits of a state."""
        return self.width * len(self._numbers)

    def at(self, number: int, mask: int) -> int:
        """The bits of a mask in one layer."""
        return self._pack(mask) << self._shift[number]

    def all_of(self, mask: int) -> int:
        """The bits of a mask in every layer."""
        found = self._spread.get(mask)
        if found is None:
            found = self._pack(mask) * self._ones
            if len(self._spread) < _MOST_KEPT:
                self._spread[mask] = found
        return found

    def spread(self, masks: Sequence[int]) -> Sequence[int]:
        """Masks in every layer, made when asked for."""
        return _Spread(self, masks)

    def inside(self, state: int) -> Iterator[tuple[int, int]]:
        """The bits of a state, each as the number of its layer and its own."""
        for place in _places(state):
            layer, own = divmod(place, self.width)
            yield self._numbers[layer], self._bits[own]

    def gathered(self, found: Iterable[tuple[int, int]]) -> int:
        """Return the state with only those bits; the layers have all bits."""
        digits = bytearray(b"0") * (self.size or 1)
        for number, bit in found:
            digits[-1 - self._shift[number] - bit] = ord("1")
        return int(digits, 2)

    def _pack(self, mask: int) -> int:
        if self._all_kept:
            return mask & self._all_kept
        found = self._packed.get(mask)
        if found is None:
            found = self._packed[mask] = sum((mask >> bit & 1) << own for own, bit in enumerate(self._bits))
        return found


class _Spread(Sequence[int]):
    """The masks of flows in every layer."""

    def __init__(self, layers: Layers, masks: Sequence[int]) -> None:
        self._layers, self._masks = layers, masks

    def __len__(self) -> int:
        return len(self._masks)

    @overload
    def __getitem__(self, flow: int) -> int: ...
    @overload
    def __getitem__(self, flow: slice) -> Sequence[int]: ...
    def __getitem__(self, flow: int | slice) -> int | Sequence[int]:
        if isinstance(flow, slice):
            return _Spread(self._layers, self._masks[flow])
        return self._layers.all_of(self._masks[flow])


def _places(state: int) -> Iterator[int]:
    """The numbers of the set bits. The time is not quadratic in the width of the state."""
    digits = bin(state)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
