"""Finds rules that nothing can satisfy together, though each can be satisfied by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.analysis.implication_filter import Candidates
from privacy_rules.language.policy import Rule
from privacy_rules.lint.framework.implications import implications
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.rule_claims import at_odds, by_family, met
from privacy_rules.source.records import dataclass


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules: everything that complies with the first violates the other."""

    rule: Rule
    other: Rule


def conflicts(lint_input: LintInput) -> Iterator[Conflict]:
    """Yield the first conflict of each examined rule. If two rules conflict both ways, only the later one's is yielded.

    If one of two rules implies the other, they are left out; other lints report them.
    """
    implied = {(each.rule.name, each.other.name) for each in implications(lint_input)}
    found: dict[str, Conflict] = {}
    for family in by_family(each for each in lint_input.policy.rules if each.statement != "permit"):
        for each in _in_family(lint_input, family):
            if (each.rule.name, each.other.name) not in implied:
                found.setdefault(each.rule.name, each)
    order = {each.name: number for number, each in enumerate(lint_input.policy.rules)}
    for name, each in sorted(found.items(), key=lambda pair: order[pair[0]]):
        back = found.get(each.other.name)
        if back is None or back.other.name != name or order[each.other.name] < order[name]:
            yield each


def _in_family(lint_input: LintInput, family: Sequence[Rule]) -> Iterator[Conflict]:
    ask = lint_input.questions
    candidates = Candidates(
        lint_input.policy, ask.make, [ask.verdict_of(each, lint_input.permits_of(each)) for each in family]
    )
    looked_at = {rule.name for rule, _ in lint_input.rules}
    for number, rule in enumerate(family):
        if rule.name not in looked_at or not (rule.required or rule.alternatives):
            continue
        example = ask.example(met(ask, rule, lint_input.permits_of(rule)))
        for at in [] if example is None else candidates.of(example):
            lint_input.checkpoint()
            other = family[at]
            if at != number and at_odds(ask, rule, other, lint_input.permits_of(rule), lint_input.permits_of(other)):
                yield Conflict(rule, other)
