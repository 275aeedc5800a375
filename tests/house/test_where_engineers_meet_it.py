"""The hook, the action, the GitLab job and the container do what their files say, run as their hosts would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from privacy_rules import __version__
from privacy_rules.starter.plan import plan
from privacy_rules.starter.writing import write
from tests.builders import edit

ROOT = Path(__file__).parents[2]
ACTION_FILE, GITLAB_FILE = ROOT / "action.yml", ROOT / "ci" / "gitlab.yml"
WORKFLOW_FILE = ROOT / "privacy_rules" / "starter" / "templates" / "github.yml"
ACTION: dict[str, Any] = yaml.safe_load(ACTION_FILE.read_text(encoding="utf-8"))
GITLAB: dict[str, Any] = yaml.safe_load(GITLAB_FILE.read_text(encoding="utf-8"))
WORKFLOW: dict[str, Any] = yaml.safe_load(WORKFLOW_FILE.read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
README = (ROOT / "README.md").read_text(encoding="utf-8")

needs_bash = pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="runs shell scripts")


@dataclass(frozen=True)
class Done:
    code: int
    out: str


@dataclass(frozen=True)
class Project:
    """A scratch repository with what `init` writes committed, and `privacy-rules` on its PATH."""

    folder: Path
    aside: Path

    def run(self, *words: str, **environment: str) -> Done:
        known = {"PATH": f"{self.aside / 'bin'}:{os.environ['PATH']}", "HOME": str(self.aside)}
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**known, "PRE_COMMIT_HOME": str(self.aside / "pre-commit"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stdout
        return Done(done.returncode, done.stdout)

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
        done = self.run("git", *who, *words)
        assert done.code == 0, done.out
        return done.out.strip()

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a change")
        return self.git("rev-parse", "HEAD")

    def replace(self, file: str, old: str, new: str) -> None:
        edit(self.folder / file, old, new)

    def sell(self) -> None:
        """The newsletter's list is sold: a violation in privacy.yaml."""
        self.replace(
            "privacy.yaml", "    carries: [name, email_address]\n", "    carries: [name]\n    exchange: sale\n"
        )

    def comment(self) -> None:
        """A change that breaks nothing."""
        self.replace("privacy.yaml", "manifest: 1\n", "manifest: 1    # the format's version\n")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    here = Project(tmp_path / "project", tmp_path / "aside")
    write(plan(here.folder, "Acme", "none"))
    shim = here.aside / "bin" / "privacy-rules"
    shim.parent.mkdir(parents=True)
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m privacy_rules "$@"\n')
    shim.chmod(0o755)
    here.git("init", "--quiet", "--initial-branch=main")
    here.commit()
    return here


# --- the files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "file"),
    [("github-actions", ACTION_FILE), ("github-workflows", WORKFLOW_FILE), ("gitlab-ci", GITLAB_FILE)],
)
def test_the_file_fits_its_hosts_schema(schema: str, file: Path) -> None:
    words = ["-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


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


def test_every_input_of_the_action_reaches_a_step_and_every_output_comes_from_one() -> None:
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", json.dumps(STEPS))
    assert sorted(used) == sorted(ACTION["inputs"])
    assert all(each["value"] == f"${{{{ steps.check.outputs.{name} }}}}" for name, each in ACTION["outputs"].items())


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


# --- the action ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    """What a step of the action did: its exit code, its log, its outputs and its summary."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


def act(project: Project, **inputs: str) -> Ran:
    """The action's step `check`, as GitHub runs it; `_` in an input's name stands for `-`."""
    (step,) = (each for each in STEPS if each.get("id") == "check")
    given = {name: each["default"] for name, each in ACTION["inputs"].items()}
    given.update({name.replace("_", "-"): value for name, value in inputs.items()})
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    files = {name: project.aside / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    done = project.run(
        *["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        **environment,
        **{name: str(file) for name, file in files.items()},
        GITHUB_ACTION_PATH=str(ROOT),
        RUNNER_TEMP=str(project.aside),
    )
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return Ran(done.code, done.out, outputs, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"))


@needs_bash
def test_the_action_passes_a_clean_estate_and_writes_its_reports(project: Project) -> None:
    ran = act(project)
    assert (ran.code, ran.outputs) == (
        0,
        {"sarif": "privacy-rules.sarif", "markdown": "privacy-rules.md", "exit-code": "0"},
    )
    assert ran.summary == (project.folder / "privacy-rules.md").read_text(encoding="utf-8") != ""
    assert json.loads((project.folder / "privacy-rules.sarif").read_text())["runs"][0]["results"] == []


@needs_bash
def test_the_action_fails_on_a_violation_and_points_at_its_line(project: Project) -> None:
    project.sell()
    ran = act(project)
    assert (ran.code, ran.outputs["exit-code"]) == (1, "1")
    assert re.search(r"^::error .*file=privacy\.yaml,line=\d+", ran.log, re.MULTILINE)
    assert "no_selling" in ran.summary
    (run,) = json.loads((project.folder / "privacy-rules.sarif").read_text())["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["no_selling"]


@needs_bash
def test_the_action_compares_with_a_commit(project: Project) -> None:
    project.sell()
    sold = project.commit()
    project.comment()
    project.commit()
    assert act(project, since=sold).code == 0
    assert act(project, since="main~2").code == 1


@needs_bash
def test_the_action_takes_lists_and_options(project: Project) -> None:
    project.replace("privacy.yaml", "    choice: opt_in ", "    # ")
    named = {"manifests": "\n  privacy.yaml  \r\n\n", "policy": "privacy/policy.privacy\n"}
    assert act(project, **named).code == 1
    assert act(project, **named, fail_on="violation").code == 0
    other = act(project, manifests="privacy.yaml\ngone.yaml")
    assert (other.code, other.outputs["exit-code"]) == (2, "2")
    assert "gone.yaml" in other.log


@needs_bash
def test_the_action_checks_in_a_folder_and_names_the_files_from_the_workspace(project: Project) -> None:
    (project.folder / "my shop").mkdir()
    for each in ("privacy", "privacy.yaml", "privacy-rules.toml"):
        (project.folder / each).rename(project.folder / "my shop" / each)
    ran = act(project, working_directory="my shop", comment_file="")
    assert (ran.code, ran.outputs) == (0, {"sarif": "my shop/privacy-rules.sarif", "exit-code": "0"})
    assert ran.summary
    assert (project.folder / ran.outputs["sarif"]).is_file()
    assert act(project, working_directory="gone").code == 2


@needs_bash
def test_a_report_of_an_earlier_run_is_not_taken_for_one_of_this(project: Project) -> None:
    act(project)
    ran = act(project, manifests="gone.yaml")
    assert ran.code == 2
    assert ran.outputs["markdown"] == "privacy-rules.md"
    assert "nothing was judged (1 error)" in ran.summary
    assert "gone.yaml" in ran.summary


INPUTS = ("manifests", "policy", "since", "baseline", "fail_on", "working_directory")
HOSTILE = ["$(touch pwned)", "`touch pwned`", "; touch pwned", "' ; touch pwned ; '", '"; touch pwned; "']


@needs_bash
@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_is_run(project: Project, text: str) -> None:
    assert act(project, **dict.fromkeys(INPUTS[:-1], text), sarif_file=text, comment_file=text).code == 2
    assert act(project, working_directory=text).code == 2
    assert not (project.folder / "pwned").exists()


@needs_bash
@pytest.mark.parametrize("name", INPUTS)
def test_no_input_is_taken_for_an_option(project: Project, name: str) -> None:
    assert act(project, **{name: "--format=json=taken"}).code == 2
    assert not (project.folder / "taken").exists()


@needs_bash
def test_an_input_forges_no_output(project: Project) -> None:
    ran = act(project, sarif_file="a.sarif\nexit-code=0")
    assert (ran.code, ran.outputs) == (2, {})
    assert "the input sarif-file has more than one line" in ran.log


FAKE_PYTHON = """#!/bin/sh
echo "$@" >>"{log}"
[ "$3" != venv ] || { mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; }
"""


def install(project: Project, version: str) -> tuple[int, list[str], str]:
    """The action's step that installs, with a Python that only tells what it is asked for."""
    (step,) = (each for each in STEPS if each.get("run", "").endswith(" install"))
    log, path = project.aside / "log", project.aside / "GITHUB_PATH"
    fake = project.aside / "bin" / "python"
    fake.write_text(FAKE_PYTHON.replace("{log}", str(log)))
    fake.chmod(0o755)
    log.write_text("")
    path.write_text("")
    done = project.run(
        *["bash", "-c", step["run"]],
        PRIVACY_RULES_VERSION=version,
        GITHUB_ACTION_PATH=str(ROOT),
        GITHUB_PATH=str(path),
        RUNNER_TEMP=str(project.aside),
    )
    return done.code, log.read_text().splitlines(), path.read_text()


@needs_bash
@pytest.mark.parametrize(("version", "package"), [("", str(ROOT)), ("1.2.3", "privacy-rules==1.2.3")])
def test_the_action_installs_itself_or_a_version_into_an_environment_of_its_own(
    project: Project, version: str, package: str
) -> None:
    code, asked, path = install(project, version)
    environment = project.aside / "privacy-rules-environment"
    assert code == 0
    assert asked[0] == f"-I -m venv {environment}"
    assert asked[1].split()[-1] == package
    assert path == f"{environment}/bin\n"


@needs_bash
@pytest.mark.parametrize("version", ["1.0 --index-url=https://example.org", "$(touch pwned)", "@ file:///x", "1.0\n2"])
def test_what_is_no_version_is_not_installed(project: Project, version: str) -> None:
    assert install(project, version) == (2, [], "")


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
