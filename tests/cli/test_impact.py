"""`impact`: what rests on something, and what its going would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import edit, write
from tests.cli.calling import Call, on_record


def found(call: Call, thing: str, *words: str) -> dict[str, Any]:
    done = call("impact", thing, "--manifest", "estate.yaml", *words, "--format", "json")
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def changes(each: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["rule"], one["subject"]["id"]) for one in each}


def test_the_impact_of_a_contract_is_on_record(shop: Path, call: Call) -> None:
    done = call("impact", "contract:packing", "--manifest", "estate.yaml", "--as-of", "2026-09-01")
    assert (done.code, done.err) == (0, "")
    on_record("impact-contract.txt", done.out)


def test_without_a_contract_what_it_covered_is_a_violation(shop: Path, call: Call) -> None:
    in_force = found(call, "contract:packing", "--as-of", "2026-09-01")
    assert changes(in_force["without"]["comes"]) == {("contracted", "parcels")}
    ended = found(call, "contract:packing", "--as-of", "2026-11-01")
    assert ended["without"]["comes"] == ended["without"]["goes"] == []


def test_with_a_party_go_its_systems_flows_and_contracts(shop: Path, call: Call) -> None:
    gone = found(call, "party:packer")["without"]["gone"]
    assert [(each["kind"], each["id"]) for each in gone] == [
        ("party", "packer"),
        ("contract", "packing"),
        ("system", "packing"),
        ("flow", "parcels"),
    ]


def test_what_a_system_touches_and_where_data_come_from_and_go_on_to(shop: Path, call: Call) -> None:
    crm = found(call, "system:crm")["touches"]
    assert crm["flows"] == ["leads", "parcels", "ratings", "signup"]
    assert (crm["data_from"], crm["data_to"]) == (["browser"], ["leads", "packing"])


def test_without_a_flow_its_path_is_open_as_nothing_else_brings_the_data(shop: Path, call: Call) -> None:
    signup = found(call, "flow:signup")
    assert changes(signup["paths"]) == {("no_leak", "leads")}
    assert ("no_leak", "leads") in changes(signup["without"]["changes"])


def test_without_a_category_flows_that_carry_nothing_else_go(shop: Path, call: Call) -> None:
    email = found(call, "category:email")
    assert [(each["kind"], each["id"]) for each in email["without"]["gone"]] == [
        ("category", "email"),
        ("flow", "leads"),
    ]
    assert ("no_selling", "leads") in changes(email["without"]["goes"])
    whole = found(call, "category:contact")
    assert {each["id"] for each in whole["without"]["gone"]} == {"contact", "signup", "parcels", "leads", "ratings"}
    assert ("deletion", "crm") in changes(whole["without"]["goes"])


def test_what_would_change_is_what_a_check_without_it_finds(shop: Path, call: Call) -> None:
    before = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    goes = changes(found(call, "flow:leads")["without"]["goes"])
    estate = Path("estate.yaml")
    lines = estate.read_text(encoding="utf-8").splitlines(keepends=True)
    write(estate, "".join(line for line in lines if "{id: leads" not in line))
    after = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    assert goes == set(changes(before) - changes(after))
    assert changes(after) <= changes(before)


def test_the_rules_are_those_that_apply_to_what_is_touched(shop: Path, call: Call) -> None:
    rules = {each["name"]: each for each in found(call, "party:broker")["rules"]}
    assert set(rules) == {"no_selling", "contracted", "no_leak", "not_combined"}
    assert (rules["contracted"]["subjects"], rules["contracted"]["violations"]) == (2, 2)


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        ("party:brokr", "error[E307]: there is no party `brokr`\n  help: did you mean `broker`?\n"),
        (
            "partie:broker",
            "error[E306]: `partie:broker` does not start with a known kind\n  help: did you mean `party`?\n",
        ),
        ("broker", "did you mean `party:broker`?"),
        (
            "nobody",
            "the kinds are party, system, flow, contract, category, purpose, country, owner, rule, as in `party:mailer`",
        ),
        ("party", "error[E306]: `party` has no id\n  help: add one, as in `party:ID`"),
    ],
)
def test_what_is_not_there_is_reported(shop: Path, call: Call, thing: str, told: str) -> None:
    done = call("impact", thing, "--manifest", "estate.yaml")
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_what_goes_is_what_what_if_says_of_removing_it_waived_findings_too(shop: Path, call: Call) -> None:
    estate = Path("estate.yaml")
    edit(estate, "stores: [name, email], ", "")
    edit(estate, "waivers:\n", f"waivers:\n{_LEADS}")
    for thing in ("system:crm", "flow:leads", "party:packer", "contract:packing"):
        impact = found(call, thing)["without"]
        words = ("what-if", "estate.yaml", "--remove", thing, "--format", "json")
        (scenario,) = json.loads(call(*words).out)["scenarios"]
        for way, side in (("comes", "after"), ("goes", "before"), ("changes", "after")):
            told = {(each["rule"], each["subject"]["id"], each["waived"]) for each in impact[way]}
            wanted = {(each["rule"], each["subject"]["id"], each[side]["waived"]) for each in scenario[way]}
            assert told == wanted, (thing, way)


_LEADS = "  - {rule: contracted, subject: leads, until: 2027-01-01, reason: it ends, approved_by: privacy desk}\n"


def test_a_waived_finding_that_goes_is_marked_and_not_left_out(shop: Path, call: Call) -> None:
    estate = Path("estate.yaml")
    edit(estate, "waivers:\n", f"waivers:\n{_LEADS}")
    done = call("impact", "flow:leads", "--manifest", "estate.yaml")
    assert "  goes     waived violation[contracted] on flow leads: " in done.out
    waived = {each["rule"]: each["waived"] for each in found(call, "flow:leads")["without"]["goes"]}
    assert (waived["contracted"], waived["no_selling"]) == (True, False)


def test_a_finding_that_loses_a_datum_changes_and_says_which(shop: Path, call: Call) -> None:
    done = call("impact", "category:name", "--manifest", "estate.yaml")
    assert "(partly waived violation -> violation, no longer name (waived))" in done.out.replace("→", "->")
    (change,) = found(call, "category:name")["without"]["changes"]
    assert (change["rule"], change["before"], change["before_waived"]) == ("deletion", "violation", False)
    assert change["differs"]["words"] == "no longer name (waived)"


POLICY = """\
policy paths {}
use std.core
data { contact { email  phone }  hash  card }
purpose { orders }
rule derived { forbid system at third_party when reached by contact from data_subject including derived by hashing }
rule sent_on { forbid flow when source reached by email including derived }
rule at_party { forbid party when role is third_party and reached by contact including derived }
rule direct { forbid system at third_party when reached by contact }
rule collected { require collected with (choice is opt_in) on storage of contact }
"""
ESTATE = """\
manifest: 1
policy: [paths.privacy]
as_of: 2026-11-01
defaults: {flow: {purposes: [orders]}, system: {stores: [], joins: [], transforms: []}}
parties: {us: {role: us}, visitor: {role: data_subject}, ads: {role: advertiser}, desk: {role: us}}
systems:
  browser: {party: visitor}
  crm: {party: us, transforms: [{from: email, to: hash, method: hashing}]}
  ads: {party: ads}
  shelf: {party: desk, stores: [phone]}
flows:
  - {id: signup, from: browser, to: crm, carries: [email]}
  - {id: upload, from: crm, to: ads, carries: [hash]}
  - {id: pay, from: browser, to: crm, carries: [card]}
"""


@pytest.fixture
def hashed(shop: Path) -> Path:
    write(shop / "paths.privacy", POLICY)
    write(shop / "estate.yaml", ESTATE)
    return shop


def test_rules_that_follow_a_category_over_a_path_are_among_them_and_the_party_at_its_end(
    hashed: Path, call: Call
) -> None:
    email = found(call, "category:email")
    rules = {each["name"]: (each["subjects"], each["violations"]) for each in email["rules"]}
    assert rules == {"derived": (1, 1), "sent_on": (2, 1), "at_party": (3, 1)}
    assert "at_party (3 parties, 1 in violation)" in call("impact", "category:email", "--manifest", "estate.yaml").out
    assert email["touches"]["parties"] == ["ads", "us", "visitor"]
    assert (email["touches"]["systems"], email["touches"]["data_to"]) == (["browser", "crm"], ["ads"])
    assert found(call, "category:contact")["touches"]["parties"] == ["ads", "desk", "us", "visitor"]


def test_what_no_rule_follows_there_is_left_out(hashed: Path, call: Call) -> None:
    card = found(call, "category:card")
    rules = {each["name"]: (each["subjects"], each["violations"]) for each in card["rules"]}
    assert rules == {"sent_on": (1, 0), "at_party": (2, 0)}  # of what it touches, not of where the paths of others end
    assert card["touches"]["parties"] == ["us", "visitor"]


def test_a_category_that_is_stored_and_never_flows_touches_where_it_is(hashed: Path, call: Call) -> None:
    phone = found(call, "category:phone")
    assert {each["name"]: each["subjects"] for each in phone["rules"]}["collected"] == 1
    assert "shelf" in phone["touches"]["systems"]


def passing(found: dict[str, Any], way: str) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    return {
        (each["system"], one["category"]): (one["at_system"], one["path"])
        for each in found["data"][way]
        for one in each["passages"]
    }


def test_data_goes_where_its_categories_go_and_not_where_arrows_lead(shop: Path, call: Call) -> None:
    edit(shop / "estate.yaml", "flows:\n", "flows:\n  - {id: returns, from: packing, to: crm, carries: [card]}\n")
    edit(shop / "estate.yaml", "{party: shop, ", "{party: shop, transforms: [], ")
    packer = found(call, "party:packer")
    assert passing(packer, "to") == {("crm", "card"): (["card"], ["returns"])}
    assert packer["touches"]["data_to"] == ["crm"]  # and not `leads`, to which other data flows on from there
    assert passing(packer, "from") == {
        ("crm", "name"): (["name"], ["parcels"]),
        ("browser", "name"): (["name"], ["signup", "parcels"]),
    }


def test_who_has_a_category_made_into_what_and_until_when_outside_parties_first(hashed: Path, call: Call) -> None:
    edit(hashed / "estate.yaml", "flows:\n", "contracts:\n  buying: {with: ads, until: 2027-03-01}\nflows:\n")
    email = found(call, "category:email")["data"]
    first, second = email["to"]
    assert (first["system"], first["where"], first["contracts"]) == (
        "ads",
        "outside",
        [{"id": "buying", "until": "2027-03-01", "until_known": True}],
    )
    assert first["passages"][0] == {
        "category": "email",
        "at_system": ["hash"],
        "may_be": [],
        "must": True,
        "path": ["signup", "upload"],
    }
    assert (second["system"], second["where"]) == ("crm", "inside")
    assert [each["system"] for each in email["from"]] == ["browser"]
    text = call("impact", "category:email", "--manifest", "estate.yaml").out
    assert "    ads at ads (advertiser); buying until 2027-03-01\n      hash, made of email: signup, upload\n" in text


def test_what_loses_its_only_source_or_recipient_is_listed(hashed: Path, call: Call) -> None:
    without = found(call, "flow:signup")["without"]
    assert without["without_source"] == [
        {"system": "ads", "categories": ["hash"]},
        {"system": "crm", "categories": ["email"]},
    ]
    assert without["without_recipient"] == [{"system": "browser", "categories": ["email"]}]
    text = call("impact", "flow:signup", "--manifest", "estate.yaml").out
    assert "  ads no longer gets hash\n" in text
    assert "  browser no longer sends email\n" in text


def test_a_purpose_a_country_an_owner_and_a_rule_have_an_impact_too(shop: Path, call: Call) -> None:
    edit(shop / "estate.yaml", "{role: data_broker}", "{role: data_broker, country: US}")
    purpose = found(call, "purpose:newsletter")
    assert purpose["touches"]["flows"] == ["signup"]
    assert [each["id"] for each in purpose["without"]["gone"]] == ["newsletter", "signup"]
    country = found(call, "country:US")
    assert (country["touches"]["systems"], country["touches"]["data_from"]) == (["leads"], ["browser", "crm"])
    assert ("no_selling", "leads") in changes(country["without"]["goes"])
    owner = found(call, "owner:growth team")
    assert owner["touches"]["flows"] == ["leads"]
    assert [(each["kind"], each["id"]) for each in owner["without"]["gone"]] == [("flow", "leads")]
    rule = found(call, "rule:no_selling")
    assert rule["touches"]["flows"] == ["leads", "ratings"]
    assert changes(rule["without"]["goes"]) == {("no_selling", "leads"), ("no_selling", "ratings")}


def test_lists_are_whole_on_demand(shop: Path, call: Call) -> None:
    many = "".join(f"  - {{id: more-{each}, from: crm, to: box-{each}, carries: [name]}}\n" for each in range(20))
    edit(shop / "estate.yaml", "waivers:\n", f"{many}waivers:\n")
    edit(
        shop / "estate.yaml",
        "flows:\n",
        "".join(f"  box-{each}: {{party: packer}}\n" for each in range(20)) + "\nflows:\n",
    )
    words = ("impact", "system:crm", "--manifest", "estate.yaml")
    assert "and 10 more systems; --all lists them" in call(*words).out
    whole = call(*words, "--all").out
    assert "more" not in whole.replace("more-", "")
    assert "    box-9 at packer (service_provider)" in whole


def test_the_example_s_marketer_that_gets_hashes_is_reported_with_its_rule(call: Call) -> None:
    words = [str(EXAMPLE / each) for each in ("estate.yaml", "variants/hashed-audience.yaml")]
    manifests = [each for word in words for each in ("--manifest", word)]
    told = json.loads(call("impact", "category:email_address", *manifests, "--format", "json").out)
    assert "no_selling_through_others" in {each["name"] for each in told["rules"]}
    assert "ad_platform" in told["touches"]["parties"]


EXAMPLE = Path(__file__).parents[2] / "examples" / "iapmo"


def test_what_is_made_on_the_way_is_followed_back_although_another_flow_declares_an_origin(call: Call) -> None:
    told = json.loads(
        call("impact", "flow:topics-of-interest", "--manifest", str(EXAMPLE / "estate.yaml"), "--format", "json").out
    )
    assert told["touches"]["data_from"] == ["click_redirector", "inbox"]
