"""`hook`: what counts of the changed files, deletions that no frame names, and what it costs when nothing counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from privacy_rules.cli.affected_files import relevant
from tests.builders import commit, git, repository, write
from tests.cli.calling import Call

POLICY = """\
policy p { title "p" }
use std.core
data { email }
rule contracted { allow disclosure only - to service_provider when under contract }
"""
FLOWS = """\
manifest: 1
as_of: 2026-11-01
parties: {us_: {role: us}, post: {role: service_provider}}
systems: {crm: {party: us_}, mailer: {party: post}}
flows:
  - {id: letters, from: crm, to: mailer, carries: [email]}
"""
FILES = {
    "rules.privacy": POLICY,
    "privacy-rules.toml": 'policy = ["rules.privacy"]\nmanifests = ["teams"]\n',
    "teams/privacy.yaml": FLOWS,
    "teams/contracts.privacy.yaml": "manifest: 1\ncontracts: {mail: {with: post}}\n",
    "deploy/service.yaml": "apiVersion: v1\nmetadata: {annotations: {manifest: /app.json}}\n",
    "package.json": '{"name": "shop", "manifest": "app.webmanifest"}\n',
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "README.md": "# Shop\n",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith(("GIT_", "PRE_COMMIT_"))]:
        monkeypatch.delenv(name)
    return repository(tmp_path, FILES)


UNRELATED = ("deploy/service.yaml", "package.json", "pyproject.toml", "README.md")


def test_files_that_no_check_reads_do_not_count(shop: Path, call: Call) -> None:
    assert relevant(UNRELATED) == []
    write(shop / "teams" / "contracts.privacy.yaml", "manifest: [")
    done = call("hook", *UNRELATED)
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    "text",
    [
        *("manifest: 1\n", "# flows\n\nflows: []\nmanifest:   1\n", '{"flows": [], "manifest": 1}', "{manifest: 1}\n"),
        *('"manifest" : 1\n', "'manifest': '1'\n", "? manifest\n: 1\n", "manifest: &one 1\n", "manifest: !!int 1\n"),
        *("manifest:\n  1\n", "manifest: # the version\n  1\n", '{"\\u006danifest": 1}', '"m\\x61nifest": 1\n'),
    ],
)
def test_a_manifest_counts_whatever_its_name_and_its_form(shop: Path, text: str) -> None:
    for name in ("estate.yaml", "estate.json", "flows.txt"):
        write(shop / name, text)
        assert relevant([name]) == [name]


@pytest.mark.parametrize(
    "name",
    ["rules.privacy", "privacy-rules.toml", "other/privacy-rules.toml", "teams/privacy.yaml", "teams", "gone.md"],
)
def test_policies_configurations_folders_and_what_does_not_exist_count(shop: Path, name: str) -> None:
    (shop / "other").mkdir()
    (shop / "other" / "privacy-rules.toml").touch()
    assert relevant([name]) == [name]


def test_what_the_configuration_names_counts_whatever_its_name(shop: Path) -> None:
    write(shop / "privacy-rules.toml", 'policy = ["link/rules.txt"]\nbaseline = "known"\n')
    (shop / "policy").mkdir()
    (shop / "link").symlink_to("policy")
    for name in ("policy/rules.txt", "known"):
        (shop / name).touch()
        assert relevant([name]) == [name]


def test_a_project_file_counts_if_it_is_or_may_have_been_the_configuration(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "below").mkdir()
    (shop / "below" / "pyproject.toml").touch()
    assert relevant(["below/pyproject.toml"]) == []
    (shop / "privacy-rules.toml").unlink()
    assert relevant(["pyproject.toml"]) == ["pyproject.toml"]
    write(shop / "pyproject.toml", '[tool.privacy-rules]\npolicy = ["rules.privacy"]\n')
    assert relevant(["pyproject.toml"]) == ["pyproject.toml"]
    monkeypatch.chdir(shop / "below")
    assert relevant(["../pyproject.toml", "pyproject.toml"]) == ["../pyproject.toml", "pyproject.toml"]


def test_with_a_configuration_that_cannot_be_read_every_file_counts(shop: Path) -> None:
    for text in ("policy = [", 'policy = {}\n"', "\0"):
        write(shop / "privacy-rules.toml", text)
        assert relevant(["README.md"]) == ["README.md"]


# ---- what the commit deletes


def test_a_commit_that_deletes_a_manifest_is_judged_whole(shop: Path, call: Call) -> None:
    assert call("hook").code == 0
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    for files in ((), UNRELATED, ("teams/privacy.yaml",)):
        done = call("hook", *files)
        assert done.code == 1
        assert "violation[contracted]" in done.out
        why = "all findings are reported: teams/contracts.privacy.yaml does not exist (deleted, or misspelt)"
        assert why in done.out


def test_a_deletion_is_seen_from_a_folder_below(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    (shop / "below").mkdir()
    monkeypatch.chdir(shop / "below")
    assert call("hook").code == 1


def test_in_a_hook_of_a_linked_worktree_a_deletion_has_its_right_name(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("worktree", "add", "--quiet", "../linked", "-b", "feature")
    monkeypatch.chdir(shop.parent / "linked")
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    monkeypatch.chdir("teams")
    monkeypatch.setenv("GIT_DIR", str(shop / ".git" / "worktrees" / "linked"))
    assert relevant([]) == ["contracts.privacy.yaml"]


def test_deletions_count_by_name_and_by_what_was_in_the_file(shop: Path) -> None:
    write(shop / "flows é 1.json", '{"manifest": 1}')
    (shop / "old.privacy").touch()
    (shop / "empty.yaml").touch()
    (shop / "linked").symlink_to("teams")
    commit("two")
    git("rm", "--quiet", "-r", *UNRELATED, "empty.yaml", "old.privacy", "linked", "flows é 1.json")
    assert sorted(relevant([])) == ["flows é 1.json", "linked", "old.privacy"]


def test_deletions_between_two_commits_are_found_since_they_parted(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("switch", "--quiet", "--create", "side")
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    git("commit", "--quiet", "--message", "two")
    git("switch", "--quiet", "main")
    write(shop / "later.privacy.yaml", "manifest: 1\n")
    commit("three")
    git("switch", "--quiet", "side")
    assert relevant([]) == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "side")
    assert relevant([]) == ["teams/contracts.privacy.yaml"]
    for odd in ("--output=taken", "gone", "0" * 40):  # git cannot tell, so everything counts
        monkeypatch.setenv("PRE_COMMIT_TO_REF", odd)
        assert relevant([]) == ["."]
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "")
    assert relevant([]) == []
    assert not (shop / "taken").exists()


def test_without_a_commit_or_a_repository_nothing_is_deleted_and_without_git_anything_may_be(
    shop: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    with monkeypatch.context() as without:
        without.setenv("PATH", "")
        assert relevant([]) == ["."]
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert relevant([]) == []
    git("init", "--quiet")
    assert relevant([]) == []


def test_a_hook_checks_everything_if_git_cannot_say_what_is_deleted(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    with monkeypatch.context() as without:
        without.setenv("PATH", "")
        assert call("hook", *UNRELATED).code == 1
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "0" * 40)  # as for a branch that is pushed for the first time
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert call("hook", *UNRELATED).code == 1


@pytest.mark.parametrize("name", ["contracts", "contracts.txt", "contracts.yaml.j2", "CONTRACTS.YML"])
def test_a_deleted_manifest_counts_whatever_its_name(shop: Path, call: Call, name: str) -> None:
    git("mv", "teams/contracts.privacy.yaml", f"teams/{name}")
    configured = FILES["privacy-rules.toml"].replace('"teams"', f'"teams/privacy.yaml", "teams/{name}"')
    write(shop / "privacy-rules.toml", configured)
    commit("two")
    assert call("hook").code == 0
    git("rm", "--quiet", f"teams/{name}")
    write(shop / "privacy-rules.toml", FILES["privacy-rules.toml"])
    assert relevant([]) == [f"teams/{name}"]
    assert "violation[contracted]" in call("hook").out


@pytest.mark.skipif(sys.platform == "win32", reason="needs an executable script")
def test_looking_for_deletions_runs_nothing_that_the_repository_configures(shop: Path) -> None:
    git("rm", "--quiet", "teams/contracts.privacy.yaml")
    script, hook = shop / "script", shop / ".git" / "hooks" / "post-index-change"
    for file in (script, hook):
        write(file, f"#!/bin/sh\ntouch {shop}/pwned\n")
        file.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.sshCommand", "filter.x.clean", "diff.x.textconv"):
        git("config", key, str(script))
    write(shop / ".gitattributes", "* filter=x diff=x\n")
    assert relevant([]) == ["teams/contracts.privacy.yaml"]
    assert not (shop / "pwned").exists()


# ---- what it costs


def test_when_nothing_counts_nothing_that_judges_is_loaded(shop: Path) -> None:
    code = (
        "import sys\nfrom privacy_rules.cli.main import run\n"
        "try: run(['hook', *sys.argv[1:]])\nexcept SystemExit as ended: assert ended.code == 0, ended.code\n"
        "heavy = {'privacy_rules.engine', 'privacy_rules.cli.check', 'privacy_rules.configuration.load', 'pydantic', 'yaml', 'lark'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    for files in ((), UNRELATED):
        done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
