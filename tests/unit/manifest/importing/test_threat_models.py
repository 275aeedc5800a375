"""Threat models: Threagile, OTM and pytm, and CycloneDX services."""

from __future__ import annotations

from pathlib import Path

from tests.builders import edit, write
from tests.unit.manifest.importing.formats import errors, fixture, imported, manifest


def test_a_threagile_link_is_a_flow_each_way_for_what_it_carries() -> None:
    flows = manifest(fixture("threagile"))["flows"]
    assert flows["browser -> shop: Shop Traffic"]["carries"] == ["orders"]
    assert flows["shop -> browser: Shop Traffic"]["carries"] == ["recipes"]
    assert "db -> shop: Database Access" not in flows
    assert "carries" not in flows["shop -> monitoring: Heartbeat"]


def test_data_assets_mean_data_by_id_then_tag_then_confidentiality(tmp_path: Path) -> None:
    def carried(text: str) -> list[str]:
        file = write(tmp_path / "map.yaml", f"map: 1\n{text}\n")
        return list(manifest(fixture("threagile"), maps=(file,))["flows"]["shop -> db: Database Access"]["carries"])

    assert carried("data: {orders: card}\ntags: {pii: contact}") == ["card", "recipes"]
    assert carried("tags: {pii: contact}\nclassifications: {confidential: name}") == ["contact", "name"]
    assert carried("data: {'*': []}\nclassifications: {confidential: name}") == ["name"]


def test_a_zone_of_a_map_holds_in_the_boundaries_inside(tmp_path: Path) -> None:
    zones = "map: 1\nzones: {cloud: {country: IE, party: host}, backend: {country: DE}}\nparties: {host: {}}\n"
    systems = manifest(fixture("threagile"), maps=(write(tmp_path / "map.yaml", zones),))["systems"]
    assert (systems["shop"]["zone"], systems["shop"]["country"]) == ("cloud", "IE")
    assert (systems["db"]["zone"], systems["db"]["country"], systems["db"]["party"]) == ("backend", "DE", "host")
    assert "party" not in systems["browser"]


def test_boundaries_in_a_circle_end(tmp_path: Path) -> None:
    file = write(tmp_path / "t.yaml", fixture("threagile").read_bytes())
    edit(
        file,
        "    technical_assets_inside: [db]",
        "    technical_assets_inside: [db]\n    trust_boundaries_nested: [cloud]",
    )
    assert manifest(file)["systems"]["db"]["zone"] == "backend"


def test_includes_are_refused_at_their_place(tmp_path: Path) -> None:
    file = write(tmp_path / "t.yaml", "threagile_version: 1.0.0\nincludes: [other.yaml]\n")
    found = errors(file)
    assert [(each.code, each.span and each.span.line) for each in found] == [("E201", 2)]


def test_otm_components_have_the_zone_of_what_they_are_part_of() -> None:
    systems = manifest(fixture("otm"))["systems"]
    assert systems["module"]["zone"] == systems["shop"]["zone"] == "Private"
    assert systems["browser"]["zone"] == "Internet"
    assert systems["shop"]["stores"] == ["cards"]


def test_an_otm_flow_in_both_directions_is_two() -> None:
    flows = manifest(fixture("otm"))["flows"]
    assert flows.keys() == {"pay", "pay (back)", "look"}
    assert (flows["pay (back)"]["from"], flows["pay (back)"]["to"]) == ("shop", "browser")
    assert "carries" not in flows["look"]


def test_pytm_flows_of_one_name_stay_apart() -> None:
    assert list(manifest(fixture("pytm"))["flows"]) == ["Order", "Order (Shop -> Orders)", "Order (Shop -> Orders) 2"]


def test_pytm_data_means_data_by_name_then_classification(tmp_path: Path) -> None:
    file = write(tmp_path / "map.yaml", "map: 1\nclassifications: {RESTRICTED: card}\n")
    assert manifest(fixture("pytm"), maps=(file,))["flows"]["Order"]["carries"] == ["card"]


def test_cyclonedx_data_flows_to_the_ends_that_it_names() -> None:
    found = manifest(fixture("cyclonedx"))
    assert found["flows"].keys() == {"https://browser.example -> shop", "mail service -> shop", "shop -> mail service"}
    assert found["parties"] == {"The Bakery": {}, "Letters Ltd": {}}
    lost = imported(fixture("cyclonedx")).lost
    assert lost["services[].data[]: it does not say where the data comes from or goes to"] == 1
