"""`shared_defaults`: declared once for all files of a check, named as such in reports, and kept by patches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Call
from tests.cli.test_not_read import POLICY, write

CENTRAL = (
    "manifest: 1\nshared_defaults:\n  flow: {exchange: sale, purposes: [orders]}\n  system: {party: ours}\n"
    "parties:\n  ours: {role: us}\n  broker: {role: data_broker}\n  spare: {role: us}\n"
    "systems:\n  crm: {}\n  lists: {party: broker}\n"
)
TEAM = "manifest: 1\nflows:\n  - {{id: {0}, from: crm, to: lists, carries: [email]{1}}}\n"


@pytest.fixture
def teams(here: Path) -> Path:
    """A central file with shared defaults, and the files of two teams, of which one has defaults of its own."""
    write("p.privacy", POLICY)
    write("privacy-rules.toml", 'policy = ["p.privacy"]\nmanifests = ["."]\n')
    write("privacy.yaml", CENTRAL)
    write("a/privacy.yaml", TEAM.format("fa", ""))
    write("b/privacy.yaml", TEAM.format("fb", "").replace("flows:", "defaults: {flow: {exchange: none}}\nflows:"))
    return here


def checked(call: Call, *words: str) -> Any:
    done = call("check", "--format", "json", *words)
    assert done.code in (0, 1), done.err
    return json.loads(done.out)


def test_the_nearer_default_wins(teams: Path, call: Call) -> None:
    assert [each["subject"]["id"] for each in checked(call)["findings"]] == ["fa"]


def test_without_the_central_file_nothing_is_shared(teams: Path, call: Call) -> None:
    write(
        "a/privacy.yaml",
        TEAM.format("fa", "")
        + "parties: {b: {role: data_broker}, o: {role: us}}\nsystems: {crm: {party: o}, lists: {party: b}}\n",
    )
    (found,) = checked(call, "a/privacy.yaml")["findings"]
    assert found["verdict"] == "undetermined"


def test_reports_say_which_default_it_was(teams: Path, call: Call) -> None:
    document = checked(call)
    told = {(each["attribute"], each["source"]): each for each in document["assumptions"]}
    shared, own = told["exchange", "shared default"], told["exchange", "manifest default"]
    assert (shared["subjects"], shared["location"]) == (1, {"file": "privacy.yaml", "line": 3, "column": 20})
    assert (own["subjects"], own["location"]["file"]) == (1, "b/privacy.yaml")
    assert told["party", "shared default"]["location"] == {"file": "privacy.yaml", "line": 4, "column": 19}
    assert "`exchange` of flow fa is sale (shared default) (privacy.yaml:3:20)" in call("check", "--verbose").out
    assert "`exchange` of 1 flow is sale (shared default, privacy.yaml:3:20)" in call("check", "--assumptions").out
    assert "shared default" in call("explain", "sold", "fa").out
    for name in ("markdown", "html", "github", "gitlab", "junit", "sarif"):
        assert "shared default" in call("check", "--format", name).out, name


def test_two_files_that_differ_are_an_error_at_both_places(teams: Path, call: Call) -> None:
    write("c/privacy.yaml", "manifest: 1\nshared_defaults:\n  flow: {exchange: barter, purposes: [orders]}\n")
    done = call("check")
    assert done.code == 2
    assert "error[E211]: the shared default of a flow's `exchange` is `barter` here and `sale` elsewhere" in done.err
    assert "c/privacy.yaml:3:20" in done.err
    assert done.err.count("E211") == 1


def test_several_files_count_together(teams: Path, call: Call) -> None:
    write("privacy.yaml", CENTRAL.replace("exchange: sale, ", ""))
    assert [each["verdict"] for each in checked(call)["findings"]] == ["undetermined"]
    write("c/privacy.yaml", "manifest: 1\nshared_defaults: {flow: {exchange: sale}}\n")
    assert [each["verdict"] for each in checked(call)["findings"]] == ["violation"]


def test_a_patch_writes_the_value_where_it_belongs(teams: Path, call: Call) -> None:
    done = call("what-if", "--set", "flow:fa.exchange=none", "--patch", "-")
    assert done.code == 0, done.err
    assert "+  - {id: fa, from: crm, to: lists, carries: [email], exchange: none}" in done.out


def test_a_patch_adds_nothing_that_a_shared_default_would_change(teams: Path, call: Call) -> None:
    done = call("what-if", "--add", "flow:{id: new, from: crm, to: lists, carries: [email]}", "--patch", "-")
    assert (done.code, "E340" in done.err) == (2, True)
    whole = "flow:{id: new, from: crm, to: lists, carries: [email], exchange: none, purposes: [orders]}"
    done = call("what-if", "--add", whole, "--patch", "-")
    assert (done.code, done.err) == (0, "")


def test_a_patch_removes_a_reference_from_shared_defaults(teams: Path, call: Call) -> None:
    write(
        "privacy.yaml",
        CENTRAL.replace("system: {party: ours}", "system: {party: spare}").replace("crm: {}", "crm: {party: ours}"),
    )
    done = call("what-if", "--remove", "party:spare", "--patch", "-")
    assert done.code == 0, done.err
    assert "-  system: {party: spare}" in done.out


def test_a_dangling_reference_in_shared_defaults_is_an_error(teams: Path, call: Call) -> None:
    write("privacy.yaml", CENTRAL.replace("system: {party: ours}", "system: {party: our}"))
    done = call("check")
    assert (done.code, "privacy.yaml:4:19: error[E205]: no party `our` is declared" in done.err) == (2, True)


def test_a_policy_test_can_have_shared_defaults(teams: Path, call: Call) -> None:
    cases = "tests: 1\npolicy: p.privacy\nas_of: 2026-06-15\nmanifest: [privacy.yaml, a/privacy.yaml]\ncases:\n"
    write("p.tests.yaml", f"{cases}  - {{name: sold, expect: [{{rule: sold, subject: fa, verdict: violation}}]}}\n")
    assert call("test", "p.tests.yaml").code == 0
