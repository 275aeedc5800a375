"""What a manifest file says about itself."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.manifest.given import Desk, load, places, write


def test_a_manifest_says_its_version(desk: Desk) -> None:
    for text in ("manifest: 1", '{"manifest": 1}'):
        made, found = load(write(desk.folder, a_yaml=text))
        assert made is not None
        assert not found


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("name: x", "E203", 1),
        ("manifest: 2", "E208", 11),
        ("manifest: '1'", "E208", 11),
        ("manifest: 1.0", "E208", 11),
        ("manifest: null", "E208", 11),
        ("manifest: []", "E208", 11),
    ],
)
def test_another_version_or_none_is_an_error(desk: Desk, text: str, code: str, column: int) -> None:
    assert places(load(write(desk.folder, a_yaml=text))[1]) == [(code, 1, column)]


@pytest.mark.parametrize(("text", "shown"), [('{"manifest": "1"}', "the string `1`"), ('{"manifest": true}', "`true`")])
def test_in_json_the_version_is_a_number(desk: Desk, text: str, shown: str) -> None:
    assert shown in desk.error(text, "json").message
    assert "`2`" in desk.error('{"manifest": 2}', "json").message


@pytest.mark.parametrize("text", ["[a]", "a", "- manifest: 1"])
def test_a_file_that_is_no_map_is_an_error(desk: Desk, text: str) -> None:
    assert places(load(write(desk.folder, a_yaml=text))[1]) == [("E208", 1, 1)]


def test_an_unknown_key_is_reported_with_the_nearest_known_one(desk: Desk) -> None:
    assert desk.error("flow: []").help == "did you mean `flows`?"
    assert "`waivers`" in (desk.error("zzzz: []").help or "")


def test_the_day_is_the_one_that_the_file_states(desk: Desk) -> None:
    assert desk.estate("as_of: 2026-11-01").as_of == date(2026, 11, 1)
    assert desk.estate("as_of: null").as_of is None
    assert desk.errors("as_of: tomorrow") == [("E208", 1, 8)]


def test_a_name_is_text(desk: Desk) -> None:
    assert desk.estate("name: 2026").name == "2026"
    assert desk.estate("name: ~").name is None
    assert desk.errors("name: [a]") == [("E208", 1, 7)]


def test_policy_and_include_are_lists_of_files(desk: Desk) -> None:
    assert desk.error("policy: a.privacy").help == "write `[a.privacy]`"
    assert desk.errors("policy: {a: b}") == [("E208", 1, 9)]
    assert desk.errors("policy: [[a]]") == [("E208", 1, 10)]
    assert desk.errors('include: ["a\\0"]') == [("E208", 1, 11)]
    assert desk.estate("policy: null\ninclude:").name is None


def test_a_key_in_the_singular_is_reported_with_the_plural(desk: Desk) -> None:
    assert desk.error("party: {acme: {role: us}}").help == "did you mean `parties`?"
