"""The JSON API: what it answers is what the command line would."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from privacy_rules import engine
from privacy_rules.findings.document_model import Document
from privacy_rules.reports.check.json import document
from privacy_rules.reports.markup.json import dumps
from privacy_rules.web.session import Asked, Session, Terms
from tests.builders import git, write
from tests.web.exploring import HOME, Found, client, keys, session_of

SELLING = ("no_selling_through_others", "audiences")
CUT: list[Found] = [{"remove": {"flow": "audience-upload"}}]


def asked(api: TestClient, path: str, **body: Any) -> Found:
    answer = api.post(path, json=body)
    assert answer.status_code == 200, answer.text
    found: Found = answer.json()
    return found


def refused(api: TestClient, path: str, **body: Any) -> list[tuple[str, str]]:
    answer = api.post(path, json=body)
    assert answer.status_code in (400, 422)
    return [(each["code"], each["message"]) for each in answer.json()["errors"]]


def test_a_check_without_changes_is_the_document_of_check(api: TestClient, hashed: Session) -> None:
    report, _ = engine.check(hashed.inputs)
    assert report is not None
    answer = api.post("/check", json={})
    assert answer.text == dumps(document(report))
    assert keys(Document.model_validate_json(answer.content).model_dump()["findings"]) == [SELLING]


def test_a_check_with_changes_is_that_of_the_changed_manifest(api: TestClient, tmp_path: Path) -> None:
    file = HOME / "variants" / "hashed-audience.yaml"
    text = file.read_text(encoding="utf-8")
    cut = write(tmp_path / "cut.yaml", text[: text.index("  - id: audience-upload")])
    changed = client(session_of(HOME / "estate.yaml", cut))

    def verdicts(found: Found) -> Any:
        return found["summary"], [{**each, "location": None} for each in found["rules"]], keys(found["findings"])

    assert verdicts(asked(api, "/check", changes=CUT)) == verdicts(asked(changed, "/check"))


def test_cutting_the_flow_takes_the_finding_away(api: TestClient) -> None:
    found = asked(api, "/what-if", changes=CUT)
    assert [keys(found[each]) for each in ("comes", "goes", "stays")] == [[], [SELLING], []]
    assert (found["before"]["summary"]["violations"], found["after"]["summary"]["violations"]) == (1, 0)


def test_another_role_brings_a_finding_with_its_reason(api: TestClient) -> None:
    changes = [{"set": {"party": "survey_firm", "role": "marketer"}}]
    found = asked(api, "/what-if", changes=changes)
    assert keys(found["stays"]) == [SELLING]
    assert found["comes"]
    assert all(each["because"] for each in found["comes"])


def test_a_finding_that_is_decided_by_the_change_has_another_verdict(api: TestClient) -> None:
    unknown = [{"set": {"party": "ad_platform", "role": None}}]
    (pair,) = asked(api, "/what-if", changes=unknown)["changes"]
    assert keys([pair["before"], pair["after"]]) == [SELLING, SELLING]
    assert (pair["before"]["verdict"], pair["after"]["verdict"]) == ("violation", "undetermined")
    system = {"verdict": "violation", "waived": False}, {"verdict": "undetermined", "waived": False}
    assert [(each["before"], each["after"]) for each in pair["differs"]["pairs"]] == [system]
    assert pair["differs"]["words"] == ""


@pytest.mark.parametrize("body", [{"as_of": "2027-06-01"}, {"changes": [{"as_of": "2027-06-01"}]}])
def test_another_day_is_judged_on_by_either_way_to_say_so(api: TestClient, body: Found) -> None:
    found = asked(api, "/what-if", **body)
    assert found["after"]["as_of"] == "2027-06-01"
    assert "contracted_processors_only" in {each["rule"] for each in found["comes"]}


def test_what_goes_with_what_is_removed_is_reported(api: TestClient) -> None:
    found = asked(api, "/what-if", changes=[{"remove": {"system": "audience_builder"}}])
    assert found["went"] == ["flow audience-input", "flow audience-upload"]


def test_the_estate_has_what_was_added_and_not_what_was_removed(api: TestClient) -> None:
    flow = {"id": "new", "from": "browser", "to": "audiences", "carries": ["email_address"], "notice": True}
    estate = asked(api, "/estate", changes=[*CUT, {"add": {"flow": flow}}])
    flows = {each["id"]: each["values"] for each in estate["flows"]}
    assert "audience-upload" not in flows
    assert flows["new"]["carries"] == {"value": ["email_address"], "given": "declared"}
    assert flows["new"]["notice"] == {"value": True, "given": "declared"}


def test_every_value_of_the_estate_can_be_set_as_it_is_reported(api: TestClient) -> None:
    """What the page shows for editing it may send back, and nothing changes by it."""
    estate = asked(api, "/estate")
    changes = []
    for section in ("parties", "systems", "flows", "contracts"):
        for each in estate[section]:
            told = {name: value["value"] for name, value in each["values"].items() if value["given"] == "declared"}
            covers = {name.partition(".")[2]: told.pop(name) for name in list(told) if name.startswith("covers.")}
            body = {**told, **({"covers": covers} if covers else {})}
            if body:
                changes.append({"set": {each["kind"]: each["id"], **body}})
    assert len(changes) > 100
    found = asked(api, "/what-if", changes=changes)
    assert (keys(found["comes"]), keys(found["goes"]), found["changes"]) == ([], [], [])
    again = asked(api, "/estate", changes=changes)
    assert [each["values"] for each in again["systems"]] == [each["values"] for each in estate["systems"]]


def test_an_explanation_is_the_whole_tree(api: TestClient) -> None:
    found = asked(api, "/explain", rule=SELLING[0], subject=SELLING[1])
    assert found["verdict"] == "violation"
    assert found["judged"][0]["scope"]["children"]
    passed = asked(api, "/explain", rule=SELLING[0], subject=SELLING[1], changes=CUT)
    assert passed["verdict"] == "compliant"


def test_a_rule_has_the_words_of_the_clause_that_it_cites(api: TestClient) -> None:
    rules = {each["name"]: each for each in api.get("/session").json()["rules"]}
    (clause,) = rules[SELLING[0]]["clauses"]
    assert clause["cited"] == "#no-selling"
    assert clause["text"].startswith("Contact information is not for sale")
    assert clause["location"]["file"].endswith("policy.md")


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/what-if", {"changes": [{"remove": {"flow": "audience-uplaod"}}]}, ("E205", "no flow `audience-uplaod` is declared")),
        ("/check", {"changes": {}}, ("E321", "`changes` is not a list")),
        ("/check", {"as_of": "2026-02-30"}, ("E321", "`as_of` is not a day of the calendar")),
        ("/check", {"chnages": []}, ("E321", "unknown key `chnages`")),
        ("/explain", {"rule": "no_selling"}, ("E321", "there is no `subject`")),
        ("/explain", {"rule": "no_sale", "subject": "x"}, ("E304", "the policy has no rule `no_sale`")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported(api: TestClient, path: str, body: Found, told: tuple[str, str]) -> None:
    assert [(code, message.rpartition(": ")[2]) for code, message in refused(api, path, **body)] == [told]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"changes": [NaN]}',
        b'{"changes": [1e999999]}',
        b'{"as_of": 1, "as_of": 2}',
        b'{"changes": [' + b"[" * 100_000,
        b'{"changes": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"changes": [' + b"9" * 5_000 + b"]}",
        json.dumps({"changes": [{"remove": {"flow": "\ud800"}}]}).encode(),
        json.dumps({"changes": [{"add": {"flow": {"id": "\x00", "from": "browser", "to": "shop"}}}]}).encode(),
    ],
)
def test_what_is_no_request_is_refused_as_an_error_of_ours_never(api: TestClient, body: bytes) -> None:
    answer = api.post("/what-if", content=body)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"]


def test_nothing_that_is_asked_changes_the_session(api: TestClient) -> None:
    before = api.post("/check", json={}).text
    asked(api, "/what-if", changes=[{"remove": {"party": "iapmo"}}])
    assert api.post("/check", json={}).text == before


def test_a_patch_makes_the_manifests_be_judged_as_the_changes_are(tmp_path: Path) -> None:
    copied = tmp_path / "iapmo"
    shutil.copytree(HOME, copied)
    files = (copied / "estate.yaml", copied / "variants" / "hashed-audience.yaml")
    session = session_of(*files)
    changes = [{"remove": {"flow": "audience-upload"}}, {"set": {"party": "ad_platform", "role": "advertiser"}}]
    answer = client(session).post("/patch", json={"changes": changes, "as_of": "2026-12-01"})
    assert answer.status_code == 200
    text = answer.json()["patch"]
    assert text.startswith(
        "# remove flow audience-upload\n# set party ad_platform: role = (advertiser)\n# as of 2026-12-01\n"
    )
    git("apply", "-", cwd=copied, given=text.encode())
    wanted = session.judge(Asked(changes, date(2026, 12, 1))).report
    found = session_of(*files).start.report
    assert (found.as_of, found.summary) == (wanted.as_of, wanted.summary)
    assert [(each.rule, each.subject.id, each.verdict) for each in found.findings] == [
        (each.rule, each.subject.id, each.verdict) for each in wanted.findings
    ]


def test_what_is_no_patch_is_refused(api: TestClient) -> None:
    added = {"flow": {"id": "new", "from": "browser", "to": "nowhere"}}
    assert [code for code, _ in refused(api, "/patch", changes=[{"add": added}])] == ["E205"]
    assert api.post("/patch", json={}).json() == {"patch": ""}


def test_the_days_are_those_on_which_a_verdict_changes(tmp_path: Path) -> None:
    write(tmp_path / "shop.privacy", _DATED)
    manifest = write(tmp_path / "shop.yaml", _CONTRACTS)
    api = client(session_of(manifest))
    assert asked(api, "/days", changes=[]) == {"days": ["2026-02-01", "2026-12-01"]}  # and not the end of `idle`
    longer = [{"set": {"contract": "mail", "until": "2027-06-01"}}]
    assert asked(api, "/days", changes=longer) == {"days": ["2026-02-01", "2027-06-01"]}
    assert asked(api, "/days", changes=[{"remove": {"flow": "mails"}}]) == {"days": []}
    assert refused(api, "/days", changes=[{"remove": {"flow": "none"}}])


_DATED = """
policy dated {}
use std.core
data { email }
rule bound { require under contract on disclosure of email }
"""
_CONTRACTS = """
manifest: 1
policy: [shop.privacy]
as_of: 2026-06-01
parties: {us: {role: us}, mailer: {role: service_provider}, other: {role: service_provider}}
contracts:
  mail: {with: mailer, from: 2026-02-01, until: 2026-12-01}
  idle: {with: other, until: 2026-09-01}
systems: {crm: {party: us}, post: {party: mailer}, box: {party: other}}
flows: [{id: mails, from: crm, to: post, carries: [email]}]
"""


def test_configured_costs_apply_to_repairs(hashed: Session) -> None:
    question = dict(zip(("rule", "subject"), SELLING, strict=True))
    words = "remove flow audience-upload"
    for costs, expected in ({}, 10), ({'flow:"audience-upload"': 90}, 90), ({"cut-flow": 3}, 3):
        priced = Session(hashed.inputs, Terms(costs=costs), hashed.clauses)
        (offer,) = asked(client(priced), "/repair", **question)["offers"]
        assert (offer["cost"], offer["moves"][0]["words"]) == (expected, [words])
    ruled_out = Session(hashed.inputs, Terms(costs={"flow:audience-upload": "never"}), hashed.clauses)
    assert asked(client(ruled_out), "/repair", **question)["offers"] == []
