"""`init`: what it writes checks clean, whatever stands around it, and it never touches what is there."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Callable, Iterable
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
from privacy_rules.source.writing import Change
from privacy_rules.starter import detection
from privacy_rules.starter.organisation_name import tidy
from privacy_rules.starter.plan import plan
from privacy_rules.starter.writing import write
from tests import builders
from tests.builders import edit, git
from tests.cli.calling import Call

FIVE = [
    ".github/workflows/privacy.yml",
    "privacy-rules.toml",
    "privacy.yaml",
    "privacy/policy.md",
    "privacy/policy.privacy",
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty folder named `acme-shop`, in no repository."""
    folder = tmp_path / "acme-shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "NO_COLOR", "PRIVACY_RULES_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


def files_in(folder: Path) -> list[str]:
    found = (each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file() or each.is_symlink())
    return sorted(each for each in found if not each.startswith(".git/"))


# --- what it writes --------------------------------------------------------------------------------------------------


def test_what_it_writes_checks_clean_and_without_a_warning(here: Path, call: Call) -> None:
    written = call("init")
    assert (written.code, written.err) == (0, "")
    assert files_in(here) == FIVE
    checked = call("check", "--fail-on", "undetermined")
    assert (checked.code, checked.err) == (0, "")
    assert "no findings: 7 rules, 4 systems and 5 flows" in checked.out
    assert json.loads(call("check", "--format", "json").out)["warnings"] == []


def test_it_tells_what_it_wrote_whose_name_it_took_and_what_comes_next(here: Path, call: Call) -> None:
    lines = call("init").out.splitlines()
    assert lines[0] == "wrote, for acme-shop (the folder's name; `--name` sets another):"
    assert sorted(line.split()[0] for line in lines[1:6]) == FIVE
    assert lines[6:] == ["next: privacy-rules check"]


def test_a_missing_folder_is_made(here: Path, call: Call) -> None:
    done = call("init", "deep/er one")
    assert done.code == 0
    assert files_in(here / "deep" / "er one") == FIVE
    assert done.out.endswith("next: cd 'deep/er one' && privacy-rules check\n")


def test_every_clause_of_the_prose_is_cited_and_every_citation_is_in_the_prose(here: Path, call: Call) -> None:
    call("init")
    prose = Path("privacy/policy.md").read_text(encoding="utf-8")
    policy, _ = engine.load_policy([Path("privacy/policy.privacy")], root=here)
    assert policy is not None
    clauses = {f"#{line.partition('{#')[2].rstrip('}')}" for line in prose.splitlines() if line.startswith("## ")}
    assert {each for rule in policy.rules for each in rule.cites} == clauses
    assert all(rule.hint and rule.title for rule in policy.rules)


BREACHES: dict[str, tuple[str, str]] = {
    "stated_purposes": ("purposes: [customer_support]\n", "purposes: [advertising]\n"),
    "newsletter_is_opt_in": ("choice: opt_in ", "choice: opt_out "),
    "no_selling": ("flow: {exchange: none}", "flow: {exchange: sale}"),
    "no_selling_through_others": ("role: service_provider}", "role: [service_provider, advertiser]}"),
    "contracted_processors_only": ("obliges: [policy_protection, no", "obliges: [no"),
    "kept_safely": ("safeguards: [access_control, encryption_at_rest, backup]", "safeguards: [access_control]"),
    "rights_on_request": ("supports: [access, correction, deletion]", "supports: [access]"),
}


@pytest.mark.parametrize("rule", BREACHES)
def test_each_rule_is_broken_by_one_small_edit(rule: str, here: Path, call: Call) -> None:
    call("init")
    edit("privacy.yaml", *BREACHES[rule])
    done = call("check", "--format", "json")
    assert done.code == 1
    assert {each["rule"] for each in json.loads(done.out)["findings"]} == {rule}


def test_each_rule_has_its_breach(here: Path, call: Call) -> None:
    call("init")
    policy, _ = engine.load_policy([Path("privacy/policy.privacy")], root=here)
    assert policy is not None
    assert [rule.name for rule in policy.rules] == list(BREACHES)


@pytest.mark.parametrize("fact", ["    choice: opt_in ", "    supports: ", "    stores: ", "    obliges: "])
def test_what_is_left_out_fails_as_undetermined(fact: str, here: Path, call: Call) -> None:
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
def test_a_weird_name_stands_in_the_files_as_it_is(name: str, here: Path, call: Call) -> None:
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
def test_a_name_that_nobody_can_see_is_refused(name: str, here: Path, call: Call) -> None:
    done = call("init", "--name", name)
    assert (done.code, files_in(here)) == (2, [])
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
def test_the_remote_tells_the_organisation_and_the_ci(url: str, here: Path) -> None:
    git("init", cwd=here)
    git("config", "remote.origin.url", url, cwd=here)
    assert _detected(here) == REMOTES[url]


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
def test_a_project_file_tells_the_name(file: str, text: str, name: str, here: Path) -> None:
    builders.write(file, text)
    assert _detected(here)[0] == name


def test_where_nothing_tells_a_name_there_is_one_still() -> None:
    assert detection.organisation(Path("/"), detection.Remote()).name == "Our organisation"


def test_without_git_it_guesses_on(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert _detected(here) == ("acme-shop", "github")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_git_that_waits_for_a_named_pipe_is_asked_once_and_not_for_long(
    here: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", cwd=here)
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


def test_a_folder_deeper_in_a_repository_gets_no_ci_unless_asked_for(here: Path, call: Call) -> None:
    git("init", cwd=here)
    done = call("init", "service")
    assert ".github/workflows/privacy.yml" not in files_in(here / "service")
    assert "no check in CI was written: it belongs at the top of the repository" in done.out
    assert "no check in CI" not in call("init", "--ci", "none", "other").out
    call("init", "--ci", "github", "third")
    assert files_in(here / "third") == FIVE


# --- CI --------------------------------------------------------------------------------------------------------------


def test_the_workflow_installs_this_version_and_is_no_manifest(here: Path, call: Call) -> None:
    call("init", "--ci", "github")
    workflow = yaml.safe_load(Path(".github/workflows/privacy.yml").read_text(encoding="utf-8"))
    runs = [each["run"] for each in workflow["jobs"]["privacy"]["steps"] if "run" in each]
    assert runs[0].endswith(f'"privacy-rules=={__version__}"')
    assert runs[1].startswith("privacy-rules check ")
    assert call("check", ".", "--fail-on", "undetermined").code == 0, "a folder's hidden folders hold no manifests"


def test_for_gitlab_a_snippet_is_written_and_included(here: Path, call: Call) -> None:
    assert "has to include" not in call("init", "--ci", "gitlab").out
    included = yaml.safe_load(Path(".gitlab-ci.yml").read_text())["include"]
    assert included == [{"local": ".gitlab/privacy.yml"}]
    assert "privacy" in yaml.safe_load(Path(".gitlab/privacy.yml").read_text(encoding="utf-8"))


def test_a_gitlab_ci_that_is_there_is_left_alone_and_shows_what_to_write(here: Path, call: Call) -> None:
    builders.write(".gitlab-ci.yml", "stages: [test]\n")
    done = call("init")
    assert Path(".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert Path(".gitlab/privacy.yml").exists()
    assert "to run the check, include it in .gitlab-ci.yml:  include: [{local: .gitlab/privacy.yml}]" in done.out


def test_no_ci_is_written_where_none_is_wanted(here: Path, call: Call) -> None:
    call("init", "--ci", "none")
    assert files_in(here) == FIVE[1:]


# --- pyproject.toml --------------------------------------------------------------------------------------------------

PROJECTS = [
    b"",
    b'[project]\nname = "acme"\n',
    b'[project]\nname = "acme"',
    b'[project]\nname = "acme"\n\n',
    b'\xef\xbb\xbf[project]\r\nname = "acme"\r\n',
    b"[tool.x]\nn = nan\n[[tool.y]]\na = 1",
    b"# nothing",
]


@pytest.mark.parametrize("before", PROJECTS)
def test_the_configuration_is_appended_to_a_pyproject_that_is_kept_byte_for_byte(
    before: bytes, here: Path, call: Call
) -> None:
    Path("pyproject.toml").write_bytes(before)
    assert call("init").code == 0
    after = Path("pyproject.toml").read_bytes()
    assert after.startswith(before)
    assert not Path("privacy-rules.toml").exists()
    table = tomllib.loads(after.decode("utf-8-sig"))["tool"]["privacy-rules"]
    assert table["policy"] == ["privacy/policy.privacy"]
    assert call("check").code == 0
    lines = after.decode("utf-8-sig").splitlines()
    at = lines.index("[tool.privacy-rules]")
    assert at == 0 or lines[at - 1] == "", "a blank line stands before it"
    assert (b"\r\n" in after) == (b"\r\n" in before)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r" not in before


REFUSED = {
    '[tool.privacy-rules]\npolicy = ["x"]\n': "`pyproject.toml` already has `[tool.privacy-rules]`",
    '[tool]\nprivacy-rules.policy = ["x"]\n': "`pyproject.toml` already has `[tool.privacy-rules]`",
    "tool = {x = 1}\n": "cannot add a table to `pyproject.toml`",
    "tool = 1\n": "cannot add a table to `pyproject.toml`",
    "[[tool]]\na = 1\n": "cannot add a table to `pyproject.toml`",
    "[tool\n": "`pyproject.toml` is not valid TOML",
    "a = '\udcff'\n": "`pyproject.toml` is not valid TOML",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_pyproject_that_takes_no_table_is_refused(text: str, here: Path, call: Call) -> None:
    content = text.encode("utf-8", "surrogateescape")
    Path("pyproject.toml").write_bytes(content)
    done = call("init")
    assert (done.code, done.out, files_in(here)) == (2, "", ["pyproject.toml"])
    assert REFUSED[text] in done.err
    assert Path("pyproject.toml").read_bytes() == content


def test_mode_and_link_of_a_pyproject_are_kept(here: Path, call: Call) -> None:
    builders.write("real.toml", "")
    Path("real.toml").chmod(0o640)
    Path("pyproject.toml").symlink_to("real.toml")
    assert call("init").code == 0
    assert Path("pyproject.toml").is_symlink()
    assert Path("real.toml").stat().st_mode & 0o777 == 0o640
    assert "[tool.privacy-rules]" in Path("real.toml").read_text(encoding="utf-8")


# --- nothing is overwritten ------------------------------------------------------------------------------------------


def test_all_files_that_are_in_the_way_are_named_and_nothing_is_written(here: Path, call: Call) -> None:
    builders.write("privacy.yaml", "mine")
    Path("privacy").mkdir()
    Path("privacy/policy.md").symlink_to("nowhere")
    builders.write("pyproject.toml", "[tool.privacy-rules]\n")
    builders.write("privacy-rules.toml", "")
    before = files_in(here)
    done = call("init")
    assert (done.code, done.out, files_in(here)) == (2, "", before)
    assert done.err.splitlines()[0] == (
        "error[E303]: `privacy/policy.md`, `privacy.yaml` and `privacy-rules.toml` already exist, "
        "and `init` overwrites nothing"
    )
    assert "error[E303]: `pyproject.toml` already has `[tool.privacy-rules]`" in done.err
    assert Path("privacy.yaml").read_text() == "mine"


def test_a_second_init_is_refused(here: Path, call: Call) -> None:
    call("init")
    contents = {each: Path(each).read_bytes() for each in files_in(here)}
    done = call("init", "--name", "other")
    assert (done.code, done.err.count("E303")) == (2, 1)
    assert {each: Path(each).read_bytes() for each in files_in(here)} == contents


def test_a_folder_that_is_a_file_cannot_be_written(here: Path, call: Call) -> None:
    builders.write("file", "mine")
    done = call("init", "file")
    assert (done.code, files_in(here)) == (2, ["file"])
    assert "error[E303]: `file/privacy/policy.md` cannot be written" in done.err


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_stays_as_it_is(here: Path, call: Call) -> None:
    here.chmod(0o555)
    done = call("init")
    here.chmod(0o755)
    assert (done.code, files_in(here)) == (2, [])
    assert "cannot be written: permission denied" in done.err


@pytest.mark.parametrize("step", range(5))
def test_a_file_that_cannot_be_written_aside_leaves_everything_as_it_was(
    step: int, here: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", _failing_at(step, Path.open, lambda words: words == ("xb",)))
    _fails_and_leaves_all(here, call)


@pytest.mark.parametrize("step", range(4))
def test_a_file_that_cannot_be_put_in_place_leaves_everything_as_it_was(
    step: int, here: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _failing_at(step, os.link, lambda _: True))
    _fails_and_leaves_all(here, call)


def test_a_pyproject_that_cannot_be_replaced_leaves_everything_as_it_was(
    here: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", _failing_at(0, Path.replace, lambda _: True))
    _fails_and_leaves_all(here, call)


def test_a_pyproject_that_changed_meanwhile_is_left_alone(
    here: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privacy_rules.starter import writing

    real = writing.replace_all

    def replace_all(changes: Iterable[Change]) -> None:
        Path("pyproject.toml").write_bytes(b"# saved meanwhile\n")
        real(changes)

    monkeypatch.setattr(writing, "replace_all", replace_all)
    Path("pyproject.toml").write_bytes(b"# mine\n")
    done = call("init")
    assert (done.code, "`pyproject.toml` cannot be written: it changed after it was read" in done.err) == (2, True)
    assert [each.name for each in here.iterdir()] == ["pyproject.toml"]
    assert Path("pyproject.toml").read_bytes() == b"# saved meanwhile\n"


def _fails_and_leaves_all(here: Path, call: Call) -> None:
    Path("pyproject.toml").write_bytes(b"# mine\n")
    done = call("init")
    assert done.code == 2
    assert "cannot be written: file exists\n  help: nothing was written\n" in done.err
    assert [each.name for each in here.iterdir()] == ["pyproject.toml"]
    assert Path("pyproject.toml").read_bytes() == b"# mine\n"


def _failing_at(
    step: int, real: Callable[..., object], counts: Callable[[tuple[object, ...]], bool]
) -> Callable[..., object]:
    """A stand-in that fails at the step-th call that counts."""
    calls = iter(range(100))

    def stand_in(first: object, *words: object, **more: object) -> object:
        if counts(words) and next(calls) == step:
            raise FileExistsError(17, "File exists")
        return real(first, *words, **more)

    return stand_in


def test_a_file_system_without_links_gets_the_files_too(
    here: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    assert call("init").code == 0
    assert files_in(here) == FIVE


def test_a_dry_run_shows_every_file_and_writes_none(here: Path, call: Call) -> None:
    builders.write("pyproject.toml", "# mine\n")
    done = call("init", "--dry-run", "--name", "Acme")
    assert (done.code, files_in(here)) == (0, ["pyproject.toml"])
    assert done.out.startswith("would write, for Acme:\n")
    call("init", "--name", "Acme")
    for each in files_in(here):
        added = Path(each).read_text(encoding="utf-8").removeprefix("# mine\n").strip()
        mark = " (added at the end)" if each == "pyproject.toml" else ""
        assert f"--- {each}{mark}\n{added}\n" in done.out


def test_a_dry_run_says_what_is_in_the_way(here: Path, call: Call) -> None:
    builders.write("privacy.yaml", "mine")
    done = call("init", "--dry-run")
    assert (done.code, done.out) == (2, "")
    assert "`privacy.yaml` already exists" in done.err


def test_what_it_writes_is_laid_out_and_traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("init", "--ci", "none").code == 0
    assert call("fmt", "--check").code == 0
    assert call("trace", "--fail-on", "uncovered").code == 0
