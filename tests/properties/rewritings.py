"""Policies that say the same in other words: De Morgan, other orders, named conditions, split and renamed rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from privacy_rules.language.policy import All, AnyOf, Condition, Defined, Negation, Policy, Rule
from tests.properties.claims import NOWHERE, negated
from tests.properties.dice import Dice


def rewritten(condition: Condition, dice: Dice) -> Condition:
    """The condition, in other words."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            made = [rewritten(each, dice) for each in parts]
            made = made[::-1] if dice.chance(50) else made
            same, other = (All, AnyOf) if isinstance(condition, All) else (AnyOf, All)
            if parts and dice.chance(40):
                return negated(other(NOWHERE, "…", tuple(map(negated, made))))
            made = [*made, made[0]] if made and dice.chance(20) else made
            return same(NOWHERE, "…", tuple(made))
        case Negation(part=part):
            return Negation(NOWHERE, "…", rewritten(part, dice))
        case Defined(body=body) if dice.chance(50):
            return rewritten(body, dice)
        case _:
            return Defined(NOWHERE, "…", "named", condition) if dice.chance(20) else condition


def in_other_words(policy: Policy, dice: Dice) -> Policy:
    """The policy with every rule rewritten, some of them renamed, and the rules in another order."""
    rules = [_rewritten(rule, dice) for rule in policy.rules]
    new = {rule.name: f"{rule.name}_again" for rule in rules if rule.statement != "permit" and dice.chance(30)}
    rules = [
        replace(rule, name=new.get(rule.name, rule.name), despite=tuple(new.get(each, each) for each in rule.despite))
        for rule in rules
    ]
    return replace(policy, rules=tuple(rules[::-1] if dice.chance(50) else rules))


def _rewritten(rule: Rule, dice: Dice) -> Rule:
    def changed(condition: Condition | None) -> Condition | None:
        return None if condition is None else rewritten(condition, dice)

    rule = replace(rule, when=changed(rule.when), unless=changed(rule.unless), required=changed(rule.required))
    alternatives = [rewritten(each, dice) for each in rule.alternatives]
    if (
        rule.statement == "forbid" and rule.unless is None and dice.chance(30)
    ):  # to forbid it is to require what never is
        return replace(rule, statement="require", required=AnyOf(NOWHERE, "never", ()))
    return replace(rule, alternatives=tuple(alternatives[::-1] if dice.chance(50) else alternatives))


def splits(policy: Policy) -> Iterator[Policy]:
    """The policy with one rule as two, of which each has half of its subjects or of its demands."""
    for rule in policy.rules:
        if rule.statement == "permit" or any(rule.name in each.despite for each in policy.rules):
            continue
        for one, other in _halves(rule):
            rest = [each for each in policy.rules if each is not rule]
            yield replace(policy, rules=(*rest, replace(one, name="half_one"), replace(other, name="half_two")))


def _halves(rule: Rule) -> Iterator[tuple[Rule, Rule]]:
    if isinstance(rule.when, AnyOf) and len(rule.when.parts) > 1:
        first, *others = rule.when.parts
        yield replace(rule, when=first), replace(rule, when=AnyOf(NOWHERE, "…", tuple(others)))
    if isinstance(rule.required, All) and len(rule.required.parts) > 1:
        first, *others = rule.required.parts
        yield replace(rule, required=first), replace(rule, required=All(NOWHERE, "…", tuple(others)))
    if rule.when is None:
        limits = rule.subject.limits
        if limits:
            bare = replace(rule.subject, limits=limits[1:])
            yield replace(rule, subject=bare, when=limits[0]), rule
