"""Who has which role, and which flows are collections, sharings and disclosures."""

from __future__ import annotations

from functools import cached_property

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.term_tests import includes
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.vocabulary.attributes import Entity


class Roles:
    """Roles of parties and systems, and the kinds of flows, each as a truth value."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._roles = graph.policy.taxonomy("role")
        self._role, self._played = (graph.policy.attributes[each, "role"] for each in (Entity.PARTY, Entity.SYSTEM))
        self._systems: dict[str, list[int]] = {}
        self._kinds: dict[Kind, list[int]] = {}

    def adopt(self, other: Roles, *, flows: bool) -> None:
        """Reuse the results for the same parties and systems and, if `flows`, the same flows."""
        self._systems.update(other._systems)
        if flows:
            self._kinds.update(other._kinds)

    def party(self, party: str, role: str) -> int:
        """Return whether a declared party has the role, or one below it."""
        return self._among(known(self._graph.estate.parties[party], self._role)[0], role)

    def _among(self, roles: object, role: str) -> int:
        mask = self._roles.below(role) if role in self._roles else 0
        return includes(self._roles, roles, mask)  # type: ignore[arg-type]

    def systems(self, role: str) -> list[int]:
        """Return for each system whether its role (its own, else its party's) is `role` or below it."""
        found = self._systems.get(role)
        if found is None:
            memo = {party: self.party(party, role) for party in self._graph.estate.parties}
            found = [UNKNOWN if party is None else memo[party] for party in self._graph.parties]
            for system in self._with_own:
                found[system] = self._among(known(self._graph.systems[system], self._played)[0], role)
            self._systems[role] = found
        return found

    @cached_property
    def _with_own(self) -> list[int]:
        """The systems whose role is not their party's."""
        records = enumerate(self._graph.systems)
        return [number for number, each in records if known(each, self._played)[1] is not Given.UNDECLARED]

    @cached_property
    def us(self) -> dict[str, int]:
        """The declared parties that are, or may be, us."""
        found = {party: self.party(party, "us") for party in sorted(self._graph.estate.parties)}
        return {party: value for party, value in found.items() if value}

    def differ(self, one: int, other: int) -> int:
        """Return whether two systems belong to different parties."""
        same = self._graph.same_party(one, other)
        return UNKNOWN if same is None else FALSE if same else TRUE

    def flows(self, kind: Kind) -> list[int]:
        """Return for each flow whether it is of the kind."""
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = self._flows(kind)
        return found

    def _flows(self, kind: Kind) -> list[int]:
        ends = list(zip(self._graph.source, self._graph.target, strict=True))
        inside, outside = self.systems("organisation"), self.systems("outside")
        match kind:
            case Kind.COLLECTION:
                return [min(inside[end], TRUE - inside[start]) for start, end in ends]
            case Kind.SHARING:
                return [min(inside[start], inside[end], self.differ(start, end)) for start, end in ends]
            case Kind.DISCLOSURE:
                return [min(outside[end], self.differ(start, end)) for start, end in ends]
            case _:
                return [TRUE] * len(ends)

    @cached_property
    def gives(self) -> list[int]:
        """For each flow whether it is a collection in the wider sense: also from a data subject's system to any other party."""
        subjects = self.systems("data_subject")
        ends = zip(self._graph.source, self._graph.target, strict=True)
        return [
            max(collected, min(subjects[start], self.differ(start, end)))
            for collected, (start, end) in zip(self.flows(Kind.COLLECTION), ends, strict=True)
        ]
