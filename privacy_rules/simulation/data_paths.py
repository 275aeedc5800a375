"""Find where each category of data goes and comes from, along the paths that rules ask about.

paths = DataPaths(evaluator)
paths.onward(flows)           # where the data of these flows goes, transforms included
paths.back(flows)             # where the data of these flows comes from
paths.of_category("email")    # where a category goes, from anywhere
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.reachability import PropagationInput, from_anywhere
from privacy_rules.checking.work_limit import PASSAGES
from privacy_rules.graph.propagation import NO_EDGES, ApplyTransforms
from privacy_rules.graph.transforms import Transforming
from privacy_rules.graph.witness import Search
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import bits, union


@dataclass(frozen=True, slots=True)
class Passage:
    """A category that must, or may, reach a system, or come from it.

    `category` is what the first flow carries (for data that comes from a system, the last flow); None if that is not
    declared. `at_system` has the data's categories when it arrives at the system, or leaves it, and `may_be` those that
    it may have in addition. `path` is a shortest path, as ids of flows.
    """

    system: str
    category: str | None
    at_system: tuple[str, ...]
    may_be: tuple[str, ...]
    must: bool
    path: tuple[str, ...]


class DataPaths:
    """The passages of an estate's data."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator, self._graph = evaluator, evaluator.graph
        everything = from_anywhere(self._graph.data.terms)
        self._inputs = {sure: evaluator.paths.inputs(everything, sure=sure) for sure in (True, False)}

    def onward(self, flows: Collection[int]) -> Iterator[Passage]:
        """Yield where the data of the flows goes, in the order of categories and systems."""
        for category in self._carried(flows):
            found = [self._forward(flows, category, sure=sure) for sure in (True, False)]
            yield from self._passages(category, *found)

    def back(self, flows: Collection[int]) -> Iterator[Passage]:
        """Yield where the data of the flows comes from; `path` ends with one of them."""
        for category in self._carried(flows):
            found = [self._backward(flows, category, sure=sure) for sure in (True, False)]
            yield from self._passages(category, *found)

    def of_category(self, category: str, begins: Collection[int]) -> Iterator[Passage]:
        """Yield where a category, or a narrower one, goes from anywhere, transforms included.

        If possible, paths start at the systems where it originates.
        """
        found = []
        for sure in (True, False):
            inputs = self._evaluator.paths.inputs(from_anywhere((category,)), sure=sure)
            search = self._search(inputs, inputs.origins)
            there = {key: self._plain(each) for key, each in search.arrived().items()}
            origins = [begun if each in begins else 0 for each, begun in enumerate(inputs.origins)]
            found.append(_Found(there, search, begun=self._search(inputs, origins)))
        yield from self._passages(category, *found)

    def at_rest(self, category: str, systems: Mapping[str, int]) -> Iterator[Passage]:
        """Yield a category at the systems that have it without receiving it; `systems` has the bits of each."""
        below = self._graph.data.below(category)
        for system, held in sorted(systems.items()):
            if held & below:
                names = (
                    (category,) if held == -1 else self._broadest(held & below) or self._graph.data.names(held & below)
                )
                yield Passage(system, category, names, (), True, ())

    def _carried(self, flows: Collection[int]) -> list[str | None]:
        """Return the declared categories of the flows; None for the data of a flow that does not declare any."""
        names = self._graph.data.names(union(self._graph.names[flow] for flow in flows))
        return [*names, *([None] if any(not self._graph.names[flow] for flow in flows) else [])]

    def _masks(self, flows: Collection[int], category: str | None, *, sure: bool) -> list[int]:
        """Return for each flow the bits of one category that it carries, if it is one of these flows."""
        graph, found = self._graph, [0] * len(self._graph.flows)
        wanted = 0 if category is None else 1 << graph.data.index[category] if sure else graph.data.below(category)
        for flow in flows:
            if category is None and not graph.names[flow]:
                found[flow] = 0 if sure else graph.leaves[flow]
            elif category is not None and graph.names[flow] >> graph.data.index[category] & 1:
                found[flow] = wanted
        return found

    def _forward(self, flows: Collection[int], category: str | None, *, sure: bool) -> _Found:
        first = self._masks(flows, category, sure=sure)
        search = self._search(self._inputs[sure], [-1] * len(self._graph.systems), first)
        return _Found({key: self._plain(each) for key, each in search.arrived().items()}, search)

    def _backward(self, flows: Collection[int], category: str | None, *, sure: bool) -> _Found:
        """Search against the flows: data that a system sends arrives if data made from it arrives."""
        graph, inputs = self._graph, self._inputs[sure]
        carried = self._masks(flows, category, sure=sure)
        first = [(mask | mask << inputs.width) & own for mask, own in zip(carried, inputs.masks, strict=True)]
        undo = self._undoing[sure]
        self._evaluator.work.take(PASSAGES, len(graph.flows))
        search = Search(
            graph.backwards,
            inputs.masks,
            [-1] * len(graph.systems),
            None,
            undo,
            edges=(inputs.edges or NO_EDGES).backwards,
            first=first,
        )
        found, direct = {}, dict[int, int]()
        for system, sent in search.arrived().items():
            begun = sent & ((1 << len(graph.data.terms)) - 1)
            found[system] = begun | (sent >> inputs.width & undo.made_at(system) if inputs.width else 0)
        for flow in flows:  # whatever origin it has, its source sends it
            if carried[flow]:
                found[graph.source[flow]] = found.get(graph.source[flow], 0) | carried[flow]
                direct.setdefault(graph.source[flow], flow)
        return _Found({key: each for key, each in found.items() if each}, search, direct, backwards=True)

    def _search(self, inputs: PropagationInput, origins: Sequence[int], first: Sequence[int] | None = None) -> Search:
        edges = inputs.edges or NO_EDGES
        self._evaluator.work.take(PASSAGES, len(self._graph.flows))
        return Search(self._graph, inputs.masks, origins, None, inputs.transform, edges=edges, first=first)

    def _plain(self, arrived: int) -> int:
        """Return the bits of categories, of data that arrived unchanged and of data that was made on the way."""
        width = len(self._graph.data.terms)
        return (arrived | arrived >> width) & ((1 << width) - 1)

    @cached_property
    def _undoing(self) -> dict[bool, _Undoing]:
        return {sure: _Undoing(self._evaluator, inputs, sure=sure) for sure, inputs in self._inputs.items()}

    def _passages(self, category: str | None, must: _Found, may: _Found) -> Iterator[Passage]:
        data = self._graph.data
        for system in sorted(must.bits.keys() | may.bits.keys()):
            sure, others = must.bits.get(system, 0), may.bits.get(system, 0)
            more = self._broadest(others & ~data.below_any(data.names(sure)))
            path = (must if sure else may).path(system)
            self._evaluator.work.take(PASSAGES, len(path) + 1)
            ids = tuple(self._graph.flows[flow].id for flow in path)
            yield Passage(self._graph.systems[system].id, category, data.names(sure), more, bool(sure), ids)

    def _broadest(self, leaves: int) -> tuple[str, ...]:
        """Return the broadest categories whose bits are all among these."""
        data = self._graph.data
        whole = [name for name in data.names(leaves) if not data.below(name) & ~leaves]
        return tuple(name for name in whole if not any(each in whole for each in data.parents[name]))


@dataclass(frozen=True, slots=True)
class _Found:
    """The bits at each system, with the search for their paths, and another search whose paths are preferred.

    `direct`: flows that are a whole path by themselves.
    """

    bits: dict[int, int]
    search: Search
    direct: dict[int, int] | None = None
    backwards: bool = False
    begun: Search | None = None

    def path(self, system: int) -> list[int]:
        """Return the flows of a shortest path, in the direction of the data."""
        if self.direct and system in self.direct:
            return [self.direct[system]]
        found = (self.begun and self.begun.shortest(system)) or self.search.shortest(system)
        flows = [flow for flow, _ in found[1]] if found else []
        return flows[::-1] if self.backwards else flows


class _Undoing:
    """The transforms of systems backwards: from the bits sent to those that they may be made from."""

    def __init__(self, evaluator: Evaluator, inputs: PropagationInput, *, sure: bool) -> None:
        assert inputs.transform is not None
        self._graph = evaluator.graph
        self._transform: ApplyTransforms = inputs.transform
        self._transforming = Transforming(evaluator.graph, None, sure=sure)
        self._width = len(self._graph.data.terms) + inputs.width
        self._made_of: dict[int, list[int]] = {}

    def __call__(self, system: int, sent: int) -> int:
        """Return the bits from which a system makes one of those that it sends, including these themselves."""
        if self._transforming.steps(system) == []:
            return sent
        if system not in self._made_of:
            table = [0] * self._width
            for bit in range(self._width):
                for made in bits(self._transform(system, 1 << bit)):
                    table[made] |= 1 << bit
            self._made_of[system] = table
        return sent | union(self._made_of[system][bit] for bit in bits(sent))

    def made_at(self, system: int) -> int:
        """Return everything that a system may make."""
        return self._transforming.made(system, self._graph.everything)
