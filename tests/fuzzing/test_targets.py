"""Each target of the fuzzer ends well on its seeds, and what an input may not bring about is noticed.

No fuzzer is needed for this; `./try fuzz` runs one.
"""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzzing import __main__ as command
from tests.fuzzing.desk import Desk, FoundError
from tests.fuzzing.guard import Guard, OffenceError
from tests.fuzzing.seeds import dictionary
from tests.fuzzing.targets import TARGETS
from tests.long_run import in_the_long_run

MOST = 12
"""How many seeds of each target are run here, from all over the list."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder. The working directory and the environment, which a target changes, are restored."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVACY_RULES_DEBUG", "")
    return tmp_path


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_ends_well_on_its_seeds(name: str, place: Path) -> None:
    target = TARGETS[name]
    run = target.start(place)
    seeds = list(target.seeds())
    assert any(len(each) <= target.longest for each in seeds)
    for each in seeds[:: -(-len(seeds) // MOST)]:
        run(each)
    run(b"")
    run(seeds[0][: len(seeds[0]) // 2] + b"\xff\0")


def test_a_project_is_tidied_up_after_each_input(place: Path) -> None:
    run = TARGETS["git"].start(place)
    top = place / "project"
    before = {each: each.lstat().st_mtime_ns for each in top.rglob("*") if not each.is_dir()}
    for each in TARGETS["git"].seeds():
        run(each)
    assert {each: each.lstat().st_mtime_ns for each in top.rglob("*") if not each.is_dir()}.keys() == before.keys()


def _write(name: str) -> None:
    Path(name).write_text("changed", encoding="utf-8")


def _connect() -> None:
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "harm",
    [
        lambda: _write("../outside/privacy.yaml"),
        lambda: _write("link"),
        lambda: os.rename("kept", "../outside/kept"),  # noqa: PTH104
        lambda: Path("../outside/policy.md").unlink(),
        lambda: Path("../outside/policy.md").read_text(encoding="utf-8"),
        lambda: Path("/etc/hostname").read_text(encoding="utf-8"),
        lambda: subprocess.run(["true"], check=False),
        lambda: os.system("true"),
        _connect,
    ],
)
def test_the_guard_prevents_harm_and_remembers_it(place: Path, harm: Callable[[], object]) -> None:
    desk = Desk(place)
    Path("link").symlink_to("../outside/privacy.yaml")
    Path("kept").touch()
    guard = Guard(desk.project)
    with guard, pytest.raises(OffenceError):
        harm()
    assert len(guard.offences) == 1
    with guard:
        _write("inside")
    assert guard.offences == []
    assert (place / "outside" / "privacy.yaml").read_text(encoding="utf-8") == "secret: 1\n"
    desk.tidy()
    assert sorted(each.name for each in desk.project.iterdir()) == ["estate.yaml", "shop.privacy"]


def test_a_wrong_exit_code_and_a_changed_file_beside_the_project_are_findings(place: Path) -> None:
    desk = Desk(place)
    assert desk.call("check", "estate.yaml")[0] == 1
    with pytest.raises(FoundError, match="ended with 1, which should be one of"):
        desk.call("check", "estate.yaml", may=(0, 2))
    (place / "outside" / "policy.md").write_text("changed", encoding="utf-8")
    with pytest.raises(FoundError, match="a file outside the project has changed"):
        desk.tidy()


def test_the_dictionary_has_the_words_of_policies_and_manifests_and_is_plain_ascii() -> None:
    found = set(dictionary().splitlines())
    for word in ("forbid", "rule", "flows", "manifest-limit", "\u2028"):
        assert '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"' in found
    assert dictionary().isascii()


@pytest.mark.parametrize("words", [["0"], ["-5"], ["unknown"], ["10", "policy", "x"]])
def test_a_wrong_call_names_the_targets(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(words) == 2
    assert "policy, lint, check" in capsys.readouterr().err


@in_the_long_run  # to instrument the package takes long
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_the_command_fuzzes_a_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "KEPT", tmp_path / "kept")
    assert command.main(["2", "baseline"]) == 0, capsys.readouterr().out
    told = capsys.readouterr().out
    assert "found nothing" in told
    assert "0 findings" in told
    assert re.search(r"[1-9][\d,]* executions", told)
    assert not list((tmp_path / "kept" / "findings").iterdir())
