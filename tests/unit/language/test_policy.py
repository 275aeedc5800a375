from __future__ import annotations

from datetime import date

from privacy_rules.vocabulary.attributes import Entity
from tests.builders import policy_of
from tests.unit.language.policies import rule


def test_a_rule_is_found_by_its_name() -> None:
    policy = policy_of("rule a { forbid flow }\nrule b { forbid system }")
    found = policy.rule("b")
    assert found is not None
    assert found.name == "b"
    assert policy.rule("c") is None


def test_a_rule_is_in_force_from_its_first_day_until_the_day_before_its_last() -> None:
    found = rule("applies from 2026-01-01 until 2026-02-01 forbid flow")
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [found.in_force(day) for day in days] == [False, True, True, False]
    assert rule("forbid flow").in_force(date.min)


def test_an_undeclared_vocabulary_is_empty() -> None:
    policy = policy_of("data { a }\nrule r { forbid flow }")
    assert policy.taxonomy("data").terms == ("a",)
    assert policy.taxonomy("tier").terms == ()


def test_the_attributes_of_an_entity_are_those_built_in_and_the_policys_own() -> None:
    found = policy_of("attribute a on flow: flag\nrule r { forbid flow }").of_entity(Entity.FLOW)
    assert {"a", "carries"} <= set(found)
    assert "country" not in found
