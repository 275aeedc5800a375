"""`drift`: what was observed, compared with what is declared, and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import edit, git, write
from tests.cli.calling import Call, on_record

ESTATE = """\
manifest: 1
policy: [p.privacy]
as_of: 2026-01-01
defaults: {flow: {purposes: [orders]}}
parties:
  acme: {role: us}
  post: {role: service_provider}
  broker: {role: data_broker}
  person: {role: data_subject}
systems:
  browser: {party: person}
  shop: {party: acme, aliases: [shop-service, "shop.internal"]}
  crm: {party: acme}
  mailer: {party: post}
  letters: {party: post}
  leads: {party: broker}
flows:
  - {id: signup, from: browser, to: shop, carries: [email]}
  - {id: records, from: shop, to: crm, carries: [email]}
  - {id: mailing, from: crm, to: mailer, carries: [email]}
"""
POLICY = """\
policy p { title "p" }
use std.core
data { email }
purpose { orders ads }
rule no_broker { forbid disclosure to data_broker }
rule stated { require purpose is orders on flow of email }
"""
LINKS = """\
[
  {"parent": "browser", "child": "shop-service", "callCount": 9},
  {"parent": "crm", "child": "shop.internal", "callCount": 4},
  {"parent": "shop-service", "child": "leads", "callCount": 2},
  {"parent": "crm", "child": "letters", "callCount": 3},
  {"parent": "crm", "child": "api.tracker.example", "callCount": 1},
  {"parent": "crm", "child": "crm", "callCount": 1}
]
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write("estate.yaml", ESTATE)
    write("p.privacy", POLICY)
    write("links.json", LINKS)
    return tmp_path


@pytest.mark.parametrize("name", ["text", "json", "sarif", "markdown"])
def test_each_format_is_on_record(name: str, call: Call) -> None:
    done = call("drift", "estate.yaml", "--observed", "links.json", "--format", name)
    assert (done.code, done.err) == (0, "")
    on_record(f"drift-{name}.txt", done.out)


def test_new_recipients_come_first_and_each_flow_says_which_rules_it_breaks(call: Call) -> None:
    found = json.loads(call("drift", "estate.yaml", "--observed", "links.json", "--format", "json").out)
    flows = {each["id"]: each for each in found["undeclared"]}
    assert list(flows) == ["shop -> leads", "crm -> api.tracker.example", "crm -> letters"]
    assert [each["new_recipient"] for each in flows.values()] == [True, True, False]
    broken = {each["rule"]: each["verdict"] for each in flows["shop -> leads"]["findings"]}
    assert broken == {"no_broker": "violation", "stated": "undetermined"}
    assert flows["shop -> leads"]["location"] == {"file": "links.json", "line": 4, "column": 3}
    assert [each["id"] for each in found["never_observed"]] == ["mailing"]
    assert [each["name"] for each in found["unknown_systems"]] == ["api.tracker.example"]


def test_a_call_counts_for_flows_both_ways_and_lineage_for_one(call: Call) -> None:
    event = {"job": {"name": "crm"}, "inputs": [], "outputs": [{"name": "shop"}]}
    write("lineage.json", json.dumps(event))
    found = json.loads(call("drift", "estate.yaml", "--observed", "lineage.json", "--format", "json").out)
    assert [each["id"] for each in found["undeclared"]] == ["crm -> shop"]
    write("calls.csv", "source,destination\ncrm,shop\n")
    found = json.loads(call("drift", "estate.yaml", "--observed", "calls.csv", "--format", "json").out)
    assert found["undeclared"] == []
    assert {each["id"] for each in found["never_observed"]} == {"signup", "mailing"}


def test_a_map_says_which_system_a_service_is(call: Call) -> None:
    write("map.yaml", "map: 1\nservices: {api.tracker.example: mailer}\n")
    found = json.loads(
        call("drift", "estate.yaml", "--observed", "links.json", "--map", "map.yaml", "--format", "json").out
    )
    assert found["unknown_systems"] == []
    assert found["never_observed"] == []


@pytest.mark.parametrize(
    ("links", "fail_on", "code"),
    [
        (LINKS, None, 0),
        (LINKS, "undeclared", 1),
        (LINKS, "new-recipient", 1),
        ('[{"parent": "crm", "child": "letters", "callCount": 1}]', "undeclared", 1),
        ('[{"parent": "crm", "child": "letters", "callCount": 1}]', "new-recipient", 0),
        ('[{"parent": "shop", "child": "crm", "callCount": 1}]', "undeclared", 0),
    ],
)
def test_what_fails(call: Call, links: str, fail_on: str | None, code: int) -> None:
    write("links.json", links)
    words = [] if fail_on is None else ["--fail-on", fail_on]
    assert call("drift", "estate.yaml", "--observed", "links.json", *words).code == code


def test_the_patch_applies_and_then_nothing_is_undeclared(call: Call, project: Path) -> None:
    git("init", "-q", cwd=project)
    done = call("drift", "estate.yaml", "--observed", "links.json", "--write", "drift.patch")
    assert done.code == 0
    git("apply", "drift.patch", cwd=project)
    text = Path("estate.yaml").read_text(encoding="utf-8")
    assert "purposes: null" in text
    assert "api.tracker.example" in text
    done = call("drift", "estate.yaml", "--observed", "links.json", "--fail-on", "undeclared")
    assert done.code == 0
    assert "0 undeclared flows" in done.out
    write("links.json", '[{"parent": "crm", "child": "leads", "callCount": 1}]')
    done = call("drift", "estate.yaml", "--observed", "links.json", "--write", "-")
    assert done.out.startswith("# flows that were observed but not declared\n")


def test_an_alias_of_two_systems_is_an_error(call: Call) -> None:
    edit("estate.yaml", "mailer: {party: post}", "mailer: {party: post, aliases: [crm]}")
    done = call("drift", "estate.yaml", "--observed", "links.json")
    assert done.code == 2
    assert "estate.yaml:14:34: error[E211]" in done.err


def test_a_wrong_call_is_reported(call: Call) -> None:
    for words, told in (
        ([], "no observations are given"),
        (["--observed", "gone.json"], "`gone.json` cannot be read"),
        (["--observed", "p.privacy"], "error["),
        (["--observed", "links.json", "--map", "gone.yaml"], "`gone.yaml` cannot be read"),
    ):
        done = call("drift", "estate.yaml", *words)
        assert (done.code, done.out) == (2, "")
        assert told in done.err


def test_drift_works_on_imported_files(call: Call) -> None:
    write("flows.csv", "from,to,data\nshop,crm,email\n")
    write(
        "links.json",
        '[{"parent": "shop", "child": "crm", "callCount": 1}, {"parent": "crm", "child": "x", "callCount": 1}]',
    )
    done = call("drift", "flows.csv", "--policy", "p.privacy", "--observed", "links.json")
    assert done.code == 0
    assert "new recipient: crm -> x" in done.out.replace("→", "->")
