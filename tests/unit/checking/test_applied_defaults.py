from __future__ import annotations

from typing import Any

from tests.builders import flow
from tests.unit.checking.judging import case, manifest

Told = list[tuple[str, str, object, str, int]]


def _assumed(text: str, data: dict[str, Any]) -> Told:
    found = case(text, data).judged().assumptions
    return [(each.entity.value, each.attribute, each.value, each.source, each.subjects) for each in found]


def test_a_manifests_default_that_a_rule_depends_on_is_reported_with_how_many_take_it() -> None:
    data = manifest(
        flow("a", "crm", "post", ["email"]),
        flow("b", "crm", "post", ["email"]),
        flow("c", "crm", "post", ["email"], exchange="sale"),
        defaults={"flow": {"exchange": "none", "choice": "opt_in"}},
    )
    assert _assumed("rule none { forbid flow when exchange is sale }", data) == [
        ("flow", "exchange", "none", "manifest default", 2)
    ]


def test_a_default_of_null_is_no_assumption() -> None:
    data = manifest(flow("a", "crm", "post", ["email"]), defaults={"flow": {"exchange": None}})
    assert _assumed("rule none { forbid flow when exchange is sale }", data) == []


def test_a_policys_default_is_reported_with_its_place() -> None:
    found = case("rule none { require lawful on flow }", manifest(flow("a", "crm", "post", ["email"])))
    (only,) = found.judged().assumptions
    assert (only.attribute, only.value, only.source, only.subjects) == ("lawful", False, "policy default", 1)
    assert only.location is not None
    assert only.location.file == "rules.privacy"


def test_a_contract_without_an_end_is_reported_and_one_without_a_beginning_is_not() -> None:
    data = manifest(flow("a", "crm", "post", ["email"]), contracts={"c": {"with": "mailer"}})
    assert _assumed("rule bound { require under contract on flow }", data) == [
        ("contract", "until", "until ended", "built-in default", 1)
    ]


def test_the_country_of_a_party_stands_for_its_systems() -> None:
    parties = {"we": {"role": "us", "country": "de"}}
    data = manifest(
        flow("a", "crm", "post", ["email"]), parties=parties, systems={"crm": {"party": "we", "country": "de"}}
    )
    rule = "rule near { forbid flow to (not country is eea) }"
    (told,) = _assumed(rule, data)
    assert told[:4] == ("system", "country", "its party's", "built-in default")
    nobody: dict[str, Any] = {"manifest": 1, "parties": {"we": {"role": "us"}}, "systems": {"x": {}}, "flows": []}
    assert _assumed(rule, nobody) == []


def test_what_no_rule_applies_to_is_not_reported() -> None:
    data = manifest(flow("a", "crm", "post", ["email"]), defaults={"flow": {"choice": "opt_in"}})
    assert _assumed("rule none { forbid flow when exchange is sale }", data) == []
