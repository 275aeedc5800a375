"""OpenLineage, dbt, ODCS, Backstage and Bearer."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.builders import edit, write
from tests.unit.manifest.importing.formats import errors, fixture, imported, manifest


def test_column_lineage_is_transforms_with_the_method_that_a_map_says(tmp_path: Path) -> None:
    methods = "map: 1\nmethods: {DIRECT.TRANSFORMATION.masking: hashing, DIRECT: aggregation}\n"
    job = manifest(fixture("openlineage"), maps=(write(tmp_path / "map.yaml", methods),))["systems"]["bakery/nightly"]
    assert job["transforms"] == [
        {"from": "mail", "to": ["mail_hash"], "method": "hashing"},
        {"from": "age", "to": ["mean_age"], "method": "aggregation"},
        {"from": "city", "to": ["mail_hash", "mean_age"], "method": "INDIRECT.GROUP_BY"},
    ]


def test_a_column_means_data_by_its_full_name_then_its_tags_then_its_own(tmp_path: Path) -> None:
    def stored(text: str) -> list[str]:
        file = write(tmp_path / "map.yaml", f"map: 1\n{text}\n")
        return list(manifest(fixture("openlineage"), maps=(file,))["systems"]["pg/shop.customers"]["stores"])

    assert stored("data: {shop.customers.mail: email, mail: x}\ntags: {contact: y}") == ["email", "age", "city"]
    assert stored("data: {mail: x}\ntags: {contact: y}") == ["y", "age", "city"]
    assert stored("data: {mail: x, '*': z}") == ["x", "z"]


def test_what_a_job_takes_is_known_only_if_all_outputs_have_lineage(tmp_path: Path) -> None:
    flows = manifest(fixture("openlineage"))["flows"]
    assert flows["pg/shop.customers -> bakery/nightly"]["carries"] == ["mail", "age", "city"]
    assert "carries" not in flows["s3/stats -> bakery/copy"]
    file = write(tmp_path / "x.ndjson", fixture("openlineage").read_bytes())
    edit(
        file,
        '"outputs": [{"namespace": "s3", "name": "stats"',
        '"outputs": [{"name": "more"}, {"namespace": "s3", "name": "stats"',
    )
    assert "carries" not in manifest(file)["flows"]["pg/shop.customers -> bakery/nightly"]


def test_events_in_several_files_are_one_estate(tmp_path: Path) -> None:
    first, second = fixture("openlineage").read_text(encoding="utf-8").splitlines()
    one, two = write(tmp_path / "1.json", first), write(tmp_path / "2.json", f"[{second}, {first}]")
    assert manifest(one, two) == manifest(fixture("openlineage"))


def test_many_events_are_read_in_time(tmp_path: Path) -> None:
    event = {"eventType": "START", "job": {"namespace": "n"}, "inputs": [{"name": "a"}], "outputs": [{"name": "b"}]}
    lines = (json.dumps({**event, "job": {"namespace": "n", "name": f"job{n % 1000}"}}) for n in range(20_000))
    file = write(tmp_path / "x.ndjson", "\n".join(lines))
    began = time.perf_counter()
    assert len(manifest(file)["flows"]) == 2_000
    assert time.perf_counter() - began < 20


def test_dbt_columns_mean_data_by_meta_and_tags(tmp_path: Path) -> None:
    file = write(
        tmp_path / "map.yaml", "map: 1\nclassifications: {pii: contact, internal: []}\ntags: {personal: name}\n"
    )
    systems = manifest(fixture("dbt"), maps=(file,))["systems"]
    assert systems["model.bakery.customers"]["stores"] == ["contact", "name"]
    assert systems["source.bakery.raw.people"]["stores"] == ["mail", "(unlabelled)"]
    assert systems["exposure.bakery.board"]["owner"] == "Sales"


def test_dbt_relations_flow_into_what_is_made_from_them() -> None:
    flows = manifest(fixture("dbt"))["flows"]
    assert flows.keys() == {
        "source.bakery.raw.people -> model.bakery.customers",
        "model.bakery.customers -> exposure.bakery.board",
    }


def test_another_version_of_dbt_is_refused_at_its_place(tmp_path: Path) -> None:
    file = write(tmp_path / "x.json", fixture("dbt").read_bytes())
    edit(file, "manifest/v12.json", "manifest/v9.json")
    found = errors(file)
    assert [(each.code, each.span and each.span.line) for each in found] == [("E208", 2)]


def test_odcs_properties_of_any_depth_are_stored(tmp_path: Path) -> None:
    system = manifest(fixture("odcs"))["systems"]["orders-contract"]
    assert system["stores"] == ["mail", "note", "street", "city", "price"]
    assert (system["retention"], system["access"]) == ("3 years", "reader, writer")
    file = write(
        tmp_path / "map.yaml",
        "map: 1\ndata: {orders.address: contact}\nclassifications: {confidential: email}\ntags: {free-text: []}\n",
    )
    assert manifest(fixture("odcs"), maps=(file,))["systems"]["orders-contract"]["stores"] == [
        "email",
        "contact",
        "price",
    ]


def test_backstage_dependencies_lead_both_ways_and_apis_to_their_provider() -> None:
    assert manifest(fixture("backstage"))["flows"].keys() == {
        "component:shop -> resource:orders-db",
        "resource:orders-db -> component:shop",
        "component:shop -> component:letters/mailer",
        "component:letters/mailer -> component:shop",
    }
    assert not [each for each in imported(fixture("backstage")).lost if "https" in each]


def test_bearer_schemas_are_stored_and_code_uses() -> None:
    system = manifest(fixture("bearer"))["systems"]["bearer"]
    assert system["stores"] == ["Email Address"]
    assert system["uses"] == [{"data": "Email Address"}, {"data": "Physical Address"}]
