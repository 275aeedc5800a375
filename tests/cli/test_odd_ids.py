"""Ids with dots, blanks and colons: every verb takes them as they stand and as JSON strings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

ODD = """\
manifest: 1
policy: [shop.privacy]
as_of: 2026-11-01
organisation: {privacy_contact: desk}
parties:
  shop: {role: us}
  dot.party: {role: data_broker}
  "us: the party": {role: service_provider}
contracts:
  deal.1: {with: "us: the party", covers: {data: [contact], purposes: [orders]}}
systems:
  crm: {party: shop, stores: [], joins: []}
  ads box: {party: dot.party, stores: [], joins: []}
  packing.eu: {party: "us: the party", stores: [], joins: []}
flows:
  - {id: "to ads", from: crm, to: ads box, carries: [email], purposes: [orders], exchange: sale}
  - {id: f.1, from: crm, to: packing.eu, carries: [name], purposes: [orders], exchange: none}
"""
AIMS = ["party:dot.party", "party:us: the party", "system:ads box", "system:packing.eu", "flow:to ads", "flow:f.1"]


@pytest.fixture
def odd(shop: Path) -> Path:
    write(shop / "estate.yaml", ODD)
    return shop


def quoted(aim: str) -> str:
    kind, _, name = aim.partition(":")
    return f"{kind}:{json.dumps(name)}"


@pytest.mark.parametrize("aim", [*AIMS, "contract:deal.1"])
def test_both_forms_say_the_same(odd: Path, call: Call, aim: str) -> None:
    calls = [["impact", "--manifest", "estate.yaml"], ["what-if", "estate.yaml", "--remove"]]
    calls += [["graph", "estate.yaml", "--around"]] if not aim.startswith("contract") else []
    for words in calls:
        bare, string = call(*words, aim), call(*words, quoted(aim))
        assert (bare.code, bare.err) == (0, ""), words
        assert bare == string


@pytest.mark.parametrize("aim", [*AIMS[2:], "contract:deal.1"])
def test_both_forms_are_set_and_unset(odd: Path, call: Call, aim: str) -> None:
    attribute, value = {"s": ("supports", "[deletion]"), "f": ("necessary", "no"), "c": ("until", "2026-10-01")}[aim[0]]
    for change in (("--set", f".{attribute}={value}"), ("--set", f".{attribute}=null")):
        bare, string = (call("what-if", "estate.yaml", change[0], f"{each}{change[1]}") for each in (aim, quoted(aim)))
        assert (bare.code, bare.err) == (0, "")
        assert bare == string
    removed = {"s": "party", "f": "purposes", "c": "covers.data"}[aim[0]]
    bare, string = (call("what-if", "estate.yaml", "--unset", f"{each}.{removed}") for each in (aim, quoted(aim)))
    assert bare == string
    assert "not of the form" not in bare.err


@pytest.mark.parametrize("name", ["deal.1", '"deal.1"', "contract:deal.1", 'contract:"deal.1"'])
def test_a_contract_is_ended_by_either_form(odd: Path, call: Call, name: str) -> None:
    done = call("what-if", "estate.yaml", "--end-contract", name)
    assert (done.code, done.err) == (0, "")
    assert "set contract deal.1: until = 2026-11-01" in done.out


@pytest.mark.parametrize("subject", ["to ads", '"to ads"', "flow:to ads", 'flow:"to ads"', "flow to ads"])
def test_a_subject_is_explained_by_either_form(odd: Path, call: Call, subject: str) -> None:
    done = call("explain", "no_selling", subject, "--manifest", "estate.yaml")
    assert (done.code, done.err) == (0, "")


def test_an_id_with_dots_that_is_added_is_known_to_what_sets_it(odd: Path, call: Call) -> None:
    adding = ("--add", 'party:{id: "a.b", role: us}', "--set", "party:a.b.role=data_broker")
    assert "set party a.b: role = (data_broker)" in call("what-if", "estate.yaml", *adding).out


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "party:dot.part.role=us",
            "`party:dot.part.role=us` is ambiguous: the party may be `dot` or `dot.part`, and none of these is",
        ),
        ("party:dot.party.x.role=us", "is ambiguous: the party may be `dot.party` or `dot.party.x`\n"),
    ],
)
def test_an_id_with_dots_that_may_end_at_several_is_to_be_a_string(
    odd: Path, call: Call, value: str, message: str
) -> None:
    write(odd / "estate.yaml", ODD.replace("  dot.party:", "  dot.party.x: {}\n  dot.party:", 1))
    done = call("what-if", "estate.yaml", "--set", value)
    assert (done.code, done.out) == (2, "")
    assert f"error[E306]: {'' if value in message else f'`{value}` '}{message}" in done.err
    assert f'write an id with dots as a JSON string, as in `party:"{value[6:-8]}".role=…`' in done.err


@pytest.mark.parametrize("key", ["flow:to ads", 'flow:"to ads"'])
def test_a_cost_is_of_either_form(odd: Path, call: Call, key: str) -> None:
    words = ("repair", "estate.yaml", "--rule", "no_selling", "--allow", "cut-flow", "--format", "json")
    write(odd / "privacy-rules.toml", f"[costs]\n'{key}' = 77\n")
    done = call(*words)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["offers"][0]["cost"] == 77


def test_a_cost_of_both_forms_is_an_error(odd: Path, call: Call) -> None:
    write(odd / "privacy-rules.toml", "[costs]\n'flow:f.1' = 7\n'flow:\"f.1\"' = 8\n")
    done = call("check", "estate.yaml")
    assert done.code == 2
    assert "privacy-rules.toml:3:" in done.err
    assert "is the same as `flow:f.1`, which is also set" in done.err


def test_a_cost_of_what_there_is_not_is_an_error_in_either_form(odd: Path, call: Call) -> None:
    for key in ("flow:f.2", 'flow:"f.2"'):
        text = f"manifests = ['estate.yaml']\n[costs]\n'{key}' = 8\n"
        write(odd / "privacy-rules.toml", text)
        done = call("check")
        assert done.code == 2
        assert (
            f"privacy-rules.toml:3:2: error[E305]: `costs` has `{key}`, which is neither a kind of move nor an entity"
            in done.err
        )
