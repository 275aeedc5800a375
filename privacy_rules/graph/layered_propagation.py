"""Propagate for many tests in one pass: the state of a system has a layer of bits for each test.

    arrived = LayeredPasses(graph, passing).arrived(tests)      # for each test a byte for each system: 1 if something wanted arrives

A layer has one bit for each class of categories that no flow, transform or test distinguishes. Systems forward what they have
in an order in which most flows lead onwards, so that even a long chain of systems takes a few steps for each flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from functools import cached_property
from operator import mul, or_
from typing import Protocol

from privacy_rules.graph.propagation import NO_EDGES, Edges
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import bits, union


class Network(Protocol):
    """Systems by number, and the flows between them, as in a `FlowGraph`."""

    @property
    def systems(self) -> Sized: ...
    @property
    def source(self) -> Sequence[int]: ...
    @property
    def target(self) -> Sequence[int]: ...
    @property
    def outgoing(self) -> Sequence[Sequence[int]]: ...


Step = tuple[int, int]
"""The bits that a transform takes, and those that it makes of any of them."""

_MOST_BITS = 2**27
"""A state of all systems has at most about this many bits, unless one layer has more."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What is the same for all tests: the bits that each flow forwards, what passes besides, and what has arrived to begin with.

    `steps`: what each system makes of what it has (None: a system may make any bits of any); None if nothing is made.
    """

    masks: Sequence[int]
    edges: Edges = NO_EDGES
    arrived: Sequence[int] | None = None
    steps: Callable[[int], Sequence[Step]] | None = None


@dataclass(frozen=True, slots=True)
class LayeredTest:
    """Where a test starts and what does not forward, a byte for each system (1 or 0); what starts there, and what is wanted."""

    starts: bytes
    blocked: bytes | None
    begun: Sequence[int]
    """The bits that each system sends if the test starts there. Tests that share them should have the same object."""
    wanted: int


class LayeredPasses:
    """Passes over one graph."""

    def __init__(self, graph: Network, passing: Passing) -> None:
        self._graph, self._passing = graph, passing
        self._systems = range(len(graph.systems))
        self._steps = [() if passing.steps is None else passing.steps(system) for system in self._systems]

    def arrived(self, tests: Sequence[LayeredTest]) -> Iterator[bytes]:
        """Yield for each test whether something wanted arrives at each system."""
        classes = self._classes(tests)
        size = max(1, _MOST_BITS // (max(1, len(classes)) * max(1, len(self._systems))))
        for start in range(0, len(tests), size):
            yield from _Layers(self, classes, tests[start : start + size]).arrived()

    def _classes(self, tests: Sequence[LayeredTest]) -> list[int]:
        """Return a bit for each class of bits that nothing distinguishes, of those that matter."""
        passing = self._passing
        told = {
            *passing.masks,
            *(mask for some in passing.edges.leaving.values() for _, mask, _ in some),
            *(passing.arrived or ()),
            *(each for steps in self._steps for step in steps for each in step),
            *(each.wanted for each in tests),
            *(one for begun in {id(each.begun): each.begun for each in tests}.values() for one in begun),
        } - {0}
        wanted = union(each.wanted for each in tests)
        matter = union(told) if passing.steps else wanted
        size = matter.bit_length()
        rows = "".join(f"{each & matter:0{size}b}" for each in sorted(told))
        alike: dict[str, int] = {}
        for bit in bits(matter):
            alike.setdefault(rows[size - 1 - bit :: size], bit)
        return list(alike.values())

    @cached_property
    def order(self) -> Sequence[int]:
        """The systems in an order in which flows lead onwards, but for those that close a circle."""
        after: list[int] = []
        seen = bytearray(len(self._systems))
        for root in self._systems:
            if not seen[root]:
                seen[root] = 1
                waiting = [(root, iter(self._next[root]))]
                while waiting:
                    system, ends = waiting[-1]
                    following = next((each for each in ends if not seen[each]), None)
                    if following is None:
                        after.append(system)
                        waiting.pop()
                    else:
                        seen[following] = 1
                        waiting.append((following, iter(self._next[following])))
        return after[::-1]

    @cached_property
    def _next(self) -> list[list[int]]:
        graph, beside = self._graph, self._passing.edges
        return [
            [*(graph.target[flow] for flow in graph.outgoing[system]), *(end for end, _, _ in beside.of(system))]
            for system in self._systems
        ]

    def sending(self, packed: Callable[[int], int]) -> list[list[tuple[int, int]]]:
        """Return for each system where it sends data, with the bits that pass, each in every layer."""
        graph, masks, beside = self._graph, self._passing.masks, self._passing.edges
        found: list[dict[int, int]] = [{} for _ in self._systems]
        for flow, (source, target) in enumerate(zip(graph.source, graph.target, strict=True)):
            found[source][target] = found[source].get(target, 0) | masks[flow]
        for source, leaving in beside.leaving.items():
            for target, mask, _ in leaving:
                found[source][target] = found[source].get(target, 0) | mask
        spread = {mask: packed(mask) for ends in found for mask in ends.values()}
        return [[(end, spread[mask]) for end, mask in ends.items() if spread[mask]] for ends in found]

    def started(self) -> Sequence[int]:
        """Return the bits that have arrived at each system to begin with."""
        return self._passing.arrived or [0] * len(self._systems)

    def steps(self, packed: Callable[[int], int]) -> list[list[Step]]:
        """Return what each system makes, each in every layer."""
        spread: dict[int, int] = {}
        for each in (each for steps in self._steps for step in steps for each in step):
            if each not in spread:
                spread[each] = packed(each)
        return [[(spread[taken], spread[made]) for taken, made in steps] for steps in self._steps]


class _Layers:
    """One pass for some tests. Layers are numbered from the lowest bits on."""

    def __init__(self, passes: LayeredPasses, classes: Sequence[int], tests: Sequence[LayeredTest]) -> None:
        self._passes, self._classes, self._tests = passes, classes, tests
        self._width, self._number = max(1, len(classes)), len(tests)
        self._lowest = int(("0" * (self._width - 1) + "1") * self._number, 2)
        self._highest = self._lowest << (self._width - 1)
        self._lower = self._whole(self._lowest) ^ self._highest
        self._packed: dict[int, int] = {}

    def arrived(self) -> Iterator[bytes]:
        """Yield for each test whether something wanted arrives at each system."""
        wanted, size = self._joined(self._pack(each.wanted) for each in self._tests), self._width * self._number
        rows = (f"{self._some(each & wanted):0{size}b}"[:: -self._width] for each in self._passed())
        found = "".join(rows).encode().translate(_DIGITS)
        return (found[number :: self._number] for number in range(self._number))

    def _passed(self) -> list[int]:
        """Return the state of each system."""
        passes = self._passes
        sending, making = passes.sending(self._everywhere), passes.steps(self._everywhere)
        state = list(map(self._everywhere, passes.started()))
        begun = list(map(or_, self._begun(), state))  # what has arrived also starts there
        free, sent, waiting = self._free(), [0] * len(state), bytearray(map(bool, begun))
        order = passes.order
        while any(waiting):
            for system in order:
                if not waiting[system]:
                    continue
                waiting[system] = 0
                sends = state[system]
                if sends and making[system]:
                    sends |= self._made(making[system], sends)
                sends = begun[system] | (sends if free is None else sends & free[system])
                fresh = sends & ~sent[system]
                if fresh:
                    sent[system] = sends
                    for end, mask in sending[system]:
                        new = fresh & mask & ~state[end]
                        if new:
                            state[end] |= new
                            waiting[end] = 1
            order = order[::-1]
        return state

    def _made(self, steps: Iterable[Step], held: int) -> int:
        found, before = 0, -1
        while before != found:
            before = found
            for taken, made in steps:
                found |= self._whole(self._some((held | found) & taken)) & made
        return found

    def _begun(self) -> list[int]:
        """Return what each system sends of its own accord."""
        tests, size = self._tests, len(self._passes.started())
        if len({id(each.begun) for each in tests}) > 1:
            each_begun = ([self._pack(bits_) for bits_ in test.begun] for test in tests)
            of_tests = [list(map(mul, begun, test.starts)) for begun, test in zip(each_begun, tests, strict=True)]
            return [self._joined(row) for row in zip(*of_tests, strict=True)]
        layers = self._layers([each.starts for each in tests], size)
        return [layer & self._everywhere(each) for layer, each in zip(layers, tests[0].begun, strict=True)]

    def _free(self) -> list[int] | None:
        """Return the layers in which each system forwards what arrives; None if all do in every layer."""
        if all(each.blocked is None for each in self._tests):
            return None
        size = len(self._passes.started())
        every = bytes(size)
        blocked = self._layers([each.blocked or every for each in self._tests], size)
        return [(self._lower | self._highest) ^ each for each in blocked]

    def _layers(self, of_tests: Sequence[bytes], size: int) -> list[int]:
        """Return for each system the whole layers of the tests that have a 1 there."""
        together, gap, known = b"".join(reversed(of_tests)), "0" * (self._width - 1), dict[bytes, int]()
        found = []
        for system in range(size):
            row = together[system::size]
            if row not in known:
                digits = row.translate(_TO_DIGITS).decode()
                known[row] = self._whole(int(gap.join(["", *digits]) if gap else digits, 2))
            found.append(known[row])
        return found

    def _pack(self, mask: int) -> int:
        """Return the classes of bits as a layer."""
        found = self._packed.get(mask)
        if found is None:
            found = self._packed[mask] = sum((mask >> bit & 1) << own for own, bit in enumerate(self._classes))
        return found

    def _everywhere(self, mask: int) -> int:
        """Return bits in every layer."""
        return self._pack(mask) * self._lowest

    def _joined(self, layers: Iterable[int]) -> int:
        """Return the state with these layers, the lowest first."""
        return int("".join([f"{each:0{self._width}b}" for each in layers][::-1]), 2)

    def _some(self, state: int) -> int:
        """Return the lowest bit of each layer that has some bit."""
        return ((((state & self._lower) + self._lower) | state) & self._highest) >> (self._width - 1)

    def _whole(self, lowest: int) -> int:
        """Return all bits of the layers that have the lowest one."""
        return (lowest << self._width) - lowest


_DIGITS, _TO_DIGITS = bytes.maketrans(b"01", b"\0\1"), bytes.maketrans(b"\0\1", b"01")
