"""Files that a verb rewrites: an edit that it has not seen is never lost, and all files are written or none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.running import ROOT

UGLY = "use   std.core\n"
NEAT = "use std.core\n"
FIXABLE = "use std.core\nrule one { forbid system when not not (retention > 3 years) }\n"
PROSE = "# P\n\n## Selling {#selling}\n\nNo.\n\n## Processors {#processors}\n\nYes.\n"
CONFLICT = """{
  "version": 1,
  "findings": [
<<<<<<< ours
=======
>>>>>>> theirs
  ]
}
"""
VERBS = {
    "a.privacy": [("fmt", "a.privacy", "b.privacy"), ("lint", "a.privacy", "--fix")],
    "known.json": [("baseline", "estate.yaml", "--output", "known.json", *more) for more in ((), ("--prune",))],
    "conflict.json": [("baseline", "--merge", "--output", "conflict.json")],
    "privacy-trace.json": [("trace", "shop.privacy", "--text", "policy.md", "--accept")],
}
CALLS = [(file, words) for file, calls in VERBS.items() for words in calls]
RewritingCall = tuple[str, tuple[str, ...]]


@pytest.fixture
def project(shop: Path) -> Path:
    """The shop with a file for each verb to rewrite."""
    write("a.privacy", FIXABLE.replace("use ", "use   "))
    write("b.privacy", UGLY)
    write("policy.md", PROSE)
    write("known.json", '{"version": 1, "findings": []}')
    write("conflict.json", CONFLICT)
    write("privacy-trace.json", '{"version": 1, "clauses": {}}')
    return shop


def contents(folder: Path) -> dict[str, bytes]:
    """All that is in a folder; what is left over from writing would be seen here."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def just_before_writing(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Has something done once a verb has read and judged all, and before it writes anything."""
    from privacy_rules.cli import file_output

    real = file_output.replace_all
    monkeypatch.setattr(file_output, "replace_all", lambda changes: (do(), real(changes)))


def failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[Path], bool]) -> None:
    """Has the replacement of some targets fail."""
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if fails(Path(target)):
            raise PermissionError(13, "Permission denied", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


# ---- edits meanwhile


@pytest.mark.parametrize(("file", "words"), CALLS, ids=str)
def test_a_file_that_changed_meanwhile_is_left_alone(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch, file: str, words: tuple[str, ...]
) -> None:
    just_before_writing(monkeypatch, lambda: write(file, "# saved meanwhile\n"))
    expected = {**contents(project), file: b"# saved meanwhile\n"}
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"error[E303]: `{file}` was left alone: it changed after it was read\n"
        "  help: nothing was written; run the command again\n"
    )
    assert contents(project) == expected


@pytest.mark.parametrize(("file", "words"), CALLS, ids=str)
def test_an_edit_in_the_last_moment_is_not_lost(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch, file: str, words: tuple[str, ...]
) -> None:
    """An editor writes into the file after it was compared, and before it is replaced."""
    real, edits = Path.replace, [b"# saved meanwhile\n"]

    def replace(self: Path, target: Path) -> Path:
        if edits and Path(target).name == file:
            write(target, edits.pop())
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    expected = {**contents(project), file: b"# saved meanwhile\n"}
    done = call(*words)
    assert (done.code, f"`{file}` was left alone: it changed" in done.err) == (2, True)
    assert contents(project) == expected


@pytest.mark.parametrize(("file", "words"), CALLS, ids=str)
def test_a_file_that_was_removed_meanwhile_is_not_written_again(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch, file: str, words: tuple[str, ...]
) -> None:
    just_before_writing(monkeypatch, lambda: Path(file).unlink())
    expected = {name: content for name, content in contents(project).items() if name != file}
    done = call(*words)
    assert (done.code, f"`{file}` was left alone: it was removed after it was read" in done.err) == (2, True)
    assert contents(project) == expected


@pytest.mark.parametrize(("file", "words"), [CALLS[2], CALLS[5]], ids=str)
def test_a_file_that_was_created_meanwhile_is_left_alone(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch, file: str, words: tuple[str, ...]
) -> None:
    Path(file).unlink()
    just_before_writing(monkeypatch, lambda: write(file, "mine"))
    done = call(*words)
    assert (done.code, f"`{file}` was left alone: it was created after it was read" in done.err) == (2, True)
    assert Path(file).read_text(encoding="utf-8") == "mine"


def test_all_files_that_changed_are_named(project: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = ("a.privacy", "b.privacy")
    just_before_writing(monkeypatch, lambda: [write(each, b"") for each in edited])
    done = call("fmt", *edited)
    assert [f"`{each}` was left alone" in done.err for each in edited] == [True, True]


def test_fixing_starts_from_the_text_that_is_replaced(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit while lints look, before anything is fixed, is found out, too."""
    from privacy_rules.lint.framework import fixer

    real = fixer.run

    def run(*words: object) -> object:
        write("a.privacy", f"{FIXABLE}# saved meanwhile\n")
        return real(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(fixer, "run", run)
    assert call("lint", "a.privacy", "--fix").code == 2
    assert Path("a.privacy").read_text(encoding="utf-8") == f"{FIXABLE}# saved meanwhile\n"


# ---- all or none


def test_if_one_file_cannot_be_replaced_the_others_are_put_back(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, lambda target: target.name == "b.privacy")
    before, identity = contents(project), Path("a.privacy").stat().st_ino
    done = call("fmt", "a.privacy", "b.privacy")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error[E303]: `b.privacy` cannot be written: permission denied\n"
    assert contents(project) == before
    assert Path("a.privacy").stat().st_ino == identity


def test_on_a_file_system_without_links_they_are_put_back_too(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    failing(monkeypatch, lambda target: target.name == "b.privacy")
    before = contents(project)
    assert call("fmt", "a.privacy", "b.privacy").code == 2
    assert contents(project) == before


def test_what_cannot_be_put_back_is_named(project: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    done_once: list[Path] = []

    def fails(target: Path) -> bool:
        done_once.append(target)
        return len(done_once) > 1

    failing(monkeypatch, fails)
    done = call("fmt", "a.privacy", "b.privacy")
    assert done.code == 2
    assert "error[E303]: `b.privacy` cannot be written: permission denied\n" in done.err
    assert (
        "error[E303]: `a.privacy` was written, and its old content could not be put back: permission denied\n"
        "  help: not written: `b.privacy`\n"
    ) in done.err
    assert Path("b.privacy").read_text(encoding="utf-8") == UGLY


def test_an_edit_after_the_replacement_is_not_undone(
    project: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(target: Path) -> bool:
        if target.name == "b.privacy":
            write("a.privacy", "# saved meanwhile\n")
        return target.name == "b.privacy"

    failing(monkeypatch, fails)
    done = call("fmt", "a.privacy", "b.privacy")
    assert "could not be put back: it changed after it was written" in done.err
    assert Path("a.privacy").read_text(encoding="utf-8") == "# saved meanwhile\n"


def test_reports_are_written_all_or_none(project: Path, call: Call) -> None:
    before = contents(project)
    words = ("--format", "json=found.json", "--format", "sarif=nowhere/found.sarif")
    assert call("check", "estate.yaml", *words).code == 2
    errors = contents(project).pop("found.json")
    assert b'"errors"' in errors
    Path("found.json").unlink()
    assert call("lint", "a.privacy", "--fix", "--format", "github=nowhere/x").code == 2
    assert call("trace", "shop.privacy", "--text", "policy.md", "--accept", "--format", "html=nowhere/x").code == 2
    changes = ("--remove", "flow:leads", "--patch", "x.patch")
    assert call("what-if", "estate.yaml", *changes, "--format", "html=nowhere/x").code == 2
    assert call("repair", "estate.yaml", "--write", "x.yaml", "--patch", "nowhere/x").code == 2
    assert contents(project) == before


@pytest.mark.parametrize(
    "words",
    [
        ("what-if", "estate.yaml", "--remove", "flow:leads", "--patch", "x", "--format", "html=./x"),
        ("repair", "estate.yaml", "--write", "x", "--patch", "./x"),
        ("check", "estate.yaml", "--format", "html=x", "--format", "markdown=./x"),
    ],
    ids=str,
)
def test_two_outputs_do_not_go_to_one_file(project: Path, call: Call, words: tuple[str, ...]) -> None:
    done = call(*words)
    assert (done.code, "would go to the same file, `x`" in done.err) == (2, True)
    if any("html=" in word for word in words):  # the first format has the error, and no other writes over it
        assert Path("x").read_text("utf-8").startswith("<!doctype html>")
        assert "would go to the same file" in Path("x").read_text("utf-8")
    else:
        assert not Path("x").exists()


# ---- names, links and folders


def test_a_link_stays_and_what_it_leads_to_is_written(project: Path, call: Call) -> None:
    Path("real").mkdir()
    Path("a.privacy").rename("real/a.privacy")
    Path("a.privacy").symlink_to("real/a.privacy")
    done = call("fmt", "a.privacy", "real/a.privacy")
    assert (done.code, done.out.splitlines()[-1]) == (0, "1 file reformatted")
    assert Path("a.privacy").is_symlink()
    assert [each.name for each in Path("real").iterdir()] == ["a.privacy"]


def test_two_names_of_one_file_stay_so(project: Path, call: Call) -> None:
    Path("b.privacy").unlink()
    Path("b.privacy").hardlink_to("a.privacy")
    assert call("fmt", "a.privacy", "b.privacy").code == 0
    assert Path("a.privacy").read_text(encoding="utf-8").startswith(NEAT)
    assert Path("a.privacy").samefile("b.privacy")


@pytest.mark.parametrize(("file", "words"), CALLS, ids=str)
def test_in_a_read_only_folder_nothing_is_written(project: Path, call: Call, file: str, words: tuple[str, ...]) -> None:
    before = contents(project)
    project.chmod(0o555)
    if os.access(project, os.W_OK):
        pytest.skip("root may write anywhere")
    done = call(*words)
    project.chmod(0o755)
    assert (done.code, f"`{file}` cannot be written: its folder is read-only" in done.err) == (2, True)
    assert contents(project) == before


@pytest.mark.parametrize(("file", "words"), CALLS, ids=str)
def test_a_read_only_file_is_not_replaced(project: Path, call: Call, file: str, words: tuple[str, ...]) -> None:
    before = contents(project)
    Path(file).chmod(0o444)
    done = call(*words)
    assert (done.code, f"error[E303]: `{file}` cannot be written: it is read-only" in done.err) == (2, True)
    assert contents(project) == before


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_nobody_else_reads_what_is_written_aside(project: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.privacy").chmod(0o600)
    modes: list[int] = []
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        modes.append(self.stat().st_mode & 0o777)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    assert call("fmt", "a.privacy").code == 0
    assert [*modes, Path("a.privacy").stat().st_mode & 0o777] == [0o600, 0o600]


# ---- ends that come early

_STOPPED = """\
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
real, number = Path.replace, [int(sys.argv.pop(1))]
def replace(self, target):
    found = real(self, target)
    if number:
        os.kill(os.getpid(), number.pop())
    return found
Path.replace = replace
from privacy_rules.cli.main import run
run()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_who_ends_it_early_finds_all_as_it_was(project: Path, number: int, code: int) -> None:
    """The first of two files has been replaced when the signal comes."""
    before = contents(project)
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED, str(int(number)), "fmt", "a.privacy", "b.privacy"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (code, b"", b"")
    assert contents(project) == before
