from __future__ import annotations

from typing import Any

import pytest

from tests.builders import flow
from tests.unit.checking.judging import case, manifest

BOUND = "rule bound { require under contract (obliges includes policy_protection) on flow }"
GOOD = {"obliges": ["policy_protection"]}


def _verdict(text: str, data: dict[str, Any], subject: str = "a") -> str:
    return case(text, data).verdicts().get(subject, "compliant")


def _flow(start: str, end: str, **contracts: dict[str, Any]) -> dict[str, Any]:
    return manifest(flow("a", start, end, ["email"]), contracts=contracts)


def test_a_contract_with_a_party_binds_it_and_us_in_either_direction() -> None:
    contract = {"with": "mailer", **GOOD}
    assert _verdict(BOUND, _flow("crm", "post", c=contract)) == "compliant"
    assert _verdict(BOUND, _flow("post", "crm", c=contract)) == "compliant"
    assert _verdict(BOUND, _flow("post", "market", c=contract)) == "violation"


def test_a_contract_between_parties_binds_any_two_of_them() -> None:
    contract = {"between": ["mailer", "broker", "people"], **GOOD}
    assert _verdict(BOUND, _flow("post", "market", c=contract)) == "compliant"
    assert _verdict(BOUND, _flow("crm", "market", c=contract)) == "violation"


def test_a_party_is_under_no_contract_with_itself() -> None:
    contract = {"between": ["we", "mailer"], **GOOD}
    assert _verdict(BOUND, _flow("site", "crm", c=contract)) == "violation"
    assert _verdict(BOUND, _flow("stray", "stray", c=contract)) == "violation"


@pytest.mark.parametrize("contract", [{"with": "mailer"}, {"between": ["we", "mailer"]}], ids=["with", "between"])
def test_an_unknown_party_may_be_one_that_a_contract_binds(contract: dict[str, Any]) -> None:
    assert _verdict(BOUND, _flow("crm", "stray", c={**contract, **GOOD})) == "undetermined"
    assert _verdict(BOUND, _flow("stray", "post", c={**contract, **GOOD})) == "undetermined"
    assert _verdict(BOUND, _flow("market", "stray", c={**contract, **GOOD})) == "violation"
    assert _verdict(BOUND, _flow("crm", "stray", c=contract)) == "undetermined"
    assert _verdict(BOUND, _flow("crm", "stray", c={**contract, "obliges": []})) == "violation"


@pytest.mark.parametrize("contract", [{"with": "mailer"}, {"between": ["we", "mailer"]}], ids=["with", "between"])
def test_two_unknown_parties_may_be_any_that_a_contract_binds(contract: dict[str, Any]) -> None:
    data = manifest(flow("a", "stray", "fog", ["email"]), systems={"fog": {}}, contracts={"c": {**contract, **GOOD}})
    found = case(BOUND, data).all()["bound", "a"]
    assert found.verdict.word == "undetermined"
    assert sorted((each.id, each.attribute) for each in found.missing) in (
        [("fog", "party")],
        [("stray", "party")],
        [("fog", "party"), ("stray", "party")],
    )


def test_no_contract_binds_an_unknown_party() -> None:
    assert _verdict(BOUND, _flow("crm", "stray")) == "violation"


def test_a_system_of_an_unknown_party_may_be_under_contract_with_us() -> None:
    rule = "rule bound { require under contract on system }"
    contracts = {"c": {"with": "mailer"}}
    found = case(rule, manifest(contracts=contracts)).verdicts()
    assert "post" not in found
    assert found["stray"] == "undetermined"
    assert found["market"] == "violation"
    assert case(rule, manifest()).verdicts()["stray"] == "violation"


def test_a_party_that_may_be_us_may_be_bound() -> None:
    data = _flow("dark", "post", c={"with": "mailer", **GOOD})
    found = case(BOUND, data)
    assert found.verdicts() == {"a": "undetermined"}
    assert ("somebody", "role", "declare") in found.missing()


@pytest.mark.parametrize(
    ("term", "verdict"),
    [
        ({"until": "2026-11-01"}, "violation"),
        ({"until": "2026-11-02"}, "compliant"),
        ({"from": "2026-11-01"}, "compliant"),
        ({"from": "2026-11-02"}, "violation"),
        ({"until": None}, "undetermined"),
        ({"from": None}, "undetermined"),
        ({"from": None, "until": "2020-01-01"}, "violation"),
    ],
)
def test_a_contract_counts_from_its_first_day_until_the_day_before_it_ends(term: dict[str, Any], verdict: str) -> None:
    assert _verdict(BOUND, _flow("crm", "post", c={"with": "mailer", **GOOD, **term})) == verdict


def test_what_is_missing_of_a_contract_is_its_end() -> None:
    found = case(BOUND, _flow("crm", "post", c={"with": "mailer", **GOOD, "until": None}))
    assert found.missing() == [("c", "until", "declare")]


def test_the_best_of_several_contracts_counts() -> None:
    several = {"a": {"with": "mailer"}, "b": {"with": "mailer", **GOOD}, "c": {"with": "mailer", "obliges": []}}
    assert _verdict(BOUND, _flow("crm", "post", **several)) == "compliant"


def test_a_contract_covers_what_is_below_what_it_names() -> None:
    rule = "rule covered { require under contract (covers data and covers purpose) on flow }"
    contract = {"with": "mailer", "covers": {"data": ["contact"], "purposes": ["service"]}}

    def verdict(carries: list[str] | None, purpose: str, terms: dict[str, Any] | None = None) -> str:
        said = flow("a", "crm", "post", carries, purposes=[purpose])
        return _verdict(rule, manifest(said, contracts={"c": terms or contract}))

    assert verdict(["email"], "delivery") == "compliant"
    assert verdict(["clicks"], "delivery") == "violation"
    assert verdict(["email"], "marketing") == "violation"
    assert verdict(["sensitive"], "delivery") == "undetermined"
    assert verdict(None, "delivery") == "undetermined"
    assert verdict(["email"], "delivery", {"with": "mailer"}) == "undetermined"


def test_each_end_may_be_asked_for_its_contract_with_us() -> None:
    rule = "rule onward { require source under contract (allows_onward) on flow to third_party }"
    contract = {"with": "mailer", "allows_onward": True}
    assert _verdict(rule, _flow("post", "market", c=contract)) == "compliant"
    assert _verdict(rule, _flow("post", "market", c={**contract, "allows_onward": False})) == "violation"
    assert _verdict(rule, _flow("stray", "market", c=contract)) == "undetermined"


def test_a_contract_of_one_of_us_is_with_another_of_us() -> None:
    rule = "rule bound { require under contract on party }"
    two = {"we": {"role": "us"}, "too": {"role": "us"}}
    found = case(rule, manifest(parties=two, contracts={"c": {"with": "mailer"}})).verdicts()
    assert found["we"] == found["too"] == "violation"
    found = case(rule, manifest(parties=two, contracts={"c": {"between": ["we", "too"]}})).verdicts()
    assert "we" not in found
    assert "too" not in found
