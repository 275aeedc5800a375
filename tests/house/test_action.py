"""The GitHub action: what its steps do in a repository, and that no input is run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.house.integrations import ACTION, LOOSER, ROOT, STEPS, Project, needs_bash


def test_every_input_of_the_action_reaches_a_step_and_every_output_comes_from_one() -> None:
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", json.dumps(STEPS))
    assert sorted(used) == sorted(ACTION["inputs"])
    assert all(each["value"] == f"${{{{ steps.check.outputs.{name} }}}}" for name, each in ACTION["outputs"].items())


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
def test_the_action_fails_on_a_policy_change_that_needs_a_notice(project: Project) -> None:
    before = project.git("rev-parse", "HEAD")
    project.replace("privacy/policy.privacy", *LOOSER)
    project.commit()
    assert act(project, since=before).code == 0
    ran = act(project, since=before, fail_on_policy_change="material")
    assert (ran.code, ran.outputs["exit-code"]) == (1, "1")
    assert "# What changes in the policy" in ran.summary
    assert ran.summary == (project.folder / "privacy-rules.md").read_text(encoding="utf-8")
    assert "no_selling" in ran.summary
    named = {"since": before, "policy": "privacy/policy.privacy"}
    assert act(project, **named, fail_on_policy_change="material").code == 1
    assert act(project, since="HEAD", fail_on_policy_change="change").code == 0


@needs_bash
def test_a_stricter_policy_needs_no_notice(project: Project) -> None:
    project.replace("privacy/policy.privacy", *LOOSER)
    before = project.commit()
    project.replace("privacy/policy.privacy", *reversed(LOOSER))
    project.commit()
    assert act(project, since=before, fail_on_policy_change="material").code == 0
    assert act(project, since=before, fail_on_policy_change="change").code == 1


@needs_bash
def test_a_policy_that_did_not_exist_at_since_needs_no_notice(project: Project) -> None:
    policy = project.folder / "privacy/policy.privacy"
    text = policy.read_text(encoding="utf-8")
    policy.unlink()
    before = project.commit()
    policy.write_text(text, encoding="utf-8")
    project.commit()
    ran = act(project, since=before, fail_on_policy_change="material")
    assert ran.code == 0
    assert "which has no such policy" in ran.summary
    assert act(project, since=before, fail_on_policy_change="change").code == 1


@needs_bash
@pytest.mark.parametrize(("since", "kind"), [("", "material"), ("HEAD", "often"), ("gone", "material")])
def test_a_comparison_that_cannot_be_made_is_an_error(project: Project, since: str, kind: str) -> None:
    assert act(project, since=since, fail_on_policy_change=kind).code == 2


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


INPUTS = ("manifests", "policy", "since", "baseline", "fail_on", "fail_on_policy_change", "working_directory")
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
