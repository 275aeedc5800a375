"""Find out whether a rule depends on purposes, and whether it asks about contracts."""

from __future__ import annotations

from privacy_rules.language.conditions import rule_conditions
from privacy_rules.language.policy import (
    Condition,
    Covers,
    IsDeclared,
    JudgedIs,
    Rule,
    UnderContract,
    WithinCollectedPurposes,
)


def depends_on_purposes(rule: Rule) -> bool:
    """Whether the purpose can make a difference to the rule."""
    return any(_is_about_purposes(each) for each in rule_conditions(rule))


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
    return any(isinstance(each, UnderContract) for each in rule_conditions(rule))
