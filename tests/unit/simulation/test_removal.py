"""An estate without something still stands: nothing in it names what is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.simulation.removal import without
from privacy_rules.vocabulary.values import Item, Transform
from tests.builders import flow
from tests.properties.checking import TODAY, by_engine, load
from tests.properties.strategies import Sample, many, samples
from tests.unit.checking.judging import case, manifest

FLOWS = (
    flow("form", "browser", "crm", ["email", "clicks"]),
    flow("list", "crm", "post", ["email"], origin=["form"]),
    flow("sold", "crm", "market", ["phone"], origin=["form"]),
)


def smaller(kind: str, name: str, **more: Any) -> tuple[Any, tuple[tuple[str, str], ...]]:
    found = case("rule r { forbid flow }", manifest(*FLOWS, **more))
    return without(found.graph.estate, found.policy, kind, name)


def test_an_origin_that_is_gone_is_named_no_more() -> None:
    estate, gone = smaller("flow", "form")
    assert gone == (("flow", "form"),)
    assert "origin" not in estate.flows["list"].declared


def test_an_origin_of_an_item_that_is_gone_is_named_no_more() -> None:
    listed = flow("list", "crm", "post", [{"data": "email", "origin": ["form", "second"]}, "phone"])
    second = flow("second", "browser", "crm", ["email"])
    found = case("rule r { forbid flow }", manifest(FLOWS[0], second, listed))
    estate, _ = without(found.graph.estate, found.policy, "flow", "form")
    email = Item("email", (("origin", ("second",)),), within="carries")
    assert estate.flows["list"].declared["carries"] == (email, Item("phone", within="carries"))


def test_an_item_goes_with_its_category() -> None:
    listed = flow("list", "crm", "post", [{"data": "email", "choice": "opt_in"}, "phone"])
    found = case("rule r { forbid flow }", manifest(*FLOWS[::2], listed))
    estate, gone = without(found.graph.estate, found.policy, "category", "email")
    assert estate.flows["list"].declared["carries"] == (Item("phone", within="carries"),)
    assert ("flow", "list") not in gone


def test_a_contract_goes_with_a_party_that_it_binds() -> None:
    contracts = {"a": {"with": "mailer"}, "b": {"between": ["broker", "mailer"]}, "c": {"with": "broker"}}
    estate, gone = smaller("party", "mailer", contracts=contracts)
    assert set(estate.contracts) == {"c"}
    assert gone == (("party", "mailer"), ("contract", "a"), ("contract", "b"), ("system", "post"), ("flow", "list"))


def test_a_contract_goes_with_the_last_system_that_it_is_for() -> None:
    contracts = {"a": {"with": "mailer", "systems": ["post"]}, "b": {"with": "mailer", "systems": ["crm", "post"]}}
    estate, gone = smaller("system", "post", contracts=contracts)
    assert gone == (("contract", "a"), ("system", "post"), ("flow", "list"))
    assert estate.contracts["b"].declared["systems"] == ("crm",)


def test_a_category_goes_from_all_that_is_carried_stored_joined_and_made() -> None:
    systems = {
        "crm": {
            "party": "we",
            "stores": ["email", "clicks"],
            "joins": [["email", "clicks"], ["clicks", "health"]],
            "transforms": [{"from": "email", "to": "hashed_email", "method": "hashing"}],
        }
    }
    estate, gone = smaller("category", "contact", systems=systems)
    crm = estate.systems["crm"].declared
    assert crm["stores"] == (Item("clicks"),)
    assert crm["joins"] == (("clicks", "health"),)
    assert crm["transforms"] == ()
    assert estate.flows["form"].declared["carries"] == ("clicks",)
    assert set(estate.flows) == {"form"}
    assert gone == (("category", "contact"), ("flow", "list"), ("flow", "sold"))
    assert Transform("email", ("hashed_email",), "hashing") not in crm["transforms"]


@pytest.mark.parametrize("kind", ["flow", "system", "party", "contract"])
@many
@given(sample=samples(), number=st.integers(0, 100))
def test_whatever_goes_the_rest_can_be_judged(kind: str, sample: Sample, number: int) -> None:
    policy, estate = load(sample)
    ids = sorted({"flow": estate.flows, "system": estate.systems, "party": estate.parties}.get(kind, estate.contracts))
    if not ids:
        return
    rest, gone = without(estate, policy, kind, ids[number % len(ids)])
    assert gone
    FlowGraph.of(rest, policy)
    by_engine(policy, rest, TODAY)
    left = {("flow", each) for each in rest.flows} | {("system", each) for each in rest.systems}
    assert not left & set(gone)
    assert (
        replace(rest, flows=estate.flows, systems=estate.systems, parties=estate.parties, contracts=estate.contracts)
        == estate
    )
