"""Proves that two policies mean the same for every manifest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from privacy_rules.analysis.queries import Questions
from privacy_rules.language.policy import Condition, Policy, Rule
from privacy_rules.source.span import Span

_NOWHERE = Span("", 1, 1)


def keeps_meaning(before: Policy, after: Policy) -> bool:
    """Whether each rule provably judges like the rule of its name in the other policy, with the same vocabularies and headers.

    False, too, if the proof would take too long.
    """
    if _frame(before) != _frame(after) or list(map(_header, before.rules)) != list(map(_header, after.rules)):
        return False
    ask = Questions(before)
    return all(_alike(ask, one, other) for one, other in zip(before.rules, after.rules, strict=True))


def _alike(ask: Questions, one: Rule, other: Rule) -> bool:
    if one.statement == "permit":
        return ask.same(ask.scope(one), ask.scope(other))
    return ask.same(ask.verdict_of(one), ask.verdict_of(other))


def _frame(policy: Policy) -> list[Any]:
    """Everything in a policy but its rules: vocabularies, attributes, headers, clauses."""
    return [
        policy.vocabularies,
        {key: replace(each, span=None) for key, each in policy.attributes.items()},
        [(each.name, each.fields) for each in policy.headers],
        [replace(each, span=_NOWHERE) for each in policy.clauses],
    ]


def _header(rule: Rule) -> Rule:
    """A rule without its conditions and places."""
    nothing: tuple[Condition, ...] = ()
    subject = replace(rule.subject, limits=nothing, span=_NOWHERE, text="")
    bare = replace(rule, subject=subject, when=None, unless=None, required=None, alternatives=nothing)
    return replace(bare, span=_NOWHERE, name_span=None)
