"""What the hosted repository is run by: workflows, issue forms, the citation, and the notes of a release."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.builders import edit, write
from tests.house.integrations import assert_fits

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = {each.stem: each for each in sorted((GITHUB / "workflows").glob("*.yml"))}
STARTER = ROOT / "privacy_rules" / "starter" / "templates" / "github.yml"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def loaded(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, file in WORKFLOWS.items():
        for job, content in loaded(file)["jobs"].items():
            yield f"{name}: {job}", content


def matrix() -> dict[str, Any]:
    found: dict[str, Any] = loaded(WORKFLOWS["checks"])["jobs"]["tests"]["strategy"]["matrix"]
    return found


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", list(WORKFLOWS.values())),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
        ("github-issue-forms", sorted((GITHUB / "ISSUE_TEMPLATE").glob("[1-9]-*.yml"))),
        ("citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_files_fit_their_hosts_schema(schema: str, files: list[Path]) -> None:
    assert files
    assert_fits(schema, *files)


# --- actions and jobs ------------------------------------------------------------------------------------------------


def uses() -> list[str]:
    """Every `uses:` of the repository with its comment, except for those that stay in it."""
    text = "".join(file.read_text(encoding="utf-8") for file in [*WORKFLOWS.values(), STARTER, ROOT / "action.yml"])
    found = re.findall(r"^ *(?:- )?uses: *(.*)$", text, re.MULTILINE)
    return [each for each in found if not each.startswith("./")]


def test_every_action_is_pinned_by_its_hash_and_says_its_version() -> None:
    assert len(uses()) > 10
    assert [each for each in uses() if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_one_version_of_an_action_has_one_hash() -> None:
    pinned = {each.split(" # ")[0] for each in uses()}
    versions = {re.sub(r"@[0-9a-f]+", "", each) for each in uses()}
    assert len(pinned) == len(versions) == len(set(uses()))


def test_every_job_has_a_time_limit_and_says_what_it_may_do() -> None:
    assert all(loaded(file)["permissions"] == {} for file in WORKFLOWS.values())
    assert [name for name, job in jobs() if "permissions" not in job] == []
    assert [name for name, job in jobs() if "timeout-minutes" not in job and "uses" not in job] == []


def test_only_publishing_may_write_or_prove_who_it_is() -> None:
    strong = {name: job["permissions"] for name, job in jobs() if job["permissions"] != {"contents": "read"}}
    assert strong == {
        "docs: publish": {"pages": "write", "id-token": "write"},
        "release: publish": {"id-token": "write"},
        "release: release": {"contents": "write"},
    }


def test_what_may_write_runs_nothing_of_the_repository() -> None:
    steps = [step for _, job in jobs() if job["permissions"] != {"contents": "read"} for step in job["steps"]]
    assert [each for each in steps if each.get("uses", "").startswith("actions/checkout@")] == []


def test_no_step_writes_an_expression_into_a_script() -> None:
    steps = [step for _, job in jobs() for step in job.get("steps", [])]
    assert [each["run"] for each in steps if "${{" in each.get("run", "")] == []


def test_no_workflow_reads_a_stored_secret() -> None:
    assert [name for name, file in WORKFLOWS.items() if "secrets" in file.read_text(encoding="utf-8")] == []


# --- versions of Python ----------------------------------------------------------------------------------------------


def test_the_matrix_has_the_versions_of_python_that_the_package_promises() -> None:
    marks = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in PROJECT["classifiers"]]
    promised = [each[1] for each in marks if each]
    assert matrix()["python"] == promised
    assert PROJECT["requires-python"] == f">={promised[0]}"


def test_try_looks_for_the_same_versions_of_python() -> None:
    named = re.findall(r"\bpython(3\.\d+)\b", (ROOT / "try").read_text(encoding="utf-8"))
    assert sorted(set(named)) == matrix()["python"]


def test_each_system_of_the_matrix_has_tests_that_there_are() -> None:
    given = {each["system"]: each["tests"].split() for each in matrix()["include"]}
    assert sorted(given) == sorted(matrix()["system"])
    folders = [word.removeprefix("--ignore=") for words in given.values() for word in words]
    assert [each for each in folders if not (ROOT / each).is_dir()] == []


# --- the page for contributors ---------------------------------------------------------------------------------------


CONTRIBUTING = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
TO_BE_WRITTEN = {"inventory.py", "long_title.py", "long-title.md", "csv_table.py", "tally.py", "test_tally.py"}
"""The files that the recipes of the page have their readers write."""


def test_every_file_and_folder_that_the_page_names_is_there() -> None:
    named = re.findall(
        r"`((?:privacy_rules|tests|dsl|docs|examples|benchmarks|ci|\.ci|\.github)/[\w./-]*)`", CONTRIBUTING
    )
    assert len(named) > 30
    wanted = [each for each in named if Path(each).name not in TO_BE_WRITTEN]
    assert [each for each in wanted if not (ROOT / each).exists()] == []


def test_the_page_lists_every_package_from_the_lowest_layer_up() -> None:
    listed = re.findall(r"^\| `privacy_rules/(\w+)/` \|", CONTRIBUTING, re.MULTILINE)
    assert sorted(listed) == sorted(file.parent.name for file in (ROOT / "privacy_rules").glob("*/__init__.py"))
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    layers = text.partition("layers =\n")[2].partition("\n\n")[0].splitlines()
    height = {name: -number for number, layer in enumerate(layers) for name in re.findall(r"\w+", layer)}
    assert [height[each] for each in listed] == sorted(height[each] for each in listed)


@pytest.mark.parametrize("file", ["CONTRIBUTING.md", "docs/contributing.md", ".github/pull_request_template.md"])
def test_every_link_leads_somewhere(file: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", (ROOT / file).read_text(encoding="utf-8"))
    assert links
    assert [each for each in links if not (ROOT / file).parent.joinpath(each).exists()] == []


# --- the notes of a release ------------------------------------------------------------------------------------------


def release_notes() -> ModuleType:
    file = ROOT / ".ci" / "release_notes.py"
    made = ModuleType("release_notes")
    made.__file__ = str(file)
    exec(compile(file.read_text(encoding="utf-8"), file, "exec"), made.__dict__)
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "privacy_rules" / "source" / "package_version.py", '"""Text."""\n\n__version__ = "1.2.0"\n')
    changelog = (
        "# Changes\n\n## The tool\n\n### 1.2.0 (2026-12-01)\n\n- one\n  more of it\n- two\n\n"
        "### 1.1.0 (2026-11-01)\n\n- older\n\n## The rule language\n\n### 1.3.0 (2026-12-01)\n\n- a statement\n"
    )
    write(tmp_path / "CHANGELOG.md", changelog)
    return tmp_path


def test_the_notes_of_a_release_are_its_section_of_the_changelog(root: Path) -> None:
    assert release_notes().notes("v1.2.0", root) == "- one\n  more of it\n- two"


@pytest.mark.parametrize(
    ("tag", "version", "message"),
    [
        ("v1.2.1", "1.2.0", "the tag is `v1.2.1`, but privacy_rules/source/package_version.py says version `1.2.0`"),
        ("1.2.0", "1.2.0", "the tag is `1.2.0`, but"),
        ("v1.3.0", "1.3.0", "CHANGELOG.md does not have a section for version `1.3.0`"),
    ],
)
def test_a_tag_that_does_not_fit_makes_no_release(root: Path, tag: str, version: str, message: str) -> None:
    write(root / "privacy_rules" / "source" / "package_version.py", f'__version__ = "{version}"\n')
    with pytest.raises(ValueError, match=re.escape(message)):
        release_notes().notes(tag, root)


def test_what_is_not_released_yet_makes_no_release(root: Path) -> None:
    file = root / "CHANGELOG.md"
    edit(file, "2026-12-01", "not released yet")
    with pytest.raises(ValueError, match="does not give the day of release"):
        release_notes().notes("v1.2.0", root)


def test_the_changelog_has_a_section_for_the_version_of_the_package() -> None:
    module = release_notes()
    version = module._version((ROOT / module.PACKAGE).read_text(encoding="utf-8"))
    assert module._section((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version)[1]
