"""What the value of a condition depends on in a subject: values of its record, parties, ends, the judged data and purposes.

    aspects = Aspects(evaluator, Kind.FLOW)
    aspects.column(aspect)      # a number for each subject, the same for two subjects if the aspect is the same

If subjects agree in every aspect of a condition, the condition has the same value for them, and the same facts are
open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial

from privacy_rules.checking.attribute_lookup import party_of, read, system_of
from privacy_rules.checking.byte_columns import numbered
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.subjects import Binding, Pairs, Subject, subjects
from privacy_rules.language.conditions import references
from privacy_rules.language.policy import (
    All,
    AnyOf,
    ComparesFact,
    Condition,
    Covers,
    Defined,
    Derives,
    EndMatches,
    Holds,
    IsDeclared,
    IsEntity,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Owner,
    Reached,
    Reference,
    Side,
    UnderContract,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that a condition depends on; with `end`, at the system that is this end of a flow."""

    what: str
    side: Side = Side.SUBJECT
    owner: Owner | None = None
    attribute: tuple[Entity, str] | None = None
    kind: Kind | None = None
    end: Side | None = None


_SILENT = object()
BINDINGS, ITSELF = Aspect("bindings"), Aspect("itself")
ENDS = Aspect("ends")
"""Whether the two ends of a flow are the same system, or systems of the same party, and so have the same open facts."""
_BESIDE_UNKNOWN = Aspect("beside unknown")
"""The party at one end of a flow if the party at the other end is not known: it may be the same one."""
NEAR_NAMED_ORIGIN = Aspect("near named origin")
"""The subject itself if it is close to flows that must be collections because an `origin` names them."""
_ORIGIN = (
    Aspect("value", Side.SUBJECT, Owner.FLOW, (Entity.FLOW, "origin")),
    Aspect("facts", attribute=(Entity.FLOW, "origin")),
)
_ROLES = tuple(Aspect("value", side, Owner.SYSTEM, (Entity.SYSTEM, "role")) for side in (Side.SOURCE, Side.RECIPIENT))


class Aspects:
    """The subjects of a family, and the aspects that conditions depend on.

    Keep the conditions alive for as long as this object.
    """

    def __init__(self, evaluator: Evaluator, family: Kind, chosen: Sequence[Subject] | None = None) -> None:
        self.evaluator, self.family = evaluator, family
        self.subjects: Sequence[Subject] = list(subjects(evaluator.graph, family)) if chosen is None else chosen
        self._of: dict[int, frozenset[Aspect]] = {}
        self._columns: dict[Aspect, Sequence[int]] = {}

    def column(self, aspect: Aspect) -> Sequence[int]:
        """Return a number for each subject; subjects that agree in the aspect have the same number."""
        found = self._columns.get(aspect)
        if found is None:
            graph = self.evaluator.graph
            if aspect.end is None:
                value = self._reader(aspect)
                values = [value(frame, bindings) for _, frame, bindings in self.subjects]
            else:
                inner = Aspect(aspect.what, aspect.side, aspect.owner, aspect.attribute, aspect.kind)
                value = self._reader(inner)
                at = numbered(value(Frame(system=each), ()) for each in range(len(graph.systems)))
                values = [at[system_of(graph, frame, aspect.end)] for _, frame, _ in self.subjects]
            found = self._columns[aspect] = numbered(values)
        return found

    def _reader(self, aspect: Aspect) -> Callable[[Frame, Sequence[Binding]], Hashable]:
        """Return the function that reads an aspect of a subject."""
        if aspect.what != "value":
            return partial(self._value, aspect)
        assert aspect.owner is not None
        assert aspect.attribute is not None
        attribute = self.evaluator.graph.policy.attributes[aspect.attribute]
        reference = Reference(aspect.side, aspect.owner, attribute, "")
        return lambda frame, _: self._stated(frame, reference)

    def _stated(self, frame: Frame, reference: Reference) -> Hashable:
        graph = self.evaluator.graph
        if frame.flow in graph.facts:
            # A frame stays at the pair that was judged last, whose item may state another value than the flow.
            frame = Frame(flow=frame.flow, party=frame.party)
        value, given, record = read(graph, frame, reference)
        return value, given, record and record.entity

    def _value(self, aspect: Aspect, frame: Frame, bindings: Sequence[Binding]) -> Hashable:
        graph = self.evaluator.graph
        match aspect.what:
            case "bindings":
                return bindings if isinstance(bindings, Pairs) else tuple(bindings)
            case "kind":
                assert aspect.kind is not None
                return self.evaluator.roles.flows(aspect.kind)[frame.flow]
            case "system":
                return system_of(graph, frame, aspect.side)
            case "ends":
                source, target = graph.source[frame.flow], graph.target[frame.flow]
                return source == target, graph.same_party(source, target)
            case "beside unknown":
                parties = graph.parties[graph.source[frame.flow]], graph.parties[graph.target[frame.flow]]
                return parties if None in parties else None
            case "near named origin":
                return (frame.flow, frame.system, frame.party) if self.evaluator.named_origins.near(frame) else None
            case "facts":
                assert aspect.attribute is not None
                return self._facts(frame.flow, aspect.attribute[1])
            case "party":
                party = party_of(graph, frame, aspect.side)
                return None if party is None else party.id
            case _:
                raise AssertionError(aspect.what)

    def _facts(self, flow: int, name: str) -> Hashable:
        """Return the facts that a flow states for single data and purposes."""
        facts = self.evaluator.graph.facts.get(flow)
        if facts is None or name not in facts.names:
            return None
        items = (*facts.data.values(), *facts.purposes.values())
        return frozenset((each.within, each.term, dict(each.declared).get(name, _SILENT)) for each in items)

    def of(self, condition: Condition) -> frozenset[Aspect]:
        """Return everything that a condition depends on."""
        found = self._of.get(id(condition))
        if found is None:
            found = self._of[id(condition)] = frozenset(self._aspects_of(condition))
        return found

    def _aspects_of(self, condition: Condition) -> Iterable[Aspect]:
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                return (aspect for part in parts for aspect in self.of(part))
            case Negation(part=inner) | Defined(body=inner):
                return self.of(inner)
            case SubjectIs(kind=kind):
                return _of_kind(kind)
            case JudgedIs() | Joins() | Derives() | IsDeclared(reference=str()):
                return (BINDINGS,)
            case Covers() if self.family is not Kind.CONTRACT:
                return (BINDINGS,)
            case EndMatches(side=side, selector=selector):
                return (_at(side, aspect) for aspect in self.of(selector))
            case IsEntity(entity=Entity.PARTY):
                return (Aspect("party"),)
            case IsEntity() if self.family is not Kind.PARTY:
                return (Aspect("system"),)
            case Reached() | Holds() if self.family is not Kind.PARTY:
                return (BINDINGS, Aspect("system", condition.side), *self._of_start(condition))
            case OwnedBy(side=side):
                return (Aspect("party", side),)
            case UnderContract(side=side) if self.family is not Kind.CONTRACT:
                asked = (*_parties(side), *self._systems(side))
                return (*asked, BINDINGS) if self.evaluator.by_pair(condition) else asked
            case _:
                names = references(condition)
                found = [aspect for each in names for aspect in self._of_name(each)] if names else [ITSELF]
                return [*found, ENDS] if isinstance(condition, ComparesFact) and condition.of_both_ends else found

    def _of_start(self, condition: Reached | Holds) -> Iterable[Aspect]:
        """Whether a path may begin with a judged flow."""
        if self.family is not Kind.FLOW:
            return ()
        start = (condition.received if isinstance(condition, Holds) else condition).start
        begins = () if start is None else (_at(Side.SOURCE, aspect) for aspect in self.of(start))
        return (*_ORIGIN, *begins)

    def _systems(self, side: Side) -> tuple[Aspect, ...]:
        """Return the system on a side, if a contract may apply only to some systems of a party."""
        contracts = self.evaluator.graph.estate.contracts.values()
        limited = any(self.evaluator.contracts.systems(each) is not None for each in contracts)
        return (Aspect("system", side),) if limited and side is not Side.BOTH and self.family is not Kind.PARTY else ()

    def _of_name(self, reference: Reference) -> Iterable[Aspect]:
        if reference.owner is Owner.CONTRACT:
            return (ITSELF,)
        attribute = reference.attribute
        key = attribute.entity, attribute.name
        if reference.owner is Owner.ITEM:
            return (BINDINGS, Aspect("system"))
        value = Aspect("value", reference.side, reference.owner, key)
        if self.evaluator.asks_an_item(reference):
            return (BINDINGS, Aspect("facts", attribute=key), value)
        return (value,)


def _of_kind(kind: Kind) -> tuple[Aspect, ...]:
    if kind.family is not Kind.FLOW:
        return (BINDINGS,)
    if kind is Kind.FLOW:
        return (ENDS,)
    beside = () if kind is Kind.COLLECTION else (_BESIDE_UNKNOWN,)
    return (Aspect("kind", kind=kind), *_ROLES, ENDS, *beside)


def _at(side: Side, aspect: Aspect) -> Aspect:
    """Turn an aspect of a system into an aspect of the subject that has this system on a side."""
    if side is Side.SUBJECT or aspect is ITSELF or aspect.end is not None or aspect in _ORIGIN:
        return aspect
    return Aspect(aspect.what, aspect.side, aspect.owner, aspect.attribute, aspect.kind, end=side)


def _parties(side: Side) -> tuple[Aspect, ...]:
    """The party on a side; for both ends, their systems, because it matters whether they are the same system."""
    if side is Side.BOTH:
        return Aspect("system", Side.SOURCE), Aspect("system", Side.RECIPIENT)
    return (Aspect("party", side),)
