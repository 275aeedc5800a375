"""Imported files in a check: with maps, beside manifests, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.manifest.importing.result import import_files
from privacy_rules.manifest.loader import estate, read
from tests.builders import write
from tests.unit.manifest.importing.formats import POLICY, errors, fixture, imported, manifest

MAP = """\
map: 1
parties: {acme: {role: us, country: DE}, post: {role: service_provider}, people: {role: data_subject}}
data: {user.contact: contact, user.contact.email: email, user.financial: card, user.device: [], "(unlabelled)": []}
purposes: {essential.service: orders}
kinds: {Application: application, Service: service}
owners: {Online: acme}
systems: {postbox: {party: post, country: IE, stores: [email, name]}, orders: {stores: [phone]}, user: {party: people}}
"""


def test_a_map_says_what_words_mean_and_who_runs_systems(tmp_path: Path) -> None:
    found = manifest(fixture("fides"), maps=(write(tmp_path / "map.yaml", MAP),))
    assert found["parties"].keys() == {"acme", "post", "people"}
    systems = found["systems"]
    assert systems["shop"]["party"] == "acme"
    assert systems["postbox"]["party"] == "post"
    assert systems["user"] == {"party": "people"}
    assert systems["shop"]["uses"] == [
        {"data": "email", "purposes": ["orders"]},
        {"data": "card", "purposes": ["orders"]},
    ]
    assert systems["postbox"]["stores"] == ["email", "name"]
    assert systems["orders"]["stores"] == ["phone"]
    assert found["flows"]["shop -> postbox"]["carries"] == ["email", "card"]
    assert found["flows"]["shop -> postbox"]["purposes"] == ["orders"]
    assert found["flows"]["user -> shop"]["carries"] == ["email"]


def test_what_a_map_says_points_into_the_map_and_the_rest_into_the_file(tmp_path: Path) -> None:
    documents, wrong = read([fixture("fides")], maps=[write(tmp_path / "map.yaml", MAP)])
    assert documents is not None
    assert not wrong
    found, _ = estate(documents, POLICY)
    assert found is not None
    postbox = found.systems["postbox"]
    party, own = postbox.location("party"), postbox.location()
    assert party is not None
    assert own is not None
    assert (party.file.rpartition("/")[2], party.line) == ("map.yaml", 7)
    assert own.file.endswith("fides.yml")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("map: 2\n", "E208", 1),
        ("data: {a: b}\n", "E203", 1),
        ("map: 1\ndatas: {}\n", "E202", 2),
        ("map: 1\ndata: [a]\n", "E208", 2),
        ("map: 1\ndata: {a: {b: c}}\n", "E208", 2),
        ("map: 1\nowners: {a: [b]}\n", "E208", 2),
        ("map: 1\nsystems: {a: b}\n", "E208", 2),
        ("- map\n", "E208", 1),
    ],
)
def test_a_wrong_map_is_refused_at_its_place(tmp_path: Path, text: str, code: str, line: int) -> None:
    _, found = read([fixture("fides")], maps=[write(tmp_path / "map.yaml", text)])
    assert [(each.code, each.span.line if each.span else None) for each in found] == [(code, line)]


def test_a_term_of_a_map_that_the_policy_lacks_is_an_error_in_the_map(tmp_path: Path) -> None:
    documents, _ = read([fixture("fides")], maps=[write(tmp_path / "map.yaml", "map: 1\ndata: {user: emial}\n")])
    assert documents is not None
    found, wrong = estate(documents, POLICY)
    assert found is None
    assert [(each.code, each.span and each.span.line) for each in wrong if each.level == "error"] == [("E204", 2)]


def test_unmapped_words_warn_once_for_each_section_with_their_place() -> None:
    documents, _ = read([fixture("fides")])
    assert documents is not None
    found, warnings = estate(documents, POLICY)
    assert found is not None
    assert {each.code for each in warnings} == {"W330"}
    assert any("`user.contact.email`" in each.message for each in warnings)
    assert "carries" not in found.flows["shop -> orders"].declared
    assert "uses" not in found.systems["shop"].declared


def test_a_manifest_declares_a_system_that_files_only_refer_to(tmp_path: Path) -> None:
    own = write(tmp_path / "own.yaml", "manifest: 1\nsystems: {user: {kind: device}}\n")
    for files in ([fixture("fides"), own], [own, fixture("fides")]):
        documents, _ = read(files)
        assert documents is not None
        found, wrong = estate(documents, POLICY)
        assert found is not None, wrong
        assert found.systems["user"].declared == {"kind": "device"}


def test_a_system_that_two_files_declare_is_a_duplicate(tmp_path: Path) -> None:
    own = write(tmp_path / "own.yaml", "manifest: 1\nsystems: {shop: {kind: device}}\n")
    documents, _ = read([fixture("fides"), own])
    assert documents is not None
    assert [each.code for each in estate(documents, POLICY)[1] if each.level == "error"] == ["E206"]


def test_files_of_one_format_are_read_together(tmp_path: Path) -> None:
    one = write(tmp_path / "a.yml", "system: [{fides_key: a, egress: [{fides_key: b, type: system}]}]\n")
    two = write(tmp_path / "b.yml", "system: [{fides_key: b, ingress: [{fides_key: a, type: system}]}]\n")
    found = manifest(one, two)
    assert found["systems"].keys() == {"a", "b"}
    assert found["flows"].keys() == {"a -> b"}


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("system:\n  - fides_key: x\n    meta: {$ref: 'https://example.com/a.json'}\n", "never fetched", 3),
        ("system:\n  - fides_key: x\n    meta: {$ref: ../../etc/passwd}\n", "never fetched", 3),
        ("system:\n  - fides_key: x\n    ingress: 5\n", "expected a list, found `5`", 3),
        ("system:\n  - fides_key: [x]\n", "expected text, found a list", 2),
    ],
)
def test_what_is_refused_has_its_place(tmp_path: Path, text: str, words: str, line: int) -> None:
    found = errors(write(tmp_path / "x.yml", text))
    assert [each.span.line for each in found if each.span and words in each.message] == [line]


def test_aliases_that_grow_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    found = errors(write(tmp_path / "x.yml", f"{bomb}system:\n  - fides_key: x\n    tags: *a9\n"))
    assert "written out" in found[0].message


def test_a_file_of_an_unknown_format_is_refused(tmp_path: Path) -> None:
    assert "in a known format" in errors(write(tmp_path / "x.yml", "services: {web: {image: x}}\n"))[0].message
    assert "is already a manifest" in errors(write(tmp_path / "y.yml", "manifest: 1\n"))[-1].message


def test_ids_with_any_characters_survive(tmp_path: Path) -> None:
    odd = 'a "b" \\ c: {d} #💡 -> é'
    key = odd.replace("\\", "\\\\").replace('"', '\\"')
    text = f'{{"system": [{{"fides_key": "{key}", "egress": [{{"fides_key": "{key}2", "type": "system"}}]}}]}}'
    found = manifest(write(tmp_path / "x.json", text))
    assert found["systems"].keys() == {odd, f"{odd}2"}
    assert found["flows"].keys() == {f"{odd} -> {odd}2"}


def test_a_mark_that_changes_the_text_direction_is_reported(tmp_path: Path) -> None:
    _, found = read([write(tmp_path / "x.yml", 'system: [{fides_key: "a\u202eb"}]\n')])
    assert [each.code for each in found] == ["W320"]


def test_what_is_lost_is_counted_by_path() -> None:
    lost = imported(fixture("fides")).lost
    assert lost["system[].privacy_declarations[].data_subjects"] == 1
    assert lost["system[].name"] == 1
    assert lost["dataset[].collections[].fields[].name"] == 3
    assert "system[].fides_key" not in lost


def test_a_field_without_a_category_leaves_what_is_stored_open(tmp_path: Path) -> None:
    only_fields = write(tmp_path / "map.yaml", "map: 1\ndata: {user: contact}\n")
    assert "stores" not in imported(fixture("fides"), maps=(only_fields,), policy=POLICY).manifest["systems"]["orders"]
    with_rest = write(tmp_path / "map.yaml", 'map: 1\ndata: {user: contact, "(unlabelled)": []}\n')
    stores = imported(fixture("fides"), maps=(with_rest,), policy=POLICY).manifest["systems"]["orders"]["stores"]
    assert stores == ["contact"]


def test_a_flow_of_which_nothing_matters_is_left_out(tmp_path: Path) -> None:
    nothing = write(tmp_path / "map.yaml", "map: 1\ndata: {'*': []}\n")
    assert manifest(fixture("fides"), maps=(nothing,))["flows"].keys() == set()


def test_a_file_of_two_formats_needs_two_calls(tmp_path: Path) -> None:
    result, found = import_files([fixture("fides"), fixture("csv")], limit=2**20)
    assert result is None
    assert "several formats" in found[-1].message


def test_merge_keys_count_and_point_to_what_they_name(tmp_path: Path) -> None:
    text = "base: &b {administrating_department: Online, meta: 1}\nsystem:\n  - {fides_key: x, <<: *b}\n"
    file = write(tmp_path / "x.yml", text)
    assert manifest(file)["systems"] == {"x": {"owner": "Online"}}
    assert imported(file).lost == {"base": 1, "system[].meta": 1}
    documents, _ = read([file])
    assert documents is not None
    found, _ = estate(documents, POLICY)
    assert found is not None
    place = found.systems["x"].location("owner")
    assert place is not None
    assert (place.line, place.column) == (1, 38)


def test_merge_keys_that_repeat_each_other_take_no_time(tmp_path: Path) -> None:
    bomb = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 6))
    file = write(tmp_path / "x.yml", f"{bomb}system:\n  - {{fides_key: y, <<: *a5}}\n")
    assert manifest(file)["systems"] == {"y": {}}
