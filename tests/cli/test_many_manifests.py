"""Many manifests: what changed files take part in, the hook, and what is excluded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import edit, write
from tests.cli.calling import Call

POLICY = """
policy p { title "p" }
use std.core
data { email }
rule no_selling { forbid disclosure to third_party when exchange is sale }
rule contracted { allow disclosure only - to service_provider when under contract }
rule leaks { forbid system at third_party when reached by email from data_subject }
"""
CENTRAL = """
manifest: 1
as_of: 2026-11-01
parties:
  us: {role: us}
  people: {role: data_subject}
  mailer: {role: service_provider}
  broker: {role: data_broker}
contracts: {mail: {with: mailer}}
systems:
  browser: {party: people}
  hub: {party: us}
"""
TEAM_A = """
manifest: 1
systems: {shop: {party: us, owner: team a}, post: {party: mailer}}
flows:
  - {id: signup, from: browser, to: shop, carries: [email]}
  - {id: letters, from: shop, to: post, carries: [email]}
  - {id: to-hub, from: shop, to: hub, carries: [email]}
"""
TEAM_B = """
manifest: 1
systems: {market: {party: broker}}
flows:
  - {id: from-hub, from: hub, to: market, carries: [email], exchange: sale, owner: team b}
"""


@pytest.fixture
def monorepo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "rules.privacy": POLICY,
        "privacy-rules.toml": 'policy = ["rules.privacy"]\nmanifests = ["central", "teams"]\n',
        "central/privacy.yaml": CENTRAL,
        "teams/a/privacy.yaml": TEAM_A,
        "teams/b/flows.privacy.yaml": TEAM_B,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / name, text)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(call: Call, *words: str) -> set[str]:
    done = call("check", *words, "--format", "json")
    return {f"{each['rule']} {each['subject']['id']}" for each in json.loads(done.out)["findings"]}


ALL = {"no_selling from-hub", "contracted from-hub", "leaks market"}


def test_the_whole_is_judged_together_and_findings_bear_file_and_owner(monorepo: Path, call: Call) -> None:
    findings = json.loads(call("check", "--format", "json").out)["findings"]
    assert {f"{each['rule']} {each['subject']['id']}" for each in findings} == ALL
    sold = next(each for each in findings if each["rule"] == "no_selling")
    assert (sold["location"]["file"], sold["owner"]) == ("teams/b/flows.privacy.yaml", "team b")


def test_only_what_a_changed_file_takes_part_in_is_reported(monorepo: Path, call: Call) -> None:
    assert found(call, "--changed", "teams/b/flows.privacy.yaml") == ALL
    # The path that ends at the broker's begins with team a's flows: it is their finding, too.
    assert found(call, "--changed", "teams/a/privacy.yaml") == {"leaks market"}
    done = call("check", "--changed", "teams/a/privacy.yaml")
    assert "only findings in which these take part: teams/a/privacy.yaml; 2 findings left out" in done.out
    assert "1 violation: 3 rules" in done.out


def test_a_change_that_takes_a_fact_away_is_seen(monorepo: Path, call: Call) -> None:
    write(monorepo / "central/privacy.yaml", CENTRAL.replace("contracts: {mail: {with: mailer}}\n", ""))
    assert "contracted letters" in found(call, "--changed", "central/privacy.yaml")


def test_a_file_that_is_gone_a_policy_and_a_configuration_bear_on_everything(monorepo: Path, call: Call) -> None:
    for name in ("teams/c/privacy.yaml", "rules.privacy", "privacy-rules.toml", "pyproject.toml"):
        assert found(call, "--changed", name) == ALL


def test_a_changed_file_that_is_no_manifest_of_these_is_reported(monorepo: Path, call: Call) -> None:
    write(monorepo / "other.privacy.yaml", "manifest: 1\n")
    done = call("check", "--changed", "other.privacy.yaml")
    assert done.code == 0
    assert "warning[W312]: `other.privacy.yaml` is not one of the checked manifests" in done.out


def test_the_hook_judges_the_whole_and_reports_what_the_files_take_part_in(monorepo: Path, call: Call) -> None:
    assert call("hook").code == 0
    done = call("hook", "teams/a/privacy.yaml")
    assert done.code == 1
    assert "leaks" in done.out
    assert "no_selling" not in done.out
    write(monorepo / "teams/b/flows.privacy.yaml", TEAM_B.replace("hub, to", "browser, to"))
    assert call("hook", "teams/a/privacy.yaml").code == 0
    assert call("hook", "teams/b/flows.privacy.yaml").code == 1


def test_a_hook_on_a_broken_file_is_an_error(monorepo: Path, call: Call) -> None:
    write(monorepo / "teams/a/privacy.yaml", "manifest: [")
    done = call("hook", "teams/b/flows.privacy.yaml")
    assert done.code == 2
    assert "teams/a/privacy.yaml" in done.err


def test_excluded_folders_and_globs_are_left_out_and_a_named_file_is_not(monorepo: Path, call: Call) -> None:
    config = monorepo / "privacy-rules.toml"
    text = config.read_text(encoding="utf-8")
    for exclude in ("teams/b", "**/b", "teams/*/flows.privacy.yaml", "./teams/b/flows.privacy.yaml"):
        write(config, f'{text}exclude = ["{exclude}"]\n')
        assert found(call) == set(), exclude
        assert found(call, "central", "teams/a", "teams/b/flows.privacy.yaml") == ALL
    write(config, f'{text}exclude = ["teams/a", "nothing/*"]\n')
    assert call("check").code == 1


def test_what_is_wholly_excluded_is_no_pass(monorepo: Path, call: Call) -> None:
    config = monorepo / "privacy-rules.toml"
    write(config, config.read_text(encoding="utf-8") + 'exclude = ["**"]\n')
    done = call("check")
    assert done.code == 2
    assert "error[E302]" in done.err


def test_the_order_of_files_does_not_matter(monorepo: Path, call: Call) -> None:
    for name in ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"):
        one = call("check", "central", "teams/a", "teams/b", "--format", name).out
        assert one == call("check", "teams/b", "central", "teams/a", "--format", name).out
        assert one


# One file, two names.


@pytest.mark.parametrize("name", ["teams/a", "teams/a/", "./teams/a", "teams/../teams/a", "link/a", "teams/linked"])
def test_a_changed_folder_means_the_files_in_it(monorepo: Path, call: Call, name: str) -> None:
    (monorepo / "link").symlink_to("teams")
    (monorepo / "teams" / "linked").mkdir()
    (monorepo / "teams" / "linked" / "a").symlink_to("../a")
    config = monorepo / "privacy-rules.toml"
    write(config, 'policy = ["rules.privacy"]\nmanifests = ["central", "teams/linked/a", "teams/b"]\n')
    assert found(call, "--changed", name) == {"leaks market"}
    assert found(call, "--changed", str(monorepo / name)) == {"leaks market"}
    assert found(call, "--changed", "teams") == ALL


def test_a_changed_folder_without_a_manifest_is_reported(monorepo: Path, call: Call) -> None:
    (monorepo / "std").mkdir()  # where the policy's shipped files are shown to be
    done = call("check", "--changed", "std")
    assert done.code == 0
    assert "warning[W312]: none of the checked manifests is in the folder `std`" in done.out


def test_a_changed_folder_with_the_policy_or_the_configuration_bears_on_everything(monorepo: Path, call: Call) -> None:
    (monorepo / "rules").mkdir()
    (monorepo / "rules.privacy").rename(monorepo / "rules" / "rules.privacy")
    config = monorepo / "privacy-rules.toml"
    edit(config, "rules.privacy", "rules/rules.privacy")
    for name in (".", "rules"):
        assert found(call, "--changed", name) == ALL
    done = call("check", "--changed", "rules")
    assert "all findings are reported: rules refers to rules/rules.privacy, which may affect every finding" in done.out


@pytest.mark.parametrize(("configured", "changed"), [("link", "teams/a"), ("teams", "link/a"), ("teams", "teams/a")])
def test_a_manifest_is_known_by_every_name_that_leads_to_it(
    monorepo: Path, call: Call, configured: str, changed: str
) -> None:
    (monorepo / "link").symlink_to("teams")
    config = monorepo / "privacy-rules.toml"
    write(config, f'policy = ["rules.privacy"]\nmanifests = ["central", "{configured}"]\n')
    assert found(call, "--changed", f"{changed}/privacy.yaml") == {"leaks market"}
    assert found(call, "--changed", str(monorepo / changed / "privacy.yaml")) == {"leaks market"}
    done = call("hook", f"{changed}/privacy.yaml")
    assert (done.code, "W312" in done.out) == (1, False)


def test_a_policy_is_known_by_every_name_that_leads_to_it(monorepo: Path, call: Call) -> None:
    (monorepo / "rules.privacy").rename(monorepo / "rules.txt")
    (monorepo / "rules.privacy").symlink_to("rules.txt")
    assert found(call, "--changed", "rules.txt") == ALL


def test_a_changed_link_bears_on_everything(monorepo: Path, call: Call) -> None:
    (monorepo / "teams" / "c").symlink_to("a")
    done = call("check", "--changed", "teams/c")
    assert "all findings are reported: teams/c is a symbolic link, which may have led elsewhere before" in done.out


def test_a_changed_baseline_bears_on_everything(monorepo: Path, call: Call) -> None:
    call("baseline")
    config = monorepo / "privacy-rules.toml"
    write(config, config.read_text(encoding="utf-8") + 'baseline = "privacy-baseline.json"\n')
    baseline = monorepo / "privacy-baseline.json"
    assert call("check", "--changed", "privacy-baseline.json").code == 0
    write(baseline, '{"version": 1, "findings": []}')
    assert call("check", "--changed", "privacy-baseline.json").code == 1


# Two estates of one repository.


def _identities(call: Call, *words: str) -> tuple[str, str, str, str]:
    """Of the findings of one estate: the id of the run, and the fingerprints in SARIF, for GitLab and in JSON."""
    (run,) = json.loads(call("check", *words, "--format", "sarif").out)["runs"]
    quality = json.loads(call("check", *words, "--format", "gitlab").out)
    found = json.loads(call("check", *words, "--format", "json").out)["findings"]
    sarif = run["results"][0]["partialFingerprints"]
    assert sarif["privacyRules/v1"] == found[0]["fingerprint"]
    return run["automationDetails"]["id"], sarif["privacyRules/v2"], quality[0]["fingerprint"], found[0]["fingerprint"]


def test_two_configurations_are_two_estates_wherever_they_are_checked_from(
    monorepo: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = []
    for name in ("one", "two"):
        for file in ("rules.privacy", "central/privacy.yaml", "teams/a/privacy.yaml", "teams/b/flows.privacy.yaml"):
            (monorepo / name / file).parent.mkdir(parents=True, exist_ok=True)
            write(monorepo / name / file, (monorepo / file).read_text(encoding="utf-8"))
        write(monorepo / name / "privacy-rules.toml", (monorepo / "privacy-rules.toml").read_text())
        monkeypatch.chdir(monorepo / name)
        ids.append(_identities(call))
        monkeypatch.chdir(monorepo / name / "teams")
        assert _identities(call) == ids[-1]
    monkeypatch.chdir(monorepo)
    ids.append(_identities(call))
    assert [each[0] for each in ids] == ["privacy-rules/one/", "privacy-rules/two/", "privacy-rules/"]
    for column in (1, 2):
        assert len({each[column] for each in ids}) == 3
    assert len({each[3] for each in ids}) == 1


def test_two_lists_of_manifests_with_names_are_two_estates(monorepo: Path, call: Call) -> None:
    ids = []
    for name in ("Shop", "Market"):
        write(monorepo / f"{name}.yaml", f"manifest: 1\nname: {name}\n")
        ids.append(_identities(call, f"{name}.yaml", "central", "teams"))
        assert _identities(call, "teams", f"{name}.yaml", "central") == ids[-1]
    assert [each[0] for each in ids] == ["privacy-rules/name=Shop/", "privacy-rules/name=Market/"]
    for column in (1, 2):
        assert ids[0][column] != ids[1][column]
    assert ids[0][3] == ids[1][3]


def test_a_baseline_is_of_rules_and_subjects_and_outlives_a_name(monorepo: Path, call: Call) -> None:
    call("baseline")
    write(monorepo / "central" / "privacy.yaml", f"{CENTRAL}name: Shop\n")
    assert call("check", "--baseline", "privacy-baseline.json").code == 0


def test_runs_that_judge_nothing_and_runs_of_lint_close_no_alert(monorepo: Path, call: Call) -> None:
    def id_of(*words: str) -> str:
        return str(json.loads(call(*words, "--format", "sarif").out)["runs"][0]["automationDetails"]["id"])

    assert id_of("lint") == "privacy-rules/lint/"
    write(monorepo / "teams" / "a" / "privacy.yaml", "manifest: [")
    assert id_of("check") == "privacy-rules/errors/"


# Severity of a rule, and what holds.


def test_a_configured_severity_holds_and_every_format_says_so(monorepo: Path, call: Call) -> None:
    config = monorepo / "privacy-rules.toml"
    rules = 'no_selling = "note"\ncontracted = "warning"\nleaks = "warning"\n'
    write(config, f"{config.read_text(encoding='utf-8')}[severity]\n{rules}")
    assert call("check").code == 0
    assert call("check", "--fail-severity", "warning").code == 1
    for name in ("text", "github", "gitlab", "junit", "markdown", "html"):
        out = call("check", "--format", name).out.replace("\\_", "_")
        assert "severity of no_selling: note, by configuration (error in the policy)" in out.replace("%3A", ":"), name
    terms = json.loads(call("check", "--format", "json").out)["terms"]
    assert {"rule": "no_selling", "was": "error", "now": "note"} in terms["severities"]
    assert json.loads(call("check", "--format", "sarif").out)["runs"][0]["properties"]["terms"] == terms


def test_a_severity_of_an_unknown_rule_names_the_nearest(monorepo: Path, call: Call) -> None:
    config = monorepo / "privacy-rules.toml"
    write(config, f'{config.read_text(encoding="utf-8")}[severity]\nno_seling = "note"\n')
    done = call("check")
    assert done.code == 2
    assert "error[E304]: the policy has no rule `no_seling`" in done.err
    assert "did you mean `no_selling`?" in done.err


def test_the_report_says_who_set_the_day(monorepo: Path, call: Call) -> None:
    def told(*words: str) -> str:
        return str(json.loads(call("check", *words, "--format", "json").out)["terms"]["as_of_from"])

    assert told() == "manifest"
    assert told("--as-of", "2026-01-01") == "call"
    config = monorepo / "privacy-rules.toml"
    write(config, config.read_text(encoding="utf-8") + "as-of = 2026-11-01\n")
    assert told() == "configuration"


def test_show_config_shows_what_holds_and_who_says_so(monorepo: Path, call: Call) -> None:
    done = call("check", "--show-config", "--fail-on", "undetermined", "--rule", "leaks")
    assert (done.code, done.err) == (0, "")
    lines = {line.partition(" =")[0]: " ".join(line.split()) for line in done.out.splitlines()}
    assert done.out.startswith("# privacy-rules.toml\n")
    assert lines["policy"] == 'policy = ["rules.privacy"] # privacy-rules.toml'
    assert lines["fail-on"] == 'fail-on = "undetermined" # the command line'
    assert lines["rule"] == 'rule = ["leaks"] # the command line'
    assert lines["waiver-days"] == "waiver-days = 365 # default"


def test_show_config_has_every_key_and_is_a_configuration(monorepo: Path, call: Call) -> None:
    import tomllib

    from privacy_rules.configuration.model import KEYS, ConfigurationModel

    out = call("check", "--show-config").out
    assert [line.lstrip("# ").partition(" =")[0] for line in out.splitlines()[1:]] == list(KEYS)
    ConfigurationModel.model_validate(tomllib.loads(out))


def test_statistics_show_what_took_the_time_on_standard_error(monorepo: Path, call: Call) -> None:
    done = call("check", "--statistics")
    assert "no_selling" in done.out
    assert done.err.startswith("time: reading ")
    assert "judging" in done.err
    assert "reporting" in done.err


def test_a_changed_file_that_is_not_there_narrows_nothing_and_is_reported(monorepo: Path, call: Call) -> None:
    done = call("check", "--changed", "teams/a/gone.yaml")
    assert "all findings are reported: teams/a/gone.yaml does not exist (deleted, or misspelt)\n" in done.out
    assert "only findings in which" not in done.out
    found = json.loads(call("check", "--changed", "teams/a/gone.yaml", "--format", "json").out)
    assert len(found["findings"]) == len(json.loads(call("check", "--format", "json").out)["findings"])
    assert found["terms"]["all_because"] == "teams/a/gone.yaml does not exist (deleted, or misspelt)"


def test_annotations_of_a_check_below_the_top_name_files_from_there(
    monorepo: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(monorepo / "teams" / "b")
    assert "file=teams/b/flows.privacy.yaml," in call("check", "--format", "github").out
    assert "flows.privacy.yaml:" in call("check").out
    assert "teams/b" not in call("check").out


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_without_git_what_ci_has_checked_out_is_the_top(
    monorepo: Path, call: Call, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.setenv(variable, str(monorepo))
    monkeypatch.chdir(monorepo / "teams")
    assert "file=teams/b/flows.privacy.yaml," in call("check", "--format", "github").out
