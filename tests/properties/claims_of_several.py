"""What lints claim about several rules together, with a check of each claim on a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from privacy_rules.analysis.queries import Questions
from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.lint.framework.covering import Covering
from privacy_rules.lint.framework.redundancy_claims import applies, by_family, within
from privacy_rules.manifest.model import Estate
from tests.properties.claims import Verdicts, found, scope_only, with_rule


@dataclass(frozen=True)
class Covered:
    """The claim that other rules find everything that a rule finds. With `changed`: everything that a part of it lets through.

    `changed` is the policy without this part.
    """

    lint: str
    policy: Policy
    rule: str
    others: tuple[str, ...]
    changed: Policy | None = None

    def fails(self, estate: Estate, day: date) -> bool:
        ours = found(self.policy, estate, day, self.rule)
        theirs = [found(self.policy, estate, day, each) for each in self.others]
        if self.changed is None:
            return any(_worst(theirs, subject) < verdict for subject, verdict in ours.items())
        without = found(self.changed, estate, day, self.rule)
        return any(
            verdict is Verdict.VIOLATION and subject not in ours and _worst(theirs, subject) is not Verdict.VIOLATION
            for subject, verdict in without.items()
        )


def _worst(verdicts: Sequence[Verdicts], subject: str) -> Verdict:
    return max(each.get(subject, Verdict.COMPLIANT) for each in verdicts)


def claims_of_several(policy: Policy) -> Iterator[Covered]:
    """All claims that the lints would make about a policy's rules."""
    policy = replace(policy, rules=tuple(replace(each, applies_from=None, applies_until=None) for each in policy.rules))
    ask = Questions(policy)
    permits = {each.name: [one for one in policy.rules if each.name in one.despite] for each in policy.rules}
    for rules in by_family(each for each in policy.rules if each.statement != "permit"):
        family = Covering.of(ask, policy, rules, permits)
        for rule in rules:
            if applies(ask, rule):
                yield from _of_rule(policy, family, rule, permits[rule.name])


def _of_rule(policy: Policy, family: Covering, rule: Rule, permits: list[Rule]) -> Iterator[Covered]:
    ask = family.ask
    by = family.implying(rule, [each for each in permits if within(rule, each)], lambda _: True)
    if by:
        yield Covered("subsumed-rule", policy, rule.name, _names(by))
    if rule.required or rule.alternatives:
        by = family.opposing(rule, permits)
        if by:
            yield Covered("contradicting-rules", policy, rule.name, _names(by), with_rule(policy, scope_only(rule)))
    for fewer in _fewer(rule):
        by = family.forbidding(rule, ask.verdict_of(fewer), ask.verdict_of(rule), lambda _: True)
        if by:
            yield Covered("forbidden-anyway", policy, rule.name, _names(by), with_rule(policy, fewer))
    for permit in permits:
        by = family.forbidding(rule, ask.verdict_of(rule), ask.verdict_of(rule, [permit]), lambda _: True)
        if by:
            left = replace(permit, despite=tuple(each for each in permit.despite if each != rule.name))
            yield Covered("forbidden-anyway", policy, rule.name, _names(by), with_rule(policy, left))


def _fewer(rule: Rule) -> Iterator[Rule]:
    if rule.unless is not None:
        yield replace(rule, unless=None)
    if len(rule.alternatives) > 1:
        for number in range(len(rule.alternatives)):
            yield replace(rule, alternatives=(*rule.alternatives[:number], *rule.alternatives[number + 1 :]))


def _names(rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(each.name for each in rules)


def unclaimed_of_several(policy: Policy) -> Iterator[Covered]:
    """The same claims about rules for which the lints do not make them: a manifest may refute some."""
    made = {(each.lint, each.rule) for each in claims_of_several(policy)}
    for rule in (each for each in policy.rules if each.statement != "permit"):
        others = tuple(
            each.name
            for each in policy.rules
            if each.statement != "permit" and each is not rule and each.subject.kind.family is rule.subject.kind.family
        )
        if others and ("subsumed-rule", rule.name) not in made:
            yield Covered("subsumed-rule", policy, rule.name, others)
        if others and ("contradicting-rules", rule.name) not in made:
            yield Covered("contradicting-rules", policy, rule.name, others, with_rule(policy, scope_only(rule)))
        for fewer in _fewer(rule) if others and ("forbidden-anyway", rule.name) not in made else ():
            yield Covered("forbidden-anyway", policy, rule.name, others, with_rule(policy, fewer))
