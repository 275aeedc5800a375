"""Find where data was collected: the collections, the first ones among them, and the data that must travel on.

The answers of collections to a test, and their propagation, are in `collection_answers.py`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from functools import cached_property

from privacy_rules.checking.attribute_lookup import item_of
from privacy_rules.checking.byte_columns import numbered
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.origins import Origins
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.unsourced import Unsourced
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Pass, Rewiring, carried_over
from privacy_rules.graph.propagation import propagate
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Value

MOST_SHOWN = 20
"""The highest number of collections in an explanation."""


class Collections:
    """The collections of an estate, and where the collected data may travel."""

    def __init__(self, graph: FlowGraph, roles: Roles, unsourced: Unsourced, origins: Origins) -> None:
        self._graph, self._roles, self.unsourced, self.origins = graph, roles, unsourced, origins
        self._leading: dict[tuple[int, str | None, bool], tuple[list[int], list[int]]] = {}
        self._origin = graph.policy.attributes[Entity.FLOW, "origin"]
        self._before: tuple[Collections, Rewiring] | None = None
        self.searched = 0
        """How many flows were looked at to find where data was collected."""

    def adopt(self, other: Collections, rewiring: Rewiring | None) -> None:
        """Reuse the results of another estate with the same systems: as they are, if the flows between them carry the same."""
        if rewiring is not None:
            self._before = other, rewiring
            return
        worked_out = ("flows", "_persons", "_held_must", "_held_may", "must_arrive", "unsourced_from")
        self.__dict__.update({name: other.__dict__[name] for name in worked_out if name in other.__dict__})

    @cached_property
    def flows(self) -> list[int]:
        """The flows that are or may be collections."""
        return [flow for flow, value in enumerate(self._roles.gives) if value]

    @cached_property
    def _persons(self) -> list[int]:
        return self._roles.systems("data_subject")

    def _held_before(self, *, sure: bool) -> list[int]:
        """Return for each system the bits that a path brings to it from the organisation or from a data subject."""
        graph = self._graph
        enough = TRUE if sure else UNKNOWN
        inside = map(max, self._roles.systems("organisation"), self._persons)
        origins = [graph.everything if value >= enough else 0 for value in inside]
        now = Pass(self.masks(sure=sure), origins, self.blocked(sure=sure))
        if self._before is not None:
            before, rewiring = self._before
            was = Pass(before.masks(sure=sure), origins, before.blocked(sure=sure))
            carried = carried_over(rewiring, was, now, before.held[0 if sure else 1])
            if carried is not None:
                return carried
        return propagate(graph, now.masks, now.origins, now.blocked)

    def masks(self, *, sure: bool) -> list[int]:
        return self._graph.names if sure else self._graph.leaves

    def blocked(self, *, sure: bool) -> list[bool]:
        """Block paths through a data subject's system: what leaves it is a new collection."""
        return [value > (FALSE if sure else UNKNOWN) for value in self._persons]

    @cached_property
    def _held_must(self) -> list[int]:
        return self._held_before(sure=True)

    @cached_property
    def _held_may(self) -> list[int]:
        return self._held_before(sure=False)

    @property
    def held(self) -> tuple[list[int], list[int]]:
        """Return for each system the bits that must, and may, have been collected or held before they reach it."""
        return self._held_must, self._held_may

    @cached_property
    def unsourced_from(self) -> Sequence[int]:
        """Return for each system the unsourced data, and data of unknown origin, that paths may bring to it."""
        graph, starts = self._graph, self.unsourced.inside
        arrived = [0] * len(graph.systems)
        for origin, _, brought in self.origins.brought(sure=False):
            if origin.named is None:
                arrived[graph.target[origin.flow]] |= brought
        if not any(starts) and not any(arrived):
            return arrived
        return propagate(graph, self.origins.masks(sure=False), starts, self.blocked(sure=False), arrived=arrived)

    def first(self, flow: int, datum: str | None) -> int:
        """Return whether a flow, if it is a collection, is the first of a datum (None: an unknown one)."""
        system, data = self._graph.source[flow], self._graph.data
        may, must = self._held_may[system], self._held_must[system]
        if datum is None:
            brought = UNKNOWN if may else FALSE
        elif must >> data.index[datum] & 1:
            brought = TRUE
        else:
            brought = UNKNOWN if may & data.below(datum) else FALSE
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
        """For each system the names that definite first collections bring there, also by a flow that names them."""
        arrived = [0] * len(self._graph.systems)
        data, gives, masks = self._graph.data, self._roles.gives, self.origins.masks(sure=True)
        for origin, _, brought in self.origins.brought(sure=True):
            arrived[self._graph.target[origin.flow]] |= brought
        for flow in self.flows:
            if gives[flow] == TRUE:
                for name in data.names(masks[flow]):
                    if self.first(flow, name) == TRUE:
                        arrived[self._graph.target[flow]] |= 1 << data.index[name]
        return arrived

    @cached_property
    def must_arrive(self) -> list[int]:
        """For each system the names that must arrive from definite first collections."""
        now = self.pass_of_given()
        if self._before is not None:
            before, rewiring = self._before
            carried = carried_over(rewiring, before.pass_of_given(), now, before.must_arrive)
            if carried is not None:
                return carried
        return propagate(self._graph, now.masks, now.origins, now.blocked, arrived=now.arrived)

    def pass_of_given(self) -> Pass:
        none = [0] * len(self._given)
        masks, plain = self.origins.masks(sure=True), not self.origins
        return Pass(masks, none, self.blocked(sure=True), self._given, plain)

    def not_first(self, flow: int) -> int:
        """Return the names for which a flow cannot be a first collection."""
        system = self._graph.source[flow]
        return self._held_must[system] if self._persons[system] == FALSE else 0

    @cached_property
    def number(self) -> dict[int, int]:
        """The number of each of `flows`."""
        return {flow: number for number, flow in enumerate(self.flows)}

    @cached_property
    def not_firsts(self) -> list[int]:
        """The names for which each of `flows` cannot be a first collection."""
        return [self.not_first(flow) for flow in self.flows]

    @cached_property
    def beginnings(self) -> tuple[Sequence[int], Sequence[tuple[int, int, int]]]:
        """The number of each of `flows` in a list of the different places where they begin.

        A place is the system that gets the data, the bits that it gets, and those of `not_firsts`.
        """
        masks, target = self.origins.masks(sure=False), self._graph.target
        each = [
            (target[flow], masks[flow], not_first) for flow, not_first in zip(self.flows, self.not_firsts, strict=True)
        ]
        return numbered(each), list(dict.fromkeys(each))

    def origin_of(self, flow: int) -> Hashable:
        """Return a key that is equal for flows out of one system whose data was collected in the same way."""
        facts = self._graph.facts.get(flow)
        declares = known(self._graph.flows[flow], self._origin)[1] is not Given.UNDECLARED
        itself = declares or (facts is not None and "origin" in facts.names)
        return self._roles.gives[flow], flow if itself else None

    def own_origin(self, frame: Frame) -> tuple[Value | None, Given]:
        """Return the origin that the judged flow declares for the datum, or the judged item of `stores`."""
        item = frame.item if frame.flow < 0 else item_of(self._graph, frame, "origin")
        if frame.flow >= 0 and item is None:
            return known(self._graph.flows[frame.flow], self._origin)
        own = {} if item is None else dict(item.declared)
        if "origin" not in own:
            return None, Given.UNDECLARED
        return own["origin"], Given.NULL if own["origin"] is None else Given.DECLARED

    def named(self, frame: Frame) -> list[int] | None:
        """Return the collections that the judged origin names and that may carry the datum; None if paths decide instead."""
        value, _ = self.own_origin(frame)
        if value is None:
            return None
        number = self._graph.flow_number
        named = [number[each] for each in value]  # type: ignore[index, union-attr]
        return [each for each in named if self.carries(each, frame.data)] or None

    def leading_to(self, system: int, datum: str | None, *, leaving: bool) -> list[int]:
        """Return the nearest collections from which a datum may have come to a system (and on, if `leaving`).

        There are at most `MOST_SHOWN`, because they only explain a verdict; all collections decide it.
        """
        return self._looked_back(system, datum, leaving=leaving)[0]

    def unsourced_before(self, system: int, datum: str | None, *, leaving: bool) -> list[int]:
        """Return the nearest systems whose unsourced data may reach `system` by a path. Include `system` itself only if `leaving`."""
        return self._looked_back(system, datum, leaving=leaving)[1]

    def _looked_back(self, system: int, datum: str | None, *, leaving: bool) -> tuple[list[int], list[int]]:
        key = (system, datum, leaving)
        if key not in self._leading:
            self._leading[key] = self._look_back(system, datum, leaving=leaving)
        return self._leading[key]

    def _look_back(self, system: int, datum: str | None, *, leaving: bool) -> tuple[list[int], list[int]]:
        graph, inside = self._graph, self.unsourced.inside
        if leaving and self._persons[system] == TRUE:
            return [], []
        seen = [0] * len(graph.systems)
        seen[system] = graph.everything if datum is None else graph.data.below(datum)
        waiting, gives = deque([system]), self._roles.gives
        found: dict[int, None] = {}
        unsourced = dict.fromkeys([system] if leaving and inside[system] & seen[system] else [])
        masks = self.origins.masks(sure=False)
        while waiting and len(found) < MOST_SHOWN:
            end = waiting.popleft()
            self.searched += len(graph.incoming[end])
            for flow in graph.incoming[end]:
                found.update(dict.fromkeys(self.origins.naming(flow, seen[end])))
                bits, start = masks[flow] & seen[end], graph.source[flow]
                if bits and gives[flow] and self.first(flow, datum):
                    found[flow] = None
                if bits & inside[start]:
                    unsourced[start] = None
                if bits & ~seen[start] and self._persons[start] != TRUE:
                    seen[start] |= bits
                    waiting.append(start)
        return sorted(found)[:MOST_SHOWN], sorted(unsourced)[:MOST_SHOWN]
