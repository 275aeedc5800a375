"""Finds rules that nothing can satisfy together, though each can be satisfied by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from weakref import WeakKeyDictionary

from privacy_rules.checking.logic import TRUE
from privacy_rules.language.policy import Rule
from privacy_rules.lint.framework.implications import implications
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import at_odds, met
from privacy_rules.source.fast_dataclasses import dataclass

_KNOWN: WeakKeyDictionary[LintInput, list[Conflict]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule, and others such that whatever complies with it violates one of them."""

    rule: Rule
    others: tuple[Rule, ...]


def conflicts(lint_input: LintInput) -> list[Conflict]:
    """Return the first conflict of each examined rule. If two rules conflict both ways, only that of the later rule is returned.

    If one of two rules implies the other, they are left out; other lints report them.
    """
    lint_input.proving = True
    if lint_input not in _KNOWN:
        _KNOWN[lint_input] = list(_conflicts(lint_input))
    return _KNOWN[lint_input]


def _conflicts(lint_input: LintInput) -> Iterator[Conflict]:
    implied = {(each.rule.name, other.name) for each in implications(lint_input) for other in each.others}
    found: dict[str, Conflict] = {}
    for rule, _ in lint_input.rules:
        if rule.required or rule.alternatives:
            conflict = _with_one(lint_input, rule, implied) or _with_several(lint_input, rule)
            if conflict is not None and not any((rule.name, other.name) in implied for other in conflict.others):
                found[rule.name] = conflict
    order = {each.name: number for number, each in enumerate(lint_input.policy.rules)}
    for name, each in sorted(found.items(), key=lambda pair: order[pair[0]]):
        back = [found.get(other.name) for other in each.others]
        both = (other is not None and any(one.name == name for one in other.others) for other in back)
        if not all(both) or all(order[other.name] < order[name] for other in each.others):
            yield each


def _with_one(lint_input: LintInput, rule: Rule, implied: Collection[tuple[str, str]]) -> Conflict | None:
    ask, family = lint_input.questions, lint_input.coverings[rule.subject.kind.family]
    permits = lint_input.permits_of(rule)
    example = ask.example([(met(ask, rule, permits), True, TRUE)])
    for at in [] if example is None else family.candidates.of(example):
        lint_input.checkpoint()
        other = family.rules[at]
        at_odds_ = other is not rule and at_odds(ask, rule, other, permits, lint_input.permits_of(other))
        if at_odds_ and (rule.name, other.name) not in implied:
            return Conflict(rule, (other,))
    return None


def _with_several(lint_input: LintInput, rule: Rule) -> Conflict | None:
    """Return the conflict of a rule with several others that are in force together."""
    found = lint_input.coverings[rule.subject.kind.family].opposing(rule, lint_input.permits_of(rule))
    return Conflict(rule, tuple(found)) if found and len(found) > 1 else None
