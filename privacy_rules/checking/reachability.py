"""`reached by`: for each system whether a path must, may or cannot bring it a category, and the shortest such path."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import add

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.origins import Origins
from privacy_rules.checking.unsourced import Unsourced
from privacy_rules.checking.work_limit import PASSES, Work
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Pass, Rewiring, carried_over
from privacy_rules.graph.layered_propagation import LayeredPasses, LayeredTest, Passing
from privacy_rules.graph.propagation import NO_EDGES, ApplyTransforms, Edges, propagate
from privacy_rules.graph.transforms import Transforming
from privacy_rules.graph.witness import Search
from privacy_rules.language.conditions import children
from privacy_rules.language.policy import Condition, Reached, Side
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import bits

_NOWHERE = Span("", 1, 1, 1, 1)
_MOST_KEPT = 500
"""At most about this many passes are kept; each has a state for every system."""
_MANY = 64
"""At least this many tests are worked out together. Then there are no states that could be carried over to a changed estate."""
_AT_LEAST_UNKNOWN, _AT_LEAST_TRUE = (bytes(each) + bytes(253) for each in ([0, 1, 1], [0, 0, 1]))
LayeredKey = tuple[bytes, bytes | None, object, int]
OfSystems = Callable[[Condition], Sequence[int]]
"""The truth value of a selector at every system."""


@dataclass(frozen=True, slots=True)
class PropagationInput:
    """The inputs of one propagation: the bits that each flow forwards, those that each system starts with, and the systems that block everything.

    `unsourced`: the bits that start at each system because they may have come there undeclared; None if there are none.
    `edges`: what declared origins let pass; None if there are none. If both edges and derived data count, a category
    has two bits: one for the datum itself and, `width` higher, one for data made on the way, to which origins do not
    apply.
    """

    masks: Sequence[int]
    origins: Sequence[int]
    blocked: Sequence[bool] | None
    transform: ApplyTransforms | None
    unsourced: Sequence[int] | None = None
    edges: Edges | None = None
    width: int = 0

    @property
    def as_pass(self) -> Pass:
        """The propagation pass of this test, without transforms."""
        return Pass(self.masks, self.all_origins, self.blocked, self.unsourced, plain=self.edges is None)

    @property
    def all_origins(self) -> Sequence[int]:
        """The bits that each system starts with, unsourced ones included."""
        if self.unsourced is None:
            return self.origins
        return [one | other for one, other in zip(self.origins, self.unsourced, strict=True)]


class Paths:
    """All path tests of one check. Each is computed once for all systems, when it is first needed."""

    def __init__(
        self, graph: FlowGraph, of_systems: OfSystems, unsourced: Unsourced, origins: Origins, work: Work
    ) -> None:
        self._work = work
        self._graph, self._of_systems, self._unsourced, self._origins = graph, of_systems, unsourced, origins
        self._values: dict[tuple[object, ...], bytes] = {}
        self._states: dict[tuple[object, ...], list[int]] = {}
        self._searches: dict[tuple[object, ...], Search] = {}
        self._inputs: dict[tuple[object, ...], PropagationInput] = {}
        self._before: tuple[Paths, Rewiring] | None = None
        self.searched = 0
        """How many flows were looked at to find shortest paths."""
        self._states_before: dict[tuple[object, ...], list[int]] = {}
        self._expected: dict[tuple[object, ...], Reached] = {}
        self._nestings: dict[int, int] = {}
        self._ends: dict[tuple[int, int], tuple[bytes | None, bytes | None]] = {}
        self._alike: dict[tuple[object, ...], tuple[object, ...]] = {}

    def expect(self, tests: Iterable[Reached]) -> None:
        """Announce tests. If they are many, all are worked out together when one is asked for. Keep them alive as long as this."""
        expected = {_key(each): each for each in tests}
        if len(expected) >= _MANY:
            self._expected = expected

    def values(self, test: Reached) -> bytes:
        """Return for each system whether the test holds there."""
        key = _key(test)
        found = self._values.get(key)
        if found is None and key in self._expected:
            self._work_out(self._nesting(test))
            found = self._values[key]
        if found is None:
            must, may = self._arrives(test, sure=True), self._arrives(test, sure=False)
            found = bytes(TRUE if s else UNKNOWN if m else FALSE for s, m in zip(must, may, strict=True))
            self._values[key] = found
        return found

    def _nesting(self, condition: Condition) -> int:
        """Return how many path tests there are inside one another."""
        found = self._nestings.get(id(condition))
        if found is None:
            inside = max(map(self._nesting, children(condition)), default=0)
            found = self._nestings[id(condition)] = inside + isinstance(condition, Reached)
        return found

    def _work_out(self, nesting: int) -> None:
        """Work out the expected tests with this depth of nested path tests. They start from the results of the inner ones."""
        tests = {key: each for key, each in self._expected.items() if self._nesting(each) == nesting}
        for key in tests:
            del self._expected[key]
        must, may = (self._arriving(tests.values(), sure=sure) for sure in (True, False))
        for key, one, other in zip(tests, must, may, strict=True):
            self._values[key] = bytes(map(add, one, other))

    def _arriving(self, tests: Collection[Reached], *, sure: bool) -> list[bytes]:
        """Return for each test a byte for each system: 1 if something must (`sure`), or may, arrive there."""
        groups: dict[tuple[object, ...], tuple[LayeredPasses, dict[LayeredKey, LayeredTest]]] = {}
        keys: list[tuple[tuple[object, ...], LayeredKey]] = []
        begun: dict[object, Sequence[int]] = {}
        for test in tests:
            starts, stops = self._values_at_ends(test)
            group: tuple[object, ...] = (test.derived, test.methods if test.derived else None, starts is None)
            if self._origins.declared:
                group = (*group, stops)
            began = (test.data, test.methods) if test.derived else None
            if group not in groups or began not in begun:
                self._work.take(PASSES, len(self._graph.flows))
                inputs = self._read(test, sure=sure, anywhere=True)
                begun.setdefault(began, inputs.origins)
                if group not in groups:
                    groups[group] = LayeredPasses(self._graph, self._passing(test, inputs, sure=sure)), {}
            every = (1 << 2 * len(self._graph.data.terms)) - 1
            wanted = every if test.derived else self._graph.data.below_any(test.data)
            enough = _AT_LEAST_TRUE if sure else _AT_LEAST_UNKNOWN
            from_ = bytes([1]) * len(self._graph.systems) if starts is None else starts.translate(enough)
            blocked = None if stops is None else stops.translate(_AT_LEAST_UNKNOWN if sure else _AT_LEAST_TRUE)
            key = from_, blocked, began, wanted
            groups[group][1].setdefault(key, LayeredTest(from_, blocked, begun[began], wanted))
            keys.append((group, key))
        found = {
            name: dict(zip(some, passes.arrived([*some.values()]), strict=True))
            for name, (passes, some) in groups.items()
        }
        return [found[group][key] for group, key in keys]

    def _passing(self, test: Reached, inputs: PropagationInput, *, sure: bool) -> Passing:
        """Return what is the same for all tests of a group."""
        width, every = inputs.width, self._graph.everything
        transforming = Transforming(self._graph, test.methods, sure=sure)

        def steps(system: int) -> Sequence[tuple[int, int]]:
            found = transforming.steps(system)
            declared = [(every, every)] if found is None else found
            return [(taken | taken << width, made << width) for taken, made in declared]

        return Passing(inputs.masks, inputs.edges or NO_EDGES, inputs.unsourced, steps if test.derived else None)

    def _values_at_ends(self, test: Reached) -> tuple[bytes | None, bytes | None]:
        """Return the values of what a test starts with and of what it avoids at each system; None for one that it does not have."""
        key = id(test.start), id(test.avoiding)
        if key not in self._ends:
            start, stop = (
                None if each is None else bytes(self._of_systems(each)) for each in (test.start, test.avoiding)
            )
            self._ends[key] = start, stop
        return self._ends[key]

    def adopt(self, other: Paths, rewiring: Rewiring | None) -> None:
        """Reuse the results of another estate with the same systems: as they are, if the flows between them carry the same."""
        if rewiring is None:
            self._values.update(other._values)
            self._states.update(other._states)
        else:
            self._before, self._states_before = (other, rewiring), other._states

    def _arrives(self, test: Reached, *, sure: bool) -> list[int]:
        """For each system the wanted bits that arrive; with derived data, all bits that arrive."""
        below = self._graph.data.below_any(test.data)
        if test.derived:
            return self._propagated(test, sure=sure)
        # Without derived data one pass serves every test with the same starts and stops, whatever its categories.
        key = (id(test.start), id(test.avoiding), sure)
        found = self._states.get(key)
        if found is None:
            self._make_room()
            like = self._alike.setdefault((*self._values_at_ends(test), sure), key)
            found = self._states.get(like) or (None if sure else self._same_as_sure(key, test))
            found = found or self._carried_over(key, test, sure=sure) or self._propagated(test, sure=sure)
            self._states[key] = self._states[like] = found
        return [state & below for state in found]

    def _same_as_sure(self, key: tuple[object, ...], test: Reached) -> list[int] | None:
        """Return what must arrive if nothing is open, since then nothing else may arrive."""
        must = self._states.get((*key[:-1], True))
        return must if must is not None and self.inputs(test, sure=True) == self.inputs(test, sure=False) else None

    def _make_room(self) -> None:
        """Forget passes if there are too many. They can be made again."""
        if len(self._states) > _MOST_KEPT:
            self._states.clear()
            self._inputs.clear()
            self._searches.clear()
            self._alike.clear()

    def _propagated(self, test: Reached, *, sure: bool) -> list[int]:
        self._work.take(PASSES, len(self._graph.flows))
        inputs = self.inputs(test, sure=sure)
        now = inputs.as_pass
        return propagate(
            self._graph,
            now.masks,
            now.origins,
            now.blocked,
            arrived=now.arrived,
            transform=inputs.transform,
            edges=inputs.edges,
        )

    def _carried_over(self, key: tuple[object, ...], test: Reached, *, sure: bool) -> list[int] | None:
        """Derive the state from the one before some flows were added or removed, if that is possible."""
        if self._before is None or key not in self._states_before:
            return None
        before, rewiring = self._before
        was, now = (each.inputs(test, sure=sure).as_pass for each in (before, self))
        return carried_over(rewiring, was, now, self._states_before[key])

    def inputs(self, test: Reached, *, sure: bool) -> PropagationInput:
        """Return what flows forward and systems start with if unknowns count against the test (`sure`), or for it."""
        key = (*self._values_at_ends(test), (test.data, test.methods) if test.derived else None, sure)
        if key not in self._inputs:
            found = self._inputs[key] = self._read(test, sure=sure)
            self.searched += len(self._graph.flows)
            self.searched += sum(map(len, found.edges.leaving.values())) if found.edges else 0
        return self._inputs[key]

    def _read(self, test: Reached, *, sure: bool, anywhere: bool = False) -> PropagationInput:
        """Return the inputs, with what every system would start with if it could (`anywhere`)."""
        graph = self._graph
        enough = TRUE if sure else UNKNOWN
        systems = range(len(graph.systems))
        starts = [TRUE] * len(graph.systems) if anywhere or test.start is None else self._of_systems(test.start)
        # A system that may match blocks only paths that must exist, not paths that may exist.
        stops = None if test.avoiding is None else self._of_systems(test.avoiding)
        blocked = None if stops is None else [stop > (FALSE if sure else UNKNOWN) for stop in stops]
        masks, edges = self._origins.masks(sure=sure), self._origins.edges(stops, sure=sure)
        unsourced = None if sure or test.start is None or not any(self._unsourced.leaves) else self._unsourced.leaves
        if not test.derived:
            everything = graph.everything
            origins = [everything if value >= enough else 0 for value in starts]
            return PropagationInput(masks, origins, blocked, None, unsourced, edges)
        width = len(graph.data.terms) if edges else 0
        transforming, below = Transforming(graph, test.methods, sure=sure), graph.data.below_any(test.data)
        transform = _in_layers(transforming, width)
        first = [below | transforming.first(s, test.data) << width if starts[s] >= enough else 0 for s in systems]
        if edges:
            every = graph.names if sure else graph.leaves
            masks = [own | made << width for own, made in zip(masks, every, strict=True)]
            edges = edges.doubled(width)
        if unsourced is not None:
            unsourced = [bits and transform(system, bits << width) for system, bits in enumerate(unsourced)]
        return PropagationInput(masks, first, blocked, transform, unsourced, edges, width)

    def unsourced(self, test: Reached, system: int) -> int:
        """Return the categories that may have come to a system from a start because nothing declared brings them."""
        found = self.inputs(test, sure=False).unsourced
        if found is None:
            return 0
        return found[system] if test.derived else found[system] & self._graph.data.below_any(test.data)

    def witness(self, test: Reached, ends: Iterable[int], *, sure: bool) -> tuple[list[tuple[int, int]], int] | None:
        """Return a shortest path that must, or may, bring the tested data to one of some systems, and that system.

        The path is its flows (numbers), each with the category (bit) that arrives by it. It starts where the test says.
        If no such path exists, it starts with unsourced data, and is empty if these may be at the system already. Ties
        are broken by category, then by flow ids.
        """
        inputs, ends = self.inputs(test, sure=sure), list(ends)
        found = self._nearest(test, inputs.origins, ends, sure=sure)
        if found is not None or inputs.unsourced is None:
            return found
        there = next((end for end in ends if self.unsourced(test, end)), None)
        return self._nearest(test, inputs.unsourced, ends, sure=sure) if there is None else ([], there)

    def _nearest(
        self, test: Reached, origins: Sequence[int], ends: Sequence[int], *, sure: bool
    ) -> tuple[list[tuple[int, int]], int] | None:
        found = [(path, end) for end in ends if (path := self._shortest(test, origins, end, sure=sure))]
        return min(found, key=lambda each: (len(each[0]), each), default=None)

    def _shortest(self, test: Reached, origins: Sequence[int], system: int, *, sure: bool) -> list[tuple[int, int]]:
        wanted = [None] if test.derived else bits(self._graph.data.below_any(test.data))
        searched = [self._search(test, origins, bit, sure=sure).shortest(system) for bit in wanted]
        found = [each for each in searched if each is not None]
        path = min(found, key=lambda each: each[0])[1] if found else []
        width = self.inputs(test, sure=sure).width or len(self._graph.data.terms)
        return [(flow, bit % width) for flow, bit in path]

    def _search(self, test: Reached, starts: Sequence[int], bit: int | None, *, sure: bool) -> Search:
        inputs = self.inputs(test, sure=sure)
        data = (test.data, test.methods) if test.derived else None
        key = (data, *self._values_at_ends(test), bit, sure, starts is inputs.origins)
        if key not in self._searches:
            origins = starts if bit is None else [origin & (1 << bit) for origin in starts]
            found = self._searches[key] = Search(
                self._graph, inputs.masks, origins, inputs.blocked, inputs.transform, edges=inputs.edges or NO_EDGES
            )
            self.searched += found.looked_at
        return self._searches[key]


def from_anywhere(data: tuple[str, ...]) -> Reached:
    """Return the test `reached by` for these categories, including derived ones, from any system."""
    return Reached(_NOWHERE, "reached by", Side.SUBJECT, data, None, None, derived=True, methods=None)


def _in_layers(transforming: Transforming, width: int) -> ApplyTransforms:
    """Return what a system sends, if the data that it makes has separate bits, `width` higher."""

    def transform(system: int, held: int) -> int:
        both = held | held >> width if width else held
        return held | transforming.made(system, both & ((1 << width) - 1) if width else both) << width

    return transform


def _key(test: Reached) -> tuple[object, ...]:
    """The identity of a path test: selectors by identity, as hashing them would walk shared defines again and again."""
    return test.data, id(test.start), id(test.avoiding), test.derived, test.methods
