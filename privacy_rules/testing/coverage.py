"""Measure coverage: which verdicts of each rule, and which values of each alternative, exception, permit and test, the cases show.

A value counts only if it can matter. Limits count on subjects of the rule's kind, `when` if no limit is false, and the
requirement, alternatives, exceptions and permits if the scope is not false. (An unencrypted fax says nothing about a
rule on disclosures.) A test inside a test of an end, a contract or a collection counts once for each of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from privacy_rules.checking.attribute_lookup import party_of, system_of
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, Labelled, core_rules
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import Part
from privacy_rules.checking.logic import FALSE, TRUE, Truth, Verdict, verdict
from privacy_rules.checking.parent_companies import owners
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import Subject, binder, subjects
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import children, own_tests
from privacy_rules.language.policy import (
    All,
    CollectedWith,
    Condition,
    EndMatches,
    OwnedBy,
    Policy,
    Reached,
    Rule,
    Side,
    UnderContract,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import is_shipped
from privacy_rules.testing.coverage_items import Item, Key, items_of, verdicts_of
from privacy_rules.testing.suite import Case, Suite

Counts = list[int]


@dataclass(frozen=True, slots=True)
class Covered:
    """A coverage item, and how often each value was seen: false, unknown, true."""

    item: Item
    seen: tuple[int, int, int]

    @property
    def unseen(self) -> tuple[Truth, ...]:
        """The possible values that no case shows."""
        return tuple(each for each in self.item.able if not self.seen[each])


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """The coverage of a rule. `verdicts` counts what its kind and limits select: compliant, undetermined, violation.

    `able` are its possible verdicts; a permit has none.
    """

    rule: Rule
    able: tuple[Verdict, ...]
    verdicts: tuple[int, int, int]
    items: tuple[Covered, ...]

    @property
    def unseen(self) -> tuple[Verdict, ...]:
        """The possible verdicts that no case shows."""
        return tuple(each for each in self.able if not self.verdicts[each])

    @property
    def goals(self) -> int:
        """The number of values and verdicts to cover."""
        return len(self.able) + sum(len(each.item.able) for each in self.items)

    @property
    def met(self) -> int:
        """The number that is covered."""
        return self.goals - len(self.unseen) - sum(len(each.unseen) for each in self.items)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of all rules by all cases, in the order of the policy."""

    rules: tuple[RuleCoverage, ...]

    @property
    def goals(self) -> int:
        """The number of values and verdicts to cover."""
        return sum(each.goals for each in self.rules)

    @property
    def met(self) -> int:
        """The number that is covered."""
        return sum(each.met for each in self.rules)

    @property
    def percent(self) -> float:
        """The covered share in percent; 100 if there is nothing to cover."""
        return 100 * self.met / self.goals if self.goals else 100.0


def coverage(cases: Iterable[tuple[Suite, Case]]) -> Coverage:
    """Measure how the cases cover their policies."""
    by_policy: dict[int, tuple[Policy, list[Case]]] = {}
    for suite, case in cases:
        by_policy.setdefault(id(suite.policy), (suite.policy, []))[1].append(case)
    return Coverage(tuple(found for policy, of_it in by_policy.values() for found in _of_policy(policy, of_it)))


def _of_policy(policy: Policy, cases: Sequence[Case]) -> Iterator[RuleCoverage]:
    counts: dict[Key, Counts] = defaultdict(lambda: [0, 0, 0])
    verdicts: dict[str, Counts] = defaultdict(lambda: [0, 0, 0])
    for case in cases:
        _Observer(policy, case, counts, verdicts).all()
    for rule in policy.rules:
        if is_shipped(rule.span.file):
            continue
        items = items_of(rule, policy)
        able = verdicts_of(rule, policy, items)
        compliant, undetermined, violation = verdicts[rule.name]
        covered = tuple(Covered(item, _three(counts[item.key])) for item in items)
        yield RuleCoverage(rule, able, (compliant, undetermined, violation), covered)


def _three(counts: Counts) -> tuple[int, int, int]:
    false, unknown, true = counts
    return false, unknown, true


class _Observer:
    """Observes every rule on every subject of one case."""

    def __init__(self, policy: Policy, case: Case, counts: dict[Key, Counts], verdicts: dict[str, Counts]) -> None:
        policy = policy.on(case.day)
        self._policy, self._day, self._counts, self._verdicts = policy, case.day, counts, verdicts
        self._graph = FlowGraph.of(case.estate, policy)
        self._evaluator = Evaluator(policy, self._graph, case.day)
        self._subjects: dict[Kind, list[Subject]] = {}
        self._leaves: dict[int, tuple[Condition, ...]] = {}
        self._observed: set[tuple[object, ...]] = set()

    def all(self) -> None:
        """Count all observed values and verdicts."""
        for core in core_rules(self._policy, self._day):
            family = core.rule.subject.kind.family
            if family not in self._subjects:
                self._subjects[family] = list(subjects(self._graph, family))
            bind = binder(family)
            for _, frame, bindings in self._subjects[family]:
                for each in bindings:
                    bind(frame, each)
                    self._judge(core, frame)

    def _judge(self, core: CoreRule, frame: Frame) -> None:
        name = core.rule.name
        applies = self._limits(name, [(each.part, each.condition) for each in core.scope], frame)
        if applies == FALSE:
            return
        scope = min(applies, self._when(name, core.rule.when, frame))
        met = FALSE
        if scope != FALSE:
            for each in core.requirement:
                value = self._lifted(name, each, frame) if each.part is Part.PERMIT else self._part(name, each, frame)
                met = max(met, value)
        found = verdict(scope, met)
        if found is Verdict.UNDETERMINED:
            found = Ruling(self._evaluator, core).judged(frame)
        self._verdicts[name][found] += 1

    def _limits(self, name: str, parts: Sequence[tuple[Part, Condition]], frame: Frame) -> int:
        """Return the value of kind and limits, and record the limits' values if the kind fits or may fit."""
        value = min(self._value(each, frame) for part, each in parts if part is Part.SUBJECT)
        if value != FALSE:
            for part, limit in parts:
                if part is Part.LIMIT:
                    self._observe(name, limit, frame)
                    value = min(value, self._value(limit, frame))
        return value

    def _when(self, name: str, when: Condition | None, frame: Frame) -> int:
        if when is None:
            return TRUE
        self._observe(name, when, frame)
        return self._value(when, frame)

    def _value(self, condition: Condition, frame: Frame) -> int:
        return self._evaluator.test(condition)(frame)

    def _part(self, name: str, labelled: Labelled, frame: Frame) -> int:
        """Return and record the value of a requirement, an alternative or an exception."""
        condition = labelled.condition
        value = self._value(condition, frame)
        own = self._own(condition)
        if own != (condition,):
            self._counts[name, id(condition)][value] += 1
        self._observe(name, condition, frame)
        return value

    def _lifted(self, name: str, labelled: Labelled, frame: Frame) -> int:
        """Return the value of a permit on what it may lift, and record it for the permit."""
        permit, condition = self._policy.rule(labelled.text), labelled.condition
        assert permit is not None
        assert isinstance(condition, All)
        value = self._value(condition, frame)
        self._counts[permit.name, name][value] += 1
        parts = [Part.SUBJECT, *[Part.LIMIT] * len(permit.subject.limits)]
        if self._limits(permit.name, list(zip(parts, condition.parts, strict=False)), frame) != FALSE:
            self._when(permit.name, permit.when, frame)
        return value

    # Tests, and the conditions inside them.

    def _observe(self, name: str, condition: Condition, frame: Frame) -> None:
        for leaf in self._own(condition):
            self._counts[name, id(leaf)][self._value(leaf, frame)] += 1
            if children(leaf):
                for terms, key, inner in self._asked(leaf, frame):
                    place = (name, id(leaf), id(terms), key)
                    if place not in self._observed:
                        self._observed.add(place)
                        self._observe(name, terms, inner)

    def _own(self, condition: Condition) -> tuple[Condition, ...]:
        found = self._leaves.get(id(condition))
        if found is None:
            found = self._leaves[id(condition)] = own_tests(condition)
        return found

    def _asked(self, leaf: Condition, frame: Frame) -> Iterator[tuple[Condition, object, Frame]]:
        """Yield the conditions inside a test, each with a key that identifies what it is evaluated for, and the frame."""
        match leaf:
            case EndMatches(side=side, selector=selector):
                system = system_of(self._graph, frame, side)
                yield selector, system, Frame(system=system)
            case UnderContract(terms=terms) if terms is not None:
                for contract in self._contracts(leaf, frame):
                    inner = Frame(contract=contract, data=frame.data, purpose=frame.purpose)
                    yield terms, (contract.id, frame.data, frame.purpose), inner
            case OwnedBy(side=side, owner=owner):
                party = party_of(self._graph, frame, side)
                for each in self._graph.estate.parties if party is None else owners(self._graph, party.id):
                    yield owner, each, Frame(party=each)
            case CollectedWith(terms=terms):
                for flow in self._evaluator.collected.origins(frame):
                    yield terms, flow, Frame(flow=flow)
            case Reached():
                for terms in children(leaf):
                    for system in range(len(self._graph.systems)):
                        yield terms, system, Frame(system=system)

    def _contracts(self, leaf: UnderContract, frame: Frame) -> list[Record]:
        """Return the contracts that the test may mean and that may be in force."""
        contracts, both = self._evaluator.contracts, leaf.side is Side.BOTH
        sides = (Side.SOURCE, Side.RECIPIENT) if both else (leaf.side,)
        parties = [party_of(self._graph, frame, side) for side in sides]
        names = [party.id for party in parties if party is not None]
        if leaf.chain:
            meant = contracts.around(names[0] if names else None)
            return [each for each in meant if contracts.in_force(each) != FALSE]
        meant = contracts.concerning(*names) if names else contracts.all
        return [
            each
            for each in meant
            if contracts.reach(each, names, both=both) != FALSE and contracts.in_force(each) != FALSE
        ]
