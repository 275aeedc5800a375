"""`check --since` in repositories that are unusual: filters, replaced objects, submodules, odd modes and revisions."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.builders import commit, git, write
from tests.cli.calling import Call
from tests.history.repositories import CONFIGURATION, POLICY, commit_of, flow, manifest, repository, stored, tree
from tests.history.test_the_same_world import since, states, terms

FILE, LINK = "100644", "120000"


# Filters.


@pytest.fixture
def trace(top: Path, tmp_path: Path) -> Path:
    """A file that exists once the program of a filter has run; the filter is configured by `filtered`."""
    program, found = tmp_path / "program", tmp_path / "trace"
    write(program, f"#!/bin/sh\ntouch {found}\ncat\n")
    program.chmod(0o755)
    return found


def filtered(trace: Path, name: str, *kinds: str) -> None:
    """Commits attributes that give every manifest a filter, and only then configures it."""
    write(".gitattributes", f"*.yaml filter={name}\n")
    commit()
    for kind in kinds:
        git("config", f"filter.{name}.{kind}", str(trace.with_name("program")))


def as_old_as_the_index(name: str) -> None:
    """Makes a file look as if it might have changed after git wrote the index: git would run its filter to find out."""
    git("add", name)
    status = Path(".git/index").stat()
    os.utime(name, ns=(status.st_atime_ns, status.st_mtime_ns))
    git("update-index", "--refresh", name)
    os.utime(".git/index", ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.skipif(os.name == "nt", reason="needs an executable script")
@pytest.mark.parametrize("name", ["evil", "evil=x", "a.b"])
def test_a_filter_is_named_and_not_run_even_if_dates_do_not_tell_whether_the_file_has_changed(
    top: Path, trace: Path, call: Call, name: str
) -> None:
    filtered(trace, name, "clean", "smudge", "process")
    write("privacy.yaml", manifest("old", "new"))
    for words in (["HEAD"], ["HEAD~1"]):
        done = since(call, *words)
        assert (done.code, f"stored with a git filter ({name})" in done.err) == (2, True), done.err
    assert not trace.exists()


@pytest.mark.skipif(os.name == "nt", reason="needs an executable script")
def test_a_file_that_is_as_young_as_the_index_is_not_taken_for_unchanged(top: Path, trace: Path, call: Call) -> None:
    filtered(trace, "evil")
    as_old_as_the_index("privacy.yaml")
    git("config", "filter.evil.smudge", str(trace.with_name("program")))
    assert states(since(call, "HEAD")) == {"old": "unchanged"}  # by its content
    write("policy.privacy", POLICY + "rule more { forbid flow when exchange is rental }\n")
    done = since(call, "HEAD")
    assert (done.code, "stored with a git filter (evil)" in done.err) == (2, True), done.err
    assert not trace.exists()


@pytest.mark.skipif(os.name == "nt", reason="needs an executable script")
def test_a_filter_that_only_cleans_is_not_run_and_the_file_is_read_as_it_is_stored(
    top: Path, trace: Path, call: Call
) -> None:
    filtered(trace, "evil", "clean")
    write("privacy.yaml", manifest("old", "new"))
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "new"}
    assert not trace.exists()


@pytest.mark.skipif(os.name == "nt", reason="needs an executable script")
def test_attributes_count_as_they_were_at_the_commit(top: Path, trace: Path, call: Call) -> None:
    filtered(trace, "evil", "smudge")
    Path(".gitattributes").unlink()
    write("privacy.yaml", manifest("old", "new"))
    commit()
    done = since(call, "HEAD~1")
    assert (done.code, "stored with a git filter (evil)" in done.err) == (2, True), done.err
    assert states(since(call, "HEAD")) == {"old": "unchanged", "new": "unchanged"}
    assert not trace.exists()


def test_a_link_that_is_an_lfs_pointer_today_is_followed_as_a_link(top: Path, call: Call) -> None:
    write("real.yaml", manifest("old"))
    Path("privacy.yaml").unlink()
    Path("privacy.yaml").symlink_to("real.yaml")
    commit()
    Path("privacy.yaml").unlink()
    write("privacy.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    commit()
    write("privacy.yaml", manifest("old", "new"))  # what Git LFS would check out
    assert states(since(call, "HEAD~1")) == {"old": "unchanged", "new": "new"}
    assert since(call, "HEAD").code == 2


# Objects.


@pytest.mark.parametrize("mode", ["100664", "100600", "0100644", "100755"])
def test_a_file_of_an_old_or_odd_mode_is_a_file(top: Path, call: Call, mode: str) -> None:
    texts = {"policy.privacy": POLICY, "privacy-rules.toml": CONFIGURATION, "privacy.yaml": manifest("old")}
    made = commit_of(tree([(mode, name, stored(text.encode())) for name, text in sorted(texts.items())]))
    assert states(call("check", "--since-exact", made, "--format", "json")) == {"old": "unchanged"}


@pytest.mark.parametrize("mode", ["", "0", "644", "777777", "060644", "10064x", "-100644", "99999999"])
def test_a_mode_that_git_never_writes_is_an_error(top: Path, call: Call, mode: str) -> None:
    done = call("check", "--since-exact", commit_of(tree([(mode, "privacy.yaml", stored(b"manifest: 1\n"))])))
    assert (done.code, "error[E309]" in done.err) == (2, True), done.err


@pytest.mark.parametrize(("mode", "kind"), [(FILE, "tree"), (LINK, "tree"), ("40000", "blob"), (FILE, "commit")])
def test_an_entry_whose_object_is_of_another_kind_is_an_error(top: Path, call: Call, mode: str, kind: str) -> None:
    objects = {"tree": git("rev-parse", "HEAD^{tree}"), "commit": git("rev-parse", "HEAD"), "blob": stored(b"x")}
    texts = {"policy.privacy": POLICY, "privacy-rules.toml": CONFIGURATION}
    entries = [(FILE, name, stored(text.encode())) for name, text in texts.items()]
    done = call("check", "--since-exact", commit_of(tree([*entries, (mode, "privacy.yaml", objects[kind])])))
    assert (done.code, "error[E" in done.err) == (2, True), done.err


def test_replaced_objects_count_as_they_were_committed(top: Path, call: Call) -> None:
    before = git("rev-parse", "HEAD:privacy.yaml")
    write("privacy.yaml", manifest("old", "new"))
    commit()
    git("replace", before, git("rev-parse", "HEAD:privacy.yaml"))
    assert states(since(call, "HEAD~1")) == {"old": "unchanged", "new": "new"}


def test_grafts_do_not_change_where_a_branch_began(top: Path, call: Call) -> None:
    git("checkout", "--quiet", "-b", "feature")
    write("privacy.yaml", manifest("old", "new"))
    feature = commit()
    git("commit", "--quiet", "--allow-empty", "-m", "later on main")
    git("branch", "--force", "main", git("commit-tree", "HEAD~1^{tree}", "-p", "HEAD~2", "-m", "other"))
    git("reset", "--quiet", "--hard", feature)
    write(".git/info/grafts", f"{git('rev-parse', 'main')} {feature}\n")
    assert states(since(call, "main")) == {"old": "unchanged", "new": "new"}


# Revisions and names.


@pytest.mark.parametrize(
    ("added", "name"),
    [("refs/tags/main", "main"), ("refs/heads/origin/main", "origin/main"), ("refs/tags/main", "main~0")],
)
def test_a_name_that_somebody_gave_to_another_commit_is_refused(top: Path, call: Call, added: str, name: str) -> None:
    git("update-ref", "refs/remotes/origin/main", "main")
    git("config", "core.warnAmbiguousRefs", "false")
    git("checkout", "--quiet", "-b", "feature")
    write("privacy.yaml", manifest("old", "new"))
    commit()
    git("update-ref", added, "HEAD")
    done = since(call, name)
    assert (done.code, f"error[E309]: `{name}` is ambiguous" in done.err) == (2, True), done.err
    assert states(since(call, "refs/remotes/origin/main")) == {"old": "unchanged", "new": "new"}
    assert states(since(call, git("rev-parse", "refs/heads/main"))) == {"old": "unchanged", "new": "new"}


def test_a_commit_may_be_named_by_its_message_and_a_wrong_one_is_an_error(top: Path, call: Call) -> None:
    write("privacy.yaml", manifest("old", "new"))
    commit("second")
    assert states(since(call, ":/base")) == {"old": "unchanged", "new": "new"}
    assert states(since(call, "HEAD^{/base}")) == {"old": "unchanged", "new": "new"}
    done = since(call, ":/nobody wrote this")
    assert (done.code, "there is no commit `:/nobody wrote this`" in done.err) == (2, True)


def test_an_error_of_the_past_names_the_merge_base(top: Path, call: Call) -> None:
    write("privacy.yaml", "manifest: 1\nflws: []\n")
    base = commit()[:12]
    git("checkout", "--quiet", "-b", "feature")
    write("privacy.yaml", manifest("old"))
    commit()
    git("checkout", "--quiet", "main")
    write("privacy.yaml", manifest())
    commit()
    git("checkout", "--quiet", "feature")
    done = call("check", "--since", "main")
    assert done.code == 2
    assert f"{base}:privacy.yaml:2:1: error[E202]" in done.err
    assert f"{base}, where HEAD left `main`" in done.err


@pytest.mark.parametrize("target", ["new/*.yaml", "**/*.yaml", "n*/privacy.yaml"])
def test_a_manifest_that_moved_to_where_a_glob_finds_it_is_followed(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    files = {"policy.privacy": POLICY, "privacy-rules.toml": 'policy = ["policy.privacy"]\n', "new/a.txt": "a"}
    monkeypatch.chdir(repository(tmp_path / "one", {**files, "old/privacy.yaml": manifest("old")}))
    git("mv", "old/privacy.yaml", "new/privacy.yaml")
    commit()
    assert states(since(call, "HEAD~1", target)) == {"old": "unchanged"}


# Submodules.


def test_new_ignored_and_renamed_files_of_a_submodule(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(name: str) -> str:
        return (
            f"manifest: 1\nflows:\n  - {{id: {name}, from: crm, to: lists, carries: [email_address], exchange: sale}}\n"
        )

    part = {"privacy.yaml": manifest("old"), ".gitignore": "made.privacy.yaml\n", "b.privacy.yaml": one("moved")}
    repository(tmp_path / "part", part)
    configured = CONFIGURATION.replace("privacy.yaml", "part")
    monkeypatch.chdir(repository(tmp_path / "whole", {"policy.privacy": POLICY, "privacy-rules.toml": configured}))
    git("submodule", "--quiet", "add", str(tmp_path / "part"), "part")
    commit()
    write("part/made.privacy.yaml", one("made"))
    write("part/c.privacy.yaml", one("new"))
    Path("part/b.privacy.yaml").rename("part/d.privacy.yaml")
    found = since(call, "HEAD")
    assert states(found) == {"old": "unchanged", "moved": "unchanged", "made": "unchanged", "new": "new"}
    assert terms(found)["past"] == ["git ignores part/made.privacy.yaml: it is taken as it is today"]


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a repository with a submodule in `part`, which has a sale."""
    repository(tmp_path / "part", {"privacy.yaml": manifest("old")})
    configured = CONFIGURATION.replace("privacy.yaml", "part")
    top = repository(tmp_path / "whole", {"policy.privacy": POLICY, "privacy-rules.toml": configured})
    monkeypatch.chdir(top)
    git("submodule", "--quiet", "add", "--name", "the part", str(tmp_path / "part"), "part")
    commit()
    return top


def make_own(folder: str = "part") -> None:
    """Makes the files of a submodule files of the repository, as `git add` takes them once its `.git` is gone."""
    git("rm", "--quiet", "--cached", folder)
    git("rm", "--quiet", "--cached", ".gitmodules")
    Path(folder, ".git").unlink()
    Path(".gitmodules").unlink()
    write(f"{folder}/privacy.yaml", manifest("old", "new"))
    commit()


def test_a_submodule_whose_files_the_repository_has_made_its_own_is_read_where_git_keeps_it(
    whole: Path, call: Call
) -> None:
    make_own()
    found = since(call, "HEAD~1")
    assert states(found) == {"old": "unchanged", "new": "new"}
    assert "past" not in terms(found) or terms(found)["past"] == []


def test_a_submodule_that_was_merged_as_a_subtree_is_read_from_the_repository(whole: Path, call: Call) -> None:
    make_own()
    shutil.rmtree(".git/modules")
    git("fetch", "--quiet", "../part", "HEAD")
    assert states(since(call, "HEAD~1")) == {"old": "unchanged", "new": "new"}


def test_a_former_submodule_whose_commit_is_nowhere_is_new_and_the_report_says_why(whole: Path, call: Call) -> None:
    then = git("rev-parse", "HEAD:part")[:12]
    make_own()
    shutil.rmtree(".git/modules")
    found = since(call, "HEAD~1")
    assert states(found) == {"old": "new", "new": "new"}
    assert f"part was a submodule, whose commit {then} is missing: every finding in it is new" in terms(found)["past"]


@pytest.mark.parametrize("name", ["../../outside", "/outside", "a/../../../outside"])
def test_no_name_of_a_submodule_leads_out_of_the_folder_of_git(whole: Path, call: Call, name: str) -> None:
    shutil.copytree(".git/modules/the part", "../outside")
    text = Path(".gitmodules").read_text(encoding="utf-8").replace("the part", name)
    write(".gitmodules", text)
    commit()
    make_own()
    shutil.rmtree(".git/modules")
    assert states(since(call, "HEAD~1")) == {"old": "new", "new": "new"}


def test_a_submodule_that_is_not_checked_out_is_not_seen_on_either_side(whole: Path, call: Call) -> None:
    write("privacy-rules.toml", CONFIGURATION.replace("privacy.yaml", "."))
    write("own/privacy.yaml", manifest("own"))
    commit()
    git("submodule", "--quiet", "deinit", "--force", "part")
    found = since(call, "HEAD")
    assert states(found) == {"own": "unchanged"}


# Sparse checkouts.


@pytest.mark.parametrize("cone", ["--cone", "--no-cone"])
def test_a_removed_file_that_a_sparse_checkout_leaves_out_is_not_seen(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, cone: str
) -> None:
    files = {
        "policy.privacy": POLICY,
        "privacy-rules.toml": CONFIGURATION.replace('"privacy.yaml"', '"."'),
        "a/privacy.yaml": manifest("old"),
        "a/more.privacy.yaml": "manifest: 1\nflows:\n" + flow("gone"),
        "b/privacy.yaml": "manifest: 1\nflows:\n" + flow("unseen"),
        "b/c/moved.privacy.yaml": "manifest: 1\nflows:\n" + flow("moved"),
    }
    monkeypatch.chdir(repository(tmp_path / "one", files))
    for each in ("a/more.privacy.yaml", "b/privacy.yaml"):
        git("rm", "--quiet", each)
    git("mv", "b/c/moved.privacy.yaml", "a/moved.privacy.yaml")
    commit()
    whole = {"old": "unchanged", "moved": "unchanged", "gone": "fixed"}
    assert states(since(call, "HEAD~1")) == {**whole, "unseen": "fixed"}
    git("sparse-checkout", "set", cone, *(["a"] if cone == "--cone" else ["/*.privacy", "/*.toml", "/a/"]))
    assert states(since(call, "HEAD~1")) == whole
