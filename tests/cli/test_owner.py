"""`check --owner`: one team's findings are listed, and those of other owners still fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import Call
from tests.cli.test_not_read import POLICY, write
from tests.cli.test_only_new import git

CENTRAL = (
    "manifest: 1\nparties:\n  ours: {role: us}\n  broker: {role: data_broker}\n"
    "systems:\n  crm: {party: ours, owner: crm-team}\n  till: {party: ours}\n  lists: {party: broker}\n"
)
FLOW = "manifest: 1\nflows:\n  - {{id: {0}, from: {1}, to: lists, carries: [email], purposes: [orders], exchange: {2}{3}}}\n"


@pytest.fixture
def teams(here: Path) -> Path:
    """Three teams: `a` owns its flow, `b` has a flow from a system of the CRM team, `c` has one that nobody owns."""
    write("p.privacy", POLICY)
    write("privacy-rules.toml", 'policy = ["p.privacy"]\nmanifests = ["."]\n')
    write("privacy.yaml", CENTRAL)
    write("a/privacy.yaml", FLOW.format("fa", "till", "sale", ", owner: A-Team"))
    write("b/privacy.yaml", FLOW.format("fb", "crm", "sale", ""))
    write("c/privacy.yaml", FLOW.format("fc", "till", "sale", ""))
    return here


def shown(call: Call, *words: str) -> list[str]:
    done = call("check", "--format", "json", *words)
    assert done.code in (0, 1), done.err
    return [each["subject"]["id"] for each in json.loads(done.out)["findings"]]


def test_the_findings_of_an_owner_are_listed(teams: Path, call: Call) -> None:
    assert shown(call) == ["fa", "fb", "fc"]
    assert shown(call, "--owner", "A-Team") == ["fa"]
    assert shown(call, "--owner", "@a-team", "--owner", "crm-team") == ["fa", "fb"]


def test_owners_are_in_the_text_of_findings(teams: Path, call: Call) -> None:
    out = call("check").out
    assert "A-Team" in out
    assert "crm-team" in out


def test_findings_of_others_are_counted_and_fail(teams: Path, call: Call) -> None:
    write("a/privacy.yaml", FLOW.format("fa", "till", "none", ", owner: A-Team"))
    done = call("check", "--owner", "A-Team", "--format", "json")
    document = json.loads(done.out)
    assert (done.code, document["findings"], document["summary"]["violations"]) == (1, [], 2)
    assert (document["terms"]["owners"], document["terms"]["of_others"]) == (["A-Team"], 2)
    told = "2 findings of other owners fail the check; without `--owner` all are listed"
    assert told in done.err
    for name in ("text", "github", "markdown", "html", "junit", "gitlab"):
        done = call("check", "--owner", "A-Team", "--format", name)
        assert done.code == 1
        assert (
            "only findings of A-Team; 2 findings of other owners are not listed, but count all the same"
            in done.out.replace("\\", "")
        )
        assert "flow fb" not in done.out
    assert (
        '<failure message="not listed: 2 findings of other owners, 2 of which fail the check"'
        in call("check", "--owner", "A-Team", "--format", "junit").out
    )
    quiet = call("check", "--owner", "A-Team", "--quiet")
    assert (quiet.code, quiet.out, told in quiet.err) == (1, "", True)


def test_nothing_is_said_to_fail_if_nothing_of_others_does(teams: Path, call: Call) -> None:
    for each in ("b", "c"):
        write(f"{each}/privacy.yaml", FLOW.format(f"f{each}", "till", "none", ""))
    done = call("check", "--owner", "A-Team")
    assert (done.code, done.err) == (1, "")
    assert call("check", "--owner", "A-Team", "--fail-on", "never").code == 0


def test_without_the_option_nothing_is_different(teams: Path, call: Call) -> None:
    terms = json.loads(call("check", "--format", "json").out)["terms"]
    assert not {"owners", "of_others"} & terms.keys()


def test_an_unknown_owner_is_an_error(teams: Path, call: Call) -> None:
    done = call("check", "--owner", "B-Team")
    assert done.code == 2
    assert "nothing has the owner `B-Team`" in done.err
    assert "did you mean `A-Team`?" in done.err


def test_states_count_all_findings(teams: Path, call: Call) -> None:
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    write("c/privacy.yaml", FLOW.format("fd", "till", "sale", ""))
    done = call("check", "--since", "HEAD", "--owner", "A-Team", "--format", "json")
    summary = json.loads(done.out)["summary"]
    assert (done.code, summary["new"], summary["unchanged"], summary["fixed"]) == (1, 1, 2, 1)


@pytest.mark.parametrize("place", [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"])
def test_owners_come_from_codeowners_too(teams: Path, call: Call, place: str) -> None:
    git("init", "--quiet")
    write(place, "*.yaml @acme/all\n/c/ @acme/c\n")
    assert shown(call, "--codeowners", "--owner", "acme/c") == ["fc"]
    assert shown(call, "--codeowners", "--owner", "@acme/all") == ["fa", "fb"]
    assert shown(call, "--codeowners", "--owner", "A-Team") == ["fa"]
    found = json.loads(call("check", "--codeowners", "--format", "json").out)["findings"]
    assert [each["owner"] for each in found] == ["A-Team", "crm-team", "@acme/c"]


def test_paths_in_codeowners_start_at_the_top_of_the_repository(
    teams: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "--quiet")
    write("CODEOWNERS", "/c/ @acme/c\n")
    monkeypatch.chdir("c")
    assert shown(call, "--codeowners", "--owner", "@acme/c") == ["fc"]


def test_without_a_codeowners_file_there_is_an_error(teams: Path, call: Call) -> None:
    done = call("check", "--codeowners")
    assert done.code == 2
    assert "there is no CODEOWNERS file in" in done.err
