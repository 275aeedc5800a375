"""`init`: what it writes checks clean, whatever is around it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from privacy_rules import __version__, engine
from privacy_rules.configuration.load import configuration
from privacy_rules.history.git import OPENING_SECONDS
from privacy_rules.starter import detection
from privacy_rules.starter.name_escaping import tidy
from privacy_rules.starter.plan import plan
from privacy_rules.starter.writing import write
from tests import builders
from tests.builders import edit, git
from tests.cli.calling import Call
from tests.cli.starting import WRITTEN, files_in

# --- what it writes --------------------------------------------------------------------------------------------------


def test_what_it_writes_checks_clean_and_without_a_warning(acme: Path, call: Call) -> None:
    written = call("init")
    assert (written.code, written.err) == (0, "")
    assert files_in(acme) == WRITTEN
    checked = call("check", "--fail-on", "undetermined")
    assert (checked.code, checked.err) == (0, "")
    assert "no findings: 8 rules, 4 systems and 5 flows" in checked.out
    assert json.loads(call("check", "--format", "json").out)["warnings"] == []


def test_it_reports_what_it_wrote_whose_name_it_took_and_what_comes_next(acme: Path, call: Call) -> None:
    lines = call("init").out.splitlines()
    assert lines[0] == "wrote, for acme-shop (the folder's name; `--name` sets another):"
    assert sorted(line.split()[0] for line in lines[1:7]) == WRITTEN
    assert lines[7:] == ["next: privacy-rules check"]


def test_a_missing_folder_is_made(acme: Path, call: Call) -> None:
    done = call("init", "deep/er one")
    assert done.code == 0
    assert files_in(acme / "deep" / "er one") == WRITTEN
    assert done.out.endswith("next: cd 'deep/er one' && privacy-rules check\n")


def test_every_clause_of_the_prose_is_cited_and_every_citation_is_in_the_prose(acme: Path, call: Call) -> None:
    call("init")
    prose = Path("privacy/policy.md").read_text(encoding="utf-8")
    policy, _ = engine.load_policy([Path("privacy/policy.privacy")], root=acme)
    assert policy is not None
    clauses = {f"#{line.partition('{#')[2].rstrip('}')}" for line in prose.splitlines() if line.startswith("## ")}
    assert {each for rule in policy.rules for each in rule.cites} == clauses
    assert all(rule.hint and rule.title for rule in policy.rules)


BREACHES: dict[str, tuple[str, str]] = {
    "stated_purposes": ("purposes: [customer_support]\n", "purposes: [advertising]\n"),
    "stated_uses": ("purposes: [customer_support]}]\n", "purposes: [advertising]}]\n"),
    "newsletter_is_opt_in": ("choice: opt_in ", "choice: opt_out "),
    "no_selling": ("flow: {exchange: none}", "flow: {exchange: sale}"),
    "no_selling_through_others": ("role: service_provider}", "role: [service_provider, advertiser]}"),
    "contracted_processors_only": ("obliges: [policy_protection, no", "obliges: [no"),
    "kept_safely": ("safeguards: [access_control, encryption_at_rest, backup]", "safeguards: [access_control]"),
    "rights_on_request": ("supports: [access, correction, deletion]", "supports: [access]"),
}


@pytest.mark.parametrize("rule", BREACHES)
def test_each_rule_is_broken_by_one_small_edit(rule: str, acme: Path, call: Call) -> None:
    call("init")
    edit("privacy.yaml", *BREACHES[rule])
    done = call("check", "--format", "json")
    assert done.code == 1
    assert {each["rule"] for each in json.loads(done.out)["findings"]} == {rule}


def test_each_rule_has_its_breach(acme: Path, call: Call) -> None:
    call("init")
    policy, _ = engine.load_policy([Path("privacy/policy.privacy")], root=acme)
    assert policy is not None
    assert [rule.name for rule in policy.rules] == list(BREACHES)


@pytest.mark.parametrize("fact", ["    choice: opt_in ", "    supports: ", "    stores: ", "    obliges: "])
def test_what_is_left_out_fails_as_undetermined(fact: str, acme: Path, call: Call) -> None:
    call("init")
    lines = Path("privacy.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    builders.write("privacy.yaml", "".join(line for line in lines if not line.startswith(fact)))
    done = call("check", "--format", "json")
    assert (done.code, json.loads(done.out)["summary"]["violations"]) == (1, 0)


# --- names -----------------------------------------------------------------------------------------------------------

WEIRD = [
    'The "Acme" {Company}',
    "a\\",
    "x'; drop: [table]",
    "# no",
    "- y: &a *a !b",
    "\u202eemca",
    "{{name}}",
    "ORGANISATION",
]


@pytest.mark.parametrize("name", WEIRD)
def test_a_weird_name_is_in_the_files_as_it_is(name: str, acme: Path, call: Call) -> None:
    assert call("init", "--name", name).code == 0
    assert call("check", "--fail-on", "undetermined").code == 0
    manifest = yaml.safe_load(Path("privacy.yaml").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["parties"]["us"]["name"]) == (tidy(name), tidy(name))
    heading = MarkdownIt().parse(Path("privacy/policy.md").read_text(encoding="utf-8"))[1]
    assert "".join(each.content for each in heading.children or ()) == f"Privacy policy of {tidy(name)}"


def _checked(folder: Path) -> tuple[int, int]:
    settings_, _ = configuration(folder)
    assert settings_ is not None
    inputs, wrong = engine.load([Path(each) for each in settings_.manifests], settings_.policy, root=folder)
    assert inputs is not None, wrong
    report, wrong = engine.check(inputs)
    assert report is not None, wrong
    return len(report.findings), len(report.warnings)


@given(name=st.text(min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_any_name_gives_what_checks_clean(name: str) -> None:
    with TemporaryDirectory() as folder:
        if tidy(name):
            write(plan(Path(folder), tidy(name), "none"))
            assert _checked(Path(folder)) == (0, 0)


@pytest.mark.parametrize("name", ["", " \t\n", "\u200d", "\x1b\x00"])
def test_a_name_that_nobody_can_see_is_refused(name: str, acme: Path, call: Call) -> None:
    done = call("init", "--name", name)
    assert (done.code, files_in(acme)) == (2, [])
    assert "error[E306]: invalid value for `--name`: a name needs at least one visible character" in done.err


# --- what it guesses -------------------------------------------------------------------------------------------------

REMOTES = {
    "https://github.com/acme/shop.git": ("acme", "github"),
    "git@github.com:acme/shop.git": ("acme", "github"),
    "ssh://git@gitlab.acme.example:2222/acme/web/shop.git": ("acme", "gitlab"),
    "https://somebody:secret@gitlab.com/acme%20co/shop": ("acme co", "gitlab"),
    "https://git.acme.example/~acme/shop": ("acme", "github"),
    "/srv/git/acme/shop.git": ("acme-shop", "github"),
    "../shop": ("acme-shop", "github"),
    "C:\\git\\acme\\shop": ("acme-shop", "github"),
    "https://git.acme.example/shop.git": ("acme-shop", "github"),
}


def _detected(folder: Path) -> tuple[str, str]:
    remote = detection.remote(folder)
    return detection.organisation(folder, remote).name, detection.ci(folder, remote)


@pytest.mark.parametrize("url", REMOTES)
def test_the_remote_tells_the_organisation_and_the_ci(url: str, acme: Path) -> None:
    git("init", cwd=acme)
    git("config", "remote.origin.url", url, cwd=acme)
    assert _detected(acme) == REMOTES[url]


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("pyproject.toml", '[project]\nname = "acme"\n', "acme"),
        ("pyproject.toml", '[tool.poetry]\nname = "acme"\n', "acme"),
        ("pyproject.toml", '[project]\nname = ["acme"]\n', "acme-shop"),
        ("package.json", '{"name": "acme"}', "acme"),
        ("package.json", '{"name": "@acme/shop"}', "acme"),
        ("package.json", "{", "acme-shop"),
        ("package.json", "[[]]", "acme-shop"),
    ],
)
def test_a_project_file_tells_the_name(file: str, text: str, name: str, acme: Path) -> None:
    builders.write(file, text)
    assert _detected(acme)[0] == name


def test_where_nothing_tells_a_name_there_is_one_still() -> None:
    assert detection.organisation(Path("/"), detection.Remote()).name == "Our organisation"


def test_without_git_it_guesses_on(acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert _detected(acme) == ("acme-shop", "github")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_git_that_waits_for_a_named_pipe_is_asked_once_and_not_for_long(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", cwd=acme)
    os.mkfifo(".git/pipe")
    with Path(".git/config").open("a") as file:
        file.write("[include]\n\tpath = pipe\n")
    assert OPENING_SECONDS < 10
    monkeypatch.setattr("privacy_rules.history.git.OPENING_SECONDS", 0.2)
    questions: list[object] = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *words, **more: questions.append(words) or run(*words, **more))
    done = call("init", "--dry-run")
    assert (done.code, len(questions)) == (0, 1)


def test_a_folder_deeper_in_a_repository_gets_no_ci_unless_asked_for(acme: Path, call: Call) -> None:
    git("init", cwd=acme)
    done = call("init", "service")
    assert ".github/workflows/privacy.yml" not in files_in(acme / "service")
    assert "no CI job was written, because it belongs at the top of the repository" in done.out
    assert "no CI job" not in call("init", "--ci", "none", "other").out
    call("init", "--ci", "github", "third")
    assert files_in(acme / "third") == WRITTEN


# --- CI --------------------------------------------------------------------------------------------------------------


def test_the_workflow_installs_this_version_and_is_no_manifest(acme: Path, call: Call) -> None:
    call("init", "--ci", "github")
    workflow = yaml.safe_load(Path(".github/workflows/privacy.yml").read_text(encoding="utf-8"))
    runs = [each["run"] for each in workflow["jobs"]["privacy"]["steps"] if "run" in each]
    assert runs[0].endswith(f'"privacy-rules=={__version__}"')
    assert "privacy-rules check " in runs[1]
    assert call("check", ".", "--fail-on", "undetermined").code == 0, "a folder's hidden folders hold no manifests"


class Installed:
    """An installation, as its record says where it came from."""

    def __init__(self, source: dict[str, object] | None) -> None:
        self._text = json.dumps(source) if source else None

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self._text


COMMIT = "0123456789" * 4


@pytest.mark.parametrize(
    ("source", "requirement"),
    [
        (None, f"privacy-rules=={__version__}"),
        (
            {"url": "https://me:secret@git.example/a/b.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"privacy-rules @ git+https://git.example/a/b.git@{COMMIT}",
        ),
        (
            {"url": "file:///srv/git/tool", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"git+file:///srv/git/tool@{COMMIT}",
        ),
        ({"url": "https://example.org/p.whl", "archive_info": {}}, "privacy-rules @ https://example.org/p.whl"),
        ({"url": "file:///nowhere/at%20all", "dir_info": {}}, "privacy-rules @ file:///nowhere/at%20all"),
    ],
)
def test_ci_installs_what_is_installed_here(
    source: dict[str, object] | None, requirement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detection, "distribution", lambda _: Installed(source))
    assert detection.requirement() == requirement


def test_an_installation_from_a_checkout_is_named_by_its_remote_and_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = builders.repository(tmp_path / "tool", {"a": "a"})
    git("config", "remote.origin.url", "git@git.example:acme/tool.git", cwd=checkout)
    monkeypatch.setattr(detection, "distribution", lambda _: Installed({"url": checkout.as_uri(), "dir_info": {}}))
    commit = git("rev-parse", "HEAD", cwd=checkout)
    assert detection.requirement() == f"privacy-rules @ git+https://git.example/acme/tool.git@{commit}"


def test_for_gitlab_a_snippet_is_written_and_included(acme: Path, call: Call) -> None:
    assert "has to include" not in call("init", "--ci", "gitlab").out
    included = yaml.safe_load(Path(".gitlab-ci.yml").read_text())["include"]
    assert included == [{"local": ".gitlab/privacy.yml"}]
    assert "privacy" in yaml.safe_load(Path(".gitlab/privacy.yml").read_text(encoding="utf-8"))


def test_a_gitlab_ci_that_is_there_is_left_alone_and_shows_what_to_write(acme: Path, call: Call) -> None:
    builders.write(".gitlab-ci.yml", "stages: [test]\n")
    done = call("init")
    assert Path(".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert Path(".gitlab/privacy.yml").exists()
    assert "to run the check, include it in .gitlab-ci.yml:  include: [{local: .gitlab/privacy.yml}]" in done.out


def test_no_ci_is_written_where_none_is_wanted(acme: Path, call: Call) -> None:
    call("init", "--ci", "none")
    of_ci = (".github/workflows/privacy.yml", "privacy/invariants.yaml")
    assert files_in(acme) == [each for each in WRITTEN if each not in of_ci]


def test_what_it_writes_is_laid_out_and_traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("init", "--ci", "none").code == 0
    assert call("fmt", "--check").code == 0
    assert call("trace", "--fail-on", "uncovered").code == 0
