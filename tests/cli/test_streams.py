"""Where output goes and cannot go: a full disk, a closed stream, a reader that has left."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from privacy_rules.cli import main
from tests.builders import write
from tests.cli.calling import Call

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
CALLS = (
    ("check", "estate.yaml"),
    ("check", "estate.yaml", "--format", "json"),
    ("lint", "shop.privacy"),
    ("graph", "estate.yaml"),
    ("schema", "manifest"),
    ("explain", "no_selling", "leads", "--manifest", "estate.yaml"),
)


def run(*words: str, stdout: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, its standard output as the shell leads it."""
    command = 'exec "$0" -m privacy_rules "$@" ' + stdout
    root = Path(__file__).parents[2]
    return subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, *words],
        env={**os.environ, "PYTHONPATH": str(root)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@needs_full
@pytest.mark.parametrize("words", [*CALLS, ("--help",), ("check", "--help"), ("--version",)], ids=" ".join)
def test_a_full_disk_is_reported_as_such(shop: Path, words: tuple[str, ...]) -> None:
    done = run(*words, stdout=">/dev/full")
    assert done.returncode == 2
    assert done.stderr == "error[E303]: cannot write to standard output: no space left on device\n"


@needs_full
@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_closed_standard_output_is_reported_as_such(shop: Path, words: tuple[str, ...]) -> None:
    done = run(*words, stdout=">&-")
    assert done.returncode == 2
    assert done.stderr == "error[E303]: cannot write to standard output: bad file descriptor\n"


@needs_full
def test_a_report_in_a_file_needs_no_standard_output(shop: Path) -> None:
    done = run("check", "estate.yaml", "--format", "json=found.json", stdout=">&-")
    assert (done.returncode, done.stderr) == (1, "")
    assert Path("found.json").read_text(encoding="utf-8").startswith("{")


@needs_full
def test_a_closed_standard_error_loses_words_and_no_exit_code(shop: Path) -> None:
    assert run("check", "nowhere.yaml", stdout="2>&-").returncode == 2
    assert run("check", "estate.yaml", "--statistics", stdout="2>&- >/dev/null").returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("check", "estate.yaml", "--format", "json=estate.yaml"),
        ("check", "estate.yaml", "--format", "json=shop.privacy"),
        ("graph", "estate.yaml", "--format", "svg=estate.yaml"),
        ("baseline", "estate.yaml", "--output", "estate.yaml"),
        ("forecast", "estate.yaml", "--format", "ical=shop.privacy"),
        ("what-if", "estate.yaml", "--remove", "flow:leads", "--format", "html=estate.yaml"),
    ],
    ids=" ".join,
)
def test_nothing_is_written_over_what_is_read(shop: Path, words: tuple[str, ...]) -> None:
    before = {each.name: each.read_bytes() for each in shop.iterdir()}
    done = run(*words, stdout=">/dev/null")
    assert done.returncode == 2
    assert "error[E30" in done.stderr
    assert {each.name: each.read_bytes() for each in shop.iterdir()} == before


def test_a_closed_standard_input_is_no_manifest(shop: Path) -> None:
    done = run("check", "-", "--policy", "shop.privacy", stdout="<&-")
    assert done.returncode == 2
    assert "error[E302]: cannot read standard input: it is closed" in done.stderr


class Endless(io.RawIOBase):
    """A stream of comments without an end, which counts what is read of it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.taken += len(buffer)
        buffer[:] = b"#" * len(buffer)
        return len(buffer)


@pytest.mark.parametrize(("words", "limit"), [(("check", "-"), 2**20), (("fmt", "-"), 16 * 2**20)], ids=str)
def test_no_more_of_standard_input_is_read_than_a_file_may_have(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], limit: int
) -> None:
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifest-limit = 1\n')
    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    done = call(*words)
    assert (done.code, f"larger than the limit of {limit} bytes" in done.err) == (2, True), done.err
    assert endless.taken <= 2 * limit


class _Unwritable(io.TextIOBase):
    """A stream without a file, as a program may put one in the place of standard output."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_replaced_standard_output_need_not_be_a_file(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with redirect_stdout(_Unwritable()), pytest.raises(SystemExit) as ended:
        main.run(["check", "estate.yaml"])
    assert ended.value.code == 2
    assert capfd.readouterr().err == "error[E303]: cannot write to standard output: no space left on device\n"


def test_another_failure_of_the_system_is_not_called_one_of_the_output(
    shop: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("privacy_rules.engine.check", fail)
    with pytest.raises(SystemExit) as ended:
        main.run(["check", "estate.yaml"])
    assert ended.value.code == 70
    assert "internal error (OSError: [Errno 12] Cannot allocate memory)" in capfd.readouterr().err
