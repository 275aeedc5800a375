"""A session of the explorer: manifests and a policy, read once, and the effect of changes. It writes nothing.

session = Session(inputs, terms)
judged = session.judge(Asked(changes=[{"remove": {"flow": "signup"}}]))       # raises InputError with all that is wrong
judged.report, judged.estate, judged.removed_along
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from privacy_rules import engine
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.report import Report
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits
from privacy_rules.language.policy import Policy, Severity
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import AsOf, Changes, changes_from_data
from privacy_rules.simulation.change_words import step_words
from privacy_rules.simulation.overlay import Outcome, apply
from privacy_rules.simulation.patching import patched
from privacy_rules.simulation.recheck import Rejudging
from privacy_rules.source.diagnostic import InputError
from privacy_rules.tracing.prose import Clause


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms everything is judged: what the call and the configuration say."""

    day: date | None = None
    day_from: str = "call"
    rules: Collection[str] | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    limits: Limits = USUAL_LIMITS


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
    """The policy and manifests explored. `clauses` are those of the prose that the policy names; `known` is a check that was done."""

    inputs: engine.Inputs
    terms: Terms = field(default_factory=Terms)
    clauses: Sequence[Clause] = ()
    known: Judged | None = None
    _judging: Rejudging = field(default_factory=Rejudging, init=False, repr=False, compare=False)
    _last: list[tuple[str, Judged]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def policy(self) -> Policy:
        """The policy, with its own severities."""
        return self.inputs.policy

    @cached_property
    def start(self) -> Judged:
        """Judge without changes. Raises InputError if the policy does not fit the manifests."""
        return self.known or self._judged(Outcome(self.inputs.estate), self.terms.day)

    def judge(self, asked: Asked) -> Judged:
        """Judge with the changes. Raises InputError if they have errors."""
        if not asked.changes and asked.day in (None, self.start.report.as_of):
            return self.start
        same = repr(asked)  # unlike `==`, it tells `1` from `true`
        if not self._last or self._last[0][0] != same:
            outcome, day = self._changed(asked)
            self._last[:] = [(same, self._judged(outcome, day))]
        return self._last[0][1]

    def explain(self, asked: Asked, rule: str, subject: str) -> tuple[Explanation, ...]:
        """Explain the verdict of a rule on a subject after the changes. Raises InputError if the rule does not judge it."""
        outcome, day = self._changed(asked)
        inputs = engine.Inputs(self.policy.with_severities(self.terms.severities), outcome.estate)
        found, wrong = engine.explain(inputs, rule, subject, day=day)
        if found is None:
            raise InputError(wrong)
        return found

    def patch(self, asked: Asked) -> str:
        """Return the changes, including the day, as a patch to the manifests. Raises InputError if that is not possible."""
        changes = self._read(asked)
        changes += (AsOf(asked.day),) if asked.day and asked.day != _last_day(changes) else ()
        outcome, wrong = apply(self.inputs.estate, self.policy, changes)
        if outcome is None:
            raise InputError(wrong)
        assert self.inputs.documents is not None  # a session that is explored keeps them
        made, wrong = patched(self.inputs.documents, self.policy, self.inputs.estate, outcome.estate)
        if made is None:
            raise InputError(wrong)
        return made.text([*map(step_words, changes), *(f"also removed: {each}" for each in outcome.removed_along)])

    def _read(self, asked: Asked) -> Changes:
        changes, wrong = changes_from_data(asked.changes, self.policy)
        if changes is None:
            raise InputError(wrong)
        return changes

    def _changed(self, asked: Asked) -> tuple[Outcome, date | None]:
        changes = self._read(asked)
        outcome, wrong = apply(self.inputs.estate, self.policy, changes)
        if outcome is None:
            raise InputError(wrong)
        return outcome, asked.day or _last_day(changes) or self.terms.day

    def _judged(self, outcome: Outcome, day: date | None) -> Judged:
        given = self.terms.day_from if day == self.terms.day else "call"
        inputs = engine.Inputs(self.policy, outcome.estate, self.inputs.warnings)
        found, wrong = engine.check(
            inputs,
            day=day,
            day_from=given,
            rules=self.terms.rules,
            severities=self.terms.severities,
            limits=self.terms.limits,
            judging=self._judging,
        )
        if found is None:
            raise InputError(wrong)
        return Judged(found, outcome.estate, outcome.removed_along)


def _last_day(changes: Changes) -> date | None:
    return next((each.day for each in reversed(changes) if isinstance(each, AsOf)), None)
