"""Compare a scenario with the present: which findings come, go, change and stay, and which changes cause that.

answer, wrong = Simulation(World(policy, estate, day)).run(scenario)
for each in answer.in_way("comes"): print(each.change.words, each.why, each.brought_by)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from privacy_rules.checking.decisive_tests import deciding
from privacy_rules.checking.judgements import Explained
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.rule_subjects import Explanations
from privacy_rules.checking.subjects import entity_of
from privacy_rules.findings.comparison import is_new
from privacy_rules.findings.threshold import Threshold
from privacy_rules.simulation.attribution import Attribution
from privacy_rules.simulation.finding_delta import Delta, FindingChange, Key, delta
from privacy_rules.simulation.later import Forecasts, Later, later
from privacy_rules.simulation.scenario import Scenario, Trial
from privacy_rules.simulation.world import Diagnostics, World
from privacy_rules.source.fast_dataclasses import dataclass

MOST_DESCRIBED = 10_000
"""How many changed findings are described for all scenarios of a call; the others are only counted."""
MOST_STAYING = 50_000
"""How many findings that stay are listed for all scenarios of a call."""
MOST_NAMED = 200_000
"""How many steps may be named as causes for one scenario: each finding may have all of them."""
MOST_RECORDS, OF_EACH = 120_000, 25
"""The worlds of all scenarios may have this many records in all, and this many times those of the estate."""


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """A changed finding, with its reasons.

    `because` are the tests that decide after the changes; `gone` says why there is nothing left to test. `brought_by`
    has the steps that cause the change; `proved`: none of them can be left out.
    """

    change: FindingChange
    because: tuple[Explained, ...]
    gone: str | None
    brought_by: tuple[str, ...]
    proved: bool


class Simulation:
    """The present world, with which scenarios are compared.

    Subjects that a scenario cannot affect are judged only once.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._left, self._staying_left = MOST_DESCRIBED, MOST_STAYING
        self._forecasts: Forecasts = {}

    @property
    def most_scenarios(self) -> int:
        """How many scenarios one call may compare: fewer, the larger the estate is."""
        return MOST_RECORDS // max(self.world.estate.size, 1) + OF_EACH

    def run(self, scenario: Scenario) -> tuple[Answer | None, Diagnostics]:
        """Compare a scenario with the present; None if the changes cannot be made."""
        trial = Trial(self.world, scenario)
        world, wrong = trial.world(trial.all)
        if world is None:
            return None, wrong
        most = min(self._left, MOST_NAMED // max(len(scenario.steps), 1))
        found = delta(self.world, world, most=most, staying=self._staying_left)
        self._left -= len(found.changed)
        self._staying_left -= len(found.stays)
        return Answer(trial, world, found, self._forecasts), ()


class Answer:
    """What a scenario changes. Changed findings are described when they are asked for, and each once."""

    def __init__(self, trial: Trial, world: World, found: Delta, forecasts: Forecasts) -> None:
        self.scenario: Scenario = trial.scenario
        self.present, self.world, self.delta = trial.base, world, found
        self._forecasts = forecasts
        self._causes = Attribution(trial)
        self._explanations = Explanations(world.policy, world.graph, world.day, world.evaluator)
        self._described: dict[Key, ExplainedChange] = {}

    @cached_property
    def later(self) -> Later:
        """Return the later days on which the changes make a difference."""
        return later(self.present, self.world, self._forecasts)

    def adds_failure(self, threshold: Threshold) -> bool:
        """Return whether a finding that would fail a check is new, or gains a datum or purpose. Findings that are only counted are assumed to fail."""
        if any(self.delta.omitted.get(way) for way in ("comes", "changes")):
            return True
        found = (each.change for each in self.in_way("comes", "changes"))
        return any(each.after and threshold.fails(each.after) and is_new(each.after, each.before) for each in found)

    def in_way(self, *ways: str) -> Iterator[ExplainedChange]:
        """Yield the findings that change in some ways (`comes`, `goes`, `changes`), one way after the other."""
        return (self._explained_change(key) for wanted in ways for way, key in self.delta.changed if way == wanted)

    def by_rule(self) -> Iterator[tuple[str, list[ExplainedChange]]]:
        """Yield the changed findings of each rule."""
        for rule, keys in groupby((key for _, key in self.delta.changed), key=itemgetter(0)):
            yield rule, [self._explained_change(key) for key in keys]

    def _explained_change(self, key: Key) -> ExplainedChange:
        if key not in self._described:
            self._described[key] = self._describe(key)
        return self._described[key]

    def _describe(self, key: Key) -> ExplainedChange:
        rule, subject = key
        before, after = (each.finding(rule, subject.kind, subject.id) for each in (self.present, self.world))
        change = FindingChange(rule, subject, before, after)
        part, proved = self._causes.cause(change)
        steps = tuple(self.scenario.steps[number] for number in sorted(part))
        if after is not None:
            return ExplainedChange(change, after.because, None, steps, proved)
        gone = _gone(change, self.world)
        because = () if gone else tuple(dict.fromkeys(_grounds(change, self._explanations)))
        return ExplainedChange(change, because, gone, steps, proved)


def _gone(change: FindingChange, world: World) -> str | None:
    """Say why the subject is no longer judged."""
    subject, rule = change.subject, world.policy.rule(change.rule)
    if subject.id not in world.estate.records(entity_of(subject.kind.family)):
        return f"there is no {entity_of(subject.kind.family)} `{subject.id}` any more"
    if rule is None:
        return f"the policy has no rule `{change.rule}` any more"
    return None if rule.in_force(world.day) else f"rule `{change.rule}` is not in force on {world.day}"


def _grounds(change: FindingChange, explanations: Explanations) -> Iterator[Explained]:
    """The tests because of which the subject passes now: of the pairs that failed before, else of all."""
    assert change.before is not None
    bad = {pair.key for pair in change.before.judged}
    found = explanations.of(change.rule, change.subject.id)
    same = [each for each in found if each.judged.key in bad]
    for each in same or found:
        if each.verdict is Verdict.COMPLIANT:
            yield from deciding(each.scope if each.scope.value is Truth.FALSE else each.requirement)
