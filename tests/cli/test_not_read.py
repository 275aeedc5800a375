"""What a check passes over is a warning: manifests that are not read, patterns that match nothing, an old `as_of`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.cli import unread_inputs
from tests.builders import git
from tests.cli.calling import Call
from tests.cli.comparing import edit

POLICY = (
    "use std.core\ndata { email }\npurpose { orders }\nrule sold { forbid disclosure of email when exchange is sale }\n"
)
CENTRAL = "manifest: 1\nparties:\n  ours: {role: us}\n  broker: {role: data_broker}\nsystems:\n  crm: {party: ours}\n  lists: {party: broker}\n"
FLOW = (
    "manifest: 1\nflows:\n  - {{id: {0}, from: crm, to: lists, carries: [email], purposes: [orders], exchange: none}}\n"
)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def configure(*lines: str, manifests: str = '["teams"]') -> None:
    write("privacy-rules.toml", "\n".join(['policy = ["p.privacy"]', f"manifests = {manifests}", *lines, ""]))


@pytest.fixture
def teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a folder of teams, of which one is read."""
    monkeypatch.chdir(tmp_path)
    write("p.privacy", POLICY)
    write("teams/privacy.yaml", CENTRAL)
    write("teams/shop/privacy.yaml", FLOW.format("shop"))
    configure()
    return tmp_path


def warnings(call: Call, *words: str, code: str = "W316") -> list[str]:
    done = call("check", "--format", "json", *words)
    assert done.code in (0, 1), done.err
    found = [each for each in json.loads(done.out)["warnings"] if each["code"] == code]
    return [f"{each['location']['file'] if each['location'] else ''}: {each['message']}" for each in found]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("teams/support/flows.yaml", FLOW.format("x")),
        ("teams/support/flows.yml", f"# ours\n---\n{FLOW.format('x')}"),
        ("teams/support/deep/er/privacy-flows.YAML", FLOW.format("x")),
        ("teams/.support/privacy.yaml", FLOW.format("x")),
        ("teams/support/flows.json", '{"name": "x", "manifest": 1, "flows": []}'),
        ("teams/support/flow.yaml", "{manifest: 1, flows: []}"),
        ("teams/support/quoted.yaml", '"manifest": 1\nflows: []\n'),
        ("teams/support/marked.yaml", f"\ufeff{FLOW.format('x')}"),
    ],
)
def test_a_manifest_that_a_folder_does_not_mean_is_named(teams: Path, call: Call, name: str, text: str) -> None:
    write(name, text)
    assert warnings(call) == [f"{name}: `{name}` says `manifest: 1`, but this check does not read it"]
    assert name in call("check").out
    assert call("check", "teams", "--policy", "p.privacy").out.count("W316") == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("teams/support/other.yaml", "kind: ConfigMap\ndata:\n  manifest: 1\n"),
        ("teams/support/other.json", '{"web": {"manifest": 1}}'),
        ("teams/support/later.yaml", "manifest: 12\n"),
        ("teams/support/three.yaml", "manifest: 3\n"),
        ("teams/support/notes.txt", FLOW.format("x")),
        ("teams/node_modules/a/flows.yaml", FLOW.format("x")),
        ("outside/flows.yaml", FLOW.format("x")),
    ],
)
def test_what_is_no_manifest_of_these_folders_is_not_named(teams: Path, call: Call, name: str, text: str) -> None:
    write(name, text)
    assert warnings(call) == []


def test_a_manifest_that_no_glob_matches_is_named(teams: Path, call: Call) -> None:
    write("teams/support/eu/privacy.yaml", FLOW.format("x"))
    configure(manifests='["teams/privacy.yaml", "teams/*/privacy.yaml"]')
    assert len(warnings(call)) == 1
    configure(manifests='["teams/**/privacy.yaml"]')
    assert warnings(call) == []


def test_a_manifest_that_no_include_matches_is_named(teams: Path, call: Call) -> None:
    write("teams/privacy.yaml", CENTRAL.replace("parties:", "include: ['shop/*.yaml']\nparties:"))
    write("teams/shop/more/privacy.yaml", FLOW.format("x"))
    assert warnings(call, "teams/privacy.yaml", "--policy", "p.privacy") == [
        "teams/shop/more/privacy.yaml: `teams/shop/more/privacy.yaml` says `manifest: 1`, but this check does not read it"
    ]


def test_a_manifest_beside_those_that_are_listed_is_named(teams: Path, call: Call) -> None:
    configure(manifests='["teams/privacy.yaml", "teams/shop/privacy.yaml"]')
    write("teams/support/privacy.yaml", FLOW.format("x"))
    assert len(warnings(call)) == 1
    configure(manifests='["teams/privacy.yaml"]')
    assert warnings(call) == []
    write("teams/flows.yaml", FLOW.format("x"))
    assert len(warnings(call)) == 1
    assert warnings(call, "teams/privacy.yaml", "teams/shop/privacy.yaml") == []


def test_what_is_excluded_ignored_or_another_project_is_not_named(teams: Path, call: Call) -> None:
    write("teams/support/flows.yaml", FLOW.format("x"))
    configure('exclude = ["teams/support"]')
    assert warnings(call) == []
    configure()
    git("init", "--quiet")
    write(".gitignore", "flows.yaml\n")
    assert warnings(call) == []
    Path(".gitignore").unlink()
    assert len(warnings(call)) == 1
    write("teams/support/privacy-rules.toml", "")
    assert warnings(call) == []
    Path("teams/support/privacy-rules.toml").unlink()
    write("teams/support/pyproject.toml", "[tool.privacy-rules]\n")
    assert warnings(call) == []


@pytest.mark.skipif(not hasattr(Path, "symlink_to"), reason="no links")
def test_no_link_is_followed_in_the_search(teams: Path, call: Call) -> None:
    outside = write("../elsewhere/flows.yaml", FLOW.format("x")).resolve()
    Path("teams/linked").symlink_to(outside.parent)
    Path("teams/flows.yaml").symlink_to(outside)
    assert warnings(call) == []


def test_a_long_list_is_cut_and_the_search_has_an_end(teams: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(25):
        write(f"teams/t{number:02}/flows.yaml", FLOW.format("x"))
    told = warnings(call)
    assert len(told) == 21
    assert ": 5 more files that say `manifest: 1` are not read" in told
    monkeypatch.setattr(unread_inputs, "MOST_FILES", 10)
    assert len(warnings(call)) == 8  # the others of the ten are read
    monkeypatch.setattr(unread_inputs, "MOST_ENTRIES", 3)
    assert warnings(call) == []


@pytest.mark.parametrize("manifests", ['["teams"]', '["teams/*/privacy.yaml"]'])
def test_the_error_that_there_is_no_manifest_names_what_says_it_is_one(teams: Path, call: Call, manifests: str) -> None:
    Path("teams/privacy.yaml").unlink()
    Path("teams/shop/privacy.yaml").rename("teams/shop/flows.yaml")
    configure(manifests=manifests)
    done = call("check")
    assert done.code == 2
    assert "these files say `manifest: 1`, but have other names: `teams/shop/flows.yaml`" in done.err


def test_these_warnings_can_fail(teams: Path, call: Call) -> None:
    write("teams/support/flows.yaml", FLOW.format("x"))
    assert call("check").code == 0
    configure('fail-warnings = ["W316"]')
    assert call("check").code == 1


# Patterns.


@pytest.mark.parametrize("exclude", ["teams/gone", "teams/*.old.yaml", "teams/**/old/*.yaml"])
def test_an_exclusion_that_matches_nothing_is_named(teams: Path, call: Call, exclude: str) -> None:
    configure(f'exclude = ["{exclude}"]')
    assert warnings(call, code="W317") == [f"privacy-rules.toml: the pattern `{exclude}` in `exclude` matches nothing"]


@pytest.mark.parametrize(
    "exclude", ["teams/shop", "teams/s*", "teams/**/privacy.yaml", "**/node_modules", "build", "p.*", "teams/ignored"]
)
def test_an_exclusion_that_matches_or_may_match_is_not_named(teams: Path, call: Call, exclude: str) -> None:
    git("init", "--quiet")
    write(".gitignore", "ignored\n")
    configure(f'exclude = ["{exclude}"]', manifests='["teams/privacy.yaml"]')
    assert warnings(call, code="W317") == []


def test_prose_that_does_not_exist_is_named(teams: Path, call: Call) -> None:
    write("p.privacy", POLICY.replace("data {", 'policy p { text "policy.md" }\ndata {'))
    assert warnings(call, code="W317") == ["p.privacy: the prose `policy.md` does not exist"]
    write("policy.md", "# P\n")
    assert warnings(call, code="W317") == []


# What fell out since a commit.


@pytest.fixture
def committed(teams: Path) -> Path:
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    return teams


def past(call: Call) -> list[str]:
    done = call("check", "--since", "HEAD", "--format", "json")
    found: list[str] = json.loads(done.out)["terms"]["past"]
    return found


def test_a_manifest_that_is_no_longer_meant_is_named_with_its_figures(committed: Path, call: Call) -> None:
    Path("teams/shop/privacy.yaml").rename("teams/shop/flows.yaml")
    edit("id: shop", "id: other", "teams/shop/flows.yaml")
    assert warnings(call, "--since", "HEAD", code="W318") == [
        ": `teams/shop/privacy.yaml` was read at `HEAD`, but no longer exists: 1 flow fewer"
    ]
    assert past(call) == ["1 flow fewer than at HEAD"]
    assert len(warnings(call, "--since", "HEAD")) == 1


def test_a_manifest_that_the_configuration_no_longer_names_is_named(committed: Path, call: Call) -> None:
    write("teams/privacy.yaml", f"{CENTRAL}  spare: {{party: ours}}\n")
    git("commit", "--quiet", "--all", "--message", "two")
    configure(manifests='["teams/shop"]')
    write("teams/shop/privacy.yaml", CENTRAL + FLOW.format("shop").removeprefix("manifest: 1\n"))
    told = [
        "teams/privacy.yaml: `teams/privacy.yaml` was read at `HEAD`, but this check does not read it: 1 system fewer"
    ]
    assert warnings(call, "--since", "HEAD", code="W318") == told


def test_a_flow_that_is_removed_on_purpose_is_one_line(committed: Path, call: Call) -> None:
    write("teams/shop/privacy.yaml", "manifest: 1\n")
    assert warnings(call, "--since", "HEAD", code="W318") == []
    assert past(call) == ["1 flow fewer than at HEAD"]
    assert "1 flow fewer than at HEAD" in call("check", "--since", "HEAD").out


def test_what_moved_to_another_file_did_not_fall_out(committed: Path, call: Call) -> None:
    write("teams/privacy.yaml", CENTRAL + FLOW.format("shop").removeprefix("manifest: 1\n"))
    Path("teams/shop/privacy.yaml").unlink()
    assert warnings(call, "--since", "HEAD", code="W318") == []
    assert past(call) == []


def test_a_renamed_manifest_did_not_fall_out(committed: Path, call: Call) -> None:
    Path("teams/shop").rename("teams/store")
    assert warnings(call, "--since", "HEAD", code="W318") == []


def test_a_baseline_says_which_subjects_are_no_longer_declared(teams: Path, call: Call) -> None:
    write("teams/shop/privacy.yaml", FLOW.format("shop").replace("none", "sale"))
    assert call("baseline").code == 0
    Path("teams/shop/privacy.yaml").rename("teams/shop/flows.yaml")
    (told,) = warnings(call, "--baseline", "privacy-baseline.json", code="W311")
    assert told.endswith("is no longer found; the manifests that are read no longer declare flow shop")


# The day.


def test_an_old_day_of_the_manifests_is_named(teams: Path, call: Call) -> None:
    write("teams/privacy.yaml", CENTRAL.replace("parties:", "as_of: 2026-04-01\nparties:"))
    assert warnings(call, code="W319") == [
        "teams/privacy.yaml: `as_of` is 2026-04-01, 91 days ago: contracts and rules that began or ended since then are not considered"
    ]
    assert warnings(call, "--as-of", "2026-04-01", code="W319") == []
    configure("as-of-days = 91")
    assert warnings(call, code="W319") == []


def test_an_old_day_of_the_configuration_is_named(teams: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    configure("as-of = 2026-06-15")
    assert warnings(call, code="W319") == []
    monkeypatch.setattr("privacy_rules.cli.check_call.today", lambda: date(2026, 9, 14))
    assert len(warnings(call, code="W319")) == 1
    configure("as-of = 2026-06-15", "as-of-days = 0", 'fail-warnings = ["W319"]')
    assert call("check").code == 1


def test_today_and_days_to_come_are_not_old(teams: Path, call: Call) -> None:
    configure("as-of-days = 0")
    assert warnings(call, code="W319") == []
    configure("as-of = 2030-01-01")
    assert warnings(call, code="W319") == []
