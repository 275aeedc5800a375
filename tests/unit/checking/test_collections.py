from __future__ import annotations

from typing import Any

import pytest

from privacy_rules.checking.invalid_origins import diagnose
from tests.builders import flow
from tests.unit.checking.judging import case, every, manifest

NOTICED = "rule noticed { require collected with (notice) on flow to third_party }"
WITHIN = "rule within { require purpose within collected purposes on flow to third_party }"
EMAIL = ["email"]


def _verdict(rule: str, *flows: dict[str, Any], subject: str = "out", **more: Any) -> str:
    return case(rule, manifest(*flows, **more)).verdicts().get(subject, "compliant")


def test_a_datum_came_from_the_collection_that_a_path_leads_from() -> None:
    for notice, verdict in ((True, "compliant"), (False, "violation"), (None, "undetermined")):
        flows = [
            flow("in", "browser", "site", EMAIL, notice=notice),
            flow("on", "site", "crm", EMAIL),
            flow("out", "crm", "market", EMAIL),
        ]
        assert _verdict(NOTICED, *flows) == verdict


def test_collections_that_differ_do_not_decide_and_an_origin_does() -> None:
    flows = [flow("in", "browser", "site", EMAIL, notice=True), flow("form", "browser", "site", EMAIL, notice=False)]
    assert _verdict(NOTICED, *flows, flow("out", "site", "market", EMAIL)) == "undetermined"
    assert _verdict(NOTICED, *flows, flow("out", "site", "market", EMAIL, origin=["in"])) == "compliant"
    assert _verdict(NOTICED, *flows, flow("out", "site", "market", EMAIL, origin=["form"])) == "violation"
    assert _verdict(NOTICED, *flows, flow("out", "site", "market", EMAIL, origin=["form", "in"])) == "undetermined"


def test_an_origin_that_is_said_not_to_be_known_leaves_it_open() -> None:
    collected = flow("in", "browser", "site", EMAIL, notice=True)
    assert _verdict(NOTICED, collected, flow("out", "site", "market", EMAIL, origin=None)) == "undetermined"


def test_an_unknown_datum_may_have_come_from_any_collection() -> None:
    collected = flow("in", "browser", "site", EMAIL, notice=True)
    assert _verdict(NOTICED, collected, flow("out", "site", "market")) == "undetermined"
    assert _verdict(NOTICED, collected, flow("out", "site", "market", origin=["in"])) == "undetermined"


def test_an_origin_that_cannot_carry_the_datum_keeps_what_the_paths_say() -> None:
    flows = [
        flow("in", "browser", "site", EMAIL, notice=True),
        flow("tap", "browser", "site", ["clicks"], notice=False),
    ]
    assert _verdict(NOTICED, *flows, flow("out", "site", "market", EMAIL, origin=["tap"])) == "compliant"


def test_without_any_collection_nothing_is_decided() -> None:
    assert _verdict(NOTICED, flow("out", "site", "market", EMAIL)) == "undetermined"


@pytest.mark.parametrize(
    ("purpose", "collected", "verdict"),
    [
        ("delivery", ["service"], "compliant"),
        ("marketing", ["service"], "violation"),
        ("service", ["delivery"], "undetermined"),
        ("service", None, "undetermined"),
    ],
)
def test_a_purpose_is_held_against_those_of_the_collection(
    purpose: str, collected: list[str] | None, verdict: str
) -> None:
    said = {} if collected is None else {"purposes": collected}
    flows = [flow("in", "browser", "site", EMAIL, **said), flow("out", "site", "market", EMAIL, purposes=[purpose])]
    assert _verdict(WITHIN, *flows) == verdict


def test_the_explanation_names_the_collections_and_what_was_found_of_each() -> None:
    flows = [
        flow("in", "browser", "site", EMAIL, notice=True),
        flow("form", "browser", "site", EMAIL, notice=False),
        flow("out", "site", "market", EMAIL),
    ]
    (found,) = case(NOTICED, manifest(*flows)).explained("noticed", "out")
    (test,) = [each for each in every(found.requirement) if each.collections]
    assert test.collections == ("form", "in")
    assert [each.value.word for each in test.children] == ["false", "true"]


def test_the_explanation_of_a_named_origin_names_only_that() -> None:
    flows = [
        flow("in", "browser", "site", EMAIL, notice=True),
        flow("form", "browser", "site", EMAIL, notice=False),
        flow("out", "site", "market", EMAIL, origin=["in"]),
    ]
    (found,) = case(NOTICED, manifest(*flows)).explained("noticed", "out")
    assert [each.collections for each in every(found.requirement) if each.collections] == [("in",)]


def test_a_collection_comes_from_itself() -> None:
    rule = "rule noticed { require collected with (notice) on collection }"
    for notice, verdict in ((True, "compliant"), (False, "violation")):
        assert _verdict(rule, flow("in", "browser", "site", EMAIL, notice=notice), subject="in") == verdict
    (found,) = case(rule, manifest(flow("in", "browser", "site", EMAIL, notice=True))).explained("noticed", "in")
    assert [each.collections for each in every(found.requirement) if each.collections] == [("in",)]


def test_what_a_person_sends_on_is_given_anew() -> None:
    flows = [
        flow("show", "site", "browser", EMAIL),
        flow("in", "browser", "site", EMAIL, notice=True),
        flow("out", "browser", "market", EMAIL, notice=False),
    ]
    found = case(NOTICED, manifest(*flows))
    assert found.verdicts() == {"out": "violation"}
    (said,) = found.explained("noticed", "out")
    assert [each.collections for each in every(said.requirement) if each.collections] == [("out",)]


def test_a_storage_is_asked_where_its_items_came_from() -> None:
    rule = "rule noticed { require collected with (notice) on storage of contact }"
    systems = {"crm": {"party": "we", "stores": ["email", "phone"]}}
    flows = [flow("in", "browser", "site", EMAIL, notice=False), flow("on", "site", "crm", EMAIL)]
    found = case(rule, manifest(*flows, systems=systems)).all()["noticed", "crm"]
    assert [(each.data, each.verdict.word) for each in found.judged] == [
        ("email", "violation"),
        ("phone", "undetermined"),
    ]


def test_a_circle_of_flows_ends() -> None:
    flows = [
        flow("in", "browser", "site", EMAIL, notice=True),
        flow("go", "site", "crm", EMAIL),
        flow("back", "crm", "site", EMAIL),
        flow("out", "site", "market", EMAIL),
    ]
    assert _verdict(NOTICED, *flows) == "compliant"


def test_an_origin_that_surely_collects_nothing_is_an_error() -> None:
    data = manifest(flow("on", "site", "crm", EMAIL), flow("out", "crm", "market", EMAIL, origin=["on"]))
    found = case(NOTICED, data)
    (error,) = diagnose(found.graph)
    assert (error.code, error.message) == ("E212", "`origin` of flow `out` names `on`, which is not a collection")
