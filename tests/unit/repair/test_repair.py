"""Repairs: one cut for all paths together, contracts that say what rules ask, anonymisers, measures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from privacy_rules.findings.threshold import Threshold
from privacy_rules.repair.costs import NEVER, USUAL, Costs, Price
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.offers import Repair, repair
from privacy_rules.repair.trial import Wanted
from privacy_rules.reports.change_set import as_yaml
from privacy_rules.reports.repair.move_words import move_words
from tests.builders import estate_of, policy_of
from tests.properties.checking import TODAY

WORDS = """
use std.core
data { contact { name  email }  card  figures }
purpose { orders  newsletter }
"""
PARTIES = {
    "person": {"role": "data_subject"},
    "acme": {"role": "us", "country": "DE"},
    "vendor": {"role": "service_provider", "country": "US"},
    "agency": {"role": "marketer", "country": "US"},
}
CLOSED = {"stores": [], "joins": [], "transforms": []}


def found(rules: str, limit: int = 3, prices: dict[str, Price] | None = None, **manifest: Any) -> Repair:
    policy = policy_of(WORDS + rules)
    systems = {name: {**CLOSED, **each} for name, each in manifest.pop("systems").items()}
    estate = estate_of({"parties": PARTIES, "systems": systems, **manifest}, policy)
    return repair(policy, estate, TODAY, Costs(prices or {}), Wanted(Threshold()), limit=limit, seconds=20)


def words(result: Repair, number: int = 0) -> list[str]:
    return [each for move in result.offers[number].moves for each in move_words(move)]


def flow(name: str, source: str, target: str, *carries: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "from": source,
        "to": target,
        "carries": list(carries or ["email"]),
        "purposes": ["orders"],
        **more,
    }


NO_LEAK = "rule no_leak { forbid system at marketer when reached by contact from data_subject }"


def test_paths_are_ended_by_one_cut_of_them_all_where_each_alone_is_cut_cheaper_at_its_end() -> None:
    """Four agencies hang on one feed: each could be cut for 10, the feed for 25."""
    ends = [f"list{number}" for number in range(4)]
    result = found(
        NO_LEAK,
        prices={"flow:feed": 25, "flow:form": 90},
        systems={"app": {"party": "person"}, "crm": {"party": "acme"}, "hub": {"party": "acme"}}
        | {name: {"party": "agency"} for name in ends},
        flows=[
            flow("form", "app", "crm"),
            flow("feed", "crm", "hub"),
            *(flow(f"to-{name}", "hub", name) for name in ends),
        ],
    )
    assert len(result.to_fix) == 4
    assert words(result) == ["remove flow feed"]
    assert (result.offers[0].cost, result.offers[0].proved) == (25, True)
    assert words(result, 1) == [f"remove flow to-{name}" for name in ends]


def test_a_cut_goes_through_the_narrow_place_of_many_paths() -> None:
    """Three ways in and three ways out over two flows in the middle: six paths and more, cut by two flows."""
    systems = {"app": {"party": "person"}, "lists": {"party": "agency"}}
    systems |= {name: {"party": "acme"} for name in ("a1", "a2", "a3", "left", "right", "b1", "b2", "b3")}
    flows = [flow(f"in{n}", "app", f"a{n}") for n in (1, 2, 3)]
    flows += [flow(f"mid{n}", f"a{n}", "left") for n in (1, 2, 3)]
    flows += [flow("bridge1", "left", "right"), flow("bridge2", "left", "right")]
    flows += [flow(f"out{n}", "right", f"b{n}") for n in (1, 2, 3)]
    flows += [flow(f"end{n}", f"b{n}", "lists") for n in (1, 2, 3)]
    result = found(NO_LEAK, prices={"knock-on": 0}, systems=systems, flows=flows)
    assert words(result) == ["remove flow bridge1", "remove flow bridge2"]
    assert result.offers[0].proved


def test_what_depends_on_a_flow_makes_it_dearer_to_cut() -> None:
    systems = {
        "app": {"party": "person"},
        "crm": {"party": "acme"},
        "desk": {"party": "acme"},
        "lists": {"party": "agency"},
    }
    flows = [flow("form", "app", "crm"), flow("work", "crm", "desk"), flow("leak", "crm", "lists")]
    result = found(NO_LEAK, systems=systems, flows=flows)
    assert [(each.cost, words(result, number)) for number, each in enumerate(result.offers)] == [
        (10, ["remove flow leak"]),
        (12, ["remove flow form"]),
    ]


CONTRACTED = """
rule contracted {
  allow disclosure only
    - to service_provider when under contract (covers data and covers purpose and obliges includes all (audit, breach_notice))
}
"""
TWO = {"crm": {"party": "acme"}, "mailer": {"party": "vendor"}}


def test_a_contract_is_signed_that_covers_and_obliges_to_what_the_alternative_asks() -> None:
    result = found(CONTRACTED, systems=TWO, flows=[flow("list", "crm", "mailer", "email", "card")])
    assert words(result) == [
        "sign a contract with vendor that covers card and email for orders and obliges to audit and breach_notice"
    ]
    assert as_yaml(result.offers[0].changes) == (
        "- add: {contract: {id: vendor-terms, with: vendor, covers: {data: [card, email], purposes: [orders]}, "
        "obliges: [audit, breach_notice], allows_onward: no}}\n"
    )


def test_a_contract_that_lacks_something_is_extended_by_just_that() -> None:
    terms = {
        "with": "vendor",
        "until": "2026-01-01",
        "covers": {"data": ["email"], "purposes": ["orders"]},
        "obliges": ["audit"],
    }
    result = found(
        CONTRACTED, systems=TWO, contracts={"terms": terms}, flows=[flow("list", "crm", "mailer", "email", "card")]
    )
    assert as_yaml(result.offers[0].changes) == (
        "- set: {contract: terms, obliges: [audit, breach_notice], until: 2027-06-15, "
        "covers: {data: [card, email], purposes: [orders]}}\n"
    )


def test_two_parties_that_are_not_us_sign_with_each_other() -> None:
    systems = {"mailer": {"party": "vendor"}, "lists": {"party": "agency"}}
    rule = "rule r { require under contract (obliges includes audit) on disclosure }"
    result = found(rule, systems=systems, flows=[flow("list", "mailer", "lists")])
    assert words(result) == ["sign a contract between agency and vendor that obliges to audit"]


def test_what_another_rule_asks_of_contracts_is_asked_of_a_new_one() -> None:
    audited = "rule audited { require obliges includes confidentiality on contract }"
    result = found(CONTRACTED + audited, systems=TWO, flows=[flow("list", "crm", "mailer")])
    assert "obliges: [audit, breach_notice, confidentiality]" in as_yaml(result.offers[0].changes)


def test_an_anonymiser_is_put_on_a_path_where_the_estate_has_such_a_transform() -> None:
    counts = {"party": "acme", "transforms": [{"from": "contact", "to": ["figures"], "method": "aggregation"}]}
    result = found(
        NO_LEAK,
        prices={"anonymise": 1, "flow:form": 50},
        systems={"app": {"party": "person"}, "crm": {"party": "acme"}, "counter": counts, "lists": {"party": "agency"}},
        flows=[flow("form", "app", "crm", "name", "email"), flow("leak", "crm", "lists")],
    )
    assert words(result) == ["put an anonymiser on flow leak that makes figures of email by aggregation"]
    assert as_yaml(result.offers[0].changes).splitlines() == [
        "- add: {system: {id: leak-anonymiser, party: acme, stores: [], uses: [], joins: [], "
        "transforms: [{from: email, to: [figures], method: aggregation}], kind: anonymiser}}",
        "- add: {flow: {id: leak-input, from: crm, to: leak-anonymiser, carries: [email], purposes: [orders]}}",
        "- set: {flow: leak, from: leak-anonymiser, carries: [figures]}",
    ]


def test_an_anonymiser_suffices_that_a_rule_lets_paths_end_at() -> None:
    rule = (
        "rule r { forbid system at marketer when reached by contact from data_subject avoiding (kind is anonymiser) }"
    )
    result = found(
        rule,
        systems={
            "app": {"party": "person", "kind": "device"},
            "crm": {"party": "acme", "kind": "database"},
            "lists": {"party": "agency"},
        },
        flows=[flow("form", "app", "crm"), flow("leak", "crm", "lists")],
    )
    assert words(result) == ["put an anonymiser on flow leak"]


def test_a_measure_changes_what_is_known_and_no_fact_about_who_somebody_is() -> None:
    rule = (
        "rule r { require safeguards includes all (audit_log, backup) and party.country is DE on storage of contact }"
    )
    stores = {"party": "acme", "stores": ["email"], "safeguards": ["backup"]}
    result = found(rule, systems={"crm": stores}, flows=[])
    assert words(result) == ["once `safeguards` of system crm has audit_log"]
    abroad = found(rule, systems={"crm": {**stores, "party": "vendor"}}, flows=[])
    assert words(abroad) == ["stop storing email in system crm"]


def test_a_system_moves_where_its_country_is_what_a_rule_asks() -> None:
    rule = "rule r { require recipient.country is eea on disclosure }"
    result = found(rule, systems=TWO, flows=[flow("list", "crm", "mailer")], prices={"cut-flow": 99})
    assert words(result) == ["move system mailer to eea"]


def test_own_attributes_of_a_stored_item_change_where_it_has_them() -> None:
    rule = "rule r { require retention <= 1 year on storage of contact }"
    stores = [{"data": "email", "retention": "3 years"}, "card"]
    result = found(rule, systems={"crm": {"party": "acme", "retention": "1 month", "stores": stores}}, flows=[])
    assert words(result) == ["once `retention` of email in system crm is 1 year"]
    assert (
        as_yaml(result.offers[0].changes) == "- set: {system: crm, stores: [{data: email, retention: 1 year}, card]}\n"
    )


def test_only_the_item_that_breaks_a_rule_is_changed_where_others_have_the_same_category() -> None:
    rule = "rule r { require retention <= 2 years on storage of card }"
    kept = ["{data: card, retention: 1 month}", "card"]
    stores = [{"data": "card", "retention": "5 years"}, {"data": "card", "retention": "1 month"}, {"data": "card"}]
    result = found(rule, systems={"crm": {"party": "acme", "retention": "1 year", "stores": stores}}, flows=[])
    (change,) = result.offers[0].changes
    assert as_yaml([change]) == (
        f"- set: {{system: crm, stores: [{{data: card, retention: 2 years}}, {', '.join(kept)}]}}\n"
    )


def test_what_an_item_leaves_open_is_not_written_down() -> None:
    rule = "attribute masked on system: flag\nrule r { require masked on storage of card }"
    stores = [{"data": "card", "masked": None}, {"data": "card", "masked": False}]
    result = found(rule, systems={"crm": {"party": "acme", "stores": stores}}, flows=[])
    told = [as_yaml(each.changes) for each in result.offers]
    assert told[0] == "- set: {system: crm, stores: [{data: card, masked: null}, {data: card, masked: yes}]}\n"
    assert all("{data: card, masked: yes}, {" not in each for each in told)


def test_categories_that_are_joined_are_kept_apart() -> None:
    rule = "rule r { forbid joining of contact with card }"
    result = found(rule, systems={"crm": {"party": "acme", "joins": [["email", "card"]]}}, flows=[])
    assert words(result) == ["keep email and card apart in system crm"]


def test_a_purpose_is_dropped_where_there_is_another() -> None:
    rule = "rule r { require purpose is orders on flow }"
    result = found(rule, systems=TWO, flows=[{**flow("list", "crm", "mailer"), "purposes": ["newsletter", "orders"]}])
    assert words(result) == ["drop purpose newsletter from flow list"]


def test_a_move_that_brings_a_violation_of_another_rule_is_no_offer() -> None:
    """To end the sale would mend the one finding; but another rule wants the flow to be paid for."""
    rules = "rule r { forbid flow when exchange is sale }\nrule paid { require exchange is (sale, rental) on flow }"
    result = found(rules, systems=TWO, flows=[flow("list", "crm", "mailer", exchange="sale")])
    assert [words(result, number) for number in range(len(result.offers))] == [
        ["once `exchange` of flow list is rental"],
        ["remove flow list"],
    ]


def test_with_everything_barred_the_finding_and_the_kinds_that_could_are_reported() -> None:
    result = found(
        NO_LEAK,
        prices={"flow:form": NEVER, "flow:leak": NEVER},
        systems={"app": {"party": "person"}, "crm": {"party": "acme"}, "lists": {"party": "agency"}},
        flows=[flow("form", "app", "crm"), flow("leak", "crm", "lists")],
    )
    assert result.offers == ()
    assert [(each.finding.rule, each.barred) for each in result.obstacles] == [("no_leak", (MoveKind.CUT,))]


def test_a_hundred_findings_that_have_nothing_in_common_are_fixed_at_once() -> None:
    rule = "rule r { forbid disclosure of contact when exchange is sale }"
    flows = [flow(f"f{number:03}", "crm", "mailer", exchange="sale") for number in range(100)]
    result = found(rule, limit=1, systems=TWO, flows=flows)
    assert (result.offers[0].cost, len(result.offers[0].moves), result.offers[0].proved) == (300, 100, True)


def test_the_command_line_page_has_every_kind_of_move_with_what_it_costs() -> None:
    text = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = text[text.index("## `repair`") : text.index("## `graph`")]
    table = dict(re.findall(r"^\| `([a-z-]+)` \|.*\| ([0-9]+) \|$", section, re.MULTILINE))
    assert table == {kind.value: str(cost) for kind, cost in USUAL.items()}


def test_a_use_is_given_up_purpose_by_purpose() -> None:
    uses = [{"data": "email", "purposes": ["orders", "newsletter"]}, "card"]
    result = found("rule r { forbid use of email for newsletter }", systems={"crm": {"party": "acme", "uses": uses}})
    assert words(result) == ["once `purposes` of email in system crm no longer has newsletter"]


def test_a_use_for_one_purpose_is_given_up_whole() -> None:
    uses = [{"data": "email", "purposes": ["newsletter"]}]
    result = found("rule r { forbid use of email for newsletter }", systems={"crm": {"party": "acme", "uses": uses}})
    assert words(result) == ["once `uses` of system crm no longer has email"]


def test_one_datum_of_a_flow_gets_its_own_choice() -> None:
    data = [{"data": "email", "necessary": True}, {"data": "name", "necessary": False, "choice": "none"}]
    result = found(
        "rule r { require necessary or choice is opt_in on collection }",
        systems={"app": {"party": "person"}, "crm": {"party": "acme"}},
        flows=[{**flow("form", "app", "crm"), "carries": data}],
    )
    assert words(result) == ["once `choice` of name in flow form is opt_in"]
