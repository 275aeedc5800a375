"""What lints claim of rules, with what would have to be true of every manifest: two policies whose verdicts are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from privacy_rules.analysis.queries import Questions
from privacy_rules.checking.checker import judge
from privacy_rules.checking.logic import Verdict
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Condition,
    EndMatches,
    Negation,
    Policy,
    Reached,
    Rule,
    Side,
    UnderContract,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.lint.framework import redundancy_claims
from privacy_rules.lint.framework.condition_polarity import SignedCondition, inner, signed_conditions
from privacy_rules.manifest.model import Estate
from privacy_rules.source.span import Span
from tests.properties.dice import Dice

NOWHERE = Span("claims.privacy", 1, 1)
Verdicts = dict[str, Verdict]
"""The verdicts of one rule, by subject; one that is left out is compliant."""
Holds = Callable[[Verdicts, Verdicts], bool]


@dataclass(frozen=True)
class Claim:
    """That the verdicts of `rule` in one policy stand in a relation to those of `other` in another."""

    lint: str
    policy: Policy
    rule: str
    changed: Policy
    other: str
    holds: Holds

    def fails(self, estate: Estate, day: date) -> bool:
        return not self.holds(found(self.policy, estate, day, self.rule), found(self.changed, estate, day, self.other))


@dataclass(frozen=True)
class Odds(Claim):
    """That whatever the rule surely speaks of is found by it, or violates the other; `changed` has the rule's mere scope."""

    def fails(self, estate: Estate, day: date) -> bool:
        speaks = found(self.changed, estate, day, _scope_of(self.rule))
        finds, violates = (found(self.policy, estate, day, each) for each in (self.rule, self.other))
        return any(
            verdict is Verdict.VIOLATION and subject not in finds and violates.get(subject) is not Verdict.VIOLATION
            for subject, verdict in speaks.items()
        )


def found(policy: Policy, estate: Estate, day: date, rule: str) -> Verdicts:
    judged = judge(policy.on(day), FlowGraph.of(estate, policy.on(day)), day, rules=[rule])
    return {each.subject: each.verdict for each in judged.judgements if each.rule.name == rule}


def same(one: Verdicts, other: Verdicts) -> bool:
    return one == other


def no_violation(one: Verdicts, _: Verdicts) -> bool:
    return Verdict.VIOLATION not in one.values()


def no_worse(one: Verdicts, other: Verdicts) -> bool:
    return all(other.get(subject, Verdict.COMPLIANT) >= verdict for subject, verdict in one.items())


def open_where_the_other_finds(one: Verdicts, other: Verdicts) -> bool:
    """What the other surely speaks of, the one never lets pass."""
    return all(subject in one for subject, verdict in other.items() if verdict is Verdict.VIOLATION)


# ---- claims


def claims(policy: Policy) -> Iterator[Claim]:
    """Whatever the lints would claim of a policy's rules."""
    ask = Questions(policy)
    for rule in policy.rules:
        yield from _of_scope(ask, policy, rule)
        yield from _of_constants(ask, policy, rule)
        if rule.statement == "permit":
            yield from _of_permit(ask, policy, rule)
        else:
            yield from _of_rule(ask, policy, rule)


def _of_scope(ask: Questions, policy: Policy, rule: Rule) -> Iterator[Claim]:
    bare = with_rule(policy, replace(rule, statement="forbid", despite=(), unless=None, required=None, alternatives=()))
    if ask.never_true(ask.scope(rule)):
        yield Claim("never-applies", bare, rule.name, bare, rule.name, no_violation)
    if redundancy_claims.applies(ask, rule):
        for part in redundancy_claims.implied_parts(ask, rule):
            fewer = _without(rule, part)
            for one, other in ((rule, fewer), (scope_only(rule), scope_only(fewer))):
                if one.statement != "permit":
                    yield Claim(
                        "implied-condition",
                        with_rule(policy, one),
                        rule.name,
                        with_rule(policy, other),
                        rule.name,
                        same,
                    )


def _of_rule(ask: Questions, policy: Policy, rule: Rule) -> Iterator[Claim]:
    permits = [each for each in policy.rules if rule.name in each.despite]

    def claim(lint: str, other: Rule, holds: Holds) -> Claim:
        return Claim(lint, policy, rule.name, with_rule(policy, other), other.name, holds)

    dropped: list[int] = []
    for number in redundancy_claims.needless_alternatives(ask, rule):
        dropped.append(number)
        kept = tuple(each for at, each in enumerate(rule.alternatives) if at not in dropped)
        yield claim("needless-alternative", replace(rule, alternatives=kept), same)
    if redundancy_claims.lifts_all(ask, rule):
        yield claim("lifting-exception", rule, no_violation)
    if redundancy_claims.is_idle_exception(ask, rule):
        yield claim("idle-exception", replace(rule, unless=None), same)
    if redundancy_claims.cannot_fail(ask, rule):
        yield claim("cannot-fail", rule, no_violation)
    if redundancy_claims.cannot_be_met(ask, rule, permits):
        alone = replace(scope_only(rule), name=f"{rule.name}_scope")
        with_scope = replace(policy, rules=(*policy.rules, alone))
        yield Claim("cannot-be-met", policy, rule.name, with_scope, alone.name, open_where_the_other_finds)
    for other in policy.rules:
        if other is not rule and other.statement != "permit":
            others = [each for each in policy.rules if other.name in each.despite]
            if redundancy_claims.is_implied(ask, rule, other, permits, others):
                yield Claim("subsumed-rule", policy, rule.name, policy, other.name, no_worse)
            if redundancy_claims.at_odds(ask, rule, other, permits, others):
                yield _odds(policy, rule, other)


def _odds(policy: Policy, rule: Rule, other: Rule) -> Odds:
    """The claim on a day on which every rule and permit is in force."""
    rules = tuple(replace(each, applies_from=None, applies_until=None) for each in policy.rules)
    alone = replace(scope_only(rule), name=_scope_of(rule.name), applies_from=None, applies_until=None)
    always = replace(policy, rules=rules)
    with_scope = replace(policy, rules=(*rules, alone))
    return Odds("contradicting-rules", always, rule.name, with_scope, other.name, same)


def _scope_of(name: str) -> str:
    return f"{name}_scope"


def _of_permit(ask: Questions, policy: Policy, permit: Rule) -> Iterator[Claim]:
    for rule in filter(None, map(policy.rule, permit.despite)):
        fewer = replace(permit, despite=tuple(each for each in permit.despite if each != rule.name))
        if redundancy_claims.lifts_nothing(ask, permit, rule):
            yield Claim("idle-permit", policy, rule.name, with_rule(policy, fewer), rule.name, same)
        others = [each for each in policy.rules if each is not permit and rule.name in each.despite]
        if redundancy_claims.needless_beside(ask, permit, rule, others):
            yield Claim("subsumed-permit", policy, rule.name, with_rule(policy, fewer), rule.name, same)
        if redundancy_claims.permits_all(ask, permit, rule):
            always = with_rule(policy, replace(permit, applies_from=None, applies_until=None))
            yield Claim("lifting-permit", always, rule.name, always, rule.name, no_violation)


def _of_constants(ask: Questions, policy: Policy, rule: Rule) -> Iterator[Claim]:
    for part, wrap in _placed(rule):
        node = ask.of(part.condition, part.side)
        for lint, constant, condition in (
            ("always-false", ask.never_true(node), part.condition),
            ("always-true", ask.never_false(node), negated(part.condition)),
        ):
            if constant:
                when = wrap(condition)
                trial = replace(scope_only(rule), subject=replace(rule.subject, limits=()), when=when)
                trial = replace(trial, applies_from=None, applies_until=None)
                policy_ = with_rule(policy, trial)
                yield Claim(lint, policy_, rule.name, policy_, rule.name, no_violation)


def _placed(rule: Rule) -> Iterator[tuple[SignedCondition, Callable[[Condition], Condition]]]:
    """Each condition of a rule, with how it stands in a condition of the rule's own subject."""
    waiting: list[tuple[SignedCondition, Callable[[Condition], Condition]]] = [
        (each, lambda it: it) for each in signed_conditions(rule)
    ]
    while waiting:
        part, wrap = waiting.pop()
        yield part, wrap
        if not isinstance(part.condition, Reached):  # what stands in it is asked of other systems
            waiting += [(each, _wrapped(part.condition, wrap)) for each in inner(part)]


def _wrapped(outer: Condition, wrap: Callable[[Condition], Condition]) -> Callable[[Condition], Condition]:
    match outer:
        case EndMatches() as end:
            return lambda it: wrap(replace(end, selector=it))
        case UnderContract() as contract:
            return lambda it: wrap(replace(contract, terms=it))
        case CollectedWith() as collected:
            return lambda it: wrap(replace(collected, terms=it))
        case _:
            return wrap


# ---- what is not claimed


def unclaimed(policy: Policy) -> Iterator[Claim]:
    """The same of parts of which nothing is claimed: each may be wrong of some manifest."""
    made = {(each.lint, each.rule, each.other) for each in claims(policy)}
    for rule in policy.rules:
        permits = rule.statement == "permit"
        others = _permits_unclaimed(policy, rule) if permits else _rules_unclaimed(policy, rule)
        yield from (each for each in others if (each.lint, each.rule, each.other) not in made)


def _permits_unclaimed(policy: Policy, permit: Rule) -> Iterator[Claim]:
    for rule in filter(None, map(policy.rule, permit.despite)):
        fewer = replace(permit, despite=tuple(each for each in permit.despite if each != rule.name))
        yield Claim("idle-permit", policy, rule.name, with_rule(policy, fewer), rule.name, same)
        if any(each is not permit and rule.name in each.despite for each in policy.rules):
            yield Claim("subsumed-permit", policy, rule.name, with_rule(policy, fewer), rule.name, same)
        always = with_rule(policy, replace(permit, applies_from=None, applies_until=None))
        yield Claim("lifting-permit", always, rule.name, always, rule.name, no_violation)


def _rules_unclaimed(policy: Policy, rule: Rule) -> Iterator[Claim]:
    def claim(lint: str, other: Rule, holds: Holds) -> Claim:
        return Claim(lint, policy, rule.name, with_rule(policy, other), other.name, holds)

    yield claim("cannot-fail", rule, no_violation)
    if rule.unless is not None:
        yield claim("idle-exception", replace(rule, unless=None), same)
        yield claim("lifting-exception", rule, no_violation)
    if len(rule.alternatives) > 1:
        yield claim("needless-alternative", replace(rule, alternatives=rule.alternatives[1:]), same)
    for limit in rule.subject.limits:
        yield claim("implied-condition", _without(rule, limit), same)
    alone = replace(scope_only(rule), name=f"{rule.name}_scope")
    with_scope = replace(policy, rules=(*policy.rules, alone))
    yield Claim("cannot-be-met", policy, rule.name, with_scope, alone.name, open_where_the_other_finds)
    for other in policy.rules:
        if other is not rule and other.statement != "permit" and other.subject.kind.family is rule.subject.kind.family:
            yield Claim("subsumed-rule", policy, rule.name, policy, other.name, no_worse)
            yield _odds(policy, rule, other)


# ---- policies with one rule changed


def negated(condition: Condition) -> Condition:
    return Negation(NOWHERE, f"not {condition.text}", condition)


def with_rule(policy: Policy, rule: Rule) -> Policy:
    """The policy with the rule of that name in the place of the one it has."""
    rules = tuple(rule if each.name == rule.name else each for each in policy.rules)
    if rule.statement == "forbid":
        rules = tuple(
            each for each in rules if each.statement != "permit" or rule.name not in each.despite or not _bare(rule)
        )
    return replace(policy, rules=rules)


def _bare(rule: Rule) -> bool:
    """Whether it is a rule's mere scope, which no permit lifts."""
    return rule.title == _SCOPE


_SCOPE = "its scope"


def scope_only(rule: Rule) -> Rule:
    return replace(rule, statement="forbid", title=_SCOPE, despite=(), unless=None, required=None, alternatives=())


def _without(rule: Rule, part: Condition) -> Rule:
    limits = tuple(each for each in rule.subject.limits if each is not part)
    when = None if rule.when is None else _left(rule.when, part)
    alternatives = tuple(each if (left := _left(each, part)) is None else left for each in rule.alternatives)
    return replace(rule, subject=replace(rule.subject, limits=limits), when=when, alternatives=alternatives)


def _left(condition: Condition, part: Condition) -> Condition | None:
    if condition is part:
        return None
    if isinstance(condition, All):
        kept = [left for each in condition.parts if (left := _left(each, part)) is not None]
        return replace(condition, parts=tuple(kept)) if kept else None
    return condition


# ---- rules in which there is something to claim


def more_rules(policy: Policy, dice: Dice, count: int) -> Policy:
    """The policy with further rules, made of the conditions of its own: in new ones they often imply one another."""
    made: list[Rule] = []
    for number in range(count):
        base = dice.pick(policy.rules)
        pool = _conditions(policy.rules, base.subject.kind.family)
        made.append(_made(dice, base, pool, f"more_{number}", [*policy.rules, *made]))
    return replace(policy, rules=(*policy.rules, *made))


def _made(dice: Dice, base: Rule, pool: Sequence[Condition], name: str, known: Iterable[Rule]) -> Rule:
    kinds = [kind for kind in Kind if kind.family is base.subject.kind.family]
    limits = tuple(map(copied, dice.some(base.subject.limits, 0, 2))) if base.subject.limits else ()
    subject = replace(base.subject, kind=dice.pick([base.subject.kind, *kinds]), limits=limits)
    rule = replace(base, name=name, subject=subject, despite=(), required=None, alternatives=(), unless=None)
    rule = replace(rule, when=_formula(dice, pool) if dice.chance(70) else base.when)
    alike = [
        each.name
        for each in known
        if each.statement != "permit" and each.subject.kind.family is base.subject.kind.family
    ]
    match dice.below(4):
        case 0:
            required = _formula(dice, pool)
            return replace(rule, statement="require", required=required, unless=_maybe(dice, pool))
        case 1:
            alternatives = tuple(_formula(dice, pool) for _ in range(dice.between(1, 3)))
            return replace(rule, statement="allow", when=None, alternatives=alternatives)
        case 2 if alike:
            return replace(rule, statement="permit", despite=tuple(dice.some(alike, 1, 2)))
        case _:
            return replace(rule, statement="forbid", unless=_maybe(dice, pool))


def _maybe(dice: Dice, pool: Sequence[Condition]) -> Condition | None:
    return _formula(dice, pool) if dice.chance(50) else None


def _formula(dice: Dice, pool: Sequence[Condition], depth: int = 2) -> Condition:
    shape = dice.below(5) if depth else 0
    if not pool:
        return All(NOWHERE, "true", ())
    if shape < 2:
        return copied(dice.pick(pool))
    one = _formula(dice, pool, depth - 1)
    if shape == 2:
        return negated(one)
    other = _formula(dice, pool, depth - 1)
    whole = All if shape == 3 else AnyOf
    return whole(NOWHERE, f"({one.text} {whole.__name__} {other.text})", (one, other))


def copied(condition: Condition) -> Condition:
    """The condition as one of its own: no rule has one object at two places of its own."""
    match condition:
        case All() | AnyOf():
            return replace(condition, parts=tuple(map(copied, condition.parts)))
        case Negation():
            return replace(condition, part=copied(condition.part))
        case _:
            return replace(condition)


def _conditions(rules: Iterable[Rule], family: Kind) -> list[Condition]:
    """The conditions that stand by themselves in rules of a family, and what these are made of."""
    found: list[Condition] = []
    for rule in rules:
        if rule.subject.kind.family is family:
            for part in signed_conditions(rule):
                found.append(part.condition)
                found += [
                    each.condition
                    for each in inner(part)
                    if isinstance(part.condition, All | AnyOf | Negation) and each.side is Side.SUBJECT
                ]
    return found
