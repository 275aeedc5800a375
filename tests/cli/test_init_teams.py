"""`init --layout teams`: everything that it writes passes at once, and is what a team changes on its first day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from privacy_rules.configuration.load import configuration
from privacy_rules.findings import baseline
from tests import builders
from tests.builders import edit
from tests.cli.calling import Call
from tests.cli.starting import files_in

FILES = [
    ".github/workflows/privacy.yml",
    ".pre-commit-config.yaml",
    "privacy-rules.toml",
    "privacy/baseline.json",
    "privacy/estate.yaml",
    "privacy/invariants.yaml",
    "privacy/policy.md",
    "privacy/policy.privacy",
    "privacy/teams/shop.yaml",
    "privacy/tests.yaml",
    "privacy/waivers.yaml",
]
ESTATE, SHOP, WAIVERS = "privacy/estate.yaml", "privacy/teams/shop.yaml", "privacy/waivers.yaml"


@pytest.fixture
def teams(acme: Path, call: Call) -> Path:
    assert call("init", "--layout", "teams").code == 0
    return acme


def sell() -> None:
    edit(SHOP, "    to: newsletter_tool\n", "    to: newsletter_tool\n    exchange: sale\n")


def test_everything_that_it_writes_passes_at_once(teams: Path, call: Call) -> None:
    assert files_in(teams) == FILES
    for words in (
        "check",
        "lint",
        "fmt --check",
        "test",
        "trace --fail-on uncovered",
        "ask --file privacy/invariants.yaml",
        "baseline --prune",
    ):
        done = call(*words.split())
        assert (done.code, done.err) == (0, ""), done.out
    report = json.loads(call("check", "--format", "json").out)
    assert (report["findings"], report["warnings"]) == ([], [])
    assert {each["source"] for each in report["assumptions"]} == {"shared default", "built-in default"}


def test_the_configuration_names_every_file(teams: Path) -> None:
    settings, _ = configuration(teams)
    assert settings is not None
    assert settings.baseline is not None
    assert settings.baseline.read_text(encoding="utf-8") == baseline.text_of([])
    named = {each.name for target in settings.manifests for each in teams.glob(str(Path(target).relative_to(teams)))}
    assert named == {"estate.yaml", "waivers.yaml", "shop.yaml"}


def test_each_rule_has_a_test_that_breaks_it(teams: Path) -> None:
    text = Path("privacy/tests.yaml").read_text(encoding="utf-8")
    policy = Path("privacy/policy.privacy").read_text(encoding="utf-8")
    rules = [line.split()[1] for line in policy.splitlines() if line.startswith("rule ")]
    assert rules
    broken = {line.partition("rule: ")[2].partition(",")[0] for line in text.splitlines() if "violation}" in line}
    assert broken == set(rules)


def test_the_invariants_fail_if_the_policy_gets_looser(teams: Path, call: Call) -> None:
    edit("privacy/policy.privacy", "exchange is (sale, rental, barter)", "exchange is (rental, barter)")
    done = call("ask", "--file", "privacy/invariants.yaml")
    assert done.code == 1
    assert "exchange is sale comply: yes" in done.out


def test_the_tests_stay_as_they_are_when_a_team_changes_its_file(teams: Path, call: Call) -> None:
    builders.write(SHOP, "manifest: 1\nsystems: {till: {stores: [], uses: []}}\n")
    assert call("check").code == 0
    assert call("test").code == 0


def test_a_finding_names_the_team_and_can_be_baselined_or_waived(teams: Path, call: Call) -> None:
    sell()
    done = call("check")
    assert (done.code, "owner    shop-team" in done.out) == (1, True)
    assert call("check", "--owner", "shop-team").code == 1
    assert call("baseline").code == 0
    assert call("check").code == 0
    builders.write("privacy/baseline.json", baseline.text_of([]))
    assert call("check").code == 1
    _waive("2999-01-01")
    assert call("check").code == 0


def _waive(until: str) -> None:
    """Writes the waiver that the comment in the file of waivers shows."""
    lines = Path(WAIVERS).read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("# ") for line in lines if line.startswith("#   ")]
    assert shown[0].strip() == "- rule: no_selling"
    edit(WAIVERS, "waivers: []", "\n".join(["waivers:", *shown]).replace("YYYY-MM-DD", until))


def test_a_copied_team_file_joins_the_check(teams: Path, call: Call) -> None:
    builders.write(
        "privacy/teams/logistics.yaml",
        "manifest: 1\ndefaults: {flow: {owner: logistics}}\nsystems: {depot: {stores: [], uses: []}}\n"
        "flows: [{id: parcels, from: crm, to: depot, carries: [name], purposes: [advertising]}]\n",
    )
    (found,) = json.loads(call("check", "--format", "json").out)["findings"]
    assert (found["rule"], found["subject"]["id"]) == ("stated_purposes", "parcels")
    assert "owner    logistics" in call("check").out


def test_a_missing_team_file_is_found_by_its_pattern(teams: Path, call: Call) -> None:
    Path(SHOP).rename("privacy/teams/shop.yml")
    done = call("check")
    assert (done.code, "there is no manifest in `privacy/teams/*.yaml`" in done.err) == (2, True)
    assert "the pattern matches no file; these files say `manifest: 1`" in done.err
    assert "`privacy/teams/shop.yml`" in done.err


# --- what exists already ---------------------------------------------------------------------------------------------


def test_existing_files_of_other_tools_stay_and_the_lines_to_add_are_shown(acme: Path, call: Call) -> None:
    kept = {
        ".pre-commit-config.yaml": "repos: []\n",
        ".gitlab-ci.yml": "stages: [test]\n",
        ".gitlab/CODEOWNERS": "* @us\n",
    }
    builders.write_all(acme, kept)
    done = call("init", "--layout", "teams")
    assert (done.code, done.err) == (0, "")
    assert {each: Path(each).read_text(encoding="utf-8") for each in kept} == kept
    assert "add this to `repos` in .pre-commit-config.yaml:\n  - repo: local\n" in done.out
    assert "include it in .gitlab-ci.yml:" in done.out
    assert "add these lines to .gitlab/CODEOWNERS, with your own team names:\n  /privacy/ " in done.out
    assert done.out.endswith("next: privacy-rules check\n")
    assert call("check").code == 0


def test_nothing_is_left_to_add_if_nothing_exists(teams: Path, call: Call) -> None:
    done = call("init", "--layout", "teams", "other")
    assert "add to" not in done.out


@pytest.mark.parametrize("file", [each for each in FILES if each != ".pre-commit-config.yaml"])
def test_a_file_in_the_way_stops_everything(file: str, acme: Path, call: Call) -> None:
    builders.write(file, "mine")
    done = call("init", "--layout", "teams", "--ci", "github")
    assert (done.code, files_in(acme)) == (2, [file])
    assert f"`{file}` already exists, and `init` overwrites nothing" in done.err


def test_the_configuration_goes_into_an_existing_pyproject(acme: Path, call: Call) -> None:
    builders.write("pyproject.toml", '[project]\nname = "acme"\n')
    assert call("init", "--layout", "teams").code == 0
    assert "privacy-rules.toml" not in files_in(acme)
    assert call("check").code == 0


@pytest.mark.parametrize("name", ['The "Acme" {Company}', "ORGANISATION", "a\\"])
def test_any_name_gives_what_checks_clean(name: str, acme: Path, call: Call) -> None:
    assert call("init", "--layout", "teams", "--name", name).code == 0
    assert call("check").code == 0


@pytest.mark.parametrize("requirement", ["privacy-rules @ file:///here", "git+file:///here@1"])
def test_what_only_this_machine_has_is_reported(
    requirement: str, acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privacy_rules.starter.detection.requirement", lambda: requirement)
    for words in (["--layout", "teams"], ["--ci", "none", "--layout", "teams"], ["--ci", "github"]):
        done = call("init", "--dry-run", *words)
        assert f"installs {requirement}, which only this machine has" in done.out
    assert "only this machine" not in call("init", "--dry-run", "--ci", "none").out
