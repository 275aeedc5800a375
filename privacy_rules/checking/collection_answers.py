"""Propagate the answers of collections to one test along the flows, to find those that a judged datum must or may have.

Collections form a class if they have the same answer and are definitely not first for the same names. One fixpoint
propagates the leaves of all classes together, each class in its own layer of bits.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property

from privacy_rules.checking.collections import Collections
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.work_limit import PASSES, Work
from privacy_rules.graph.bit_layers import Layers
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Rewiring
from privacy_rules.graph.propagation import propagate
from privacy_rules.source.fast_dataclasses import dataclass

_Class = tuple[Hashable, int]
_MOST_SHARED = 50
"""At most this many propagations are kept for other tests; what identifies one is large."""
_BITS_AT_ONCE = 10_000
"""So many bits of a state take about as long as one."""
_MOST_CHANGED = 2_000_000
"""At most this many bits are updated one by one; propagating all again is cheaper than updating more."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The answers of all collections that a datum may have come from; `must` if it must have come from one.

    `unsourced`: it may also have come from something that is not declared.
    """

    must: bool
    answers: tuple[Hashable, ...]
    unsourced: bool = False


class Answers:
    """The answers of collections to one test.

    `answers` has one for each of `collections.flows`. If `before` has the answers of another estate, both use the same
    numbers for their classes, so that bits mean the same in both. `rewiring`: the flows added and removed, if nothing
    else that affects propagation was. `arrived`: what was propagated for other tests, by the bits that it started with.
    """

    def __init__(
        self,
        graph: FlowGraph,
        collections: Collections,
        roles: Roles,
        answers: Sequence[Hashable],
        arrived: dict[Hashable, list[int]],
        *,
        work: Work,
        before: Answers | None = None,
        rewiring: Rewiring | None = None,
    ) -> None:
        self._graph, self._collections, self._roles = graph, collections, roles
        self._before, self._rewiring = before, rewiring
        self._arrived, self._answers, self._work = arrived, answers, work
        self._asked: set[int] = set()

    @property
    def own(self) -> Sequence[Hashable]:
        """The answer of each of `collections.flows`."""
        return self._answers

    def _answer(self, flow: int) -> Hashable:
        return self._answers[self._collections.number[flow]]

    @cached_property
    def _of_collections(self) -> dict[_Class, int]:
        """The classes of collections, with their numbers."""
        classes: dict[_Class, int] = {} if self._before is None else self._before.classes
        for each in dict.fromkeys(zip(self._answers, self._collections.not_firsts, strict=True)):
            classes.setdefault(each, len(classes))
        return classes

    @cached_property
    def _named(self) -> list[tuple[int, int, int]]:
        """The flows that name collections, each with the class of a collection and the data that comes from it."""
        classes = self._of_collections
        return [
            (own, classes.setdefault((self._answer(flow), 0), len(classes)), brought)
            for own, flow, brought in self._collections.origins.named
            if flow in self._collections.number
        ]

    @property
    def _classes(self) -> dict[_Class, int]:
        assert self._named is not None  # it adds classes
        return self._of_collections

    @property
    def _class(self) -> Iterator[tuple[int, int]]:
        """Each collection with the number of its class."""
        keys = zip(self._answers, self._collections.not_firsts, strict=True)
        return zip(self._collections.flows, map(self._of_collections.__getitem__, keys), strict=True)

    @property
    def classes(self) -> dict[_Class, int]:
        """The classes with their numbers."""
        return dict(self._classes)

    @property
    def number_of_classes(self) -> int:
        """The number of classes."""
        return len(self._classes)

    @property
    def has_origins(self) -> bool:
        """Whether a flow declares its origin, so that the state of one flow depends on others."""
        return bool(self._collections.origins)

    @cached_property
    def _whole(self) -> Layers:
        return Layers(range(len(self._classes)), self._graph.everything)

    @cached_property
    def may_arrive(self) -> list[int]:
        """For each system the leaves that may have arrived, class by class."""
        if (
            self._before is not None
            and self._rewiring is not None
            and not (self.has_origins or self._before.has_origins)
        ):
            carried = self._carried_over(self._before, self._rewiring)
            if carried is not None:
                return carried
        numbers, begins = self._collections.beginnings
        begun = set[tuple[int, int, int]]()
        for answer, number in dict.fromkeys(zip(self._answers, numbers, strict=True)):
            target, mask, not_first = begins[number]
            begun.add((target, mask, self._classes[answer, not_first]))
        key = len(self._classes), frozenset(begun), tuple((flow, number) for flow, number, _ in self._named)
        found = self._arrived.get(key)
        if found is None:
            if len(self._arrived) >= _MOST_SHARED:
                self._arrived.clear()
            found = self._arrived[key] = self._arriving(self._whole)
        return found

    def _arriving(self, layers: Layers) -> list[int]:
        """Return the layers with only some of the classes and leaves."""
        graph = self._graph
        self._work.take(PASSES, len(graph.flows) * (1 + layers.size // _BITS_AT_ONCE))
        arrived, masks = [0] * len(graph.systems), self._collections.origins.masks(sure=False)
        for flow, number in self._class:
            if number in layers:
                arrived[graph.target[flow]] |= layers.at(number, masks[flow])
        for flow, number, brought in self._named:
            if number in layers:
                arrived[graph.target[flow]] |= layers.at(number, brought)
        blocked = self._collections.blocked(sure=False)
        return propagate(graph, layers.spread(masks), [0] * len(arrived), blocked, arrived=arrived)

    def _carried_over(self, before: Answers, rewiring: Rewiring) -> list[int] | None:
        """Update the earlier state: only bits that may now arrive elsewhere are propagated again.

        None if there are too many.
        """
        state, whole = list(before.may_arrive), self._whole
        open_ = self._open(before, rewiring)
        if 2 * open_.size > whole.size:
            return None
        changed = [one ^ other for one, other in zip(before._arriving(open_), self._arriving(open_), strict=True)]
        if sum(each.bit_count() for each in changed) > _MOST_CHANGED:
            return None
        made = {each: whole.gathered(open_.inside(each)) for each in set(changed)}
        return [old ^ made[each] if each else old for old, each in zip(state, changed, strict=True)]

    def _open(self, before: Answers, rewiring: Rewiring) -> Layers:
        """Return the bits that may arrive at other systems than before.

        Bits travel independently. A bit arrives at the same systems as before if the same collections start it, no removed flow
        brought it anywhere, and it is already at the end of each added flow.
        """
        numbers, leaves = self._begun_otherwise(before, rewiring)
        state, blocked = before.may_arrive, self._collections.blocked(sure=False)
        for graph, flows in ((rewiring.before, rewiring.gone), (rewiring.after, rewiring.new)):
            for flow in flows:
                source, target = graph.source[flow], graph.target[flow]
                brought = 0 if blocked[source] else state[source] & before._whole.all_of(graph.leaves[flow])
                if graph is rewiring.after:
                    brought &= ~state[target]
                for number, bit in before._whole.inside(brought):
                    numbers.add(number)
                    leaves |= 1 << bit
        return Layers(sorted(numbers), leaves)

    def _begun_otherwise(self, before: Answers, rewiring: Rewiring) -> tuple[set[int], int]:
        """The classes and leaves of collections that were added or removed, or changed class."""
        was, now = before._by_id, self._by_id
        led_elsewhere = (rewiring.before.flows[flow].id for flow in rewiring.gone)  # or carrying other data now
        differing = {each for each, _ in was.items() ^ now.items()}.union(led_elsewhere)
        numbers, leaves = set(), 0
        for graph, classes in ((before._graph, was), (self._graph, now)):
            for name in differing & classes.keys():
                numbers.add(classes[name])
                leaves |= graph.leaves[graph.flow_number[name]]
        return numbers, leaves

    @property
    def _by_id(self) -> dict[str, int]:
        flows = self._graph.flows
        return {flows[flow].id: number for flow, number in self._class}

    def differing(self, after: Answers) -> set[str]:
        """Return the systems that were asked about and for which `after` may answer differently.

        For every other system, both give the same answers.
        """
        numbers = after._graph.system_number
        asked = {name: each for each in self._asked if (name := self._graph.systems[each].id) in numbers}
        if not asked:
            return set()
        mine, theirs = self._states, after._states
        return {
            name
            for name, each in asked.items()
            if any(one[each] != other[numbers[name]] for one, other in zip(mine, theirs, strict=True))
        }

    def asked_everywhere(self) -> tuple[Sequence[int], ...]:
        """Return, by system, all that the answers depend on, whether or not the system was asked about."""
        self._asked.update(range(len(self._graph.systems)))
        return self._states

    @property
    def _states(self) -> tuple[Sequence[int], ...]:
        """By system, everything that the answers for data in it, or leaving it, depend on."""
        collections = self._collections
        unsourced = collections.unsourced.inside, collections.unsourced_from
        return (
            self.may_arrive,
            collections.must_arrive,
            self._roles.systems("data_subject"),
            *collections.held,
            *unsourced,
        )

    def named(self, frame: Frame) -> list[tuple[Hashable, bool]] | None:
        """Return the answers of the collections that the judged origin names, each with whether it must carry the datum; None if paths decide."""
        named = self._collections.named(frame)
        if named is None:
            return None
        # A flow always carries its own datum, known or not.
        return [
            (self._answer(each), each == frame.flow or self._collections.carries(each, frame.data) == TRUE)
            for each in named
            if each in self._collections.number
        ]

    def of(self, frame: Frame) -> Provenance:
        """Return the origins of a judged datum: the named ones, or otherwise those that its paths lead back to."""
        named = self.named(frame)
        if named is not None:
            return Provenance(any(sure for _, sure in named), tuple(dict.fromkeys(answer for answer, _ in named)))
        return self.of_flow(frame.flow, frame.data) if frame.flow >= 0 else self.of_storage(frame.system, frame.data)

    def of_flow(self, flow: int, datum: str | None) -> Provenance:
        """Return the origins of a flow's datum, from its paths."""
        provenance = self._at(self._graph.source[flow], datum, leaving=True)
        own = min(self._roles.gives[flow], self._collections.first(flow, datum))
        if own:
            answers = tuple(dict.fromkeys((*provenance.answers, self._answer(flow))))
            provenance = Provenance(provenance.must or own == TRUE, answers, provenance.unsourced)
        return provenance

    def of_storage(self, system: int, datum: str | None) -> Provenance:
        """Return the origins of a datum stored in a system."""
        return self._at(system, datum, leaving=False)

    def _at(self, system: int, datum: str | None, *, leaving: bool) -> Provenance:
        """Return the origins of a datum at a system.

        `leaving`: the datum is to be sent on, which a data subject's system prevents.
        """
        data = self._graph.data
        person = self._roles.systems("data_subject")[system] if leaving else FALSE
        if person == TRUE:
            return Provenance(False, ())
        self._asked.add(system)
        if not self._collections.flows:
            return Provenance(False, ())
        wanted = self._graph.everything if datum is None else data.below(datum)
        bit = 0 if datum is None else 1 << data.index[datum]
        state = self.may_arrive[system]
        width = self._whole.width
        answers = [
            answer
            for number, (answer, not_first) in enumerate(self._classes)
            if state >> number * width & wanted and not not_first & bit
        ]
        must = person == FALSE and bool(self._collections.must_arrive[system] & bit)
        unsourced = self._collections.unsourced_from[system]
        if leaving:
            unsourced |= self._collections.unsourced.inside[system]
        return Provenance(must, tuple(dict.fromkeys(answers)), bool(unsourced & wanted))
