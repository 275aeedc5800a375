"""What a rule, as written, asks about: whether the purpose can matter to it, and whether it asks for contracts."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.checking.walk import inner
from privacy_rules.language.policy import (
    Condition,
    Covers,
    IsDeclared,
    JudgedIs,
    Rule,
    UnderContract,
    WithinCollectedPurposes,
)


def conditions(rule: Rule) -> Iterator[Condition]:
    """Every condition of the rule once, however often a `define` shares it; its subject's limits are among them."""
    own = (*rule.subject.limits, rule.when, rule.unless, rule.required, *rule.alternatives)
    waiting = [each for each in own if each is not None]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += inner(found)


def speaks_of_purposes(rule: Rule) -> bool:
    """Whether the purpose can make a difference to the rule."""
    return any(_is_about_purposes(each) for each in conditions(rule))


def _is_about_purposes(condition: Condition) -> bool:
    match condition:
        case JudgedIs(judged="purpose") | Covers(judged="purpose") | WithinCollectedPurposes():
            return True
        case IsDeclared(reference="purpose"):
            return True
        case _:
            return getattr(getattr(condition, "reference", None), "text", None) == "purposes"


def asks_for_contracts(rule: Rule) -> bool:
    """Whether the rule has an `under contract`."""
    return any(isinstance(each, UnderContract) for each in conditions(rule))
