"""Changes that make a difference on later days, forecasts of changes, and calls of `what-if` that fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import edit, write
from tests.cli.calling import Call, on_record


@pytest.fixture
def estate(shop: Path) -> Path:
    """The shop in summer, when its contract is in force."""
    return edit(shop / "estate.yaml", "as_of: 2026-11-01", "as_of: 2026-08-01")


def later(call: Call, *words: str) -> dict[str, Any]:
    done = call("what-if", "estate.yaml", *words, "--format", "json")
    assert (done.code, done.err) == (0, "")
    (scenario,) = json.loads(done.out)["scenarios"]
    found: dict[str, Any] = scenario["later"]
    return found


def changed(day: dict[str, Any], key: str = "changes") -> set[tuple[str, str, str, str]]:
    return {(each["rule"], each["subject"]["id"], each["before"], each["after"]) for each in day[key]}


def test_a_change_that_matters_later_says_when(estate: Path, call: Call) -> None:
    words = ("--set", "contract:packing.until=2027-02-01")
    done = call("what-if", "estate.yaml", *words)
    assert done.code == 0
    on_record("what-if-later.txt", done.out)
    assert "nothing changes" in done.out
    assert "  and on 2027-02-01: contract packing ends\n" in done.out
    assert "  and no longer on 2026-10-01: contract packing ends\n" in done.out
    found = later(call, *words)
    assert found["until"] is None
    ends = {("contracted", "parcels", "compliant", "violation")}
    assert [(each["day"], changed(each), changed(each, "no_longer")) for each in found["days"]] == [
        ("2026-10-01", set(), ends),
        ("2027-02-01", ends, set()),
    ]


def test_a_new_flow_says_when_its_contract_ends(estate: Path, call: Call) -> None:
    new = "flow:{id: gifts, from: crm, to: packing, carries: [name], purposes: [orders]}"
    (day,) = later(call, "--add", new)["days"]
    assert (day["day"], day["no_longer"]) == ("2026-10-01", [])
    assert changed(day) == {("contracted", "gifts", "compliant", "violation")}
    assert [each["message"] for each in day["events"]] == ["contract packing ends"]


def test_a_change_that_matters_on_no_later_day_says_nothing_of_days(estate: Path, call: Call) -> None:
    assert later(call, "--set", "flow:leads.exchange=none") == {"until": None, "days": []}
    assert "and on" not in call("what-if", "estate.yaml", "--set", "flow:leads.exchange=none").out


@pytest.mark.parametrize("format_", ["markdown", "html"])
def test_every_format_says_when(estate: Path, call: Call, format_: str) -> None:
    done = call("what-if", "estate.yaml", "--set", "contract:packing.until=2027-02-01", "--format", format_)
    assert "and on 2027-02-01: contract packing ends" in done.out


def test_no_attribute_of_a_change_is_left_out(estate: Path, call: Call) -> None:
    purposes = "covers: {data: [contact, name, email, card], purposes: [orders, newsletter]}"
    obliges = "obliges: [policy_protection, no_onward_disclosure, deletion_on_request, confidentiality, audit]"
    done = call(
        "what-if", "estate.yaml", "--add", f"contract:{{id: new, with: broker, {purposes}, {obliges}, until: null}}"
    )
    assert "until = unknown" in done.out


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (("--set", "flow:ratings.exchange=sale"), (1, 1, 0)),
        (("--set", "flow:parcels.purposes=null"), (0, 1, 0)),
        (("--set", "flow:leads.exchange=none"), (0, 0, 0)),
        (("--remove", "flow:signup"), (0, 0, 0)),
        (("--set", "flow:leads.carries=[email, name]"), (1, 1, 0)),
        (("--set", "contract:packing.until=2027-02-01"), (0, 0, 0)),
    ],
)
def test_a_call_fails_on_what_the_changes_bring(
    estate: Path, call: Call, words: tuple[str, ...], codes: tuple[int, ...]
) -> None:
    for fail_on, code in zip(("violation", "undetermined", "never"), codes, strict=True):
        assert call("what-if", "estate.yaml", *words, "--fail-on", fail_on).code == code


def test_it_fails_if_one_of_several_scenarios_does(estate: Path, call: Call) -> None:
    text = "scenarios: {good: [{remove: {flow: leads}}], bad: [{set: {flow: ratings, exchange: sale}}]}"
    write(estate.parent / "plan.yaml", text)
    done = call("what-if", "estate.yaml", "--changes", "plan.yaml", "--fail-on", "violation")
    assert done.code == 1
    assert "bad" in done.out


def test_a_forecast_of_changes_is_that_of_the_changed_estate(estate: Path, call: Call) -> None:
    write(estate.parent / "plan.yaml", "- set: {contract: packing, until: 2027-02-01}")
    words = ("forecast", "estate.yaml", "--format", "json")
    planned = json.loads(call(*words, "--changes", "plan.yaml").out)
    edit(estate, "until: 2026-10-01", "until: 2027-02-01")
    by_hand = json.loads(call(*words).out)
    assert [each["day"] for each in planned["days"]] == [each["day"] for each in by_hand["days"]]
    assert [changed(each) for each in planned["days"]] == [changed(each) for each in by_hand["days"]]


def test_a_forecast_begins_on_the_day_of_the_changes(estate: Path, call: Call) -> None:
    write(estate.parent / "plan.yaml", "- as_of: 2026-10-15")
    words = ("forecast", "estate.yaml", "--changes", "plan.yaml", "--format", "json")
    assert json.loads(call(*words).out)["as_of"] == "2026-10-15"
    assert json.loads(call(*words, "--as-of", "2026-09-15").out)["as_of"] == "2026-09-15"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenarios: {a: [], b: []}", "a forecast takes one scenario, but there are 2: `a`, `b`"),
        ("- remove: {flow: nope}", "no flow `nope` is declared"),
        ("remove", "expected a list of changes"),
    ],
)
def test_changes_that_cannot_be_made_are_reported(estate: Path, call: Call, text: str, message: str) -> None:
    write(estate.parent / "plan.yaml", text)
    done = call("forecast", "estate.yaml", "--changes", "plan.yaml")
    assert (done.code, done.out) == (2, "")
    assert message in done.err
