"""Follow the findings of one estate from day to day. After each step, only what a date can change is judged again.

days = DayByDay(policy, graph, date(2026, 11, 1), date(2027, 11, 1))
for rule, changes in days.go_to(date(2026, 12, 31)): ...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from datetime import date

from privacy_rules.checking.batch_verdicts import Classes
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import Cores, conditions
from privacy_rules.checking.evaluator_on_day import Asks, Days, Touched
from privacy_rules.checking.outcomes import Outcome, Pairing, SubjectResult, result_of
from privacy_rules.checking.repeated_work import RepeatedWork
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Rule, UnderContract
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.simulation.today_comparisons import days_of_change
from privacy_rules.simulation.vocabulary_days import turning, vocabularies_of
from privacy_rules.source.fast_dataclasses import dataclass

Change = tuple[SubjectResult | None, SubjectResult | None]
"""What a rule finds of a subject before and after a step. None: it is compliant, or the rule is not in force."""
MOST_AGAIN, OF_EACH = 250_000, 20
"""How many subjects may be judged again on all days, and how many more for each entity of the estate."""
_ALIKE, _LINKS = 50, 20
"""Of subjects that are judged class by class, and of parties and contracts in the chains of a rule, so many count as one."""
_OF_TODAY = 4
"""A rule that compares with today counts so many times, because it is prepared again on each day."""
_MOST_ALONE = 100
"""Up to this many subjects of a rule are judged again one by one; of more, class by class."""


@dataclass(slots=True)
class _Watched:
    """A rule that a date can affect, and its findings: those of `outcome`, replaced by `since` for some subjects."""

    rule: Rule
    asks: Asks
    ruling: Ruling | None = None
    outcome: Outcome | None = None
    since: dict[str, SubjectResult | None] = field(default_factory=dict)

    def result(self, subject: str) -> SubjectResult | None:
        """Return the rule's result for a subject."""
        if subject in self.since:
            return self.since[subject]
        return self.outcome.result_on(subject) if self.outcome else None


class DayByDay:
    """The findings from `day` on. Rules that no date up to `until` can affect are not judged."""

    def __init__(self, policy: Policy, graph: FlowGraph, day: date, until: date) -> None:
        self._graph, self._day = graph, day
        self._evaluator = Evaluator(policy.on(day), graph, day)
        self._days, self._cores = Days(self._evaluator), Cores(policy)
        self._again = RepeatedWork(
            "the days of the forecast", MOST_AGAIN + OF_EACH * graph.estate.size, "ask for fewer with `--until`"
        )
        self._turning = {each: names for each, names in turning(policy).items() if day < each <= until}
        self._rules = {rule.name: rule for rule in policy.rules}
        self._classes: dict[Kind, Classes] = {}
        self._policy = policy
        self._of_today: tuple[Evaluator, dict[Kind, Classes]] | None = None
        self._dated: dict[date, list[Rule]] = defaultdict(list)
        for rule in policy.rules:
            for each in (rule.applies_from, rule.applies_until):
                if each and day < each <= until:
                    self._dated[each].append(rule)
        self._watched = self._all_watched(policy)
        self._always = {name for name, each in self._watched.items() if each.asks.today and each.asks.contracts}
        self._chains = self._expect_chains()
        self._asking: dict[int, list[str]] = defaultdict(list)
        for name, watched in self._watched.items():
            for test in watched.asks.contracts:
                self._asking[test].append(name)
            self._judge(watched)
        self._days_of_change: dict[date, set[str]] = defaultdict(set)
        for name, watched in self._watched.items():
            for asked in watched.asks.today:
                for change in days_of_change(policy, graph.estate, asked):
                    self._days_of_change[change.day].add(name)

    def go_to(self, day: date, also: Mapping[str, Collection[str]]) -> Iterator[tuple[Rule, Mapping[str, Change]]]:
        """Move to the next day on which something happens. Yield what changes for each rule, in the order of names.

        `also`: the subjects of a rule that are included even if they do not change.
        """
        dated = self._dated.get(day, [])
        lifted = {name for permit in dated for name in permit.despite}
        self._day = day
        if day in self._turning:
            yield from self._turned(also)
            return
        estate = self._graph.estate
        self._again.take(self._chains * (len(estate.contracts) + len(estate.parties)) // _LINKS)
        touched = self._days.move_to(day)
        names = {rule.name for rule in dated} | {name for test in touched.parties for name in self._asking[test]}
        names |= self._days_of_change.get(day, set())
        names |= self._always
        for name in sorted((names | lifted) & self._watched.keys() | also.keys() & self._rules.keys()):
            changed = self._changes_of(self._watched[name], touched, name in lifted) if name in self._watched else {}
            yield self._rules[name], self._including(name, changed, also)

    def _expect_chains(self) -> int:
        """Announce the tests on chains of contracts, so that they are worked out together, and return how many there are."""
        cores = (self._cores.of(each.rule, self._day) for each in self._watched.values())
        chains = [each for each in conditions(cores) if isinstance(each, UnderContract) and each.chain]
        self._evaluator.contract_tests.expect(chains)
        return len(chains)

    def _including(
        self, name: str, changed: dict[str, Change], also: Mapping[str, Collection[str]]
    ) -> dict[str, Change]:
        for subject in also.get(name, ()):
            if subject not in changed:
                changed[subject] = (self._judged(name, subject),) * 2
        return changed

    def _turned(self, also: Mapping[str, Collection[str]]) -> Iterator[tuple[Rule, Mapping[str, Change]]]:
        """Change to the vocabularies of the day, and judge every watched rule again."""
        policy = self._policy.on(self._day)
        self._graph = self._graph.under(policy)
        self._evaluator = Evaluator(policy, self._graph, self._day)
        self._days, self._classes, self._of_today = Days(self._evaluator), {}, None
        self._expect_chains()
        changes = {}
        for name, watched in self._watched.items():
            watched.ruling, watched.asks = None, self._asked_by(watched.rule)
            changes[name] = self._judge_all(watched)
        for name in sorted(changes.keys() | (also.keys() & self._rules.keys())):
            yield self._rules[name], self._including(name, changes.get(name, {}), also)

    def _changes_of(self, watched: _Watched, touched: Touched, lifted: bool) -> dict[str, Change]:
        """Return what changes for a rule; `lifted`: a permit begins or ceases to lift it."""
        if watched.asks.today:
            return self._judge_all(watched)
        again = touched.names(watched.asks, watched.rule.subject.kind.family)
        alike = not lifted and (watched.outcome is not None) == watched.rule.in_force(self._day)
        if again is None or not alike or len(again) > _MOST_ALONE:
            return self._judge_all(watched)
        changed: dict[str, Change] = {}
        if watched.outcome is None or watched.ruling is None:
            return changed
        self._again.take(len(again))
        for subject in again:
            was, now = watched.result(subject), self._result(watched.ruling, subject)
            watched.since[subject] = now
            if was != now:
                changed[subject] = was, now
        return changed

    def _judging(self, watched: _Watched) -> tuple[Evaluator, dict[Kind, Classes]]:
        """Return the evaluator for a rule with its classes; for one day only, if the rule compares with today."""
        if not watched.asks.today:
            return self._evaluator, self._classes
        if self._of_today is None or self._of_today[0].day != self._day:
            self._of_today = Evaluator(self._policy.on(self._day), self._graph, self._day), {}
        return self._of_today

    def _judge_all(self, watched: _Watched) -> dict[str, Change]:
        """Judge all subjects, class by class, and return what changes."""
        before, since, now = watched.outcome, watched.since, self._judge(watched)
        if not (before or now):
            return {}
        pairing = Pairing(before, now)
        results = {pair: (_at(before, pair[0]), _at(now, pair[1])) for pair in pairing.sizes}
        if since:
            every = ((name, (since.get(name, results[pair][0]), results[pair][1])) for name, pair in pairing.named)
            return {name: change for name, change in every if change[0] != change[1]}
        differing = {pair for pair, (was, after) in results.items() if was != after}
        return {name: results[pair] for name, pair in pairing.named if pair in differing} if differing else {}

    def _judge(self, watched: _Watched) -> Outcome | None:
        """Judge all subjects, class by class."""
        now = None
        if watched.rule.in_force(self._day):
            evaluator, made = self._judging(watched)
            core = self._cores.of(watched.rule, self._day)
            if watched.ruling is None or watched.ruling.core != core or watched.asks.today:
                watched.ruling = Ruling(evaluator, core)
            family = watched.ruling.family
            if family not in made:
                made[family] = Classes(evaluator, family)
            self._again.take((_OF_TODAY if watched.asks.today else 1) * (len(made[family].subjects) // _ALIKE + 1))
            now = Outcome(watched.ruling, made[family])
            now.settle()
        watched.outcome, watched.since = now, {}
        return now

    def _judged(self, name: str, subject: str) -> SubjectResult | None:
        """Judge one subject by a rule on the day."""
        rule, watched = self._rules.get(name), self._watched.get(name)
        if rule is None or rule.statement == "permit" or not rule.in_force(self._day):
            return None
        if watched is not None:
            return watched.result(subject)
        return self._result(Ruling(self._evaluator, self._cores.of(rule, self._day)), subject)

    def _result(self, ruling: Ruling, subject: str) -> SubjectResult | None:
        known = self._graph.estate.records(entity_of(ruling.family))
        return result_of(ruling, named_subject(self._graph, ruling.family, subject)) if subject in known else None

    def _all_watched(self, policy: Policy) -> dict[str, _Watched]:
        dated = [rule for rules in self._dated.values() for rule in rules]
        names = {name for rule in dated for name in (rule.name, *rule.despite)}
        vocabularies = set().union(*self._turning.values())
        found = {}
        for rule in policy.rules:
            if rule.statement != "permit":
                asks = self._asked_by(rule)
                turned = any(vocabularies_of(each) & vocabularies for each in (rule, *self._cores.permits(rule)))
                if asks or rule.name in names or turned:
                    found[rule.name] = _Watched(rule, asks)
        return found

    def _asked_by(self, rule: Rule) -> Asks:
        """Return the tests of a rule that depend on the day, including those of permits that lift it on some day."""
        core, lifts = self._cores.of(rule, self._day), map(self._cores.lifts, self._cores.permits(rule))
        asks = Asks()
        for each in {id(part): part for part in (*core.scope, *core.requirement, *lifts)}.values():
            asked = self._days.asks(each.condition)
            asks = asks | asked if asked else asks
        return asks


def _at(outcome: Outcome | None, number: int | None) -> SubjectResult | None:
    return outcome.result(number) if outcome else None
