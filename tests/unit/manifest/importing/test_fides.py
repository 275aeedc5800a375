"""Fides resources: what declarations, flows and datasets become."""

from __future__ import annotations

from pathlib import Path

from tests.builders import write
from tests.unit.manifest.importing.formats import fixture, imported, manifest


def test_declarations_are_uses_for_their_purpose() -> None:
    assert manifest(fixture("fides"))["systems"]["shop"]["uses"] == [
        {"data": "user.contact.email", "purposes": ["essential.service"]},
        {"data": "user.financial", "purposes": ["essential.service"]},
        {"data": "user.device.cookie_id", "purposes": ["functional"]},
    ]
    assert manifest(fixture("fides"))["systems"]["postbox"].get("uses") is None


def test_a_flow_that_both_ends_declare_is_one_and_declarations_say_what_it_is_for() -> None:
    flows = manifest(fixture("fides"))["flows"]
    assert flows.keys() == {"user -> shop", "shop -> postbox", "shop -> orders"}
    assert flows["shop -> postbox"]["carries"] == ["user.contact.email", "user.financial"]
    assert flows["shop -> postbox"]["purposes"] == ["essential.service"]
    assert "purposes" not in flows["user -> shop"]


def test_only_the_users_have_a_role_because_their_type_says_so() -> None:
    found = manifest(fixture("fides"))
    assert found["parties"] == {"user": {"role": "data_subject"}}
    assert found["systems"]["user"] == {"party": "user"}
    assert "party" not in found["systems"]["shop"]


def test_the_older_schema_has_other_keys(tmp_path: Path) -> None:
    text = """
system:
  - fidesKey: shop
    systemType: Service
    privacyDeclarations: [{name: x, dataCategories: [user.contact], dataUse: essential}]
    systemDependencies: [mailer]
"""
    result = imported(write(tmp_path / "x.yml", text))
    assert result.manifest["systems"]["shop"]["uses"] == [{"data": "user.contact", "purposes": ["essential"]}]
    assert "flows" not in result.manifest
    assert result.lost["system[].systemDependencies[]: it does not say which way data flows"] == 1


def test_a_dataset_with_the_key_of_a_system_is_another_system(tmp_path: Path) -> None:
    text = """
dataset: [{fides_key: shop, collections: [{name: a, fields: [{name: b, data_categories: [user.contact]}]}]}]
system: [{fides_key: shop}]
"""
    found = manifest(write(tmp_path / "x.yml", text))["systems"]
    assert found == {"shop": {}, "shop (dataset)": {"stores": ["user.contact"]}}


def test_what_a_collection_says_holds_for_its_fields(tmp_path: Path) -> None:
    fields = "fields: [{name: a}, {name: b, fields: [{name: c}]}]"
    text = f"dataset: [{{fides_key: d, collections: [{{name: x, data_categories: [system], {fields}}}]}}]"
    assert manifest(write(tmp_path / "x.yml", text))["systems"]["d"]["stores"] == ["system"]
