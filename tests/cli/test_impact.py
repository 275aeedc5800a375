"""`impact`: what rests on something, and what its going would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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


def test_a_path_that_goes_through_is_told_and_goes_with_it(shop: Path, call: Call) -> None:
    signup = found(call, "flow:signup")
    assert changes(signup["paths"]) == {("no_leak", "leads")}
    assert ("no_leak", "leads") in changes(signup["without"]["goes"])


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
    estate.write_text("".join(line for line in lines if "{id: leads" not in line), encoding="utf-8")
    after = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    assert goes == set(changes(before) - changes(after))
    assert changes(after) <= changes(before)


def test_the_rules_are_those_that_speak_of_what_is_touched(shop: Path, call: Call) -> None:
    rules = {each["name"]: each for each in found(call, "party:broker")["rules"]}
    assert set(rules) == {"no_selling", "contracted", "no_leak", "not_combined"}
    assert (rules["contracted"]["subjects"], rules["contracted"]["violations"]) == (2, 2)


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        ("party:brokr", "error[E307]: there is no party `brokr`\n  help: did you mean `broker`?\n"),
        ("partie:broker", "error[E306]: `partie:broker` is of no kind that is known\n  help: did you mean `party`?\n"),
        ("broker", "did you mean `party:broker`?"),
        ("nobody", "the kinds are party, system, flow, contract, category, as in `party:mailer`"),
        ("party", "error[E306]: `party` names no party\n  help: add its id, as in `party:ID`"),
    ],
)
def test_what_is_not_there_is_told(shop: Path, call: Call, thing: str, told: str) -> None:
    done = call("impact", thing, "--manifest", "estate.yaml")
    assert (done.code, done.out) == (2, "")
    assert told in done.err
