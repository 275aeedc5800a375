"""Find out quickly whether a judged pair needs to be decided by cases.

It does only if its rule asks about an open fact twice, or if only one answer is possible. Most undetermined pairs do
not. Facts are compared by name here, not by entity, so some pairs are examined in full without need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from privacy_rules.checking.core_rules import CoreRule, SubjectIs, conditions
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import UNKNOWN
from privacy_rules.language.conditions import CONNECTIVES, children, references
from privacy_rules.language.policy import (
    Compares,
    ComparesFact,
    Condition,
    Covers,
    Derives,
    EndMatches,
    Holds,
    Includes,
    IsEntity,
    IsTerm,
    Joins,
    JudgedIs,
    Owner,
    Reached,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Form
from privacy_rules.vocabulary.taxonomy import union
from privacy_rules.vocabulary.values import Duration

if TYPE_CHECKING:
    from privacy_rules.checking.condition_columns import ConditionColumns
    from privacy_rules.checking.condition_compiler import Evaluator

_TWICE = 2
_JUDGED = ("data", "purpose")
_OF_PARTIES = (Owner.PARTY, Owner.SYSTEM, Owner.ITEM)


@dataclass(frozen=True, slots=True)
class Asked:
    """A test with the facts that it asks about, by name. `several`: it asks about one more than once, or may be settled.

    `if_narrowest`: the same if the judged datum and purpose are known and cannot be narrower, so that they are not open facts.
    """

    test: Condition
    names: frozenset[str]
    several: bool
    if_narrowest: Asked | None = None


class RepeatedFacts:
    """What one rule asks, test by test."""

    def __init__(self, evaluator: Evaluator, core: CoreRule) -> None:
        self._policy, self._evaluator = evaluator.policy, evaluator
        self._parties_matter = any(
            isinstance(each, IsEntity) or (isinstance(each, SubjectIs) and each.kind in (Kind.SHARING, Kind.DISCLOSURE))
            for each in conditions([core])
        )
        self._known: dict[int, Counter[str]] = {}
        units: dict[int, tuple[Condition, int]] = {}
        for part in (*core.scope, *core.requirement):
            for unit in self._units(part.condition):
                units[id(unit)] = unit, units.get(id(unit), (unit, 0))[1] + 1
        self.asked: list[Asked] = []
        for unit, times in units.values():
            names = self._names(unit)
            self.asked.append(
                Asked(unit, frozenset(names), times > 1 or max(names.values()) > 1, self._narrowest(unit, times))
            )
        self._tests = [evaluator.test(each.test) for each in self.asked]
        names = Counter(name for each in self.asked for name in each.names)
        repeat = any(each.several for each in self.asked) or any(times > 1 for times in names.values())
        self.may_repeat = repeat or bool(evaluator.named_origins.in_doubt)
        """Whether any judged pair of the rule may have cases."""

    def _narrowest(self, unit: Condition, times: int) -> Asked | None:
        """Return what a test on contracts asks about if the judged datum and purpose are settled."""
        if not isinstance(unit, UnderContract) or unit.chain:
            return None
        names = Counter({name: each for name, each in self._names(unit).items() if name not in _JUDGED})
        return Asked(unit, frozenset(names), times > 1 or max(names.values()) > 1)

    def __call__(self, frame: Frame) -> bool:
        """Return whether the frame's judged pair may need cases."""
        if self._evaluator.named_origins.in_doubt and self._evaluator.named_origins.near(frame):
            return True
        seen: set[str] = set()
        if self.may_repeat:
            for test, asked in zip(self._tests, self.asked, strict=True):
                if test(frame) == UNKNOWN:
                    if asked.several or not seen.isdisjoint(asked.names):
                        return True
                    seen |= asked.names
        return False

    def of_all(self, columns: ConditionColumns, open_: int) -> int:
        """Return which subjects in `open_` may need cases: a byte for each, 1 or 0."""
        if not self.may_repeat:
            return 0
        found, seen = open_ & columns.near_named_origin, dict[str, int]()
        for asked in self.asked:
            must, may = columns.of(asked.test, open_)
            unknown = may & ~must & open_
            narrowest = unknown & columns.narrowest if unknown and asked.if_narrowest else 0
            for each, cases in ((asked, unknown & ~narrowest), (asked.if_narrowest, narrowest)):
                if each is not None and cases:
                    found |= cases if each.several else union(cases & seen.get(name, 0) for name in each.names)
                    seen.update((name, seen.get(name, 0) | cases) for name in each.names)
        return found

    def _units(self, condition: Condition) -> Iterator[Condition]:
        """Yield the tests of a condition; a test in a shared define at most twice."""
        waiting, entered = [condition], Counter[int]()
        while waiting:
            each = waiting.pop()
            if not isinstance(each, CONNECTIVES):
                yield each
            elif entered[id(each)] < _TWICE:
                entered[id(each)] += 1
                waiting += children(each)

    def _names(self, condition: Condition) -> Counter[str]:
        """Return how often a test asks about each fact, at most twice."""
        found = self._known.get(id(condition))
        if found is None:
            asked = Counter(self._asks(condition))
            found = Counter({name: min(_TWICE, times) for name, times in asked.items()})
            self._known[id(condition)] = found
        return found

    def _inside(self, conditions: Iterable[Condition | None]) -> Iterator[str]:
        for each in conditions:
            if each is not None:
                yield from self._names(each).elements()

    def _asks(self, condition: Condition) -> Iterator[str]:
        if isinstance(condition, (*CONNECTIVES, EndMatches)):
            yield from self._inside(children(condition))
            return
        names = list(self._own(condition))
        yield from names
        if self._may_be_settled(condition):
            yield from names

    def _own(self, condition: Condition) -> Iterator[str]:
        match condition:
            case SubjectIs(kind=kind):
                yield from ("role", "party") if kind.family is Kind.FLOW else ("exists",)
                if kind in (Kind.COLLECTION, Kind.SHARING):
                    yield "role"  # of the other end, which may be the same party's
            case IsEntity():
                yield "party"
            case JudgedIs(judged=judged) | Covers(judged=judged):
                yield judged
                if isinstance(condition, Covers):
                    yield "covers"
            case Joins():
                yield "joined"
            case Derives(word=word):
                yield f"derived {word}"
            case UnderContract(chain=False, terms=terms):
                inside = list(self._inside([terms]))
                yield from ("contract", *inside)
                yield from (each for each in inside if each in ("data", "purpose"))  # every contract asks about these
            case _:
                yield from self._of_places(condition)

    def _of_places(self, condition: Condition) -> Iterator[str]:
        match condition:
            case Reached() | Holds():
                path = condition.received if isinstance(condition, Holds) else condition
                yield from ("Reached", "data", *self._inside([path.start]))
            case UnderContract():
                yield from ("chain", "role")
            case WithinCollectedPurposes():
                yield from ("WithinCollectedPurposes", "role", "party")
            case _:
                named = references(condition)
                yield from (each.attribute.name for each in named) if named else (type(condition).__name__,)
                if self._parties_matter and any(each.owner in _OF_PARTIES for each in named):
                    yield "party"  # the fact may be that of a party that the rule asks about
                if (isinstance(condition, Includes) and condition.every) or (
                    isinstance(condition, Within) and condition.non_empty
                ):
                    yield condition.reference.attribute.name

    def _may_be_settled(self, condition: Condition) -> bool:
        """Whether all values of a fact may give a test the same answer."""
        match condition:
            case SubjectIs(kind=kind) if kind.family is Kind.FLOW:
                return self._is_whole("role", ("organisation",)) or self._is_whole("role", ("outside",))
            case JudgedIs(judged=judged, terms=terms):
                return self._is_whole(judged, terms)
            case WithinCollectedPurposes():
                return True
            case Joins() | Derives():
                return self._is_whole("data", condition.terms)
            case Reached() | Holds():
                return self._is_whole("data", condition.data)
            case IsTerm() | Includes() | Within():
                type_ = condition.reference.attribute.type
                return type_.form is not Form.TEXTS and self._is_whole(type_.vocabulary or "", condition.terms)
            case Compares(value=Duration() as limit):
                return limit.count == 0
            case Compares(value=date() as limit):
                return limit in (date.min, date.max)
            case ComparesFact(reference=reference, other=other):
                of_ends = reference.attribute.type.form in (Form.DATE, Form.DURATION)
                return other is not None and (of_ends or reference.attribute.is_parent)
        return False

    def _is_whole(self, vocabulary: str, terms: tuple[str, ...]) -> bool:
        taxonomy = self._policy.taxonomy(vocabulary)
        known = [each for each in terms if each in taxonomy]
        return taxonomy.below_any(known) == taxonomy.everything
