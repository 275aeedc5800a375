"""Where data was collected: for a judged datum the first collections that it surely or maybe came from.

Collections that answer alike (the same answer to the test, the same names for which they are surely not first)
form a class, and one fixpoint carries the leaves of all classes together, each in bits of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.standing import Standing
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.known import Given, known
from privacy_rules.graph.propagation import propagate
from privacy_rules.graph.rewiring import Pass, Rewiring, carried_over
from privacy_rules.vocabulary.attributes import Entity

_MOST_CLASSES = 200
MOST_SHOWN = 20
"""How many collections an explanation shows."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a datum came from: `surely` where some collection surely is one; the answers of all that it may have come from."""

    surely: bool
    answers: tuple[Hashable, ...]


class Collections:
    """The collections of an estate and where what they collect may travel."""

    def __init__(self, graph: FlowGraph, standing: Standing) -> None:
        self._graph, self._standing = graph, standing
        self._leading: dict[tuple[int, str | None, bool], list[int]] = {}
        self._origin = graph.policy.attributes[Entity.FLOW, "origin"]
        self._before: tuple[Collections, Rewiring] | None = None

    def adopt(self, other: Collections, rewiring: Rewiring | None) -> None:
        """Takes over what another one has worked out for the same systems; as it is, where flows carry the same between them."""
        if rewiring is not None:
            self._before = other, rewiring
            return
        worked_out = ("flows", "_persons", "_ours_surely", "_ours_maybe", "surely")
        self.__dict__.update({name: other.__dict__[name] for name in worked_out if name in other.__dict__})

    @cached_property
    def flows(self) -> list[int]:
        """The flows that are, or may be, collections."""
        return [flow for flow, value in enumerate(self._standing.gives) if value]

    @cached_property
    def _persons(self) -> list[int]:
        return self._standing.systems("data_subject")

    def _from_organisation(self, *, sure: bool) -> list[int]:
        """For each system the bits that a path brings it from a system of the organisation."""
        graph = self._graph
        enough = TRUE if sure else UNKNOWN
        inside = self._standing.systems("organisation")
        origins = [graph.everything if value >= enough else 0 for value in inside]
        now = Pass(self.masks(sure=sure), origins, self.blocked(sure=sure))
        if self._before is not None:
            before, rewiring = self._before
            was = Pass(before.masks(sure=sure), origins, before.blocked(sure=sure))
            carried = carried_over(rewiring, was, now, before.ours[0 if sure else 1])
            if carried is not None:
                return carried
        return propagate(graph, now.masks, now.origins, now.blocked)

    def masks(self, *, sure: bool) -> list[int]:
        return self._graph.names if sure else self._graph.leaves

    def blocked(self, *, sure: bool) -> list[bool]:
        """No path passes through a data subject's system: there the person gives anew."""
        return [value > (FALSE if sure else UNKNOWN) for value in self._persons]

    @cached_property
    def _ours_surely(self) -> list[int]:
        return self._from_organisation(sure=True)

    @cached_property
    def _ours_maybe(self) -> list[int]:
        return self._from_organisation(sure=False)

    @property
    def ours(self) -> tuple[list[int], list[int]]:
        """For each system the bits that surely, and that maybe, come to it from the organisation."""
        return self._ours_surely, self._ours_maybe

    def first(self, flow: int, datum: str | None) -> int:
        """Whether a flow, if it is a collection, is the first of a datum (None: an unknown one)."""
        system, data = self._graph.source[flow], self._graph.data
        maybe, surely = self._ours_maybe[system], self._ours_surely[system]
        if datum is None:
            brought = UNKNOWN if maybe else FALSE
        elif surely >> data.index[datum] & 1:
            brought = TRUE
        else:
            brought = UNKNOWN if maybe & data.below(datum) else FALSE
        return max(self._persons[system], TRUE - brought)

    def carries(self, flow: int, datum: str | None) -> int:
        """Whether a flow carries a datum."""
        data = self._graph.data
        if datum is None:
            return UNKNOWN if self._graph.leaves[flow] else FALSE
        if self._graph.names[flow] >> data.index[datum] & 1:
            return TRUE
        return UNKNOWN if self._graph.leaves[flow] & data.below(datum) else FALSE

    @cached_property
    def _given(self) -> list[int]:
        """For each system the names that what surely is a first collection brings it."""
        arrived = [0] * len(self._graph.systems)
        data, gives = self._graph.data, self._standing.gives
        for flow in self.flows:
            if gives[flow] == TRUE:
                for name in data.names(self._graph.names[flow]):
                    if self.first(flow, name) == TRUE:
                        arrived[self._graph.target[flow]] |= 1 << data.index[name]
        return arrived

    @cached_property
    def surely(self) -> list[int]:
        """For each system the names that surely arrive from what surely is a first collection."""
        now = self.pass_of_given()
        if self._before is not None:
            before, rewiring = self._before
            carried = carried_over(rewiring, before.pass_of_given(), now, before.surely)
            if carried is not None:
                return carried
        return propagate(self._graph, now.masks, now.origins, now.blocked, arrived=now.arrived)

    def pass_of_given(self) -> Pass:
        none = [0] * len(self._given)
        return Pass(self.masks(sure=True), none, self.blocked(sure=True), self._given)

    def not_first(self, flow: int) -> int:
        """The names of which a flow surely is no first collection."""
        system = self._graph.source[flow]
        return self._ours_surely[system] if self._persons[system] == FALSE else 0

    def named(self, flow: int, datum: str | None) -> list[int] | None:
        """The collections that the flow's `origin` names and that may carry the datum; None where its paths decide."""
        value, _ = known(self._graph.flows[flow], self._origin)
        if value is None:
            return None
        number = self._graph.flow_number
        named = [number[each] for each in value]  # type: ignore[index, union-attr]
        return [each for each in named if self.carries(each, datum)] or None

    def leading_to(self, system: int, datum: str | None, *, leaving: bool) -> list[int]:
        """The nearest collections from which a path may bring a datum to a system (and on, if it is `leaving`).

        At most `MOST_SHOWN`: they explain a verdict, which goes by all.
        """
        key = (system, datum, leaving)
        if key not in self._leading:
            self._leading[key] = self._lead_to(system, datum, leaving=leaving)
        return self._leading[key]

    def _lead_to(self, system: int, datum: str | None, *, leaving: bool) -> list[int]:
        graph = self._graph
        if leaving and self._persons[system] == TRUE:
            return []
        seen = [0] * len(graph.systems)
        seen[system] = graph.everything if datum is None else graph.data.below(datum)
        waiting, gives = deque([system]), self._standing.gives
        found: dict[int, None] = {}
        while waiting and len(found) < MOST_SHOWN:
            end = waiting.popleft()
            for flow in graph.incoming[end]:
                bits, start = graph.leaves[flow] & seen[end], graph.source[flow]
                if bits and gives[flow] and self.first(flow, datum):
                    found[flow] = None
                if bits & ~seen[start] and self._persons[start] != TRUE:
                    seen[start] |= bits
                    waiting.append(start)
        return sorted(found)[:MOST_SHOWN]

    def origin_unknown(self, flow: int) -> bool:
        """Whether the manifest says outright that the flow's origin is not known."""
        return known(self._graph.flows[flow], self._origin)[1] is Given.NULL


class _Spread(Sequence[int]):
    """The leaves of each flow, once for every class; made when asked for, as few are where little has changed."""

    def __init__(self, leaves: Sequence[int], spread: int) -> None:
        self._leaves, self._spread = leaves, spread

    def __len__(self) -> int:
        return len(self._leaves)

    @overload
    def __getitem__(self, flow: int) -> int: ...
    @overload
    def __getitem__(self, flow: slice) -> Sequence[int]: ...
    def __getitem__(self, flow: int | slice) -> int | Sequence[int]:
        return (
            [each * self._spread for each in self._leaves[flow]]
            if isinstance(flow, slice)
            else self._leaves[flow] * self._spread
        )


class Answers:
    """What the collections answer to one test, carried along the flows. `answers` has one for each of `collections.flows`."""

    def __init__(
        self, graph: FlowGraph, collections: Collections, standing: Standing, answers: Sequence[Hashable]
    ) -> None:
        self._graph, self._collections, self._standing = graph, collections, standing
        self._answer = dict(zip(collections.flows, answers, strict=True))
        classes = {(self._answer[flow], collections.not_first(flow)): 0 for flow in collections.flows}
        self._classes = sorted(classes, key=repr)  # in one order for all estates that have the same classes
        self._width = max(1, len(graph.data.terms))
        self._before: tuple[Answers, Rewiring] | None = None

    @cached_property
    def maybe_there(self) -> list[int]:
        """For each system the leaves that may have arrived, class by class."""
        now = self.as_pass
        if self._before is not None:
            before, rewiring = self._before
            carried = carried_over(rewiring, before.as_pass, now, before.maybe_there)
            if carried is not None:
                return carried
        return propagate(self._graph, now.masks, now.origins, now.blocked, arrived=now.arrived)

    @cached_property
    def as_pass(self) -> Pass:
        """What carries the leaves of all classes, each in bits of its own."""
        graph, width = self._graph, self._width
        place = {each: number * width for number, each in enumerate(self._classes)}
        arrived = [0] * len(graph.systems)
        for flow in self._collections.flows:
            each = (self._answer[flow], self._collections.not_first(flow))
            arrived[graph.target[flow]] |= graph.leaves[flow] << place[each]
        spread = sum(1 << shift for shift in place.values())
        return Pass(_Spread(graph.leaves, spread), [0] * len(arrived), self._collections.blocked(sure=False), arrived)

    def adopt(self, other: Answers, rewiring: Rewiring | None) -> bool:
        """Takes over from another one what collections that answer alike bring where, and says whether that is all the same."""
        if self._classes != other._classes:
            return False
        if rewiring is not None:
            self._before = other, rewiring
            return False
        if self._answer != other._answer:
            return False
        if "maybe_there" in other.__dict__:
            self.__dict__["maybe_there"] = other.maybe_there
        return True

    def differing(self, other: Answers) -> set[str]:
        """The systems, of those that both estates have, where the answers may rest on something else than in the other."""
        if self._classes == other._classes and self._states == other._states:
            names = [record.id for record in self._graph.systems]
            if names == [record.id for record in other._graph.systems]:
                return set()
        mine, theirs = self._arrivals(other), other._arrivals(self)
        return {name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name]}

    @property
    def _states(self) -> tuple[Sequence[int], ...]:
        """By system, all that the answers for data in it, or leaving it, rest on."""
        collections = self._collections
        return (self.maybe_there, collections.surely, self._standing.systems("data_subject"), *collections.ours)

    def _arrivals(self, other: Answers) -> dict[str, Hashable]:
        """By system all that the answers for data in it, or leaving it, rest on."""
        maybe: Sequence[Hashable] = self.maybe_there
        if self._classes != other._classes:  # then bits do not mean the same: what they mean is compared
            if max(len(self._classes), len(other._classes)) > _MOST_CLASSES:
                maybe = [object() for _ in maybe]
            else:
                maybe = [self._by_class(state) for state in self.maybe_there]
        names = (record.id for record in self._graph.systems)
        return dict(zip(names, zip(maybe, *self._states[1:], strict=True), strict=True))

    def _by_class(self, state: int) -> Hashable:
        mask = self._graph.everything
        found = ((each, state >> number * self._width & mask) for number, each in enumerate(self._classes))
        return frozenset((each, bits) for each, bits in found if bits) if state else None

    def of_flow(self, flow: int, datum: str | None) -> Came:
        """What a datum of a flow came from."""
        named = self._collections.named(flow, datum)
        if named is not None:
            # A flow surely carries its own datum, known or not.
            surely = any(each == flow or self._collections.carries(each, datum) == TRUE for each in named)
            return Came(surely, tuple(dict.fromkeys(self._answer[each] for each in named if each in self._answer)))
        came = self._at(self._graph.source[flow], datum, leaving=True)
        own = min(self._standing.gives[flow], self._collections.first(flow, datum))
        if own:
            came = Came(came.surely or own == TRUE, tuple(dict.fromkeys((*came.answers, self._answer[flow]))))
        return came

    def of_storage(self, system: int, datum: str | None) -> Came:
        """What a datum stored in a system came from."""
        return self._at(system, datum, leaving=False)

    def _at(self, system: int, datum: str | None, *, leaving: bool) -> Came:
        """What a datum at a system came from; what is `leaving` would pass through it, which a person's system bars."""
        data = self._graph.data
        person = self._standing.systems("data_subject")[system] if leaving else FALSE
        if person == TRUE or not self._collections.flows:
            return Came(False, ())
        wanted = self._graph.everything if datum is None else data.below(datum)
        bit = 0 if datum is None else 1 << data.index[datum]
        state = self.maybe_there[system]
        answers = [
            answer
            for number, (answer, not_first) in enumerate(self._classes)
            if state >> number * self._width & wanted and not not_first & bit
        ]
        surely = person == FALSE and bool(self._collections.surely[system] & bit)
        return Came(surely, tuple(dict.fromkeys(answers)))
