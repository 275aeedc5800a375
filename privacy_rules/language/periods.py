"""Find comparisons of `retention` that do not say which event the periods start with.

A place is the end and the entity that a name belongs to, so `recipient.retention` and `recipient.retention_from` have one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from privacy_rules.language.conditions import own_tests, references
from privacy_rules.language.policy import (
    Compares,
    ComparesFact,
    Condition,
    EndMatches,
    IsDeclared,
    IsTerm,
    Owner,
    Policy,
    Reference,
    Rule,
    Side,
)
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity
from privacy_rules.vocabulary.values import UNLIMITED

Place = tuple[Side, Owner]
_LENGTHS, _STARTS = (
    frozenset(BUILT_IN[entity, name] for entity in (Entity.SYSTEM, Entity.FLOW))
    for name in ("retention", "retention_from")
)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A comparison of `retention` in a rule, with the periods that it compares, by place."""

    condition: Compares | ComparesFact
    periods: Mapping[Place, Reference]


@dataclass(slots=True)
class _Said:
    """Tests of starts: the tested places, those whose start is one narrowest term, and the compared places."""

    places: set[Place] = field(default_factory=set)
    terms: set[tuple[Place, str]] = field(default_factory=set)
    pairs: set[frozenset[Place]] = field(default_factory=set)


def unsaid(policy: Policy, rule: Rule) -> Iterator[Unsaid]:
    """Yield the comparisons of `retention` in a rule that mix periods of any start.

    A rule says what a period starts with if it has any test of `retention_from` at the same place. In a rule with
    alternatives, each alternative must have such a test, or the rest of the rule must. Two periods have the same start
    if a test compares their starts, or if both are tested for the same term.
    """
    common = [*rule.subject.limits, *(each for each in (rule.when, rule.required, rule.unless) if each is not None)]
    yield from _unsaid_in(policy, common, [*common, *rule.alternatives])
    for each in rule.alternatives:
        yield from _unsaid_in(policy, [each], [*common, each])


def tells_starts_apart(rule: Rule) -> Condition | None:
    """Return the first test that depends on what a period starts with; None if the rule has none."""
    every = (*rule.subject.limits, rule.when, rule.required, rule.unless, *rule.alternatives)
    for _, test in _tests(each for each in every if each is not None):
        if not isinstance(test, IsDeclared) and any(each.attribute in _STARTS for each in references(test)):
            return test
    return None


def start_of(policy: Policy, period: Reference) -> Reference:
    """Return the name of what a period starts with."""
    attribute = policy.attributes[period.attribute.entity, "retention_from"]
    return Reference(period.side, period.owner, attribute, f"{period.text}_from")


def _unsaid_in(policy: Policy, parts: Iterable[Condition], around: Iterable[Condition]) -> Iterator[Unsaid]:
    said = None
    for side, test in _tests(parts):
        if isinstance(test, Compares | ComparesFact) and not (isinstance(test, Compares) and test.value == UNLIMITED):
            periods = {_place(side, each): each for each in references(test) if each.attribute in _LENGTHS}
            if periods and has_starts(policy):
                said = said or _said(policy, around)
                if not _is_said(periods.keys(), said):
                    yield Unsaid(test, periods)


def has_starts(policy: Policy) -> bool:
    """Return whether `retention_from` is the built-in attribute; an older policy may have one of its own."""
    return policy.attributes.get((Entity.SYSTEM, "retention_from")) in _STARTS


def _is_said(periods: Iterable[Place], said: _Said) -> bool:
    places = frozenset(periods)
    if len(places) == 1:
        return places <= said.places
    one, other = ({term for at, term in said.terms if at == place} for place in places)
    return places in said.pairs or not one.isdisjoint(other)


def _said(policy: Policy, parts: Iterable[Condition]) -> _Said:
    found = _Said()
    for side, test in _tests(parts):
        places = [_place(side, each) for each in references(test) if each.attribute in _STARTS]
        found.places.update(places)
        if len(places) == 2:
            found.pairs.add(frozenset(places))
        terms = test.terms if places and isinstance(test, IsTerm) else ()
        if len(terms) == 1 and policy.taxonomy("trigger").is_narrowest(terms[0]):
            found.terms.add((places[0], terms[0]))
    return found


def _tests(parts: Iterable[Condition]) -> Iterator[tuple[Side, Condition]]:
    """Yield the tests of a rule's own subject, each with the end that a selector asks about."""
    for part in parts:
        for test in own_tests(part):
            if isinstance(test, EndMatches):
                yield from ((test.side, each) for each in own_tests(test.selector))
            else:
                yield Side.SUBJECT, test


def _place(side: Side, reference: Reference) -> Place:
    owner = Owner.SYSTEM if reference.owner is Owner.ITEM else reference.owner
    return (side if reference.side is Side.SUBJECT else reference.side), owner
