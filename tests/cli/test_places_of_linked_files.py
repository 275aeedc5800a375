"""Reports for people call a linked file by the link; reports for tools call it what the repository has, which shows them there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.history.repositories import POLICY, manifest, repository

PLACE = {
    "github": r"file=([^,]*),",
    "gitlab": r'"path": "([^"]*)"',
    "sarif": r'"uri": "([^"]*)"',
    "junit": r' file="([^"]*)"',
}
BROKEN = "manifest: 1\nflws: []\n"


def places(name: str, text: str) -> set[str]:
    """The files that a report in this format places something in."""
    return set(re.findall(PLACE[name], text))


@pytest.fixture
def linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose manifest and policy are called by links: to a file, and through a folder."""
    files = {"real/own policy.privacy": POLICY, "real/estate.yaml": manifest("old"), "shop/notes.txt": ""}
    top = repository(tmp_path / "repository", files)
    (top / "privacy.yaml").symlink_to("real/estate.yaml")
    (top / "shop" / "teams").symlink_to("../real")
    monkeypatch.chdir(top)
    return top


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif"])
@pytest.mark.parametrize(("folder", "manifests"), [("", "privacy.yaml"), ("shop", "teams/estate.yaml")])
def test_tools_get_the_name_in_the_repository(
    linked: Path, call: Call, monkeypatch: pytest.MonkeyPatch, name: str, folder: str, manifests: str
) -> None:
    monkeypatch.chdir(linked / folder)
    policy = "teams/own policy.privacy" if folder else "real/own policy.privacy"
    words = ("check", manifests, "--policy", policy)
    assert f"{manifests}:5:5: violation[no_selling]" in call(*words).out
    finding = json.loads(call(*words, "--format", "json").out)["findings"][0]
    assert finding["location"]["file"] == manifests
    expected = {"real/estate.yaml", *(["real/own%20policy.privacy"] if name == "sarif" else [])}
    assert places(name, call(*words, "--format", name).out) == expected


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif", "junit"])
def test_errors_are_placed_likewise(linked: Path, call: Call, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    write("real/estate.yaml", BROKEN)
    monkeypatch.chdir(linked / "shop")
    done = call("check", "teams/estate.yaml", "--policy", "teams/own policy.privacy", "--format", name)
    assert done.code == 2
    assert done.err.startswith("teams/estate.yaml:2:1: ")
    assert places(name, done.out) == {"real/estate.yaml"}


@pytest.mark.parametrize("name", ["github", "sarif"])
def test_lints_are_placed_likewise(linked: Path, call: Call, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(linked / "shop")
    file = "real/own policy.privacy" if name == "github" else "real/own%20policy.privacy"
    assert places(name, call("lint", "teams/own policy.privacy", "--format", name).out) == {file}


def test_cases_of_policy_tests_are_placed_likewise(linked: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = "tests: 1\nas_of: 2026-11-01\npolicy: own policy.privacy\nmanifest: estate.yaml\ncases:\n  - {name: all, changes: [], expect: []}\n"
    write("real/cases.yaml", cases)
    monkeypatch.chdir(linked / "shop")
    done = call("test", "teams/cases.yaml", "--format", "junit")
    assert done.code == 1, done.err  # the sale is not expected
    assert places("junit", done.out) == {"real/cases.yaml"}


def test_a_file_that_the_call_names_outside_the_repository_keeps_its_name(
    linked: Path, tmp_path: Path, call: Call
) -> None:
    write(tmp_path / "outside.yaml", manifest("old"))
    words = ("check", "../outside.yaml", "--policy", "real/own policy.privacy", "--format", "github")
    assert places("github", call(*words).out) == {"../outside.yaml"}
