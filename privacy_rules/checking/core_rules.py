"""Translate every statement into one core form: *if SCOPE holds, REQUIREMENT must hold*. Only this module distinguishes statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from privacy_rules.checking.judgements import Part
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import All, Condition, Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectIs(Condition):
    """The condition that the subject is of the rule's kind: every flow is a `flow`, but not every flow is a `disclosure`."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Labelled:
    """A condition and its part in the rule."""

    part: Part
    condition: Condition
    text: str


@dataclass(frozen=True, slots=True)
class CoreRule:
    """SCOPE is the `and` of `scope`, REQUIREMENT the `or` of `requirement` (false if it is empty)."""

    rule: Rule
    scope: tuple[Labelled, ...]
    requirement: tuple[Labelled, ...]


class Cores:
    """The rules of a policy as cores on any day.

    Their parts are built once, so that an evaluator recognises them on another day.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._parts: dict[str, tuple[tuple[Labelled, ...], tuple[Labelled, ...]]] = {}
        self._lifts: dict[str, Labelled] = {}
        self._permits: dict[str, list[Rule]] = {}
        for rule in policy.rules:
            if rule.statement == "permit":
                for lifted in rule.despite:
                    self._permits.setdefault(lifted, []).append(rule)

    def on(self, day: date) -> Iterator[CoreRule]:
        """The rules in force on `day`, each with the permits that lift it."""
        return (self.of(rule, day) for rule in self._policy.rules if rule.statement != "permit" and rule.in_force(day))

    def of(self, rule: Rule, day: date) -> CoreRule:
        """A rule with the permits that lift it on `day`."""
        if rule.name not in self._parts:
            self._parts[rule.name] = scope_of(rule), requirement_of(rule)
        scope, requirement = self._parts[rule.name]
        permits = self.permits(rule)
        return CoreRule(rule, scope, (*requirement, *(self.lifts(each) for each in permits if each.in_force(day))))

    def permits(self, rule: Rule) -> Sequence[Rule]:
        """The permits that lift a rule, on whatever day."""
        return self._permits.get(rule.name, ())

    def lifts(self, permit: Rule) -> Labelled:
        """Return the condition that a permit adds to the requirement of the rules that it lifts."""
        if permit.name not in self._lifts:
            parts = tuple(labelled.condition for labelled in scope_of(permit))
            scope = All(permit.subject.span, permit.subject.text, parts)
            self._lifts[permit.name] = Labelled(Part.PERMIT, scope, permit.name)
        return self._lifts[permit.name]


def core_rules(policy: Policy, day: date) -> tuple[CoreRule, ...]:
    """The rules in force on `day`; permits are parts of the rules that they lift."""
    return tuple(Cores(policy).on(day))


def conditions(cores: Iterable[CoreRule]) -> Iterator[Condition]:
    """Yield every condition of the rules, each object once."""
    return walk(*(part.condition for core in cores for part in (*core.scope, *core.requirement)))


def scope_of(rule: Rule) -> tuple[Labelled, ...]:
    """The parts of a rule's scope: the subject's kind, its limits, the `when`."""
    subject = rule.subject
    parts = [Labelled(Part.SUBJECT, SubjectIs(subject.span, subject.kind.value, subject.kind), subject.kind.value)]
    parts += [Labelled(Part.LIMIT, limit, limit.text) for limit in subject.limits]
    if rule.when is not None:
        parts.append(Labelled(Part.WHEN, rule.when, rule.when.text))
    return tuple(parts)


def requirement_of(rule: Rule) -> tuple[Labelled, ...]:
    """The parts of a rule's own requirement, without the permits that lift the rule."""
    parts: list[Labelled] = []
    if rule.required is not None:
        parts.append(Labelled(Part.REQUIRED, rule.required, rule.required.text))
    parts += [Labelled(Part.ALTERNATIVE, each, each.text) for each in rule.alternatives]
    if rule.unless is not None:
        parts.append(Labelled(Part.EXCEPTION, rule.unless, rule.unless.text))
    return tuple(parts)
