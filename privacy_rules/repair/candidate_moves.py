"""Find the moves that could fix a finding: every repair has at least one of them.

If a judged pair breaks its rule, either the scope must become false or the requirement true. For an `and` to become
true, each part must become true: the part with the fewest moves is chosen, and the other parts are examined once that
part is true. For an `or`, one part is enough, so the moves of all parts are combined. A path that must end is cut
somewhere along it. So every set of moves that fixes the finding has one of these moves; the search (`search.py`)
depends on that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain as flat

from privacy_rules.checking.attribute_lookup import item_of, pairs_meant, party_of, read, system_of
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import TRUE, UNKNOWN
from privacy_rules.checking.parent_companies import owners
from privacy_rules.graph.declared_values import known
from privacy_rules.language.conditions import children, walk
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Compares,
    ComparesFact,
    Condition,
    Defined,
    EndMatches,
    Holds,
    Includes,
    IsFlagged,
    IsTerm,
    Negation,
    OwnedBy,
    Owner,
    Reached,
    Reference,
    Side,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.repair.agreements import agreements
from privacy_rules.repair.anonymisers import Anonymisers, asks_for_anonymisers
from privacy_rules.repair.moves import Amend, Cut, How, Move, Step
from privacy_rules.repair.new_flows import openings, wanted_at
from privacy_rules.repair.remediations import Steps, is_measure, steps, steps_of_two
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item, Transform

_MOST_COLLECTIONS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A path that would have to end: the test, and the system at its end."""

    test: Reached
    system: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Options:
    """Moves: every repair has at least one of them. `along` are those on a path, `ways` the paths; `complete`: there are no others."""

    moves: frozenset[Move] = frozenset()
    along: frozenset[Move] = frozenset()
    ways: tuple[Way, ...] = ()
    complete: bool = True

    @property
    def all(self) -> frozenset[Move]:
        """All of the moves."""
        return self.moves | self.along


def either(several: Iterable[Options]) -> Options:
    """Combine options; one of them is enough."""
    listed = list(several)
    return Options(
        frozenset(flat.from_iterable(each.moves for each in listed)),
        frozenset(flat.from_iterable(each.along for each in listed)),
        tuple(dict.fromkeys(flat.from_iterable(each.ways for each in listed))),
        all(each.complete for each in listed),
    )


class Reasoner:
    """Finds the moves for what one evaluator judged. `may` says whether a move may be made."""

    def __init__(self, evaluator: Evaluator, may: Callable[[Move], bool]) -> None:
        self._evaluator, self._graph, self._may = evaluator, evaluator.graph, may
        self._anonymisers = Anonymisers(evaluator.graph)
        self._enough = TRUE

    def options(self, core: CoreRule, frame: Frame, *, strict: bool) -> Options:
        """Return the moves that fix the frame's judged pair.

        `strict`: it must comply; becoming undetermined is not enough.
        """
        self._enough = TRUE if strict else UNKNOWN
        self._core = core
        scope = [self._toward(each.condition, frame, wanted=False) for each in core.scope]
        requirement = [self._toward(each.condition, frame, wanted=True) for each in core.requirement]
        found = [each for each in (*scope, *requirement) if each is not None]
        return either([*found, self._of_subject(core.rule.subject.kind.family, frame)])

    def _of_subject(self, family: Kind, frame: Frame) -> Options:
        """Return the moves that remove what is judged."""
        if family is Kind.FLOW:
            return Options(frozenset(self._of_pair(frame.flow, frame.data, frame.purpose)))
        if family is Kind.STORAGE and frame.item is not None:
            return Options(frozenset([self._without(frame.system, "stores", frame.item.term)]))
        if family is Kind.USE and frame.item is not None:
            return Options(frozenset([self._without_use(frame.system, frame.item, frame.purpose)]))
        if family is Kind.JOINING and frame.joined is not None:
            return Options(frozenset([self._without(frame.system, "joins", frame.joined)]))
        return Options()

    def _without(self, system: int, attribute: str, term: object) -> Move:
        return Amend(Entity.SYSTEM, self._graph.systems[system].id, (Step(attribute, How.TAKE, (term,)),))

    def _without_use(self, system: int, item: Item | Transform, purpose: str | None) -> Move:
        """Remove a purpose of a use, or the use if it has no other purpose."""
        purposes = dict(item.declared).get("purposes")
        if purpose is None or not isinstance(purposes, tuple) or len(purposes) == 1:
            return self._without(system, "uses", item.term)
        name = self._graph.systems[system].id
        return Amend(Entity.SYSTEM, name, (Step("purposes", How.TAKE, (purpose,)),), item)

    def _of_pair(self, flow: int, datum: str | None, purpose: str | None) -> Iterable[Move]:
        yield from self._of_datum(flow, datum)
        yield from self._anonymisers.any_on(flow)
        name = self._graph.flows[flow].id
        purposes = known(self._graph.flows[flow], self._graph.policy.attributes[Entity.FLOW, "purposes"])[0]
        if purpose is not None and isinstance(purposes, tuple) and len(purposes) > 1:
            yield Amend(Entity.FLOW, name, (Step("purposes", How.TAKE, (purpose,)),))

    def _of_datum(self, flow: int, datum: str | None, test: Reached | None = None) -> Iterable[Move]:
        """Cut the flow, drop the category, or put an anonymiser on the flow."""
        name = self._graph.flows[flow].id
        yield Cut(name)
        if datum is None:
            return
        if len(self._graph.data.names(self._graph.names[flow])) > 1:
            yield Amend(Entity.FLOW, name, (Step("carries", How.TAKE, (datum,)),))
        anonymiser = self._anonymisers.on(name, datum, test)
        if anonymiser is not None:
            yield anonymiser

    # Conditions.

    def _toward(self, condition: Condition, frame: Frame, *, wanted: bool) -> Options | None:
        """Return the moves that make a condition true (`wanted`) or false; None if it is so already."""
        value = self._evaluator.test(condition)(frame)
        if (value if wanted else TRUE - value) >= self._enough:
            return None
        match condition:
            case Defined(body=body):
                return self._toward(body, frame, wanted=wanted)
            case Negation(part=part):
                return self._toward(part, frame, wanted=not wanted)
            case All(parts=parts) | AnyOf(parts=parts):
                found = [each for each in (self._toward(part, frame, wanted=wanted) for part in parts) if each]
                return self._fewest(found) if isinstance(condition, All) is wanted else either(found)
            case EndMatches(side=side, selector=selector):
                return self._toward(selector, Frame(system=system_of(self._graph, frame, side)), wanted=wanted)
            case Reached():
                return self._path(condition, frame) if not wanted else self._opening(condition, frame)
            case UnderContract():
                return self._under_contract(condition, frame, wanted=wanted)
            case CollectedWith() | WithinCollectedPurposes():
                return self._collected(condition, frame, wanted=wanted)
            case _:
                return self._of_facts(condition, frame, wanted=wanted)

    def _of_facts(self, condition: Condition, frame: Frame, *, wanted: bool) -> Options:
        match condition:
            case IsTerm() | Includes() | Within() | Compares() | IsFlagged():
                return self._of_value(condition, frame, wanted=wanted)
            case OwnedBy():
                return self._of_owners(condition, frame, wanted=wanted)
            case ComparesFact():
                return self._of_two_facts(condition, frame, wanted=wanted)
            case Holds():
                return Options(complete=False)
            case _:
                return Options()

    def _fewest(self, each: Sequence[Options]) -> Options:
        return min(each, key=lambda one: sum(map(self._may, one.all)))

    def _of_value(
        self, condition: IsTerm | Includes | Within | Compares | IsFlagged, frame: Frame, *, wanted: bool
    ) -> Options:
        now = read(self._graph, frame, condition.reference)[0]
        return self._amending(condition.reference, frame, steps(self._graph.policy, condition, now, wanted=wanted))

    def _of_two_facts(self, test: ComparesFact, frame: Frame, *, wanted: bool) -> Options:
        """Return the moves that change either of two facts."""
        left = read(self._graph, frame, test.reference)[0]
        right = self._evaluator.day if test.other is None else read(self._graph, frame, test.other)[0]
        found = [
            self._amending(reference, frame, each)
            for reference, each in steps_of_two(self._graph.policy, test, left, right, wanted=wanted)
        ]
        return either(found)

    def _amending(self, reference: Reference, frame: Frame, found: Steps) -> Options:
        """Return the moves that take one of the steps at the place of a name's value."""
        _, _, record = read(self._graph, frame, reference)
        if record is None:
            return Options()
        entity, name = record.entity, record.id
        item: Item | Transform | None = None
        if reference.owner is Owner.FLOW:
            item = item_of(self._graph, frame, reference.attribute.name)
        elif reference.owner is Owner.ITEM and frame.item is not None:
            own = any(key == reference.attribute.name for key, _ in frame.item.declared)
            item = frame.item if own else None
        elif reference.owner is Owner.SYSTEM:  # its country may be its party's
            entity, name = Entity.SYSTEM, self._graph.systems[system_of(self._graph, frame, reference.side)].id
        return Options(frozenset(Amend(entity, name, (step,), item) for step in found.each), complete=found.complete)

    def _of_owners(self, test: OwnedBy, frame: Frame, *, wanted: bool) -> Options:
        """Return the moves that change what is asked of the owners; nothing changes who owns whom."""
        party = party_of(self._graph, frame, test.side)
        parties = () if party is None else owners(self._graph, party.id)
        found = [self._toward(test.owner, Frame(party=each), wanted=wanted) for each in parties]
        options = [each for each in found if each is not None]
        if not options:
            return Options()
        return either(options) if wanted else self._fewest(options)

    # Paths.

    def _path(self, test: Reached, frame: Frame) -> Options:
        """Return the moves that end one of the shortest paths."""
        evaluator, graph = self._evaluator, self._graph
        sure = self._enough == UNKNOWN
        least = TRUE if sure else UNKNOWN
        values = evaluator.paths.values(test)
        ends = [system_of(graph, frame, test.side)]
        if frame.party is not None:
            ends = [number for number, party in enumerate(graph.parties) if party == frame.party]
        end = next((each for each in ends if values[each] >= least), None)
        if end is None:
            return Options(complete=False)
        found = evaluator.paths.witness(test, [end], sure=sure)
        steps_ = found[0] if found else []
        if not steps_:  # it may be there already, as nothing that is declared brings it
            return Options(complete=False)
        along: set[Move] = set()
        for flow, bit in steps_:
            names = graph.declared_as(flow, bit, sure=sure)
            along.update(self._of_datum(flow, names[0] if names else None, test))
            if test.avoiding is not None and asks_for_anonymisers(test.avoiding):
                along.update(self._anonymisers.any_on(flow))
        others = [] if test.start is None else [self._at(test.start, graph.source[steps_[0][0]], wanted=False)]
        if test.avoiding is not None:
            others += [self._at(test.avoiding, graph.target[flow], wanted=True) for flow, _ in steps_[:-1]]
        other = either(each for each in others if each is not None)
        way = Way(test, end, sure)
        return Options(other.all, frozenset(along), (*other.ways, way), other.complete)

    def _at(self, selector: Condition, system: int, *, wanted: bool) -> Options | None:
        return self._toward(selector, Frame(system=system), wanted=wanted)

    def _opening(self, test: Reached, frame: Frame) -> Options:
        """Return new flows that make a path."""
        if frame.party is not None:
            return Options(complete=False)
        system = system_of(self._graph, frame, test.side)
        tests = wanted_at(self._evaluator, self._core, system)
        together = openings(self._evaluator, tests if test in tests else [test], system)
        complete = not test.derived and has_fixed_ends(test)  # otherwise a start can be moved instead
        return Options(frozenset(together or openings(self._evaluator, [test], system)), complete=complete)

    # Contracts and collections.

    def _under_contract(self, test: UnderContract, frame: Frame, *, wanted: bool) -> Options:
        sides = (Side.SOURCE, Side.RECIPIENT) if test.side is Side.BOTH else (test.side,)
        parties = [party_of(self._graph, frame, side) for side in sides]
        names = [None if party is None else party.id for party in parties]
        if wanted:
            found, complete = agreements(self._evaluator, test, frame, names, self._enough)
            return Options(frozenset(found), complete=complete and not test.chain)
        if test.terms is None or None in names or test.chain:
            return Options(complete=False)
        contracts = self._evaluator.contracts
        for contract in contracts.concerning(*(each for each in names if each)):
            asked = Frame(contract=contract, data=frame.data, purpose=frame.purpose)
            options = self._toward(test.terms, asked, wanted=False)
            if options is not None and contracts.in_force(contract) >= UNKNOWN:
                return Options(options.all, complete=False)
        return Options(complete=False)

    def _collected(self, test: CollectedWith | WithinCollectedPurposes, frame: Frame, *, wanted: bool) -> Options:
        """Return the moves that change the collections of a datum."""
        flows = self._evaluator.collected.origins(frame)[:_MOST_COLLECTIONS]
        found = [Options(complete=flows == [frame.flow])]  # with another origin, a flow in between can be cut instead
        for flow in flows:
            found.append(
                Options(frozenset(each for each in self._of_datum(flow, frame.data) if self._carries(flow, each)))
            )
            if isinstance(test, CollectedWith):
                asked = Frame(flow=flow, data=frame.data, purpose=frame.purpose, collected=True)
                each_pair = (self._toward(test.terms, each, wanted=wanted) for each in pairs_meant(self._graph, asked))
                found += [options for options in each_pair if options is not None]
        return either(found)

    def _carries(self, flow: int, move: Move) -> bool:
        """Whether the flow carries what a move drops."""
        if not isinstance(move, Amend):
            return isinstance(move, Cut)
        terms = move.steps[0].value
        return isinstance(terms, tuple) and set(terms) <= set(self._graph.data.names(self._graph.names[flow]))


def has_fixed_ends(test: Reached) -> bool:
    """Whether no move changes where paths of a test start and which systems they avoid."""
    return not any(_may_be_moved(each) for each in walk(*children(test)))


def _may_be_moved(condition: Condition) -> bool:
    reference = getattr(condition, "reference", None)
    return isinstance(condition, UnderContract | Reached | CollectedWith) or (
        isinstance(reference, Reference) and is_measure(reference.attribute)
    )
