"""`check --since` judges the past as the same world as the present."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.builders import commit, git, write
from tests.cli.calling import Call, Outcome
from tests.history.repositories import CONFIGURATION, POLICY, manifest, repository


def states(done: Outcome) -> dict[str, str]:
    assert done.out, done.err
    return {each["subject"]["id"]: each["state"] for each in json.loads(done.out)["findings"]}


def terms(done: Outcome) -> Any:
    return json.loads(done.out)["terms"]


def since(call: Call, name: str, *words: str) -> Outcome:
    return call("check", *words, "--since", name, "--format", "json")


# Which commit.


def test_since_compares_with_the_merge_base_and_since_exact_with_the_commit(top: Path, call: Call) -> None:
    base = git("rev-parse", "HEAD")
    git("checkout", "--quiet", "-b", "feature")
    write("privacy.yaml", manifest("old", "new"))
    commit()
    git("checkout", "--quiet", "main")
    write("privacy.yaml", manifest())
    tip = commit()
    git("checkout", "--quiet", "feature")
    by_base = since(call, "main")
    assert states(by_base) == {"old": "unchanged", "new": "new"}
    assert terms(by_base)["compared_commit"] == base
    exact = call("check", "--since-exact", "main", "--format", "json")
    assert states(exact) == {"old": "new", "new": "new"}
    assert terms(exact)["compared_commit"] == tip
    assert f"compared with commit {base[:12]} (main)" in call("check", "--since", "main").out


def test_during_a_merge_what_is_merged_is_not_new(top: Path, call: Call) -> None:
    git("checkout", "--quiet", "-b", "feature")
    write("other", "a file of the branch")
    commit()
    git("checkout", "--quiet", "main")
    write("privacy.yaml", manifest("old", "of_main"))
    tip = commit()
    git("checkout", "--quiet", "feature")
    git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    write("privacy.yaml", manifest("old", "of_main", "new"))
    found = since(call, "main")
    assert states(found) == {"old": "unchanged", "of_main": "unchanged", "new": "new"}
    assert terms(found)["compared_commit"] == tip


def test_without_a_common_ancestor_it_says_what_to_do(top: Path, call: Call) -> None:
    git("checkout", "--quiet", "--orphan", "alone")
    commit()
    done = since(call, "main")
    assert (done.code, "no common ancestor" in done.err, "--since-exact" in done.err) == (2, True, True)


def test_two_ways_to_say_what_is_old_are_refused(top: Path, call: Call) -> None:
    done = call("check", "--since", "HEAD", "--since-exact", "HEAD")
    assert (done.code, "`--since` and `--since-exact` cannot be combined" in done.err) == (2, True)


# Names.


@pytest.mark.parametrize(
    "target",
    ["services/privacy.yaml", "services", "services/", "services/*.yaml", "services/**/*.yaml", "ser*/privacy.yaml"],
)
def test_a_renamed_folder_is_followed_however_it_is_named(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    files = {
        "policy.privacy": POLICY,
        "privacy-rules.toml": 'policy = ["policy.privacy"]\n',
        "svc/privacy.yaml": manifest("old"),
    }
    monkeypatch.chdir(repository(tmp_path / "one", files))
    git("mv", "svc", "services")
    write("services/privacy.yaml", manifest("old", "new"))
    commit()
    found = since(call, "HEAD~1", target)
    assert states(found) == {"old": "unchanged", "new": "new"}


def test_a_renamed_working_folder_with_its_configuration_is_followed(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a/b/policy.privacy": POLICY, "a/b/privacy-rules.toml": CONFIGURATION, "a/b/privacy.yaml": manifest("old")}
    folder = repository(tmp_path / "one", files)
    git("mv", "a", "c", cwd=folder)
    monkeypatch.chdir(folder / "c" / "b")
    assert states(since(call, "HEAD")) == {"old": "unchanged"}


def test_a_configuration_that_moved_up_is_followed(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"policy.privacy": POLICY, "privacy-rules.toml": CONFIGURATION, "privacy.yaml": manifest("old")}
    monkeypatch.chdir(repository(tmp_path / "one", {f"below/{name}": text for name, text in names.items()}))
    for name in names:
        git("mv", f"below/{name}", name)
    assert states(since(call, "HEAD")) == {"old": "unchanged"}


def test_two_folders_of_a_path_that_were_renamed_are_followed(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(tmp_path / "one", {"policy.privacy": POLICY, "a/b/c/privacy.yaml": manifest("old")}))
    git("mv", "a/b/c", "a/b/d")
    git("mv", "a/b", "e")
    assert states(since(call, "HEAD", "e", "--policy", "policy.privacy")) == {"old": "unchanged"}


@pytest.mark.parametrize("target", ["more", "more/privacy.yaml", "more/*.yaml"])
def test_manifests_that_the_call_names_and_that_did_not_exist_are_not_those_configured_then(
    top: Path, call: Call, target: str
) -> None:
    write("more/privacy.yaml", manifest("old"))
    found = since(call, "HEAD", target)
    assert states(found) == {"old": "new"}
    assert terms(found)["past"] == [f"there was no manifest at {git('rev-parse', 'HEAD')[:12]}: every finding is new"]


def test_a_policy_that_the_call_names_and_that_did_not_exist_is_not_the_one_configured_then(
    top: Path, call: Call
) -> None:
    write("other.privacy", POLICY)
    found = since(call, "HEAD", "--policy", "other.privacy")
    assert states(found) == {"old": "new"}
    assert terms(found)["past"] == [f"there was no policy at {git('rev-parse', 'HEAD')[:12]}: every finding is new"]


def test_a_manifest_that_moved_into_a_folder_is_followed(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "policy.privacy": POLICY,
        "privacy-rules.toml": 'policy = ["policy.privacy"]\n',
        "new/a.txt": "a",
        "old/privacy.yaml": manifest("old"),
    }
    monkeypatch.chdir(repository(tmp_path / "one", files))
    git("mv", "old/privacy.yaml", "new/privacy.yaml")
    commit()
    assert states(since(call, "HEAD~1", "new")) == {"old": "unchanged"}


def test_a_policy_that_the_call_names_and_that_was_renamed_is_followed(top: Path, call: Call) -> None:
    git("mv", "policy.privacy", "customers.privacy")
    assert states(since(call, "HEAD", "--policy", "customers.privacy")) == {"old": "unchanged"}


# Links.


def test_an_absolute_link_means_the_file_of_the_commit(top: Path, call: Call) -> None:
    Path("real").mkdir()
    Path("privacy.yaml").rename("real/estate.yaml")
    Path("privacy.yaml").symlink_to(top / "real" / "estate.yaml")
    commit()
    write("real/estate.yaml", manifest("old", "new"))
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "new"}


def test_a_link_that_has_changed_leads_where_it_led(top: Path, call: Call) -> None:
    write("one.yaml", manifest("one"))
    write("two.yaml", manifest("two"))
    Path("privacy.yaml").unlink()
    Path("privacy.yaml").symlink_to("one.yaml")
    commit()
    Path("privacy.yaml").unlink()
    Path("privacy.yaml").symlink_to("two.yaml")
    assert states(since(call, "HEAD")) == {"one": "fixed", "two": "new"}


def test_a_folder_behind_a_link_is_searched(top: Path, call: Call) -> None:
    Path("real").mkdir()
    Path("privacy.yaml").rename("real/privacy.yaml")
    Path("teams").symlink_to("real")
    write("privacy-rules.toml", CONFIGURATION.replace("privacy.yaml", "teams"))
    commit()
    write("real/privacy.yaml", manifest("old", "new"))
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "new"}


# What git does not keep.


def test_what_git_ignores_is_taken_as_it_is_today_and_the_report_says_so(top: Path, call: Call) -> None:
    write(".gitignore", "generated/\n")
    write("generated/policy.privacy", POLICY)
    write("generated/privacy.yaml", manifest("made"))
    write("privacy-rules.toml", 'policy = ["generated/policy.privacy"]\nmanifests = ["privacy.yaml", "generated"]\n')
    for name in ("policy.privacy",):
        Path(name).unlink()
    write("privacy.yaml", "manifest: 1\n")
    commit()
    found = since(call, "HEAD")
    assert states(found) == {"made": "unchanged"}
    assert sorted(terms(found)["past"]) == [
        f"git ignores generated/{each}: it is taken as it is today" for each in ("policy.privacy", "privacy.yaml")
    ]


def test_a_policy_that_did_not_exist_yet_makes_everything_new_and_the_report_says_so(top: Path, call: Call) -> None:
    git("rm", "--quiet", "policy.privacy")
    commit()
    then = git("rev-parse", "HEAD")
    write("policy.privacy", POLICY)
    done = since(call, "HEAD", "--policy", "policy.privacy")
    assert states(done) == {"old": "new"}
    assert terms(done)["past"] == [f"there was no policy at {then[:12]}: every finding is new"]


def test_before_the_first_policy_a_configured_baseline_says_what_is_new(top: Path, call: Call) -> None:
    git("rm", "--quiet", "policy.privacy")
    commit()
    then = git("rev-parse", "HEAD")
    write("policy.privacy", POLICY)
    write("privacy-rules.toml", f'{CONFIGURATION}baseline = "known.json"\n')
    assert states(since(call, "HEAD")) == {"old": "new"}, "there is no such file yet"
    assert call("baseline").code == 0
    write("privacy.yaml", manifest("old", "new"))
    found = since(call, "HEAD")
    assert states(found) == {"old": "unchanged", "new": "new"}
    assert terms(found)["past"] == [f"there was no policy at {then[:12]}: compared with the baseline instead"]
    assert (terms(found)["compared_with"], terms(found)["compared_commit"]) == ("known.json", None)


def test_a_submodule_is_read_at_its_recorded_commit(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = repository(tmp_path / "part", {"privacy.yaml": manifest("old")})
    top = repository(
        tmp_path / "whole",
        {"policy.privacy": POLICY, "privacy-rules.toml": CONFIGURATION.replace("privacy.yaml", "part")},
    )
    monkeypatch.chdir(top)
    git("submodule", "--quiet", "add", str(part), "part")
    commit()
    write("part/privacy.yaml", manifest("old", "new"))
    commit(cwd=Path("part"))
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "new"}
    commit()
    assert states(since(call, "HEAD~1")) == {"old": "unchanged", "new": "new"}
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "unchanged"}


def test_what_a_sparse_checkout_leaves_out_is_left_out_of_the_past(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "policy.privacy": POLICY,
        "privacy-rules.toml": CONFIGURATION.replace('"privacy.yaml"', '"a", "b"'),
        "a/privacy.yaml": manifest("old"),
    }
    monkeypatch.chdir(
        repository(
            tmp_path / "one",
            {
                **files,
                "b/privacy.yaml": "manifest: 1\nflows:\n  - {id: other, from: crm, to: lists, carries: [email_address], exchange: sale}\n",
                "b/keep.txt": "",
            },
        )
    )
    write("privacy-rules.toml", CONFIGURATION.replace('"privacy.yaml"', '"."'))
    commit()
    git("sparse-checkout", "set", "--cone", "a")
    assert not Path("b/privacy.yaml").exists()
    assert states(since(call, "HEAD")) == {"old": "unchanged"}


def test_a_shallow_clone_says_what_to_fetch(
    top: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit()
    git("clone", "--quiet", "--depth", "1", f"file://{top}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    assert states(since(call, "HEAD")) == {"old": "unchanged"}
    done = since(call, "HEAD~1")
    assert (done.code, "shallow clone" in done.err) == (2, True)


def test_a_partial_clone_does_not_fetch_and_says_what_to_do(
    top: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("privacy.yaml", manifest("old", "new"))
    commit()
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "--quiet", "--filter=blob:none", f"file://{top}", str(tmp_path / "partial"))
    monkeypatch.chdir(tmp_path / "partial")
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "unchanged"}
    done = since(call, "HEAD~1")
    assert (done.code, "partial clone" in done.err, "`privacy.yaml`" in done.err) == (2, True, True)


# Filters.


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS"),
        (b"\0GITCRYPT\0xyz", "git-crypt"),
    ],
)
def test_what_a_known_filter_has_stored_elsewhere_is_named(top: Path, call: Call, content: bytes, name: str) -> None:
    write("privacy.yaml", content)
    commit()
    write("privacy.yaml", manifest("old"))
    done = since(call, "HEAD")
    assert (done.code, f"`privacy.yaml` is stored with a git filter ({name})" in done.err) == (2, True)


def test_a_filtered_file_that_has_not_changed_is_read_as_it_is_checked_out(top: Path, call: Call) -> None:
    rot13 = "tr A-Za-z N-ZA-Mn-za-m"
    git("config", "filter.veiled.clean", rot13)
    git("config", "filter.veiled.smudge", rot13)
    write(".gitattributes", "*.yaml filter=veiled\n")
    git("add", "--renormalize", ".")
    commit()
    os.utime("privacy.yaml", (1e9, 1e9))  # older than the index, so that git need not compare the contents
    git("add", "privacy.yaml")
    assert "manifest" not in git("cat-file", "blob", "HEAD:privacy.yaml")
    assert states(since(call, "HEAD")) == {"old": "unchanged"}
    write("privacy.yaml", manifest("old", "new"))
    changed = since(call, "HEAD")
    assert (changed.code, "stored with a git filter (veiled)" in changed.err) == (2, True)


# Unchanged inputs.


def test_unchanged_inputs_are_judged_once(top: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from privacy_rules.history import since as module

    judged = []
    check = module.engine.check
    monkeypatch.setattr(module.engine, "check", lambda *words, **more: judged.append(1) or check(*words, **more))
    assert states(since(call, "HEAD")) == {"old": "unchanged"}
    assert len(judged) == 1
    write("privacy.yaml", manifest("old", "new"))
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "new"}
    assert len(judged) == 3


@pytest.mark.parametrize("change", ["policy", "configuration", "include", "another file"])
def test_any_changed_input_is_judged_again(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    files = {
        "policy.privacy": 'use "more.privacy"\n' + POLICY,
        "more.privacy": "rule none_to_lists {\n  forbid flow when exchange is rental\n}\n",
        "privacy-rules.toml": CONFIGURATION.replace('"privacy.yaml"', '"."'),
        "privacy.yaml": manifest("old").replace("manifest: 1\n", 'manifest: 1\ninclude: ["parts/*.yaml"]\n'),
        "parts/a.yaml": "manifest: 1\n",
    }
    monkeypatch.chdir(repository(tmp_path / "one", files))
    more = "manifest: 1\nflows:\n  - {id: more, from: crm, to: lists, carries: [email_address], exchange: rental}\n"
    match change:
        case "policy":
            write("more.privacy", "rule no_sale_either {\n  forbid flow when exchange is sale\n}\n")
        case "configuration":
            write("privacy-rules.toml", files["privacy-rules.toml"] + 'severity = {no_selling = "warning"}\n')
        case "include":
            write("parts/b.yaml", more)
        case _:
            write("b.privacy.yaml", more)
    found = since(call, "HEAD")
    assert states(found)["old"] in ("unchanged", "new")
    assert [each["state"] for each in json.loads(found.out)["findings"]].count("new") == (
        0 if change == "configuration" else 1
    )
