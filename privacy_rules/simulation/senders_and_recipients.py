"""Describe who receives or sends data: each system with its party, the contracts that bind it, and the data.

Holders are sorted by urgency: outside parties first, then those that certainly get data, then those without a contract,
then by the end of the contract.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.findings.entity_names import Names
from privacy_rules.graph.declared_values import Given, known, says
from privacy_rules.graph.propagation import propagate
from privacy_rules.graph.transforms import Transforming
from privacy_rules.simulation.data_paths import Passage
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Duration


@dataclass(frozen=True, slots=True)
class BindingContract:
    """A contract that is, or may be, in force. `until` is its end (None: no end), `known` whether that is declared."""

    id: str
    until: date | None
    known: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """A system that receives or sends data. `retention` is how long it keeps what it stores; None if that is not declared."""

    system: str
    party: str | None
    roles: tuple[str, ...]
    country: str | None
    where: str
    """`outside`, `inside` (the organisation), `person` (a data subject's) or `unknown`."""
    contracts: tuple[BindingContract, ...]
    retention: Duration | None
    passages: tuple[Passage, ...]

    @property
    def must(self) -> bool:
        """Whether some data must pass, rather than may."""
        return any(each.must for each in self.passages)

    @property
    def ends(self) -> date:
        """The day on which its last contract ends; `date.min` without a contract."""
        return max((each.until or date.max for each in self.contracts), default=date.min)


_ORDER = ("outside", "unknown", "inside", "person")


def where_is(evaluator: Evaluator, system: int) -> str:
    """Return whether a system is `inside` the organisation, `outside`, a `person`'s, or `unknown`."""
    for where, role in (("inside", "organisation"), ("person", "data_subject"), ("outside", "outside")):
        if evaluator.roles.systems(role)[system] == TRUE:
            return where
    return "unknown"


class Holders:
    """Groups the passages of an estate by holder."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator, self._graph = evaluator, evaluator.graph
        self._names = Names(evaluator.graph.estate, evaluator.policy)

    def of(self, passages: Iterable[Passage]) -> tuple[Holder, ...]:
        """Return the holders of the passages, those to act on first."""
        by_system: dict[str, list[Passage]] = defaultdict(list)
        for each in passages:
            by_system[each.system].append(each)
        found = [self._holder(system, tuple(every)) for system, every in by_system.items()]
        return tuple(sorted(found, key=lambda each: (_ORDER.index(each.where), not each.must, each.ends, each.system)))

    def _holder(self, system: str, passages: tuple[Passage, ...]) -> Holder:
        graph, number = self._graph, self._graph.system_number[system]
        attributes, record, party = graph.policy.attributes, graph.systems[number], graph.party(number)
        country = graph.of_system(number, attributes[Entity.SYSTEM, "country"])[0]
        kept = known(record, attributes[Entity.SYSTEM, "retention"])[0]
        where = where_is(self._evaluator, number)
        return Holder(
            system,
            party.id if party else None,
            self._names.roles(record if party is None or says(record, "role") else party),
            country if isinstance(country, str) else None,
            where,
            tuple(self._contracts(party.id)) if party and where in ("outside", "unknown") else (),
            kept if isinstance(kept, Duration) else None,
            passages,
        )

    def _contracts(self, party: str) -> Iterator[BindingContract]:
        contracts = self._evaluator.contracts
        until = self._graph.policy.attributes[Entity.CONTRACT, "until"]
        for each in contracts.concerning(party):
            if contracts.in_force(each) != FALSE:
                end, given = known(each, until)
                ends = end if isinstance(end, date) and end != date.max else None
                yield BindingContract(each.id, ends, given is not Given.NULL)


Lost = tuple[tuple[str, tuple[str, ...]], ...]
"""Systems with the categories that each of them loses."""


class Supply:
    """The categories that reach each system from where they originate, and those that each system sends to others."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator, self._graph = evaluator, evaluator.graph

    @cached_property
    def begins(self) -> dict[str, int]:
        """By system, the categories that leave it without having arrived: a person's own, created or undeclared ones."""
        graph, persons = self._graph, self._evaluator.roles.systems("data_subject")
        creates = graph.policy.built_in(Entity.SYSTEM, "creates")
        found = {}
        for number, system in enumerate(graph.systems):
            leaving = 0
            for flow in graph.outgoing[number]:
                leaving |= graph.names[flow]
            created = known(system, creates)[0] or ()
            own = graph.data.below_any(created) | self._evaluator.unsourced.names[number]  # type: ignore[arg-type]
            found[system.id] = leaving if persons[number] == TRUE else leaving & own
        return found

    def arrives(self, begins: dict[str, int]) -> dict[str, int]:
        """Return the categories that reach each system from where they originate."""
        graph, transforming = self._graph, Transforming(self._graph, None, sure=True)
        origins = [begins.get(each.id, 0) for each in graph.systems]
        state = propagate(graph, graph.names, origins, transform=transforming.transform)
        return {each.id: bits for each, bits in zip(graph.systems, state, strict=True)}

    @property
    def sent(self) -> dict[str, int]:
        """By system, the categories that it sends to another."""
        found = {each.id: 0 for each in self._graph.systems}
        for flow, (source, target) in enumerate(zip(self._graph.source, self._graph.target, strict=True)):
            if source != target:
                found[self._graph.systems[source].id] |= self._graph.names[flow]
        return found


def lost(before: Evaluator, after: Evaluator, besides: int = 0) -> tuple[Lost, Lost]:
    """Return the systems that no longer get, or send, categories after a change; `besides` are ignored."""
    was, now, data = Supply(before), Supply(after), before.graph.data
    sources = was.arrives(was.begins), now.arrives(was.begins)
    return tuple(  # type: ignore[return-value]
        tuple(
            (system, data.names(gone))
            for system in sorted(two.keys() & one.keys())
            if (gone := one[system] & ~two[system] & ~besides)
        )
        for one, two in (sources, (was.sent, now.sent))
    )
