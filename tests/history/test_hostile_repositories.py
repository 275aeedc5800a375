"""`check --since` in a repository that somebody made to do harm."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from privacy_rules.history import commit_files
from tests.builders import commit, git, write
from tests.cli.calling import Call
from tests.history.repositories import CONFIGURATION, POLICY, commit_of, manifest, repository, stored, tree

FILE, LINK, FOLDER = "100644", "120000", "40000"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder outside the repository, which nothing may change or show."""
    folder = tmp_path / "victim"
    write(folder / "privacy.yaml", "secret: 1\n")
    return folder


def files(**more: str) -> list[tuple[str, str, str]]:
    texts = {"privacy-rules.toml": CONFIGURATION, "policy.privacy": POLICY, "privacy.yaml": manifest("old")}
    return [(FILE, name, stored(text.encode())) for name, text in texts.items() if name not in more]


def test_a_tree_with_a_link_and_a_folder_of_one_name_is_refused_and_writes_nothing(
    top: Path, victim: Path, call: Call
) -> None:
    folder = tree([(FILE, "privacy.yaml", stored(b"manifest: 1\n"))])
    entries = [(LINK, "a", stored(str(victim).encode())), (FOLDER, "a", folder)]
    done = call("check", "--since-exact", commit_of(tree([*entries, *files()])))
    assert (done.code, "malformed folder" in done.err) == (2, True), done.err
    assert (victim / "privacy.yaml").read_text() == "secret: 1\n"


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT", "a/b", ""])
def test_a_name_that_no_checkout_would_write_is_refused(top: Path, call: Call, name: str) -> None:
    entries = [(FOLDER, name, tree([(FILE, "privacy.yaml", stored(b"manifest: 1\n"))])), *files()]
    done = call("check", "--since-exact", commit_of(tree(entries)))
    assert (done.code, "error[E309]" in done.err) == (2, True)


@pytest.mark.parametrize("folder", [b"\0", b"100644 a", b"100644 a\0short", b"x", b"100644\0" + b"0" * 20])
def test_a_broken_folder_is_an_error_and_not_a_defect(top: Path, call: Call, folder: bytes) -> None:
    done = call("check", "--since-exact", commit_of(stored(folder, "tree")))
    assert (done.code, "error[E309]" in done.err) == (2, True)


def test_a_link_out_of_the_repository_is_not_followed(top: Path, victim: Path, call: Call) -> None:
    entries = [(LINK, "privacy.yaml", stored(str(victim / "privacy.yaml").encode())), *files(**{"privacy.yaml": ""})]
    done = call("check", "--since-exact", commit_of(tree(entries)))
    assert (done.code, "leads out of the project" in done.err, "secret" in done.err) == (2, True, False)


def test_a_configuration_that_was_a_link_out_of_the_repository_is_not_followed(
    top: Path, victim: Path, call: Call
) -> None:
    entries = [(LINK, "privacy-rules.toml", stored(str(victim / "privacy.yaml").encode()))]
    done = call("check", "--since-exact", commit_of(tree([*entries, *files(**{"privacy-rules.toml": ""})])))
    assert (done.code, "leads out of the project" in done.err, "secret" in done.err) == (2, True, False)


@pytest.mark.parametrize("target", ["privacy.yaml", "../repository/privacy.yaml", "a", "\0", "x" * 5000])
def test_links_in_circles_and_broken_links_end(top: Path, call: Call, target: str) -> None:
    entries = [
        (LINK, "privacy.yaml", stored(target.encode())),
        (LINK, "a", stored(b"privacy.yaml")),
        *files(**{"privacy.yaml": ""}),
    ]
    done = call("check", "--since-exact", commit_of(tree(entries)))
    assert (done.code, "error[E" in done.err) == (2, True)


def test_one_large_object_under_many_names_is_not_read(top: Path, call: Call) -> None:
    with Path("privacy-rules.toml").open("a") as configuration:
        configuration.write("manifest-limit = 1\n")
    commit()
    large = stored(b"#" * (3 * 2**20))
    named = [(FILE, f"{number}.privacy.yaml", large) for number in range(12)]
    configured = CONFIGURATION.replace("privacy.yaml", ".") + "manifest-limit = 1\n"
    settings = [
        (FILE, "privacy-rules.toml", stored(configured.encode())),
        (FILE, "policy.privacy", stored(POLICY.encode())),
    ]
    done = call("check", "--since-exact", commit_of(tree([*named, *settings])))
    assert (done.code, done.err.count("larger than the limit of 1048576 bytes")) == (2, 12), done.err


def test_a_tree_that_holds_itself_many_times_over_ends(top: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_files, "_MOST_SEARCHED", 50_000)
    level = tree([(FILE, "x.yaml", stored(b"x"))])
    for _ in range(8):
        level = tree([(FOLDER, f"f{number:02}", level) for number in range(20)])
    entries = [*files(**{"privacy-rules.toml": ""}), (FOLDER, "z", level)]
    entries += [(FILE, "privacy-rules.toml", stored(CONFIGURATION.replace("privacy.yaml", ".").encode()))]
    done = call("check", "--since-exact", commit_of(tree(sorted(entries, key=lambda each: each[1]))))
    assert (done.code, "files and folders to search" in done.err) == (2, True), done.err


def test_a_missing_object_names_the_file_and_the_commit(top: Path, call: Call) -> None:
    then = git("rev-parse", "HEAD")
    lacking = git("rev-parse", "HEAD:privacy.yaml")
    write("privacy.yaml", manifest("old", "new"))
    commit()
    Path(".git/objects", lacking[:2], lacking[2:]).unlink()
    done = call("check", "--since", "HEAD~1")
    assert done.code == 2
    assert f"error[E309]: cannot compare with `HEAD~1`: cannot read `privacy.yaml` at commit {then[:12]}" in done.err


def test_the_remedy_of_git_reaches_the_user_whole(top: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    done = call("check", "--since", "HEAD")
    assert done.code == 2
    assert "dubious ownership" in done.err
    assert f"git config --global --add safe.directory {top}" in done.err


def test_the_index_of_another_repository_is_not_read(
    top: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository(tmp_path / "other", {"a": "a"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    done = call("check", "--since", "HEAD", "--format", "json")
    assert (done.code, [each["state"] for each in json.loads(done.out)["findings"]]) == (0, ["unchanged"])


def test_a_folder_named_git_that_is_no_repository_is_passed_over(
    top: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a/b/.git").mkdir(parents=True)
    for name in ("policy.privacy", "privacy.yaml", "privacy-rules.toml"):
        write(Path("a/b", name), Path(name).read_text())
    commit()
    monkeypatch.chdir("a/b")
    done = call("check", "--since", "HEAD", "--format", "json")
    assert (done.code, [each["state"] for each in json.loads(done.out)["findings"]]) == (0, ["unchanged"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("name", ["privacy.yaml", "policy.privacy", "privacy-rules.toml", "pyproject.toml"])
def test_a_named_pipe_is_refused_and_not_waited_for(top: Path, call: Call, name: str) -> None:
    Path("privacy-rules.toml" if name == "pyproject.toml" else name).unlink()
    os.mkfifo(name)
    done = call("check")
    assert (done.code, "it is a pipe, a device or a socket, not a file" in done.err) == (2, True)
