"""Group subjects that a rule cannot distinguish, because everything that it depends on is the same for them.

    classes = Classes(evaluator, Kind.FLOW)
    alike = classes.of(core)        # judge one subject of each class, and the verdict holds for all of the class

Two subjects are in one class if they agree in every *aspect* that the rule's conditions look at: a value of a record, a party,
an end, the judged data and purposes. Rules that look at the same aspects share the classes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, partial

from privacy_rules.checking.attribute_lookup import party_of, read, system_of
from privacy_rules.checking.core_rules import CoreRule, SubjectIs, conditions
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.subjects import Binding, Subject, subjects
from privacy_rules.language.conditions import references
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
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
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.records import dataclass
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class _Aspect:
    """Something that a condition depends on; with `end`, at the system that is this end of a flow."""

    what: str
    side: Side = Side.SUBJECT
    owner: Owner | None = None
    attribute: tuple[Entity, str] | None = None
    kind: Kind | None = None
    end: Side | None = None


_SILENT = object()
_BINDINGS, _ITSELF = _Aspect("bindings"), _Aspect("itself")
_ENDS = _Aspect("ends")
"""Whether the two ends of a flow are one system, or systems of one party: then what is open of one is open of the other."""
_BESIDE_UNKNOWN = _Aspect("beside unknown")
"""The party at one end of a flow if that at the other end is not known: it may be the same one."""
_DEMANDED = _Aspect("demanded")
"""The subject itself if flows near it must be collections, because an `origin` names them."""
_ORIGIN = (
    _Aspect("value", Side.SUBJECT, Owner.FLOW, (Entity.FLOW, "origin")),
    _Aspect("facts", attribute=(Entity.FLOW, "origin")),
)
_ROLES = tuple(_Aspect("value", side, Owner.SYSTEM, (Entity.SYSTEM, "role")) for side in (Side.SOURCE, Side.RECIPIENT))


@dataclass(frozen=True, slots=True)
class Alike:
    """`numbers`: the class of each subject, by number; `first`: the first subject of each class; `sizes`: how many it has."""

    numbers: Sequence[int]
    first: Sequence[int]
    sizes: Sequence[int]


class Classes:
    """The subjects of a family, and their classes for each rule. The rules' conditions have to outlive it."""

    def __init__(self, evaluator: Evaluator, family: Kind) -> None:
        self._evaluator, self._family = evaluator, family
        self.subjects: Sequence[Subject] = list(subjects(evaluator.graph, family))
        self._aspects: dict[int, frozenset[_Aspect]] = {}
        self._columns: dict[_Aspect, Sequence[int]] = {}
        self._alike: dict[frozenset[_Aspect], Alike] = {}
        self._bindings: dict[tuple[int, frozenset[str]], Sequence[Binding]] = {}
        self._mattering: dict[int, tuple[CoreRule, frozenset[str]]] = {}

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The number of each subject."""
        return {each[0]: number for number, each in enumerate(self.subjects)}

    def of(self, core: CoreRule, *, exactly: bool = False) -> Alike:
        """Return the classes of subjects that the rule cannot distinguish; `exactly`: subjects of a class also have the same judged pairs."""
        parts = (part.condition for part in (*core.scope, *core.requirement))
        own = {_BINDINGS} if exactly else set()
        demanded = {_DEMANDED} if self._evaluator.demands.in_doubt else set()
        aspects = frozenset(own | demanded).union(*map(self._looked_at, parts))
        found = self._alike.get(aspects)
        if found is None:
            found = self._alike[aspects] = self._partition(aspects)
        return found

    def bindings(self, core: CoreRule, number: int) -> Sequence[Binding]:
        """Enough of what is judged of a subject to know its verdict: a rule that ignores purposes needs each datum once."""
        bindings = self.subjects[number][2]
        if self._family is not Kind.FLOW or len(bindings) == 1:
            return bindings
        key = id(bindings), (matter := self._matter(core))
        found = self._bindings.get(key)
        if found is None:
            axes = [axis for axis, judged in enumerate(("data", "purpose")) if judged in matter]
            found = self._bindings[key] = list(
                {tuple(binding[axis] for axis in axes): binding for binding in bindings}.values()
            )
        return found

    def _matter(self, core: CoreRule) -> frozenset[str]:
        """Return which of the judged datum and purpose a rule depends on."""
        found = self._mattering.get(id(core))
        if found is None:
            matter = frozenset(each for condition in conditions([core]) for each in self._judged(condition))
            found = self._mattering[id(core)] = core, matter  # with the rule, so that no other gets its id
        return found[1]

    def _judged(self, condition: Condition) -> tuple[str, ...]:
        """Return whether a condition depends on the judged datum or purpose."""
        match condition:
            case JudgedIs(judged=judged) | Covers(judged=judged) | IsDeclared(reference=str() as judged):
                return (judged,)
            case CollectedWith() | WithinCollectedPurposes():
                return ("data", "purpose")
            case Reached() | Holds():
                return ("data",)
            case _:
                return ("data", "purpose") if any(map(self._evaluator.asks_an_item, references(condition))) else ()

    def _partition(self, aspects: Iterable[_Aspect]) -> Alike:
        if _ITSELF in aspects:
            everyone = range(len(self.subjects))
            return Alike(everyone, everyone, [1] * len(everyone))
        columns = [self._column(each) for each in aspects]
        numbers = _numbered(zip(*columns, strict=True)) if columns else [0] * len(self.subjects)
        first: list[int] = []
        sizes: list[int] = []
        for subject, number in enumerate(numbers):
            if number == len(first):
                first.append(subject)
                sizes.append(0)
            sizes[number] += 1
        return Alike(numbers, first, sizes)

    def _column(self, aspect: _Aspect) -> Sequence[int]:
        """For each subject a number that is the same if the aspect is."""
        found = self._columns.get(aspect)
        if found is None:
            graph = self._evaluator.graph
            if aspect.end is None:
                value = self._reader(aspect)
                values = [value(frame, bindings) for _, frame, bindings in self.subjects]
            else:
                inner = _Aspect(aspect.what, aspect.side, aspect.owner, aspect.attribute, aspect.kind)
                value = self._reader(inner)
                at = _numbered(value(Frame(system=each), ()) for each in range(len(graph.systems)))
                values = [at[system_of(graph, frame, aspect.end)] for _, frame, _ in self.subjects]
            found = self._columns[aspect] = _numbered(values)
        return found

    def _reader(self, aspect: _Aspect) -> Callable[[Frame, Sequence[Binding]], Hashable]:
        """Return the function that reads an aspect of a subject."""
        if aspect.what != "value":
            return partial(self._value, aspect)
        assert aspect.owner is not None
        assert aspect.attribute is not None
        attribute = self._evaluator.graph.policy.attributes[aspect.attribute]
        reference = Reference(aspect.side, aspect.owner, attribute, "")
        return lambda frame, _: self._stated(frame, reference)

    def _stated(self, frame: Frame, reference: Reference) -> Hashable:
        graph = self._evaluator.graph
        if frame.flow in graph.facts:
            # A frame stays at the pair that was judged last, whose item may state another value than the flow.
            frame = Frame(flow=frame.flow, party=frame.party)
        value, given, record = read(graph, frame, reference)
        return value, given, record and record.entity

    def _value(self, aspect: _Aspect, frame: Frame, bindings: Sequence[Binding]) -> Hashable:
        graph = self._evaluator.graph
        match aspect.what:
            case "bindings":
                return tuple(bindings)
            case "kind":
                assert aspect.kind is not None
                return self._evaluator.roles.flows(aspect.kind)[frame.flow]
            case "system":
                return system_of(graph, frame, aspect.side)
            case "ends":
                source, target = graph.source[frame.flow], graph.target[frame.flow]
                return source == target, graph.same_party(source, target)
            case "beside unknown":
                parties = graph.parties[graph.source[frame.flow]], graph.parties[graph.target[frame.flow]]
                return parties if None in parties else None
            case "demanded":
                return (frame.flow, frame.system, frame.party) if self._evaluator.demands.near(frame) else None
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
        facts = self._evaluator.graph.facts.get(flow)
        if facts is None or name not in facts.names:
            return None
        items = (*facts.data.values(), *facts.purposes.values())
        return frozenset((each.within, each.term, dict(each.declared).get(name, _SILENT)) for each in items)

    def _looked_at(self, condition: Condition) -> frozenset[_Aspect]:
        found = self._aspects.get(id(condition))
        if found is None:
            found = self._aspects[id(condition)] = frozenset(self._aspects_of(condition))
        return found

    def _aspects_of(self, condition: Condition) -> Iterable[_Aspect]:
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                return (aspect for part in parts for aspect in self._looked_at(part))
            case Negation(part=inner) | Defined(body=inner):
                return self._looked_at(inner)
            case SubjectIs(kind=kind):
                return _of_kind(kind)
            case JudgedIs() | Joins() | Derives() | IsDeclared(reference=str()):
                return (_BINDINGS,)
            case Covers() if self._family is not Kind.CONTRACT:
                return (_BINDINGS,)
            case EndMatches(side=side, selector=selector):
                return (_at(side, aspect) for aspect in self._looked_at(selector))
            case IsEntity(entity=Entity.PARTY):
                return (_Aspect("party"),)
            case IsEntity() if self._family is not Kind.PARTY:
                return (_Aspect("system"),)
            case Reached() | Holds() if self._family is not Kind.PARTY:
                return (_BINDINGS, _Aspect("system", condition.side), *self._of_start(condition))
            case OwnedBy(side=side):
                return (_Aspect("party", side),)
            case UnderContract(side=side) if self._family is not Kind.CONTRACT:
                asked = (*_parties(side), *self._systems(side))
                return (*asked, _BINDINGS) if self._evaluator.by_pair(condition) else asked
            case _:
                names = references(condition)
                return [aspect for each in names for aspect in self._of_name(each)] if names else [_ITSELF]

    def _of_start(self, condition: Reached | Holds) -> Iterable[_Aspect]:
        """Whether a path may begin with a judged flow."""
        if self._family is not Kind.FLOW:
            return ()
        start = (condition.received if isinstance(condition, Holds) else condition).start
        begins = () if start is None else (_at(Side.SOURCE, aspect) for aspect in self._looked_at(start))
        return (*_ORIGIN, *begins)

    def _systems(self, side: Side) -> tuple[_Aspect, ...]:
        """Return the system on a side, if a contract may apply only to some systems of a party."""
        contracts = self._evaluator.graph.estate.contracts.values()
        limited = any(self._evaluator.contracts.systems(each) is not None for each in contracts)
        return (
            (_Aspect("system", side),) if limited and side is not Side.BOTH and self._family is not Kind.PARTY else ()
        )

    def _of_name(self, reference: Reference) -> Iterable[_Aspect]:
        if reference.owner is Owner.CONTRACT:
            return (_ITSELF,)
        attribute = reference.attribute
        key = attribute.entity, attribute.name
        if reference.owner is Owner.ITEM:
            return (_BINDINGS, _Aspect("system"))
        value = _Aspect("value", reference.side, reference.owner, key)
        if self._evaluator.asks_an_item(reference):
            return (_BINDINGS, _Aspect("facts", attribute=key), value)
        return (value,)


def _of_kind(kind: Kind) -> tuple[_Aspect, ...]:
    if kind.family is not Kind.FLOW:
        return (_BINDINGS,)
    if kind is Kind.FLOW:
        return (_ENDS,)
    beside = () if kind is Kind.COLLECTION else (_BESIDE_UNKNOWN,)
    return (_Aspect("kind", kind=kind), *_ROLES, _ENDS, *beside)


def _at(side: Side, aspect: _Aspect) -> _Aspect:
    """The aspect of a system, as one of the subject that has the system on a side."""
    if side is Side.SUBJECT or aspect is _ITSELF or aspect.end is not None or aspect in _ORIGIN:
        return aspect
    return _Aspect(aspect.what, aspect.side, aspect.owner, aspect.attribute, aspect.kind, end=side)


def _parties(side: Side) -> tuple[_Aspect, ...]:
    """Who is on a side. Whether both ends are one system counts, too."""
    if side is Side.BOTH:
        return _Aspect("system", Side.SOURCE), _Aspect("system", Side.RECIPIENT)
    return (_Aspect("party", side),)


def _numbered(values: Iterable[Hashable]) -> list[int]:
    """Equal values as equal numbers, from 0 in the order in which they first appear."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(each, len(numbers)) for each in values]
