"""Where engineers meet it: pre-commit, the container, GitLab, the workflow that `init` writes, and the files of each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from privacy_rules import __version__
from tests.house.integrations import (
    ACTION,
    ACTION_FILE,
    GITLAB_FILE,
    LOOSER,
    ROOT,
    STEPS,
    Done,
    Project,
    assert_fits,
    needs_bash,
)

WORKFLOW_FILE = ROOT / "privacy_rules" / "starter" / "templates" / "github.yml"
GITLAB: dict[str, Any] = yaml.safe_load(GITLAB_FILE.read_text(encoding="utf-8"))
WORKFLOW: dict[str, Any] = yaml.safe_load(WORKFLOW_FILE.read_text(encoding="utf-8"))
HOOK, DIFF_HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


# --- the files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "file"),
    [("github-actions", ACTION_FILE), ("github-workflows", WORKFLOW_FILE), ("gitlab-ci", GITLAB_FILE)],
)
def test_the_file_fits_its_hosts_schema(schema: str, file: Path) -> None:
    assert_fits(schema, file)


def test_pre_commit_takes_the_hook() -> None:
    words = ["-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("steps", [STEPS, WORKFLOW["jobs"]["privacy"]["steps"]], ids=["action", "workflow"])
def test_nobodys_text_is_written_into_a_script_and_other_actions_are_pinned(steps: list[dict[str, Any]]) -> None:
    assert [each["run"] for each in steps if "${{" in each.get("run", "")] == []
    used = [each["uses"] for each in steps if "uses" in each]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in used)


def test_the_gitlab_job_installs_this_version() -> None:
    assert GITLAB["privacy"]["variables"]["PRIVACY_RULES"] == f"privacy-rules=={__version__}"


def test_the_container_is_built_from_all_that_the_wheel_needs() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    let_in = {line[1:] for line in lines if line.startswith("!")}
    project_file = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project_file["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = [*wheel["packages"], *wheel["force-include"], *project_file["project"]["license-files"]]
    needed = {each.partition("/")[0] for each in [*named, project_file["project"]["readme"], "pyproject.toml"]}
    assert needed == let_in
    assert all((ROOT / each).exists() for each in let_in)


def test_the_container_runs_the_command_as_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert [line for line in last if line.startswith(("USER", "WORKDIR", "ENTRYPOINT"))] == [
        "USER 10001",
        "WORKDIR /project",
        'ENTRYPOINT ["privacy-rules"]',
    ]


def test_what_the_readme_shows_of_ci_is_yaml_and_names_inputs_that_there_are() -> None:
    shown = [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)]
    text = json.dumps(shown)
    assert '"id": "privacy-rules"' in text
    used = [
        step for each in shown if isinstance(each, list) for step in each if "/privacy-rules@" in step.get("uses", "")
    ]
    assert used
    assert all(set(step.get("with", {})) <= set(ACTION["inputs"]) for step in used)


# --- pre-commit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("privacy.yaml", True),
        ("services/shop/privacy.yml", True),
        ("services/shop.privacy.json", True),
        ("policy/customers.privacy", True),
        ("privacy-rules.toml", True),
        ("services/pyproject.toml", True),
        (".github/workflows/privacy.yml", False),
        (".gitlab/privacy.yml", False),
        ("services/estate.yaml", True),
        ("flows.json", True),
        ("docs/privacy.md", False),
        ("my-pyproject.toml", False),
    ],
)
def test_the_hook_is_given_all_that_may_be_a_manifest_policies_and_the_configuration(name: str, wanted: bool) -> None:
    given = bool(re.search(HOOK["files"], name)) and not re.search(HOOK["exclude"], name)
    assert given == wanted


def hook(project: Project, *files: str) -> Done:
    """As pre-commit calls it: the entry's words and the names, from the top of the repository."""
    return project.run(*HOOK["entry"].split(), *files)


@needs_bash
def test_the_hook_lets_a_clean_change_pass(project: Project) -> None:
    project.comment()
    assert hook(project, "privacy.yaml").code == 0


@needs_bash
def test_the_hook_stops_a_change_that_breaks_a_promise(project: Project) -> None:
    project.sell()
    done = hook(project, "privacy.yaml")
    assert done.code == 1
    assert "violation[no_selling]" in done.out


@needs_bash
def test_the_hook_judges_the_whole_estate_where_the_policy_changed(project: Project) -> None:
    project.replace("privacy/policy.privacy", "purpose is (service, newsletter, site", "purpose is (service, site")
    done = hook(project, "privacy/policy.privacy")
    assert done.code == 1
    assert "violation[stated_purposes]: " in done.out


@needs_bash
@pytest.mark.parametrize("broken", [False, True])
def test_pre_commit_runs_the_hook_on_what_is_staged(project: Project, broken: bool) -> None:
    local = {**HOOK, "language": "system"}  # as installed: nothing is fetched
    configuration = {"repos": [{"repo": "local", "hooks": [local]}]}
    (project.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration))
    (project.sell if broken else project.comment)()
    project.git("add", "--all")
    done = project.run(sys.executable, "-m", "pre_commit", "run")
    assert done.code == (1 if broken else 0), done.out
    assert ("violation[no_selling]" in done.out) == broken


@needs_bash
def test_pre_commit_runs_the_hook_on_a_commit_that_only_deletes(project: Project) -> None:
    text = (project.folder / "privacy.yaml").read_text(encoding="utf-8")
    at = text.index("contracts:")
    (project.folder / "privacy.yaml").write_text(text[:at] + text[text.index("\n\n", at) :], encoding="utf-8")
    (project.folder / "contracts.privacy.yaml").write_text(f"manifest: 1\n{text[at : text.index(chr(10) * 2, at)]}\n")
    project.replace("privacy-rules.toml", 'manifests = ["privacy.yaml"]', 'manifests = ["."]')
    configuration = {"repos": [{"repo": "local", "hooks": [{**HOOK, "language": "system"}]}]}
    (project.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration))
    project.commit()
    assert project.run(sys.executable, "-m", "pre_commit", "run").code == 0
    project.git("rm", "--quiet", "contracts.privacy.yaml")
    done = project.run(sys.executable, "-m", "pre_commit", "run")
    assert done.code == 1, done.out
    assert "all findings are reported: contracts.privacy.yaml does not exist" in done.out


@needs_bash
@pytest.mark.parametrize(("change", "code"), [(LOOSER, 1), (("rule kept_safely", "rule safely_kept"), 0)])
def test_the_hook_of_policies_stops_a_change_that_needs_a_notice(
    project: Project, change: tuple[str, str], code: int
) -> None:
    assert project.run(*DIFF_HOOK["entry"].split()).code == 0
    project.replace("privacy/policy.privacy", *change)
    assert re.search(DIFF_HOOK["files"], "privacy/policy.privacy")
    assert project.run(*DIFF_HOOK["entry"].split()).code == code


def test_the_hook_of_policies_passes_the_first_policy(project: Project) -> None:
    policy = project.folder / "privacy/policy.privacy"
    text = policy.read_text(encoding="utf-8")
    policy.unlink()
    project.commit()
    policy.write_text(text, encoding="utf-8")
    done = project.run(*DIFF_HOOK["entry"].split())
    assert (done.code, "no_selling: added, stricter" in done.out) == (0, True)


# --- GitLab and the workflow that `init` writes ----------------------------------------------------------------------


def gitlab(project: Project, **environment: str) -> Done:
    (script,) = GITLAB["privacy"]["script"]
    return project.run("bash", "-c", script, **environment)


@needs_bash
def test_the_gitlab_job_writes_the_reports_that_it_names(project: Project) -> None:
    project.sell()
    assert gitlab(project).code == 1
    reports = GITLAB["privacy"]["artifacts"]["reports"]
    (found,) = json.loads((project.folder / reports["codequality"]).read_text())
    assert (found["check_name"], found["location"]["path"]) == ("no_selling", "privacy.yaml")
    assert list(ElementTree.parse(project.folder / reports["junit"]).getroot().iter("failure"))
    assert GITLAB["privacy"]["artifacts"]["when"] == "always"


@needs_bash
def test_a_merge_request_in_gitlab_fails_on_what_is_new_in_it(project: Project) -> None:
    project.sell()
    sold = project.commit()
    project.comment()
    assert gitlab(project, CI_MERGE_REQUEST_DIFF_BASE_SHA=sold).code == 0
    assert gitlab(project, CI_MERGE_REQUEST_DIFF_BASE_SHA="main~1").code == 1


@needs_bash
def test_the_line_that_gitlab_teams_may_add_stops_a_policy_change_that_needs_a_notice(project: Project) -> None:
    lines = yaml.safe_load("\n".join(re.findall(r"^ +# (- .*)$", GITLAB_FILE.read_text(), re.MULTILINE)))
    (compare,) = (each for each in lines if " diff " in each)
    before = project.git("rev-parse", "HEAD")
    project.replace("privacy/policy.privacy", *LOOSER)
    assert project.run("bash", "-c", compare).code == 0  # not a merge request
    assert project.run("bash", "-c", compare, CI_MERGE_REQUEST_DIFF_BASE_SHA=before).code == 1
    project.commit()
    assert project.run("bash", "-c", compare, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD").code == 0


@needs_bash
@pytest.mark.parametrize("broken", [False, True])
def test_the_workflow_that_init_writes_checks_and_summarises(project: Project, broken: bool) -> None:
    if broken:
        project.sell()
    _, check, trace, summarise = (each["run"] for each in WORKFLOW["jobs"]["privacy"]["steps"] if "run" in each)
    summary = project.aside / "summary"
    assert project.run("bash", "-ec", trace).code == 0
    assert project.run("bash", "-ec", check).code == (1 if broken else 0)
    assert project.run("bash", "-ec", summarise, GITHUB_STEP_SUMMARY=str(summary)).code == 0
    assert ("no_selling" in summary.read_text(encoding="utf-8")) == broken
