"""Find unsourced data: data that leaves a system although no declaration brings or creates it there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.roles import Roles
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.transforms import Transforming
from privacy_rules.vocabulary.attributes import Entity


class Unsourced:
    """The unsourced data of an estate, system by system, as bits of categories.

    A name has a source if a flow brings data under this very name, if declared transforms make it from what flows
    bring, or if the system `creates` it. Data that leaves a data subject's system needs no source.
    """

    def __init__(self, graph: FlowGraph, roles: Roles) -> None:
        self._graph, self._roles = graph, roles
        self._creates = graph.policy.built_in(Entity.SYSTEM, "creates")
        self._transforming = Transforming(graph, None, sure=True)

    @cached_property
    def names(self) -> list[int]:
        """For each system the names that leave it, or may leave it, unsourced."""
        graph = self._graph
        leaving, silent = [0] * len(graph.systems), [False] * len(graph.systems)
        for flow, names in enumerate(graph.names):
            leaving[graph.source[flow]] |= names
            silent[graph.source[flow]] |= not names
        persons = self._roles.systems("data_subject")
        return [
            0 if persons[system] == TRUE else self.without_source(system, names, silent=silent[system])
            for system, names in enumerate(leaving)
        ]

    def without_source(self, system: int, names: int, *, silent: bool = False) -> int:
        """Return the names that nothing brings to a system or creates there.

        `silent`: a flow that may carry anything leaves the system. Then a broad name is unsourced even if a flow brings
        it: the data brought may turn out to be narrower, and the outgoing flow may carry the rest.
        """
        brought = self._brought[system]
        if (silent or names & ~brought) and self._graph.systems[system].transforms:
            brought = self._transforming.transform(system, brought)
        found = names & ~brought
        if silent:
            found |= self._graph.everything & ~(brought & self._narrowest)
        if not found:
            return 0
        creates: tuple[str, ...] = known(self._graph.systems[system], self._creates)[0] or ()  # type: ignore[assignment]
        return found & ~self._graph.data.below_any(creates)

    @cached_property
    def _narrowest(self) -> int:
        """The names that have nothing below them."""
        data = self._graph.data
        return sum(1 << bit for bit, name in enumerate(data.terms) if data.below(name) == 1 << bit)

    @cached_property
    def _brought(self) -> list[int]:
        """For each system the names that flows bring."""
        found = [0] * len(self._graph.systems)
        for names, target in zip(self._graph.names, self._graph.target, strict=True):
            found[target] |= names
        return found

    @cached_property
    def leaves(self) -> Sequence[int]:
        """For each system the categories that may be unsourced there: all below an unsourced name."""
        data = self._graph.data
        below = {names: data.below_any(data.names(names)) for names in set(self.names)}
        return [below[names] for names in self.names]

    @cached_property
    def inside(self) -> Sequence[int]:
        """Return the same, but only for systems that may belong to the organisation."""
        ours = self._roles.systems("organisation")
        return [leaves if mine != FALSE else 0 for leaves, mine in zip(self.leaves, ours, strict=True)]
