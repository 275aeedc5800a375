"""`--baseline`, `--since` and the verb `baseline`: only what is new fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import commit, git, write
from tests.cli.calling import Call
from tests.cli.comparing import as_json, edit, states

SOLD_TOO = "\n  - {id: more, from: crm, to: leads, carries: [name], exchange: sale, purposes: [newsletter]}\n\nwaivers:"


# A baseline.


def test_after_a_baseline_only_what_is_new_fails(shop: Path, call: Call) -> None:
    assert call("check", "estate.yaml").code == 1
    done = call("baseline", "estate.yaml")
    assert (done.code, done.out, done.err) == (0, "privacy-baseline.json: 11 findings\n", "")
    beside = ("--baseline", "privacy-baseline.json")
    assert call("check", "estate.yaml", *beside, "--fail-on", "undetermined", "--fail-severity", "note").code == 0
    edit("\n\nwaivers:", SOLD_TOO)
    assert call("check", "estate.yaml", *beside).code == 1
    found = as_json(call, *beside)
    assert {each for each in found["new"] if each != "not_combined crm"} == {"no_selling more"}
    assert found["fixed"] == []


def test_moved_lines_reordered_flows_and_a_renamed_file_are_nothing_new(shop: Path, call: Call) -> None:
    call("baseline", "estate.yaml")
    lines = Path("estate.yaml").read_text(encoding="utf-8").splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith("  - {id:")]
    lines[at[0] : at[-1] + 1] = [*reversed(lines[at[0] : at[-1] + 1]), "", "# moved"]
    Path("estate.yaml").unlink()
    write("other.yaml", "# a comment\n\n" + "\n".join(lines) + "\n")
    found = states(call("check", "other.yaml", "--baseline", "privacy-baseline.json", "--format", "json"))
    assert (found["new"], found["fixed"]) == (["not_combined crm"], [])  # the waived one, which no baseline accepts


def test_a_baseline_is_the_same_bytes_each_time(shop: Path, call: Call) -> None:
    call("baseline", "estate.yaml")
    first = Path("privacy-baseline.json").read_bytes()
    call("baseline", "estate.yaml", "--output", "again.json")
    assert Path("again.json").read_bytes() == first


def test_what_is_fixed_is_reported_and_pruned(shop: Path, call: Call) -> None:
    call("baseline", "estate.yaml")
    edit("exchange: sale", "exchange: none")
    done = call("check", "estate.yaml", "--baseline", "privacy-baseline.json")
    assert done.code == 0
    assert "fixed: " in done.out
    assert "warning[W311]: 1 finding of the baseline `privacy-baseline.json` is no longer found" in done.out
    pruned = call("baseline", "estate.yaml", "--prune")
    assert pruned.out == "privacy-baseline.json: 10 findings, 1 removed\n"
    assert "W311" not in call("check", "estate.yaml", "--baseline", "privacy-baseline.json").out


def test_pruning_lets_nothing_new_in(shop: Path, call: Call) -> None:
    call("baseline", "estate.yaml")
    before = Path("privacy-baseline.json").read_bytes()
    edit("\n\nwaivers:", SOLD_TOO)
    call("baseline", "estate.yaml", "--prune")
    assert Path("privacy-baseline.json").read_bytes() == before


def test_a_configured_baseline_holds_and_since_takes_its_place(repository: Path, call: Call) -> None:
    call("baseline", "estate.yaml", "--output", "known.json")
    write("privacy-rules.toml", 'baseline = "known.json"\nmanifests = ["estate.yaml"]\n')
    assert call("check").code == 0
    assert json.loads(call("check", "--format", "json").out)["terms"]["compared_with"] == "known.json"
    since = json.loads(call("check", "--since", "HEAD", "estate.yaml", "--format", "json").out)
    assert since["terms"]["compared_with"] == "HEAD"
    assert call("baseline", "--prune").out == "known.json: 11 findings, 0 removed\n"


@pytest.mark.parametrize("content", ["", "[", "{}", '{"version": 1, "findings": [{"rule": 1}]}', "\udcff"])
def test_a_broken_baseline_is_an_error_and_stays_as_it_is(shop: Path, call: Call, content: str) -> None:
    file = write("known.json", content.encode("utf-8", "surrogateescape"))
    for words in (
        ("check", "estate.yaml", "--baseline", "known.json"),
        ("baseline", "estate.yaml", "--prune", "--output", "known.json"),
    ):
        done = call(*words)
        assert (done.code, done.out) == (2, "")
        assert "error[E308]: `known.json` is not a baseline: " in done.err
    assert file.read_bytes() == content.encode("utf-8", "surrogateescape")


def test_a_baseline_with_a_byte_order_mark_is_read(shop: Path, call: Call) -> None:
    call("baseline", "estate.yaml")
    file = Path("privacy-baseline.json")
    text = file.read_bytes()
    write(file, b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert call("check", "estate.yaml", "--baseline", "privacy-baseline.json").code == 0
    assert call("baseline", "estate.yaml", "--prune").out == "privacy-baseline.json: 11 findings, 0 removed\n"
    assert file.read_bytes() == text


def test_the_help_for_a_broken_baseline_can_be_followed(shop: Path, call: Call) -> None:
    help_ = "  help: restore it from version control, or delete it and write a new one with `privacy-rules baseline`\n"
    write("privacy-baseline.json", "{")
    for words in (("baseline", "estate.yaml"), ("check", "estate.yaml", "--baseline", "privacy-baseline.json")):
        done = call(*words)
        assert (done.code, done.err.endswith(help_)) == (2, True)
    Path("privacy-baseline.json").unlink()
    assert call("baseline", "estate.yaml").code == 0


def test_a_baseline_that_is_not_there_names_the_verb_that_writes_one(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--baseline", "known.json")
    assert done.code == 2
    assert "error[E308]: cannot read the baseline `known.json`: no such file" in done.err
    assert "`privacy-rules baseline` writes one" in done.err


def test_a_baseline_that_cannot_be_written_is_an_error(shop: Path, call: Call) -> None:
    done = call("baseline", "estate.yaml", "--output", "nowhere/known.json")
    assert (done.code, done.out) == (2, "")
    assert "error[E303]: `nowhere/known.json` cannot be written" in done.err


# Since a commit.


def test_only_what_is_new_since_a_commit_fails(repository: Path, call: Call) -> None:
    assert call("check", "estate.yaml", "--since", "HEAD").code == 0
    edit("\n\nwaivers:", SOLD_TOO)
    assert call("check", "estate.yaml", "--since", "HEAD").code == 1
    found = as_json(call, "--since", "HEAD")
    assert "no_selling more" in found["new"]
    assert "not_combined crm" in found["unchanged"]
    git("commit", "--quiet", "--all", "--message", "two")
    assert as_json(call, "--since", "HEAD")["new"] == []
    assert as_json(call, "--since", "HEAD~1") == found


def test_what_is_fixed_since_a_commit_is_reported_with_its_place_of_then(repository: Path, call: Call) -> None:
    edit("exchange: sale", "exchange: none")
    done = call("check", "estate.yaml", "--since", "HEAD")
    assert done.code == 0
    assert "fixed: estate.yaml:27:5: violation[no_selling]: " in done.out
    assert "since HEAD: 0 new, 10 unchanged, 1 fixed" in done.out


def test_a_renamed_manifest_is_followed(repository: Path, call: Call) -> None:
    git("mv", "estate.yaml", "shop.privacy.yaml")
    edit("\n\nwaivers:", SOLD_TOO, "shop.privacy.yaml")
    found = states(call("check", "shop.privacy.yaml", "--since", "HEAD", "--format", "json"))
    assert {each.split()[1] for each in found["new"]} == {"more"}


def test_a_renamed_policy_that_the_call_names_is_followed(repository: Path, call: Call) -> None:
    git("mv", "shop.privacy", "rules.privacy")
    found = as_json(call, "--policy", "rules.privacy", "--since", "HEAD")
    assert found["new"] == []


def test_each_side_has_its_own_configuration_and_includes(repository: Path, call: Call) -> None:
    write("privacy-rules.toml", 'manifests = ["estate.yaml"]\n')
    commit("two")
    more = "manifest: 1\nflows:\n  - {id: more, from: crm, to: leads, carries: [name], exchange: sale}\n"
    write("more/flows.yaml", more)
    edit("manifest: 1\n", "manifest: 1\ninclude: [more/flows.yaml]\n", "estate.yaml")
    Path("estate.yaml").rename("everything.yaml")
    write("privacy-rules.toml", 'manifests = ["everything.yaml"]\n')
    found = states(call("check", "--since", "HEAD", "--format", "json"))
    assert {each.split()[1] for each in found["new"]} == {"more"}
    assert found["fixed"] == []


def test_both_sides_are_judged_on_the_same_day(repository: Path, call: Call) -> None:
    assert as_json(call, "--since", "HEAD", "--as-of", "2026-09-01")["new"] == []
    edit("as_of: 2026-11-01", "as_of: 2026-09-01")  # before the contract ended
    found = as_json(call, "--since", "HEAD")
    assert (found["new"], found["fixed"]) == ([], [])


def test_where_there_was_no_manifest_all_is_new(repository: Path, call: Call) -> None:
    git("rm", "--quiet", "--cached", "estate.yaml")
    git("commit", "--quiet", "--message", "two")
    found = as_json(call, "--since", "HEAD")
    assert (found["unchanged"], found["fixed"]) == ([], [])
    assert len(found["new"]) == 12


def test_it_works_from_a_folder_below_and_touches_no_checkout(repository: Path, call: Call, monkeypatch: Any) -> None:
    edit("\n\nwaivers:", SOLD_TOO)
    before = {each: each.read_bytes() for each in repository.rglob("*") if each.is_file()}
    (repository / "below").mkdir()
    monkeypatch.chdir(repository / "below")
    found = states(call("check", "../estate.yaml", "--since", "HEAD", "--format", "json"))
    assert {each.split()[1] for each in found["new"]} == {"more"}
    assert {each: each.read_bytes() for each in repository.rglob("*") if each.is_file()} == before


def test_an_old_side_that_is_invalid_is_reported_with_the_commit(repository: Path, call: Call) -> None:
    whole = Path("estate.yaml").read_text(encoding="utf-8")
    edit("carries: [email]", "carries: [emial]")
    git("commit", "--quiet", "--all", "--message", "broken")
    write("estate.yaml", whole)
    done = call("check", "estate.yaml", "--since", "HEAD")
    assert (done.code, done.out) == (2, "")
    assert "HEAD:estate.yaml:27:49: error[E204]: unknown category `emial`" in done.err


def test_a_commit_that_is_not_there_is_an_error(repository: Path, call: Call) -> None:
    for name in ("no-such-branch", "--help", "HEAD~7", ""):
        done = call("check", "estate.yaml", f"--since={name}")
        assert (done.code, done.out) == (2, "")
        assert f"error[E309]: there is no commit `{name}`" in done.err


def test_a_repository_without_commits_and_no_repository_are_errors(shop: Path, call: Call) -> None:
    outside = call("check", "estate.yaml", "--since", "HEAD")
    assert outside.code == 2
    assert "is not in a git repository" in outside.err
    git("init", "--quiet")
    empty = call("check", "estate.yaml", "--since", "HEAD")
    assert (empty.code, empty.out) == (2, "")
    assert "error[E309]: there is no commit `HEAD`" in empty.err


def test_without_git_it_says_what_else_there_is(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = call("check", "estate.yaml", "--since", "HEAD")
    assert done.code == 2
    assert "cannot run git" in done.err


def test_a_baseline_and_a_commit_together_are_refused(repository: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--since", "HEAD", "--baseline", "x.json")
    assert done.code == 2
    assert "error[E306]" in done.err


def test_whole_paths_mean_the_files_of_then_too(repository: Path, call: Call) -> None:
    edit("\n\nwaivers:", SOLD_TOO)
    named = call("check", repository / "estate.yaml", "--since", "HEAD", "--format", "json")
    assert {each.split()[1] for each in states(named)["new"]} == {"more"}
    edit("forbid disclosure of contact to third_party", "forbid disclosure to third_party", "shop.privacy")
    edit("exchange: sale", "exchange: none")
    policy = call(
        "check", "estate.yaml", "--policy", repository / "shop.privacy", "--since", "HEAD", "--format", "json"
    )
    assert "no_selling leads" in states(policy)["fixed"]


def test_whole_paths_of_a_configuration_mean_the_files_of_then_too(repository: Path, call: Call) -> None:
    write("privacy-rules.toml", f'manifests = ["{repository}/estate.yaml"]\npolicy = ["{repository}/shop.privacy"]\n')
    commit("two")
    edit("\n\nwaivers:", SOLD_TOO)
    found = states(call("check", "--since", "HEAD", "--format", "json"))
    assert {each.split()[1] for each in found["new"]} == {"more"}


def test_a_link_to_the_repository_is_the_repository(repository: Path, call: Call, monkeypatch: Any) -> None:
    link = repository.parent / "link"
    link.symlink_to(repository)
    edit("\n\nwaivers:", SOLD_TOO)
    monkeypatch.chdir(repository.parent)
    git("init", "--quiet", "elsewhere")
    monkeypatch.chdir(link)
    found = states(call("check", link / "estate.yaml", "--since", "HEAD", "--format", "json"))
    assert {each.split()[1] for each in found["new"]} == {"more"}


def test_a_second_worktree_and_a_hooks_environment_are_understood(
    repository: Path, call: Call, monkeypatch: Any
) -> None:
    git("worktree", "add", "--quiet", "../other", "-b", "other")
    monkeypatch.chdir(repository.parent / "other")
    edit("\n\nwaivers:", SOLD_TOO)
    assert {each.split()[1] for each in as_json(call, "--since", "main")["new"]} == {"more"}
    monkeypatch.chdir(repository)
    edit("\n\nwaivers:", SOLD_TOO)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert {each.split()[1] for each in as_json(call, "--since", "HEAD")["new"]} == {"more"}


def test_a_manifest_outside_the_repository_is_as_it_is_today(repository: Path, call: Call) -> None:
    outside = repository.parent / "outside.yaml"
    write(outside, "manifest: 1\nflows:\n  - {id: more, from: crm, to: leads, carries: [name], exchange: sale}\n")
    found = as_json(call, str(outside), "--since", "HEAD")
    assert found["new"] == []
