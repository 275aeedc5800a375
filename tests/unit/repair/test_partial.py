"""Plans that leave out what cannot be fixed, and as little as possible of it."""

from __future__ import annotations

from typing import Any

from privacy_rules.findings.threshold import Threshold
from privacy_rules.repair.costs import NEVER, Costs, Price
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.moves import Cut, Sign
from privacy_rules.repair.offers import Repair, repair
from privacy_rules.repair.trial import Wanted
from tests.builders import estate_of, flow, policy_of
from tests.properties.checking import TODAY

WORDS = """
use std.core
data { email  phone }
purpose { orders }
"""
PARTIES = {"person": {"role": "data_subject"}, "acme": {"role": "us"}, "vendor": {"role": "service_provider"}}
CLOSED: dict[str, Any] = {"stores": [], "joins": [], "transforms": []}
SYSTEMS = {
    "app": {"party": "person", **CLOSED},
    "crm": {"party": "acme", **CLOSED},
    "post": {"party": "vendor", **CLOSED},
}


def planned(rules: str, flows: list[dict[str, Any]], costs: Costs) -> Repair:
    policy = policy_of(WORDS + rules)
    data = {"parties": PARTIES, "systems": SYSTEMS, "flows": [{"purposes": ["orders"], **each} for each in flows]}
    return repair(policy, estate_of(data, policy), TODAY, costs, Wanted(Threshold()), limit=3, seconds=300)


def only(kinds: list[MoveKind], **prices: Price) -> Costs:
    return Costs({f"flow:{name}": price for name, price in prices.items()}, kinds)


NO_EMAIL = "rule no_email { forbid disclosure of email }"


def test_what_may_not_be_changed_is_left_out_and_the_rest_is_fixed() -> None:
    flows = [flow(name, "crm", "post", ["email"]) for name in ("a", "b", "c")]
    found = planned(NO_EMAIL, flows, only([MoveKind.CUT], a=NEVER))
    assert [each.finding.subject.id for each in found.obstacles] == ["a"]
    assert found.obstacles[0].said_never == (("flow:a", MoveKind.CUT),)
    assert found.offers[0].moves == (Cut("b"), Cut("c"))
    assert (found.offers[0].proved, found.passes) == (True, False)
    assert [[each.subject.id for each in part.fixes or ()] for part in found.offers[0].parts] == [["b"], ["c"]]


def test_of_findings_that_exclude_each_other_as_few_as_possible_are_left_out() -> None:
    rules = """
    rule opt_in { require choice is opt_in on disclosure of email }
    rule opt_out { require choice is opt_out on disclosure }
    """
    flows = [
        flow("mail", "crm", "post", ["email"], choice="none"),
        flow("call", "crm", "post", ["phone"], choice="none"),
    ]
    found = planned(rules, flows, only([MoveKind.MEASURE]))
    assert len(found.obstacles) == 1
    assert found.obstacles[0].finding.subject.id == "mail"
    assert found.offers[0].cost == 6


def test_what_only_moves_fix_that_bring_another_finding_is_left_out_with_the_reason() -> None:
    rules = """
    rule paid { require exchange is sale on disclosure of email }
    rule unsold { forbid disclosure when exchange is sale }
    """
    flows = [flow("mail", "crm", "post", ["email"], exchange="none")]
    found = planned(rules, flows, only([MoveKind.MEASURE]))
    (left,) = found.obstacles
    assert left.finding.rule == "paid"
    assert left.leads_to is not None
    assert left.leads_to.rule == "unsold"
    assert found.offers == ()


def test_no_contract_is_offered_with_data_subjects() -> None:
    rule = "rule bound { require under contract on flow of email from data_subject }"
    found = planned(rule, [flow("form", "app", "crm", ["email"])], Costs())
    moves = [move for offer in found.offers for move in offer.moves]
    assert moves == [Cut("form")]
    assert not any(isinstance(each, Sign) for each in moves)


def test_a_plan_that_would_leave_a_flow_nothing_cuts_it() -> None:
    flows = [flow(f"f{number}", "crm", "post", ["email", "phone"]) for number in range(12)]
    found = planned("rule nothing { forbid disclosure of (email, phone) }", flows, Costs())
    assert (found.offers[0].moves, found.offers[0].proved) == (
        tuple(Cut(f"f{n}") for n in sorted(range(12), key=str)),
        True,
    )


def test_components_that_have_nothing_in_common_are_proved_one_by_one() -> None:
    """Each of forty flows has a cheap way out that brings another finding: together they are too many to try."""
    rules = """
    rule opt_in { require choice is opt_in on disclosure of email }
    rule told { require notice on disclosure when choice is opt_in }
    """
    flows = [flow(f"f{number:02}", "crm", "post", ["email"], choice="none", notice=False) for number in range(40)]
    found = planned(rules, flows, Costs())
    assert (found.offers[0].cost, found.offers[0].proved) == (240, True)
