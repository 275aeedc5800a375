"""What would have to change for a pair to pass."""

from __future__ import annotations

from typing import Any

from privacy_rules.checking.flips import ways_to_pass
from tests.builders import flow
from tests.unit.checking.judging import case, manifest

FLOW = flow("sent", "site", "post", exchange="sale")


def ways(rule: str, **more: Any) -> list[str]:
    (found,) = case(rule, manifest(FLOW, **more)).explained("tried", "sent")
    return [" and ".join(map(str, way)) for way in ways_to_pass(found)]


def test_the_ways_with_the_fewest_changes_come_first() -> None:
    assert ways("rule tried { require (notice and lawful) or tier > 3 on disclosure }") == [
        "`tier > 3` were true",
        "`notice` were true and `lawful` were true",
    ]


def test_one_set_of_changes_is_listed_once_in_whatever_order_it_is_found() -> None:
    assert ways("rule tried { require (notice and lawful) or (lawful and notice) on disclosure }") == [
        "`lawful` were true and `notice` were true"
    ]


def test_a_negation_needs_the_opposite() -> None:
    assert ways("rule tried { require not (exchange is sale or lawful) on disclosure }") == [
        "`exchange is sale` were false"
    ]


def test_a_contract_can_pass_by_its_own_tests() -> None:
    ended = {"c": {"with": "mailer", "until": "2020-01-01", "obliges": ["policy_protection"]}}
    rule = "rule tried { require under contract (obliges includes policy_protection) on disclosure }"
    assert ways(rule, contracts=ended) == ["`in force` of contract c were true"]


def test_a_contract_of_which_only_the_parties_are_unknown_needs_no_test_of_its_own() -> None:
    rule = "rule tried { require under contract on disclosure }"
    assert ways(rule, contracts={"c": {"between": ["somebody", "mailer"]}}) == ["`under contract` were true"]


def test_a_define_that_is_used_again_has_the_ways_of_its_first_use() -> None:
    rules = """
    define told as notice
    rule tried { require (lawful or told) and told on disclosure }
    """
    assert ways(rules) == ["`notice` were true", "`lawful` were true and `notice` were true"]
