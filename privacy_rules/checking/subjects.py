"""The subjects of a family of rules, each with a frame and its judged pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from privacy_rules.checking.frame import Frame
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity

Binding = Any
"""What a frame is bound to for one judged pair of a subject: (data, purpose) of a flow, an item, an item and a purpose, a pair
of data, or a transform and what it makes; otherwise None."""

Subject = tuple[str, Frame, Sequence[Binding]]
_ONCE: tuple[None] = (None,)


def subjects(graph: FlowGraph, family: Kind) -> Iterator[Subject]:
    """Each subject of a family by id, in the order of ids, with its judged pairs."""
    match family:
        case _ if family.at_system:
            for number in range(len(graph.systems)):
                yield subject_at(graph, family, number)
        case Kind.PARTY | Kind.CONTRACT | Kind.ORGANISATION:
            for name in sorted(graph.estate.records(Entity(family.value))):
                yield named_subject(graph, family, name)
        case _:
            pairs = _PairsOfFlows(graph)
            for number, flow in enumerate(graph.flows):
                yield flow.id, Frame(flow=number), pairs.of(number)


def subject_at(graph: FlowGraph, family: Kind, system: int) -> Subject:
    """A system as the subject of a rule on systems, or on what they declare about data."""
    record = graph.systems[system]
    declared = _BINDINGS[family](record) if family in _BINDINGS else None
    if family is Kind.USE and not graph.policy.has_built_in(Entity.SYSTEM, "uses"):
        declared = None
    return record.id, Frame(system=system), _ONCE if declared is None else declared


def _uses(record: Record) -> Sequence[Binding] | None:
    """Each item of `uses` with each of its purposes, None for an unknown one."""
    if record.uses is None:
        return None
    return tuple((item, purpose) for item in record.uses for purpose in dict(item.declared).get("purposes") or _ONCE)  # type: ignore[union-attr]


def _derivations(record: Record) -> Sequence[Binding] | None:
    """Each transform with each category that it makes."""
    if record.transforms is None:
        return None
    return tuple((transform, made) for transform in record.transforms for made in transform.makes)


_BINDINGS: Mapping[Kind, Callable[[Record], Sequence[Binding] | None]] = {
    Kind.STORAGE: lambda record: record.items,
    Kind.JOINING: lambda record: record.pairs,
    Kind.USE: _uses,
    Kind.DERIVATION: _derivations,
}
"""What the rules of a family judge about a system; None if the system does not declare it."""


def named_subject(graph: FlowGraph, family: Kind, name: str) -> Subject:
    """The subject of that id; raises KeyError if the family has none."""
    match family:
        case Kind.PARTY:
            return graph.estate.parties[name].id, Frame(party=name), _ONCE
        case Kind.CONTRACT:
            return name, Frame(contract=graph.estate.contracts[name]), _ONCE
        case Kind.ORGANISATION:
            return graph.estate.records(Entity.ORGANISATION)[name].id, Frame(), _ONCE
        case _ if family.at_system:
            return subject_at(graph, family, graph.system_number[name])
        case _:
            flow = graph.flow_number[name]
            return name, Frame(flow=flow), _PairsOfFlows(graph).of(flow)


def entity_of(family: Kind) -> Entity:
    """The entity that declares the subjects of a family."""
    return Entity.SYSTEM if family.in_system else Entity(family.value)


def binder(family: Kind) -> Callable[[Frame, Binding], None]:
    """Return the function that moves a frame of the family to the next judged pair."""
    match family:
        case Kind.FLOW:
            return lambda frame, binding: frame.judge(binding[0], binding[1])
        case Kind.STORAGE:
            return lambda frame, binding: frame.store(binding)
        case Kind.JOINING:
            return lambda frame, binding: frame.join(binding)
        case Kind.USE:
            return lambda frame, binding: frame.use(*(binding or (None, None)))
        case Kind.DERIVATION:
            return lambda frame, binding: frame.derive(*(binding or (None, "")))
        case _:
            return lambda frame, binding: None  # noqa: ARG005 (judged once)


class Pairs(Sequence[tuple[str | None, str | None]]):
    """Every category of a list with every purpose of another.

    The pairs are not stored: two lists with hundreds of entries have tens of thousands.
    """

    __slots__ = ("data", "purposes")

    def __init__(self, data: Sequence[str | None], purposes: Sequence[str | None]) -> None:
        self.data, self.purposes = data, purposes

    def __iter__(self) -> Iterator[tuple[str | None, str | None]]:
        return product(self.data, self.purposes)

    def __len__(self) -> int:
        return len(self.data) * len(self.purposes)

    def __getitem__(self, number: Any) -> Any:
        datum, purpose = divmod(number, len(self.purposes))
        return self.data[datum], self.purposes[purpose]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pairs) and (self.data, self.purposes) == (other.data, other.purposes)

    def __hash__(self) -> int:
        return hash((self.data, self.purposes))


class _PairsOfFlows:
    """Every category that a flow carries with every purpose that it declares; None for the unknown one."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._carries = graph.policy.attributes[Entity.FLOW, "carries"]
        self._purposes = graph.policy.attributes[Entity.FLOW, "purposes"]
        self._memo: dict[tuple[object, object], Sequence[Binding]] = {}

    def of(self, flow: int) -> Sequence[Binding]:
        record = self._graph.flows[flow]
        key = known(record, self._carries)[0], known(record, self._purposes)[0]
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = Pairs(key[0] or _ONCE, key[1] or _ONCE)  # type: ignore[arg-type]
        return found
