"""Compare a scenario with the present: which findings come, go, change and stay, why, and which changes cause that.

answer, wrong = weigh(Ground(World(policy, estate, day)), scenario)
for each in answer.turned: print(each.turn.words, each.why, each.brought_by)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from privacy_rules.checking.explanations import deciding
from privacy_rules.checking.judgements import Explained
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.rule_subjects import Explanations
from privacy_rules.checking.subjects import entity_of
from privacy_rules.findings.report import Report
from privacy_rules.simulation.attribution import causes
from privacy_rules.simulation.finding_delta import Key, Turn, by_key, essence, turns
from privacy_rules.simulation.scenario import Diagnostics, Ground, Part, Scenario, Trial, World


@dataclass(frozen=True, slots=True)
class Turned:
    """A changed finding, with its reasons.

    `because` are the tests that decide after the changes; `gone` says why there is nothing left to test.
    `brought_by` are the steps that cause it; `proved`: none of them can be left out.
    """

    turn: Turn
    because: tuple[Explained, ...]
    gone: str | None
    brought_by: tuple[str, ...]
    proved: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The findings before and after a scenario. `stays` are those that are the same on both sides."""

    scenario: Scenario
    before: Report
    after: Report
    turned: tuple[Turned, ...]
    stays: tuple[Key, ...]
    went: tuple[str, ...] = ()

    def in_way(self, way: str) -> list[Turned]:
        """The findings of one `way`: `comes`, `goes` or `changes`."""
        return [each for each in self.turned if each.turn.way == way]


def weigh(ground: Ground, scenario: Scenario) -> tuple[Answer | None, Diagnostics]:
    """Compare a scenario with the present; None if the changes cannot be made."""
    trial = Trial(ground.world, scenario)
    world, wrong = trial.world(trial.all)
    if world is None:
        return None, wrong
    before, after = ground.report, ground.report_on(world)
    was, now = by_key(before), by_key(after)
    found = tuple(turns(was, now))
    brought = causes(ground, trial, found)
    explanations = Explanations(world.policy, world.graph, world.day)
    turned = tuple(_turned(each, brought[each.key], scenario, world, explanations) for each in found)
    stays = tuple(sorted(key for key in was.keys() & now.keys() if essence(was[key]) == essence(now[key])))
    return Answer(scenario, before, after, turned, stays, world.went), ()


def _turned(
    turn: Turn, cause: tuple[Part, bool], scenario: Scenario, world: World, explanations: Explanations
) -> Turned:
    part, proved = cause
    steps = tuple(scenario.steps[number] for number in sorted(part))
    if turn.after is not None:
        return Turned(turn, turn.after.because, None, steps, proved)
    gone = _gone(turn, world)
    because = () if gone else tuple(dict.fromkeys(_grounds(turn, explanations)))
    return Turned(turn, because, gone, steps, proved)


def _gone(turn: Turn, world: World) -> str | None:
    """Say why nothing is judged any more."""
    subject, rule = turn.subject, world.policy.rule(turn.rule)
    if subject.id not in world.estate.records(entity_of(subject.kind.family)):
        return f"there is no {entity_of(subject.kind.family)} `{subject.id}` any more"
    if rule is None:
        return f"the policy has no rule `{turn.rule}` any more"
    return None if rule.in_force(world.day) else f"rule `{turn.rule}` is not in force on {world.day}"


def _grounds(turn: Turn, explanations: Explanations) -> Iterator[Explained]:
    """The tests by which the finding passes now: of the pairs that failed before, else of all."""
    assert turn.before is not None
    bad = {pair.key for pair in turn.before.judged}
    found = explanations.of(turn.rule, turn.subject.id)
    same = [each for each in found if each.judged.key in bad]
    for each in same or found:
        if each.verdict is Verdict.COMPLIANT:
            yield from deciding(each.scope if each.scope.value is Truth.FALSE else each.requirement)
