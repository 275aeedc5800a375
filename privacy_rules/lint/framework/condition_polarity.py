"""The conditions of a rule, each with the end that it tests and whether its truth is good or bad for a subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from privacy_rules.language import policy
from privacy_rules.language.conditions import children
from privacy_rules.language.policy import Side
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignedCondition:
    """A condition at its place in a rule.

    `side` is the end that a selector tests. `sign` is 1 if a true condition is bad for a subject (it widens what is
    forbidden), and -1 if it is good (the subject may comply because of it).
    """

    condition: policy.Condition
    side: Side
    sign: Literal[1, -1]


def signed_conditions(rule: policy.Rule) -> list[SignedCondition]:
    """Return the outermost conditions of a rule."""
    permit = rule.statement == "permit"
    scope = [*rule.subject.limits, *([] if rule.when is None else [rule.when])]
    good = [each for each in (rule.required, *rule.alternatives, rule.unless) if each is not None]
    return [
        *(SignedCondition(each, Side.SUBJECT, -1 if permit else 1) for each in scope),
        *(SignedCondition(each, Side.SUBJECT, -1) for each in good),
    ]


def inner(signed: SignedCondition) -> list[SignedCondition]:
    """Return the conditions directly inside one, with the side and the sign that they have there."""
    condition, side, sign = signed.condition, signed.side, signed.sign
    other: Literal[1, -1] = -1 if sign == 1 else 1
    match condition:
        case policy.Negation(part=negated):
            return [SignedCondition(negated, side, other)]
        case policy.EndMatches(side=end, selector=selector):
            return [SignedCondition(selector, end, sign)]
        case policy.Reached(avoiding=avoiding):
            return [
                SignedCondition(each, Side.SUBJECT, other if each is avoiding else sign) for each in children(condition)
            ]
        case policy.UnderContract() | policy.CollectedWith() | policy.OwnedBy():
            side = Side.SUBJECT
    return [SignedCondition(each, side, sign) for each in children(condition)]


def with_inner(found: Iterable[SignedCondition]) -> Iterator[SignedCondition]:
    """Yield the conditions and everything inside them, each shared one once for each side and sign."""
    waiting, seen = list(found)[::-1], set[tuple[int, Side, int]]()
    while waiting:
        signed = waiting.pop()
        key = id(signed.condition), signed.side, signed.sign
        if key not in seen:
            seen.add(key)
            yield signed
            waiting += reversed(inner(signed))


def says_something(text: str | None) -> bool:
    """Whether a text has a letter or a digit, and not just blanks and dots."""
    return text is not None and any(map(str.isalnum, text))
