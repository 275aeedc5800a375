"""Follow the findings of one estate from day to day. After each step, only what a date can change is judged again.

days = DayByDay(policy, graph, date(2026, 11, 1), date(2027, 11, 1))
for rule, changes in days.turn_to(date(2026, 12, 31)): ...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from privacy_rules.checking.checker import NonCompliant, open_permits, verdict_alone
from privacy_rules.checking.core_rules import CoreRule, Cores
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.evaluator_on_day import Asks, Days, Touched
from privacy_rules.checking.judgements import JudgedPair, Judgement
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import Subject, entity_of, named_subject, subjects
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Rule


class _Sight(NamedTuple):
    """A judgement without its rule and subject. Many are equal, and each is kept once."""

    verdict: Verdict
    judged: tuple[JudgedPair, ...]
    permits: tuple[str, ...]


Change = tuple[Judgement | None, Judgement | None]
"""What a rule found of a subject before and after a step. None: it is compliant, or the rule is not in force."""


@dataclass(slots=True)
class _Watched:
    """A rule that a date can touch, and what it finds. `ruling` is None while it is not in force."""

    rule: Rule
    asks: Asks
    ruling: Ruling | None = None
    found: dict[str, _Sight] = field(default_factory=dict)


class DayByDay:
    """The findings from `day` on. A rule that no date up to `until` can affect is not judged."""

    def __init__(self, policy: Policy, graph: FlowGraph, day: date, until: date) -> None:
        self._graph, self._day = graph, day
        self._evaluator = Evaluator(policy, graph, day)
        self._days, self._cores = Days(self._evaluator), Cores(policy)
        self._rules = {rule.name: rule for rule in policy.rules}
        self._alike: dict[_Sight, _Sight] = {}
        self._dated: dict[date, list[Rule]] = defaultdict(list)
        for rule in policy.rules:
            for each in (rule.applies_from, rule.applies_until):
                if each and day < each <= until:
                    self._dated[each].append(rule)
        self._watched = self._all_watched(policy)
        self._asking: dict[int, list[str]] = defaultdict(list)
        for name, watched in self._watched.items():
            for test in watched.asks.contracts:
                self._asking[test].append(name)
            self._judge(watched, None)

    def turn_to(self, day: date, also: Mapping[str, Collection[str]]) -> Iterator[tuple[str, Mapping[str, Change]]]:
        """Move to the next day on which something happens. Yield what changes for each rule, in the order of names.

        `also`: the subjects of a rule that are included even if they do not change.
        """
        dated = self._dated.get(day, [])
        lifting: dict[str, list[CoreRule]] = defaultdict(list)
        for permit in dated:
            for name in permit.despite:
                lifting[name].append(CoreRule(permit, (self._cores.lifts(permit),), ()))
        self._day, touched = day, self._days.move_to(day)
        names = {rule.name for rule in dated} | {name for test in touched.parties for name in self._asking[test]}
        for name in sorted((names | lifting.keys()) & self._watched.keys() | also.keys()):
            changed = self._turned(name, touched, lifting[name]) if name in self._watched else {}
            for subject in also.get(name, ()):
                if subject not in changed:
                    changed[subject] = (self._judged(name, subject),) * 2
            yield name, changed

    def _turned(self, name: str, touched: Touched, lifting: Iterable[CoreRule]) -> dict[str, Change]:
        """Return what changes for a rule when permits begin or cease to lift it, and contracts start or end."""
        watched = self._watched[name]
        again = touched.names(watched.asks, watched.rule.subject.kind.family)
        if again is not None:
            again.update(each[0] for core in lifting for each, _ in self._bad(Ruling(self._evaluator, core)))
        if (watched.ruling is not None) != watched.rule.in_force(self._day):
            again = None
        return self._judge(watched, again)

    def _judged(self, name: str, subject: str) -> Judgement | None:
        """Judge one subject by a rule on the day."""
        rule, watched = self._rules.get(name), self._watched.get(name)
        if rule is None or rule.statement == "permit" or not rule.in_force(self._day):
            return None
        if watched is not None:
            return self._judgement(rule, subject, watched.found.get(subject))
        ruling = Ruling(self._evaluator, self._cores.of(rule, self._day))
        return self._judgement(rule, subject, self._sights(ruling, [subject]).get(subject))

    def _all_watched(self, policy: Policy) -> dict[str, _Watched]:
        dated = [rule for rules in self._dated.values() for rule in rules]
        names = {name for rule in dated for name in (rule.name, *rule.despite)}
        found = {}
        for rule in policy.rules:
            if rule.statement != "permit":
                asks = self._asked_by(rule)
                if asks.contracts or rule.name in names:
                    found[rule.name] = _Watched(rule, asks)
        return found

    def _asked_by(self, rule: Rule) -> Asks:
        """Return what a rule asks of contracts, including the permits that lift it on some day."""
        core, lifts = self._cores.of(rule, self._day), map(self._cores.lifts, self._cores.permits(rule))
        asks = Asks()
        for each in {id(part): part for part in (*core.scope, *core.requirement, *lifts)}.values():
            asked = self._days.asks(each.condition)
            asks = asks | asked if asked.contracts else asks
        return asks

    def _judge(self, watched: _Watched, names: Iterable[str] | None) -> dict[str, Change]:
        """Judge some subjects again, or all, and return what has changed."""
        rule, before = watched.rule, watched.found
        core = self._cores.of(rule, self._day)
        if not rule.in_force(self._day):
            watched.ruling, after = None, {}
        else:
            if watched.ruling is None or watched.ruling.core != core:
                watched.ruling = Ruling(self._evaluator, core)
            after = self._sights(watched.ruling, names)
        touched = sorted(before.keys() | after.keys() if names is None else names)
        changed = {
            each: (self._judgement(rule, each, before.get(each)), self._judgement(rule, each, after.get(each)))
            for each in touched
            if before.get(each) != after.get(each)
        }
        if names is None:
            watched.found = after
        else:
            for each in touched:
                before.pop(each, None)
            before.update(after)
        return changed

    def _sights(self, ruling: Ruling, names: Iterable[str] | None) -> dict[str, _Sight]:
        """Return the subjects, of some or of all, that a rule does not find compliant."""
        found = {}
        for subject, sight in self._bad(ruling, names):
            found[subject[0]] = self._alike.setdefault(sight, sight)
        return found

    def _bad(self, ruling: Ruling, names: Iterable[str] | None = None) -> Iterator[tuple[Subject, _Sight]]:
        if names is None:
            asked = subjects(self._graph, ruling.family)
        else:
            known = self._graph.estate.records(entity_of(ruling.family))
            asked = (named_subject(self._graph, ruling.family, name) for name in names if name in known)
        for subject in asked:
            worst = ruling.worst(subject)
            if worst:
                found = NonCompliant(ruling, subject, worst, max(each for each, _ in worst.values()), 0)
                yield subject, _Sight(found.verdict, verdict_alone(found).judged, open_permits(found))

    def _judgement(self, rule: Rule, subject: str, sight: _Sight | None) -> Judgement | None:
        if sight is None:
            return None
        kind = rule.subject.kind.family
        return Judgement(rule, kind, subject, sight.verdict, sight.judged, explained=False, permits=sight.permits)
