"""Evaluate a condition in many cases at once. A case is a subject with one of its bindings, such as a judged pair.

    cases = Cases(aspects, each=True)
    must, may = ConditionColumns(cases).of(condition, wanted)       # a column; right where `wanted` has a 1

A test is evaluated once for all cases that agree in everything that it depends on, and only if a wanted case needs it. The
logic is that of the functions that the evaluator compiles, which judge one case and explain it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import accumulate, compress, pairwise

from privacy_rules.checking.aspects import BINDINGS, ITSELF, Aspect, Aspects
from privacy_rules.checking.attribute_lookup import read, system_of
from privacy_rules.checking.collection_tests import CollectedTest
from privacy_rules.checking.columns import Column, Spread, ValueColumns, numbered, numbers_of, packed, term_table
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.subjects import Binding, binder
from privacy_rules.checking.work_limit import PAIRS
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
    Includes,
    IsDeclared,
    IsFlagged,
    IsTerm,
    JudgedIs,
    Negation,
    Reached,
    Reference,
    Side,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import Taxonomy

_FIRST = (Compares, Includes, IsDeclared, IsFlagged, IsTerm, JudgedIs, SubjectIs, Within)
_LAST = (UnderContract, Reached, CollectedTest)


class Cases:
    """The cases of a family: each subject with each of its bindings (`each`), or with one of them."""

    def __init__(self, aspects: Aspects, *, each: bool) -> None:
        self.aspects, self.each = aspects, each
        self._bind, subjects = binder(aspects.family), aspects.subjects
        counts = [len(bindings) if each else 1 for _, _, bindings in subjects]
        self.size = sum(counts)
        if each:
            aspects.evaluator.work.take(PAIRS, self.size - len(subjects))
        one_each = {*counts} <= {1}
        self.owner: Sequence[int] = range(len(subjects))
        """The number of the subject of each case."""
        self.bounds: list[tuple[int, int]] | None = None
        """The first case of each subject, and the one after its last; None if each subject is one case."""
        if not one_each:
            self.owner = [number for number, count in enumerate(counts) for _ in range(count)]
            self.bounds = list(pairwise(accumulate(counts, initial=0)))
        self.bindings: Sequence[Binding] = (
            [one for _, _, bindings in subjects for one in bindings] if each else [some[0] for _, _, some in subjects]
        )
        self.every = int.from_bytes(b"\1" * self.size, "little")

    def frame(self, case: int) -> Frame:
        """Return the frame of a case, bound to it."""
        frame = self.aspects.subjects[self.owner[case]][1]
        self._bind(frame, self.bindings[case])
        return frame

    def frames(self) -> Iterator[Frame]:
        """Yield the frame of each case, bound to it."""
        return map(self.frame, range(self.size))

    def numbered(self, aspects: frozenset[Aspect]) -> list[int]:
        """Return equal numbers for cases that agree in some aspects."""
        if ITSELF in aspects:
            return list(range(self.size))
        columns: list[Sequence[int]] = [self.column(each) for each in aspects]
        return numbered(zip(*columns, strict=True)) if columns else [0] * self.size

    def column(self, aspect: Aspect) -> Sequence[int]:
        """Return equal numbers for cases that agree in an aspect; for the aspect `BINDINGS`, in their own binding."""
        if aspect == BINDINGS and self.each:
            return self.of_binding
        column = self.aspects.column(aspect)
        return column if isinstance(self.owner, range) else [column[each] for each in self.owner]

    @cached_property
    def of_binding(self) -> Sequence[int]:
        """The number of the binding of each case."""
        return numbered(self.bindings)


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
        self._groups: dict[frozenset[Aspect], tuple[Spread, list[int]]] = {}

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
            case Compares() | Includes() | IsFlagged() | IsTerm() | Within():
                return packed(self._values_of(test.reference).of(test))
            case ComparesFact():
                return self._of_facts(test)
            case Covers(judged=judged) if self.cases.each:
                return self._of_promises(judged, test)
            case EndMatches(side=side, selector=selector):
                return packed(self._at(side)(bytes(self._evaluator.of_systems(selector))))
            case Reached(side=side) if self._aspects.family is not Kind.PARTY:
                return packed(self._at(side)(bytes(self._evaluator.paths.values(test))))
            case UnderContract():
                return self._under_contract(test)
            case CollectedWith() | WithinCollectedPurposes():
                return self._collected(test, wanted)
            case _:
                return self._of_groups(test, wanted, *self._agreeing(self._aspects.of(test)))

    def _spread(self, key: Hashable, number_of: Callable[[Frame], int]) -> Spread:
        if key not in self._spreads:
            self._spreads[key] = Spread(list(map(number_of, self.cases.frames())))
        return self._spreads[key]

    def _at(self, side: Side) -> Spread:
        """The system on a side of each case."""
        graph = self._evaluator.graph
        return self._spread(side, lambda frame: system_of(graph, frame, side))

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
            groups = self._agreeing(self._aspects.of(test))
            self._compared[key] = self._of_groups(test, self.cases.every, *groups)
        return self._compared[key]

    def _of_promises(self, judged: str, test: Covers) -> Column:
        """Return whether contracts cover what is judged, once for all tests."""
        key = "covers", judged
        if key not in self._compared:
            self._compared[key] = self._of_groups(test, self.cases.every, *self._agreeing(frozenset({ITSELF})))
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
        states = collected.states(test).__getitem__
        if self._aspects.family is not Kind.FLOW:
            at_system = map(states, self._at(Side.SUBJECT).numbers)
            return self._of_groups(
                test, wanted, *_grouped(numbered(zip(at_system, self.cases.of_binding, strict=True)))
            )
        answers = map(collected.own_answers(test).__getitem__, self._flows)
        at_source = map(states, self._at(Side.SOURCE).numbers)
        numbers = numbered(zip(answers, at_source, self._origins_and_bindings, strict=True))
        return self._of_groups(test, wanted, *_grouped(numbers))

    @cached_property
    def _flows(self) -> list[int]:
        return [frame.flow for frame in self.cases.frames()]

    @cached_property
    def _origins_and_bindings(self) -> list[int]:
        origin_of = self._evaluator.collections.origin_of
        return numbered(zip(map(origin_of, self._flows), self.cases.of_binding, strict=True))

    def _agreeing(self, aspects: frozenset[Aspect]) -> tuple[Spread, list[int]]:
        if aspects not in self._groups:
            self._groups[aspects] = _grouped(self.cases.numbered(aspects))
        return self._groups[aspects]

    def _of_groups(self, test: Condition, wanted: int, groups: Spread, first: Sequence[int]) -> Column:
        """Evaluate a test in the first case of each group that has wanted cases."""
        function, table = self._evaluator.test(test), bytearray(len(first))
        for each in {*compress(groups.numbers, wanted.to_bytes(self.cases.size, "little"))}:
            table[each] = function(self.cases.frame(first[each]))
        return packed(groups(bytes(table)))


def _grouped(numbers: Sequence[int]) -> tuple[Spread, list[int]]:
    """Return the group of each case and the first case of each group, given its number (see `columns.numbered`)."""
    first: list[int] = []
    for case, number in enumerate(numbers):
        if number == len(first):
            first.append(case)
    return Spread(numbers), first


def _number_of(taxonomy: Taxonomy, judged: str, frame: Frame) -> int:
    return numbers_of(taxonomy, [getattr(frame, judged)])[0]


def _effort(condition: Condition) -> int:
    """Rank a condition by how long it takes to evaluate: quick ones come first."""
    return 0 if isinstance(condition, _FIRST) else 2 if isinstance(condition, _LAST) else 1


def _key_of(reference: Reference) -> Hashable:
    """Return what identifies the attribute that a name refers to."""
    return reference.side, reference.owner, reference.attribute.entity, reference.attribute.name
