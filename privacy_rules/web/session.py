"""A session of the explorer: manifests and a policy, read once, and the effect of changes. It writes nothing.

session = Session(inputs, terms)
judged = session.judge(Asked(changes=[{"remove": {"flow": "signup"}}]))       # raises InputError with all that is wrong
judged.report, judged.estate, judged.removed_along
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from privacy_rules import engine
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits
from privacy_rules.language.policy import Policy, Severity
from privacy_rules.manifest.model import Estate
from privacy_rules.repair.costs import Price, configured_costs
from privacy_rules.repair.offers import Repair, repair
from privacy_rules.repair.trial import Wanted
from privacy_rules.reports.forecast import Forecast
from privacy_rules.simulation.change_set import AsOf, Changes, changes_from_data, last_day
from privacy_rules.simulation.change_words import step_words
from privacy_rules.simulation.forecast import forecast
from privacy_rules.simulation.later import days_of_change
from privacy_rules.simulation.manifest_patch import patch_of
from privacy_rules.simulation.world import World
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, refuse, required
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.tracing.prose import Clause

_SEARCHING = 6.0
"""The seconds in which a repair is looked for."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which everything is judged, from the call and the configuration."""

    day: date | None = None
    day_from: str = "call"
    rules: Collection[str] | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    limits: Limits = USUAL_LIMITS
    costs: Mapping[str, Price] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change set, as plain data in the form of a change set, and the day to judge on (None: that of the session)."""

    changes: Sequence[Any] = ()
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A report, its estate, and, in words, what was removed along with something else."""

    report: Report
    estate: Estate
    removed_along: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """The policy and manifests explored. `clauses` are those of the prose that the policy names; `known` is a check that was done; `group_by`: how systems are grouped at first."""

    inputs: engine.Inputs
    terms: Terms = field(default_factory=Terms)
    clauses: Sequence[Clause] = ()
    known: Judged | None = None
    group_by: tuple[str, ...] = ()
    _last: list[tuple[str, Judged]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def policy(self) -> Policy:
        """The policy, with its own severities."""
        return self.inputs.policy

    @cached_property
    def start(self) -> Judged:
        """Judge without changes. Raises InputError if the policy does not fit the manifests."""
        return self.known or self._judged(self._present)

    def judge(self, asked: Asked) -> Judged:
        """Judge with the changes. Raises InputError if they have errors."""
        if not asked.changes and asked.day in (None, self.start.report.as_of):
            return self.start
        same = repr(asked)  # unlike `==`, it tells `1` from `true`
        if not self._last or self._last[0][0] != same:
            self._last[:] = [(same, self._judged(self._world(asked)))]
        return self._last[0][1]

    def explain(self, asked: Asked, rule: str, subject: str) -> tuple[Explanation, ...]:
        """Explain the verdict of a rule on a subject after the changes. Raises InputError if the rule does not judge it."""
        world = self._world(asked)
        inputs = engine.Inputs(world.policy, world.estate)
        return required(*engine.explain(inputs, rule, subject, day=world.day))

    def days(self, asked: Asked) -> tuple[date, ...]:
        """Return the days on which a verdict changes, with the changes made. Raises InputError if they have errors."""
        rules = None if self.terms.rules is None else frozenset(self.terms.rules)
        return days_of_change(self._world(Asked(asked.changes)), rules)

    def repair(self, asked: Asked, rule: str, subject: str) -> Repair:
        """Find changes that fix one finding without causing another.

        Raises InputError if the finding does not exist, or if the changes already made have errors.
        """
        world, report = self._world(asked), self.judge(asked).report
        if not any((each.rule, each.subject.id) == (rule, subject) for each in report.findings):
            message = f"rule `{rule}` has no finding about `{subject}`"
            raise InputError([Diagnostic(codes.USAGE, message, help="ask for a finding that `/check` lists")])
        others = tuple(each for each in report.findings if (each.rule, each.subject.id) != (rule, subject))
        wanted = Wanted(Threshold("undetermined", "note"), None, others)
        return repair(
            world.policy,
            world.estate,
            world.day,
            configured_costs(self.terms.costs),
            wanted,
            limit=3,
            seconds=_SEARCHING,
        )

    def forecast(self, asked: Asked) -> Forecast:
        """Return the days of the next year on which verdicts change. Raises InputError if the changes have errors."""
        world = self._world(asked)
        end = world.day + _YEAR if world.day < date.max - _YEAR else date.max
        return Forecast(forecast(world.policy, world.estate, world.day, end), world.day, end)

    def patch(self, asked: Asked) -> str:
        """Return the changes, including the day, as a patch to the manifests. Raises InputError if that is not possible."""
        changes = self._read(asked)
        changes += (AsOf(asked.day),) if asked.day and asked.day != last_day(changes) else ()
        return required(*patch_of(self.inputs, changes, map(step_words, changes)))

    @cached_property
    def _present(self) -> World:
        """The world without changes. Raises InputError."""
        policy, estate = self.policy.with_severities(self.terms.severities), self.inputs.estate
        world = World(policy, estate, self.terms.day or estate.as_of or engine.today())
        refuse(engine.unjudgeable(policy, world.graph, [*(self.terms.rules or ()), *self.terms.severities]))
        return world

    def _world(self, asked: Asked) -> World:
        """The world after the changes. Raises InputError."""
        return required(*self._present.after(self._read(asked), day=asked.day))

    def _read(self, asked: Asked) -> Changes:
        return required(*changes_from_data(asked.changes, self.policy))

    def _judged(self, world: World) -> Judged:
        terms, estate = self.terms, world.estate
        day_from = terms.day_from if terms.day else "manifest" if estate.as_of else "clock"
        report = engine.reported(
            self.inputs,
            world.graph,
            world.judged(terms.rules),
            world.day,
            day_from=day_from if world.day == self._present.day else "call",
            rules=terms.rules,
            limits=terms.limits,
        )
        return Judged(report, estate, world.removed_along)
