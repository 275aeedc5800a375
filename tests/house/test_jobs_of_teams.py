"""The jobs that `init --layout teams` writes for GitHub and GitLab, run as they are, in the shells that run them there."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.builders import write
from tests.house.integrations import ROOT, Done, Project, assert_fits, needs_bash, scratch

pytestmark = needs_bash
SHOP = "privacy/teams/shop.yaml"
BASH, SH = ("bash", "--noprofile", "--norc", "-eo", "pipefail"), ("sh", "-e")
HOSTS = [("github", BASH), ("gitlab", BASH), ("gitlab", SH)]
PIP = " -m pip install "


@dataclass(frozen=True)
class Job:
    """What a job did: its exit code, its log, the reports that it keeps, and what a reviewer is shown."""

    code: int
    log: str
    sarif: list[dict[str, Any]]
    shown: str


@dataclass(frozen=True)
class Host:
    """A repository at GitHub or GitLab whose jobs run in a shell."""

    project: Project
    name: str
    shell: tuple[str, ...]

    def change(self, edit: Callable[[Project], object]) -> Job:
        """The job of a merge request with one change; the change is merged whatever comes of it."""
        self.project.git("checkout", "--quiet", "-B", "change")
        edit(self.project)
        return self.request(self.project.git("rev-parse", "main"))

    def request(self, target: str) -> Job:
        """The job of a merge request of what is here into a commit."""
        if self.project.git("status", "--porcelain"):
            self.project.commit()
        head = self.project.git("rev-parse", "HEAD")
        self.project.git("checkout", "--quiet", target)
        self.project.git("merge", "--quiet", "--no-ff", head, "--message", "merged")
        self.project.git("checkout", "--quiet", "-B", "main")
        if self.name == "github":
            return self._github("HEAD^1")
        return self._gitlab(CI_MERGE_REQUEST_DIFF_BASE_SHA=target)

    def main(self) -> Job:
        return self._github("") if self.name == "github" else self._gitlab()

    def install(self) -> Done:
        """What comes before each job. The jobs themselves run without it: pip takes longer than they do."""
        if self.name == "github":
            (line,) = (each["run"] for each in self._steps() if PIP in each.get("run", ""))
            return self._run(line)
        return self._run("\n".join(self._job()["before_script"]), **self._job()["variables"])

    def _steps(self) -> list[dict[str, Any]]:
        workflow = yaml.safe_load((self.project.folder / ".github/workflows/privacy.yml").read_text(encoding="utf-8"))
        steps: list[dict[str, Any]] = workflow["jobs"]["privacy"]["steps"]
        return steps

    def _job(self) -> dict[str, Any]:
        jobs: dict[str, dict[str, Any]] = yaml.safe_load(
            (self.project.folder / ".gitlab/privacy.yml").read_text(encoding="utf-8")
        )
        return jobs["privacy"]

    def _github(self, since: str) -> Job:
        steps = self._steps()
        expression = "${{ github.event_name == 'pull_request' && 'HEAD^1' || '' }}"
        summary = write(self.project.aside / "summary", "")
        code, log = 0, ""
        for step in (each for each in steps if "run" in each and PIP not in each["run"]):
            if code == 0 or step.get("if") == "always()":
                values = {name: value.replace(expression, since) for name, value in step.get("env", {}).items()}
                done = self._run(step["run"], GITHUB_STEP_SUMMARY=str(summary), **values)
                code, log = code or done.code, log + done.out
        (kept,) = (each["with"]["path"].split() for each in steps if "upload-artifact" in each.get("uses", ""))
        assert all((self.project.folder / each).is_file() for each in kept)
        return Job(code, log, self._sarif(kept), summary.read_text(encoding="utf-8"))

    def _gitlab(self, **variables: str) -> Job:
        job = self._job()
        done = self._run("\n".join(job["script"]), **job["variables"], **variables)
        kept, reports = job["artifacts"]["paths"], job["artifacts"]["reports"]
        found = json.loads((self.project.folder / reports["codequality"]).read_text(encoding="utf-8"))
        ElementTree.parse(self.project.folder / reports["junit"])
        sarif = self._sarif(kept)
        assert [each["check_name"] for each in found if each["severity"] == "major"] == [
            each["ruleId"] for each in sarif
        ]
        (report,) = (each for each in kept if each.endswith(".md"))
        return Job(done.code, done.out, sarif, (self.project.folder / report).read_text(encoding="utf-8"))

    def _run(self, script: str, **environment: str) -> Done:
        return self.project.run(*self.shell, "-c", script, **environment)

    def _sarif(self, kept: list[str]) -> list[dict[str, Any]]:
        (file,) = (each for each in kept if each.endswith(".sarif"))
        (run,) = json.loads((self.project.folder / file).read_text(encoding="utf-8"))["runs"]
        results: list[dict[str, Any]] = run["results"]
        return results


def shown(each: tuple[str, tuple[str, ...]]) -> str:
    return f"{each[0]}-{shlex.join(each[1])}"


@pytest.fixture(params=HOSTS, ids=shown)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    name, shell = request.param
    return Host(scratch(tmp_path, name, "teams"), name, shell)


def sell(project: Project) -> None:
    project.replace(SHOP, "    to: newsletter_tool\n", "    to: newsletter_tool\n    exchange: sale\n")


def advertise(project: Project) -> None:
    project.replace(SHOP, "purposes: [customer_support]", "purposes: [advertising]")


def comment(project: Project) -> None:
    project.replace(SHOP, "manifest: 1\n", "manifest: 1    # the format's version\n")


once_for_each_host = pytest.mark.parametrize("host", HOSTS[:2], ids=shown, indirect=True)
"""Other tests run every line of the scripts in each shell, and see them pass, fail and report."""


def test_the_job_installs_the_version_that_is_here(host: Host) -> None:
    done = host.install()
    assert done.code == 0, done.out


def test_a_change_that_keeps_the_policy_passes(host: Host) -> None:
    job = host.change(comment)
    assert (job.code, job.sarif) == (0, [])
    assert "nothing new" in job.shown


def test_a_change_that_breaks_it_fails_and_shows_why(host: Host) -> None:
    job = host.change(sell)
    assert (job.code, [each["ruleId"] for each in job.sarif]) == (1, ["no_selling"])
    assert f"{SHOP}:45:5: violation[no_selling]" in job.log
    for shown in (job.log, job.shown.replace("\\_", "_")):
        assert "`exchange` of flow newsletter-list is sale" in shown
        assert "shop-team" in shown


@once_for_each_host
def test_only_what_is_new_fails(host: Host) -> None:
    sell(host.project)
    host.project.commit()
    assert host.main().code == 1
    old = host.change(comment)
    assert (old.code, "0 new, 1 unchanged" in old.log) == (0, True)


@once_for_each_host
def test_what_the_baseline_knows_fails_neither_on_main_nor_in_the_change_that_brings_the_check(host: Host) -> None:
    project = host.project
    before = project.git("rev-parse", "main~1")
    assert host.request(before).code == 0
    sell(project)
    assert project.run("privacy-rules", "baseline").code == 0
    job = host.request(before)
    assert (job.code, "0 new, 1 unchanged" in job.log) == (0, True)
    assert host.main().code == 0
    assert host.change(advertise).code == 1


@once_for_each_host
def test_a_rule_that_no_longer_finds_what_its_tests_expect_fails(host: Host) -> None:
    stated = "(service, newsletter, site_improvement)"
    job = host.change(lambda project: project.replace("privacy/policy.privacy", stated, f"{stated[:-1]}, advertising)"))
    assert (job.code, job.sarif) == (1, [])
    assert "an address is used for advertising" in job.log


def test_what_cannot_be_read_is_an_error_and_reported_in_every_place(host: Host) -> None:
    job = host.change(lambda project: project.replace(SHOP, "from: browser", "from: browsr"))
    assert job.code == 2
    assert "no system `browsr`" in job.log
    assert "browsr" in job.shown


# --- pre-commit ------------------------------------------------------------------------------------------------------


def test_pre_commit_takes_the_configuration_and_runs_the_hook_that_we_publish(tmp_path: Path) -> None:
    project = scratch(tmp_path, "none", "teams")
    file = project.folder / ".pre-commit-config.yaml"
    done = project.run(sys.executable, "-m", "pre_commit", "validate-config", str(file))
    assert (done.code, done.out) == (0, "")
    (repository,) = yaml.safe_load(file.read_text(encoding="utf-8"))["repos"]
    (hook,) = repository["hooks"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (published,) = (each for each in hooks if each["id"] == hook["id"])
    (installed,) = hook.pop("additional_dependencies")
    assert installed.startswith("privacy-rules==")
    assert hook == {name: value for name, value in published.items() if name != "description"}


@pytest.mark.parametrize("broken", [False, True])
def test_pre_commit_checks_what_is_staged(tmp_path: Path, broken: bool) -> None:
    project = scratch(tmp_path, "none", "teams")
    file = ".pre-commit-config.yaml"
    project.replace(file, "language: python", "language: system")  # what is installed here: nothing is fetched
    lines = (project.folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
    write(project.folder / file, "".join(each for each in lines if "additional_dependencies" not in each))
    (sell if broken else comment)(project)
    project.git("add", "--all")
    done = project.run(sys.executable, "-m", "pre_commit", "run")
    assert done.code == (1 if broken else 0), done.out
    assert ("violation[no_selling]" in done.out) == broken


@pytest.mark.parametrize("host_name", ["github", "gitlab"])
def test_the_files_fit_their_hosts_schemas(tmp_path: Path, host_name: str) -> None:
    schema, file = {
        "github": ("github-workflows", ".github/workflows/privacy.yml"),
        "gitlab": ("gitlab-ci", ".gitlab/privacy.yml"),
    }[host_name]
    folder = scratch(tmp_path, "github" if host_name == "github" else "gitlab", "teams").folder
    assert_fits(schema, folder / file)
