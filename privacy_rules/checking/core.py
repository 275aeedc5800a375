"""The one core: every statement as *wherever SCOPE holds, REQUIREMENT must hold*. Nowhere else are statements told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from privacy_rules.checking.judgement import Part
from privacy_rules.language.policy import All, Condition, Kind, Policy, Rule


@dataclass(frozen=True, slots=True)
class SubjectIs(Condition):
    """That what is judged is of the rule's kind: every flow is a `flow`, not every flow a `disclosure`."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Labelled:
    """A condition and the part that it plays in its rule."""

    part: Part
    condition: Condition
    text: str


@dataclass(frozen=True, slots=True)
class CoreRule:
    """SCOPE is the `and` of `scope`, REQUIREMENT the `or` of `requirement` (false where it is empty)."""

    rule: Rule
    scope: tuple[Labelled, ...]
    requirement: tuple[Labelled, ...]


def core_rules(policy: Policy, day: date) -> tuple[CoreRule, ...]:
    """The rules in force on `day`, permits worked into the rules that they lift."""
    in_force = [rule for rule in policy.rules if rule.in_force(day)]
    permits: dict[str, list[Labelled]] = {}
    for rule in in_force:
        if rule.statement == "permit":
            lifts = Labelled(Part.PERMIT, _scope_of(rule), rule.name)
            for lifted in rule.despite:
                permits.setdefault(lifted, []).append(lifts)
    return tuple(
        CoreRule(rule, _scope(rule), (*_requirement(rule), *permits.get(rule.name, ())))
        for rule in in_force
        if rule.statement != "permit"
    )


def _scope(rule: Rule) -> tuple[Labelled, ...]:
    subject = rule.subject
    parts = [Labelled(Part.SUBJECT, SubjectIs(subject.span, subject.kind.value, subject.kind), subject.kind.value)]
    parts += [Labelled(Part.LIMIT, limit, limit.text) for limit in subject.limits]
    if rule.when is not None:
        parts.append(Labelled(Part.WHEN, rule.when, rule.when.text))
    return tuple(parts)


def _scope_of(rule: Rule) -> Condition:
    parts = tuple(labelled.condition for labelled in _scope(rule))
    return All(rule.subject.span, rule.subject.text, parts)


def _requirement(rule: Rule) -> list[Labelled]:
    parts: list[Labelled] = []
    if rule.required is not None:
        parts.append(Labelled(Part.REQUIRED, rule.required, rule.required.text))
    parts += [Labelled(Part.ALTERNATIVE, each, each.text) for each in rule.alternatives]
    if rule.unless is not None:
        parts.append(Labelled(Part.EXCEPTION, rule.unless, rule.unless.text))
    return parts
