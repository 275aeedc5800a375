"""Files: what is read, once, from where, and what is told of the rest."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.manifest import file_set
from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.loader import Stdin, read
from tests.unit.manifest.given import Desk, load, places, write


def names(desk: Desk, *paths: str) -> list[str]:
    documents, found = read([desk.folder / path for path in paths])
    assert not found
    assert documents is not None
    return [file.document.name for file in documents.files]


def test_a_file_is_followed_by_what_it_includes_and_that_by_what_it_includes(desk: Desk) -> None:
    write(desk.folder, a_yaml="manifest: 1\ninclude: [c.yaml, b.yaml]", b_yaml="manifest: 1", d_yaml="manifest: 1")
    write(desk.folder, c_yaml="manifest: 1\ninclude: [d.yaml]")
    assert names(desk, "a.yaml") == ["a.yaml", "c.yaml", "b.yaml", "d.yaml"]


def test_a_file_both_named_and_included_is_read_once_and_a_circle_is_no_error(desk: Desk) -> None:
    write(desk.folder, a_yaml="manifest: 1\ninclude: ['*.yaml']", b_yaml="manifest: 1\ninclude: [a.yaml, ./b.yaml]")
    assert names(desk, "a.yaml", "b.yaml", "./a.yaml") == ["a.yaml", "b.yaml"]


def test_a_link_to_a_file_is_that_file(desk: Desk) -> None:
    write(desk.folder, a_yaml="manifest: 1")
    (desk.folder / "b.yaml").symlink_to("a.yaml")
    assert names(desk, "b.yaml", "a.yaml") == ["b.yaml"]


def test_names_are_relative_to_the_working_directory(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.folder / "x").mkdir()
    write(desk.folder / "x", a_json='{"manifest": 1}')
    assert names(desk, "x/a.json") == ["x/a.json"]
    monkeypatch.chdir(desk.folder / "x")
    write(desk.folder, b_yaml="manifest: 1")
    assert names(desk, "b.yaml") == ["../b.yaml"]


def test_a_path_on_another_drive_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def relpath(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr(os.path, "relpath", relpath)
    assert shown(Path("/a/b")) == "/a/b"


def test_what_cannot_be_opened_is_reported_by_name(desk: Desk) -> None:
    documents, found = read([desk.folder / "no.yaml"])
    assert documents is None
    assert [(each.code, each.message, each.span) for each in found] == [
        ("E201", "`no.yaml` cannot be read: no such file or directory", None)
    ]
    (desk.folder / "folder").mkdir()
    assert read([desk.folder / "folder"])[1][0].message == "`folder` cannot be read: is a directory"
    assert read([Path("a\0b")])[1][0].code == "E201"


def test_what_is_included_and_cannot_be_opened_is_reported_where_it_is_included(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: file_set.FileReader, resolved: Path) -> bytes:
        if resolved.name == "b.yaml":
            raise PermissionError(13, "Permission denied")
        return resolved.read_bytes()

    write(desk.folder, a_yaml="manifest: 1\ninclude: [b.yaml]", b_yaml="manifest: 1")
    monkeypatch.setattr(file_set.FileReader, "_bytes", gone)
    documents, found = read([desk.folder / "a.yaml"])
    assert places(found) == [("E201", 2, 11)]
    assert documents is not None
    assert not documents.complete


def test_an_include_that_matches_nothing_is_reported_at_its_place(desk: Desk) -> None:
    found = desk.error("include: [estate.yaml, 'x/*.yaml']")
    assert found.span is not None
    assert (found.code, found.span.column, found.help) == ("E210", 24, "it is relative to `.`")


def test_an_include_may_not_leave_the_root(desk: Desk) -> None:
    (desk.folder / "x").mkdir()
    write(desk.folder, b_yaml="manifest: 1")
    (path,) = write(desk.folder / "x", a_yaml="manifest: 1\ninclude: [../b.yaml]")
    assert places(read([path])[1]) == [("E210", 2, 11)]
    assert read([path], root=desk.folder)[1] == ()


def test_the_root_is_the_git_top_level_where_there_is_one(desk: Desk) -> None:
    (desk.folder / "x").mkdir()
    (desk.folder / ".git").touch()
    write(desk.folder, b_yaml="manifest: 1")
    (path,) = write(desk.folder / "x", a_yaml="manifest: 1\ninclude: [../b.yaml]")
    documents, found = read([path])
    assert not found
    assert documents is not None
    assert documents.root == desk.folder.resolve()


def test_a_linked_file_has_the_folder_that_it_lies_in(desk: Desk) -> None:
    (desk.folder / "x").mkdir()
    write(desk.folder / "x", a_yaml="manifest: 1\ninclude: [b.yaml]", b_yaml="manifest: 1")
    (desk.folder / "a.yaml").symlink_to("x/a.yaml")
    assert names(desk, "a.yaml") == ["a.yaml", "x/b.yaml"]


@pytest.mark.parametrize("content", [b"manifest: 1\ninclude: [b.yaml]", b' {"manifest": 1, "include": ["b.yaml"]}'])
def test_standard_input_is_yaml_or_json_and_includes_from_the_working_directory(desk: Desk, content: bytes) -> None:
    write(desk.folder, b_yaml="manifest: 1")
    documents, found = read([Stdin(content)])
    assert not found
    assert documents is not None
    assert [file.document.name for file in documents.files] == ["<stdin>", "b.yaml"]


def test_what_is_wrong_on_standard_input_is_reported_by_its_name(desk: Desk) -> None:
    (found,) = read([Stdin(b"manifest: 2", "-")])[1]
    assert str(found.span) == "-:1:11"


def test_given_texts_stand_in_for_files_and_beside_them(desk: Desk) -> None:
    (path,) = write(desk.folder, a_yaml="not: read")
    texts = {path: b"manifest: 1\nname: given\ninclude: ['x/*.yaml']", desk.folder / "x" / "b.yaml": b"manifest: 1"}
    documents, found = read([path], texts=texts)
    assert not found
    assert documents is not None
    assert [file.document.name for file in documents.files] == ["a.yaml", "x/b.yaml"]
    assert documents.files[0].header.name == "given"


def test_policy_files_are_relative_to_the_file_that_names_them(desk: Desk) -> None:
    (desk.folder / "x").mkdir()
    write(desk.folder / "x", b_yaml="manifest: 1\npolicy: [../p.privacy, q.privacy]")
    write(desk.folder, a_yaml="manifest: 1\npolicy: [p.privacy]\ninclude: [x/b.yaml]")
    documents, _ = read([desk.folder / "a.yaml"])
    assert documents is not None
    root = desk.folder.resolve()
    assert [(file.path, str(file.where)) for file in documents.policy_files] == [
        (root / "p.privacy", "a.yaml:2:10"),
        (root / "x" / "q.privacy", "x/b.yaml:2:24"),
    ]


def test_two_files_that_state_the_day_differently_are_reported_at_both_places(desk: Desk) -> None:
    paths = write(desk.folder, a_yaml="manifest: 1\nas_of: 2026-01-01", b_yaml="as_of: 2026-01-02\nmanifest: 1")
    (found,) = read(paths)[1]
    assert (found.code, str(found.span), [str(each) for each in found.also]) == ("E211", "b.yaml:1:8", ["a.yaml:2:8"])
    assert found.excerpt == "as_of: 2026-01-02"


def test_two_files_may_state_one_day(desk: Desk) -> None:
    paths = write(
        desk.folder,
        a_yaml="manifest: 1",
        b_yaml="as_of: 2026-01-02\nmanifest: 1",
        c_json='{"manifest": 1, "as_of": "2026-01-02"}',
    )
    documents, found = read(paths)
    assert not found
    assert documents is not None
    assert documents.as_of == date(2026, 1, 2)


def test_a_file_larger_than_the_limit_is_not_read(desk: Desk) -> None:
    made, found = load(write(desk.folder, a_yaml="manifest: 1\nname: abc"), limit=20)
    assert made is None
    assert places(found) == [("E201", 1, 1)]
    assert load(write(desk.folder, a_yaml="manifest: 1\nname: abc"), limit=21)[0] is not None


def test_all_files_are_reported_in_one_run(desk: Desk) -> None:
    paths = write(desk.folder, a_yaml="a: [", b_json="{", c_yaml="", d_yaml="manifest: 1\nflow: 1", e_yaml=b"\xff")
    assert [(each.span.file, each.code) for each in read(paths)[1] if each.span] == [
        ("a.yaml", "E201"),
        ("b.json", "E201"),
        ("c.yaml", "E201"),
        ("d.yaml", "E202"),
        ("e.yaml", "E201"),
    ]
