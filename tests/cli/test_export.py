"""`export`: the estate in the formats of other tools, each valid by what that tool publishes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema import Draft7Validator
from rdflib import RDF, Graph, URIRef

from privacy_rules.cli.export import _NAMES
from privacy_rules.manifest.exporting.formats.threagile import _PROTOCOLS, _TECHNOLOGIES
from privacy_rules.manifest.exporting.registry import FORMATS
from tests.cli.calling import Call

DPV = "https://w3id.org/dpv#"
OTM_SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "samples" / "otm" / "otm_schema.json"
POLICY = """
policy p { title "p" }
use std.dpv
data { email card }
purpose { orders }
rule nobody { forbid disclosure of email to third_party }
"""
ESTATE = """
manifest: 1
parties:
  shop: {role: us, name: The shop, country: DE}
  agency: {role: [third_party, service_provider]}
  people: {role: data_subject}
contracts:
  frame: {between: [shop, agency]}
systems:
  phone: {party: people}
  crm: {party: shop, kind: database, zone: inner network, stores: [email], tags: [core], owner: sales, retention: 2 years}
  mail_er: {party: agency, uses: [{data: email, purposes: [advertising]}], transforms: [{from: email, to: [card], method: hash}]}
flows:
  - {id: order, from: phone, to: crm, carries: [email, {data: card, necessary: yes}], purposes: [orders], legal_basis: consent, protocol: https}
  - {id: mailing, from: crm, to: mail_er, purposes: [advertising]}
  - {id: "=HYPERLINK(1)", from: crm, to: mail_er, carries: [email]}
"""
METHODS = "method { hash }\n"


@pytest.fixture
def estate(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(tmp_path)
    Path("p.privacy").write_text(POLICY + METHODS, encoding="utf-8")
    Path("estate.yaml").write_text(ESTATE, encoding="utf-8")
    return call


def exported(call: Call, name: str) -> str:
    done = call("export", name, "estate.yaml", "--policy", "p.privacy")
    assert done.code == 0, done.err
    return done.out


def test_the_verb_lists_all_formats() -> None:
    assert {*FORMATS, "tables"} == set(_NAMES)


def test_cyclonedx_is_valid_by_the_published_schema(estate: Call) -> None:
    text = exported(estate, "cyclonedx")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    crm = json.loads(text)["services"][1]
    assert crm["provider"] == {"name": "shop"}
    assert crm["trustZone"] == "inner network"


def test_two_flows_of_which_one_does_not_say_what_it_carries_are_one_without_data(estate: Call) -> None:
    crm = json.loads(exported(estate, "cyclonedx"))["services"][1]
    assert [each["classification"] for each in crm["data"]] == [""]


@pytest.mark.skipif(not OTM_SCHEMA.exists(), reason="the schema is not here")
def test_otm_is_valid_by_the_published_schema(estate: Call) -> None:
    schema = json.loads(OTM_SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator(schema).validate(yaml.safe_load(exported(estate, "otm")))


def test_threagile_has_what_its_schema_requires(estate: Call) -> None:
    model = yaml.safe_load(exported(estate, "threagile"))
    assert {"threagile_version", "title", "author", "business_criticality", "tags_available", "data_assets"} <= set(
        model
    )
    assets = model["technical_assets"]
    ids = {each["id"] for each in assets.values()}
    assert ids == {"phone", "crm", "mail-er"}
    assert model["tags_available"] == ["core"]
    assert assets["crm"]["data_assets_stored"] == [model["data_assets"]["email"]["id"]]
    for asset in assets.values():
        assert asset["technology"] in _TECHNOLOGIES
        for link in asset["communication_links"].values():
            assert link["target"] in ids
            assert link["protocol"] in _PROTOCOLS


def test_openlineage_events_have_what_their_schema_requires(estate: Call) -> None:
    events = [json.loads(each) for each in exported(estate, "openlineage").splitlines()]
    for event in events:
        assert {"eventTime", "producer", "schemaURL"} <= set(event)
        assert ("run" in event and "job" in event) or "dataset" in event
        facets = [each["facets"] for each in (*event.get("inputs", ()), *event.get("outputs", ()))]
        for facet in (one for each in facets for one in each.values()):
            assert {"_producer", "_schemaURL"} <= set(facet)
    jobs = {event["job"]["name"] for event in events if "job" in event}
    assert jobs == {"phone", "mail_er"}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of rdflib's own reader
def test_dpv_is_json_ld_with_the_published_identifiers(estate: Call) -> None:
    graph = Graph().parse(data=exported(estate, "dpv"), format="json-ld")
    flow, has = URIRef("urn:privacy-rules:flow:order"), URIRef(f"{DPV}hasPersonalData")
    assert set(graph.objects(flow, has)) == {
        URIRef("urn:privacy-rules:data:email"),
        URIRef("urn:privacy-rules:data:card"),
    }
    assert (URIRef("urn:privacy-rules:flow:mailing"), URIRef(f"{DPV}hasPurpose"), URIRef(f"{DPV}Advertising")) in graph
    assert (flow, URIRef(f"{DPV}hasLegalBasis"), URIRef(f"{DPV}Consent")) in graph
    assert (URIRef("urn:privacy-rules:party:shop"), RDF.type, URIRef(f"{DPV}DataController")) in graph


def test_tables_go_to_a_folder_and_have_no_formulas(estate: Call) -> None:
    done = estate("export", "csv", "estate.yaml", "--policy", "p.privacy", "-o", "tables")
    assert done.code == 0, done.err
    rows = list(csv.reader(Path("tables/flows.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["id", "from", "to", "carries", "purposes", "legal_basis", "protocol"]
    assert rows[1] == ["order", "phone", "crm", "email; card", "orders", "consent", "https"]
    assert rows[3][0] == "'=HYPERLINK(1)"


def test_what_a_format_cannot_hold_is_listed(estate: Call) -> None:
    done = estate("export", "otm", "estate.yaml", "--policy", "p.privacy", "-o", "model.yaml")
    assert "exported 3 systems and 3 flows (an Open Threat Model 0.2)" in done.err
    lost: dict[str, Any] = dict(
        line.removeprefix("lost: ").rsplit(" ", 1) for line in done.err.splitlines() if line.startswith("lost: ")
    )
    assert lost["flows.purposes"] == "(2)"
    assert lost["flows.carries.necessary"] == "(1)"
    assert lost["contracts.between"] == "(1)"
    assert "systems.kind" not in lost


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["csv"], "`csv` has several files and needs a folder"),
        (["tables"], "`tables` has several files and needs a folder"),
        (["otm", "--format", "duckdb"], "`--format` is only for `tables`"),
        (["otm", "-o", "estate.yaml"], "estate.yaml"),
        (["csv", "-o", "estate.yaml"], "estate.yaml"),
    ],
)
def test_a_call_that_cannot_be_carried_out_writes_nothing(estate: Call, words: list[str], message: str) -> None:
    before = sorted(Path().iterdir())
    done = estate("export", words[0], "estate.yaml", "--policy", "p.privacy", *words[1:])
    assert done.code == 2
    assert message in done.err
    assert Path("estate.yaml").read_text(encoding="utf-8") == ESTATE
    assert sorted(Path().iterdir()) == before
