"""Evaluate a condition in many cases at once. A case is a subject with one of its bindings, such as a judged pair.

    cases = Cases(aspects, each=True)
    must, may = ConditionColumns(cases).of(condition, wanted)       # a column; right where `wanted` has a 1

A test is evaluated once for all cases that agree in everything that it depends on, and only if a wanted case needs it. The
logic is that of the functions that the evaluator compiles, which judge one case and explain it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import compress

from privacy_rules.checking.aspects import ITSELF, Aspect
from privacy_rules.checking.attribute_lookup import party_of, read, system_of
from privacy_rules.checking.byte_columns import Column, Spread, ValueColumns, numbered, numbers_of, packed, term_table
from privacy_rules.checking.cases import Cases
from privacy_rules.checking.collection_tests import CollectedTest
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.highest_values import Highest
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.shifted_dates import ShiftedDates
from privacy_rules.checking.work_limit import EVALUATIONS
from privacy_rules.language.conditions import asks_today
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Compares,
    ComparesFact,
    Condition,
    Covers,
    Defined,
    EndMatches,
    Holds,
    Includes,
    IsDeclared,
    IsEntity,
    IsFlagged,
    IsTerm,
    JudgedIs,
    Negation,
    OwnedBy,
    Reached,
    Reference,
    Side,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import moved

_FIRST = (Compares, Includes, IsDeclared, IsFlagged, IsTerm, JudgedIs, SubjectIs, Within)
_LAST = (UnderContract, Reached, CollectedTest)
_MOST_ANSWERS = 8
"""If collections have more different answers to a test, it is evaluated for all of them in one go."""
_STEPS_BACK = 10
"""To look back to collections takes as long as this many tests."""
_ONLY = [bytes(answer) + b"\1" + bytes(255 - answer) for answer in range(_MOST_ANSWERS + 1)]


@dataclass(slots=True)
class _Kept:
    """What is known so far about a shared condition: a column that is valid for the cases in which `known` has a 1."""

    known: int = 0
    must: int = 0
    may: int = 0


class ConditionColumns:
    """Evaluates conditions in the cases of a family. Keep the conditions alive for as long as this object.

    `judged`: if there is only one case for each subject, the datum and the purpose that are now judged in all of them.
    """

    def __init__(self, cases: Cases) -> None:
        self.cases = cases
        self._aspects, self._evaluator = cases.aspects, cases.aspects.evaluator
        self.judged: dict[str, str | None] = {}
        self._kept: dict[int, _Kept] = {}
        self._kept_of_pair: dict[int, _Kept] = {}
        self._day = self._evaluator.day
        self._spreads: dict[Hashable, Spread] = {}
        self._distinct: dict[Hashable, tuple[int, ...]] = {}
        self._values: dict[Hashable, ValueColumns] = {}
        self._compared: dict[Hashable, Column] = {}
        self._dates: dict[Hashable, ShiftedDates] = {}
        self._states: dict[int, tuple[Sequence[int], Spread]] = {}
        self._groups: dict[frozenset[Aspect], Spread] = {}

    def judge(self, data: str | None, purpose: str | None) -> None:
        """Judge this datum and purpose in all cases, whether or not the subjects have them."""
        self.judged = {"data": data, "purpose": purpose}
        self._kept_of_pair.clear()

    def of(self, condition: Condition, wanted: int) -> Column:
        """Return a condition as a column that is right in the wanted cases."""
        if self._day != self._evaluator.day:
            self._day = self._evaluator.day
            self._kept.clear()
            self._kept_of_pair.clear()
        return self._of(condition, wanted)

    def all_of(self, parts: Sequence[Condition], wanted: int) -> Column:
        """Return the `and` of conditions as a column that is right in the wanted cases."""
        must = may = self.cases.every
        for part in sorted(parts, key=_effort):
            left = wanted & may
            if not left:
                break
            one, other = self._of(part, left)
            must, may = must & one, may & other
        return must, may

    def any_of(self, parts: Sequence[Condition], wanted: int) -> Column:
        """Return the `or` of conditions as a column that is right in the wanted cases."""
        must = may = 0
        for part in sorted(parts, key=_effort):
            left = wanted & ~must
            if not left:
                break
            one, other = self._of(part, left)
            must, may = must | one, may | other
        return must, may

    def shared(self, condition: Condition, wanted: int) -> Column:
        """Return the column of a condition that several others share, and keep it for them."""
        by_pair = self._evaluator.by_pair(condition)
        kept = (self._kept_of_pair if by_pair else self._kept).setdefault(id(condition), _Kept())
        left = wanted & ~kept.known
        if left:
            body = condition.body if isinstance(condition, Defined) else condition
            must, may = self._of(body, left)
            kept.must, kept.may, kept.known = kept.must | must & left, kept.may | may & left, kept.known | left
        return kept.must, kept.may

    def _of(self, condition: Condition, wanted: int) -> Column:
        match condition:
            case All(parts=parts):
                return self.all_of(parts, wanted)
            case AnyOf(parts=parts):
                return self.any_of(parts, wanted)
            case Negation(part=part):
                must, may = self._of(part, wanted)
                return self.cases.every ^ may, self.cases.every ^ must
            case Defined():
                return self.shared(condition, wanted)
            case _:
                return self._of_test(condition, wanted)

    def _of_test(self, test: Condition, wanted: int) -> Column:
        match test:
            case JudgedIs(judged=judged) | IsDeclared(reference=str() as judged):
                return self._of_judged(judged, test)
            case IsDeclared():
                return self._is_declared(test)
            case Compares() | Includes() | IsFlagged() | IsTerm() | Within():
                return packed(self._values_of(test.reference).of(test))
            case ComparesFact():
                return self._of_facts(test)
            case Covers(judged=judged) if self.cases.each:
                return self._of_promises(judged, test)
            case UnderContract():
                return self._under_contract(test)
            case CollectedWith() | WithinCollectedPurposes():
                return self._collected(test, wanted)
            case _:
                return self._of_place(test, wanted)

    def _of_place(self, test: Condition, wanted: int) -> Column:
        """Evaluate a test of the system or the party on a side."""
        match test:
            case EndMatches(side=side, selector=selector):
                return packed(self._at(side)(bytes(self._evaluator.of_systems(selector))))
            case IsEntity(entity=Entity.PARTY, id=name):
                return packed(self._parties(Side.SUBJECT)(self._evaluator.owners.one(name)))
            case IsEntity(id=name) if self._aspects.family.at_system:
                table = bytearray(len(self._evaluator.graph.systems))
                if name in self._evaluator.graph.system_number:
                    table[self._evaluator.graph.system_number[name]] = TRUE
                return packed(self._at(Side.SUBJECT)(bytes(table)))
            case Reached(side=side):
                return self._best_at(side, self._evaluator.paths.values(test))
            case Holds(side=side, data=data):
                one, other = self._of_test(test.received, wanted), self._best_at(side, self._evaluator.holdings(data))
                return one[0] | other[0], one[1] | other[1]
            case OwnedBy(side=side, owner=owner):
                return self._owned(side, owner)
            case _:
                return self._of_groups(test, wanted, self.agreeing(self._aspects.of(test)))

    def _spread(self, key: Hashable, number_of: Callable[[Frame], int]) -> Spread:
        if key not in self._spreads:
            self._spreads[key] = Spread(list(map(number_of, self.cases.frames())))
        return self._spreads[key]

    def _at(self, side: Side) -> Spread:
        """The system on a side of each case."""
        graph = self._evaluator.graph
        return self._spread(side, lambda frame: system_of(graph, frame, side))

    def _best_at(self, side: Side, values: bytes) -> Column:
        """Return the value at the system on a side of each case; for a party, the best value of its systems."""
        if self._aspects.family is not Kind.PARTY:
            return packed(self._at(side)(values))
        must, may = packed(self._systems_of_parties(values))
        return must, self.cases.every if self._evaluator.at_unknown_party(values) else may

    @cached_property
    def _systems_of_parties(self) -> Highest:
        systems = self._evaluator.graph.systems_of
        return Highest([[(each, TRUE) for each in systems.get(frame.party, ())] for frame in self.cases.frames()])

    def _owned(self, side: Side, owner: Condition) -> Column:
        """Return whether the party on a side is owned by one that a condition selects."""
        values = self._evaluator.owned(owner)
        anybody = bytes([min(UNKNOWN, max(values, default=FALSE))])
        return packed(self._parties(side)(anybody + values))

    def _parties(self, side: Side) -> Spread:
        """The party on a side of each case: one more than its number, or 0 if it is not known."""
        graph, number = self._evaluator.graph, self._evaluator.owners.number

        def number_of(frame: Frame) -> int:
            party = party_of(graph, frame, side)
            return 0 if party is None else 1 + number[party.id]

        return self._spread(("party", side), number_of)

    def _is_declared(self, test: IsDeclared) -> Column:
        """Return whether a value is declared, once for all tests of it."""
        assert isinstance(test.reference, Reference)
        key = "declared", _key_of(test.reference)
        if key not in self._compared:
            self._compared[key] = self._of_groups(test, self.cases.every, self.agreeing(self._aspects.of(test)))
        return self._compared[key]

    def _of_judged(self, judged: str, test: JudgedIs | IsDeclared) -> Column:
        taxonomy = self._evaluator.policy.taxonomy(judged)
        declared = bytes([TRUE]) * len(taxonomy.terms) + bytes([FALSE])
        table = term_table(taxonomy, test.terms) if isinstance(test, JudgedIs) else declared
        if not self.cases.each:
            must, may = packed(bytes([table[numbers_of(taxonomy, [self.judged[judged]])[0]]]))
            return must * self.cases.every, may * self.cases.every
        number_of = partial(_number_of, taxonomy, judged)
        return packed(self._spread(judged, number_of)(table))

    def _values_of(self, reference: Reference) -> ValueColumns:
        key = _key_of(reference)
        if key not in self._values:
            graph = self._evaluator.graph
            values = [read(graph, frame, reference)[0] for frame in self.cases.frames()]
            self._values[key] = ValueColumns(self._evaluator.policy, reference, values)
        return self._values[key]

    def _of_facts(self, test: ComparesFact) -> Column:
        """Compare two facts, once for all tests that are alike."""
        today: date | None = self._evaluator.day if asks_today(test) else None
        other = None if test.other is None else _key_of(test.other)
        key = _key_of(test.reference), test.operator, other, test.shift, today
        if key not in self._compared:
            if test.other is None:
                limit = self._evaluator.day if test.shift is None else moved(self._evaluator.day, test.shift)
                found = packed(self._values_of(test.reference).compared(test.operator, limit))
            elif test.shift is not None:
                found = self._shifted(test.reference, test.other).compared(test.operator, test.shift)
            else:
                found = self._of_groups(test, self.cases.every, self.agreeing(self._aspects.of(test)))
            self._compared[key] = found
        return self._compared[key]

    def _shifted(self, reference: Reference, other: Reference) -> ShiftedDates:
        key = _key_of(reference), _key_of(other)
        if key not in self._dates:
            graph = self._evaluator.graph
            read_both = [[read(graph, frame, each)[0] for each in (reference, other)] for frame in self.cases.frames()]
            self._dates[key] = ShiftedDates([(left, right) for left, right in read_both])  # type: ignore[misc]
        return self._dates[key]

    def _of_promises(self, judged: str, test: Covers) -> Column:
        """Return whether contracts cover what is judged, once for all tests."""
        key = "covers", judged
        if key not in self._compared:
            self._compared[key] = self._of_groups(test, self.cases.every, self.agreeing(frozenset({ITSELF})))
        return self._compared[key]

    def _under_contract(self, test: UnderContract) -> Column:
        """Evaluate the test once for cases with the same parties, systems and judged pair."""
        tests, by_pair = self._evaluator.contract_tests, self._evaluator.by_pair(test)
        number_of = tests.number_of(test)
        key = "parties", test.side, by_pair
        asked = self._spread(key, lambda frame: number_of(frame) + 1)
        if key not in self._distinct:
            self._distinct[key] = tuple(sorted({*asked.numbers}))
        numbers = self._distinct[key]
        table = bytearray(asked.most + 1)
        for number, answer in zip(numbers, tests.answers(test, numbers), strict=True):
            table[number] = answer
        return packed(asked(bytes(table)))

    @cached_property
    def narrowest(self) -> int:
        """The cases of flows in which the judged datum and purpose are known and cannot be narrower: a byte for each, 1 or 0."""
        if not self.cases.each or self._aspects.family is not Kind.FLOW:
            return 0
        policy, bindings = self._evaluator.policy, self.cases.bindings
        data, purposes = (
            {each for each in judged if each is not None and policy.taxonomy(name).is_narrowest(each)}
            for name, judged in zip(("data", "purpose"), map(set, zip(*bindings, strict=True)), strict=True)
        )
        return int.from_bytes(bytes(datum in data and purpose in purposes for datum, purpose in bindings), "little")

    @cached_property
    def near_named_origin(self) -> int:
        """The cases close to a flow that must be a collection because an `origin` names it: a byte each, 1 or 0."""
        origins = self._evaluator.named_origins
        if not origins.in_doubt:
            return 0
        return int.from_bytes(bytes(bool(origins.near(frame)) for frame in self.cases.frames()), "little")

    def _collected(self, test: CollectedTest, wanted: int) -> Column:
        """Evaluate the test once for cases with the same judged pair whose collections depend on the same facts."""
        collected = self._evaluator.collected
        steps = _STEPS_BACK + collected.answers(test).number_of_classes
        if self._aspects.family is not Kind.FLOW:
            return self._of_groups(test, wanted, self._at_states(collected.states(test), Side.SUBJECT), steps)
        groups = self._at_states(collected.states(test), Side.SOURCE)
        place, answers = collected.own_answers(test)
        own = [answers[place[flow]] for flow in self._flows]
        if max(answers) > _MOST_ANSWERS:
            return self._of_groups(test, wanted, Spread(numbered(zip(own, groups.numbers, strict=True))), steps)
        must = may = 0
        for answer in {*answers}:
            same = wanted & int.from_bytes(bytes(own).translate(_ONLY[answer]), "little")
            if same:
                one, other = self._of_groups(test, same, groups, steps)
                must, may = must | one & same, may | other & same
        return must, may

    def _at_states(self, states: Sequence[int], side: Side) -> Spread:
        """Return groups of cases with the same judged pair, and with the same state of the system on a side."""
        found = self._states.get(id(states))
        if found is None or found[0] is not states:
            at_side = map(states.__getitem__, self._at(side).numbers)
            others = self.cases.of_binding if side is Side.SUBJECT else self._origins_and_bindings
            found = self._states[id(states)] = states, Spread(numbered(zip(at_side, others, strict=True)))
        return found[1]

    @cached_property
    def _flows(self) -> list[int]:
        return [frame.flow for frame in self.cases.frames()]

    @cached_property
    def _origins_and_bindings(self) -> list[int]:
        origin_of = self._evaluator.collections.origin_of
        return numbered(zip(map(origin_of, self._flows), self.cases.of_binding, strict=True))

    def agreeing(self, aspects: frozenset[Aspect]) -> Spread:
        """Return the groups of cases that agree in some aspects."""
        if aspects not in self._groups:
            self._groups[aspects] = Spread(self.cases.numbered(aspects))
        return self._groups[aspects]

    def _of_groups(self, test: Condition, wanted: int, groups: Spread, steps: int = 1) -> Column:
        """Evaluate a test in one case of each group that has wanted cases. Each time takes so many steps."""
        function, table, size = self._evaluator.test(test), bytearray(groups.most + 1), self.cases.size
        chosen = wanted.to_bytes(size, "little")
        asked = dict(zip(compress(groups.numbers, chosen), compress(range(size), chosen), strict=True))
        self._evaluator.work.take(EVALUATIONS, len(asked) * steps)
        for group, case in asked.items():
            table[group] = function(self.cases.frame(case))
        return packed(groups(bytes(table)))


def _number_of(taxonomy: Taxonomy, judged: str, frame: Frame) -> int:
    return numbers_of(taxonomy, [getattr(frame, judged)])[0]


def _effort(condition: Condition) -> int:
    """Rank a condition by how long it takes to evaluate: quick ones come first."""
    return 0 if isinstance(condition, _FIRST) else 2 if isinstance(condition, _LAST) else 1


def _key_of(reference: Reference) -> Hashable:
    """Return what identifies the attribute that a name refers to."""
    return reference.side, reference.owner, reference.attribute.entity, reference.attribute.name
