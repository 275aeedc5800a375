"""`init` never changes or overwrites what is there, whatever goes wrong."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from privacy_rules.source.writing import Change
from tests import builders
from tests.cli.calling import Call
from tests.cli.starting import WRITTEN, files_in

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
    before: bytes, acme: Path, call: Call
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
def test_a_pyproject_that_takes_no_table_is_refused(text: str, acme: Path, call: Call) -> None:
    content = text.encode("utf-8", "surrogateescape")
    Path("pyproject.toml").write_bytes(content)
    done = call("init")
    assert (done.code, done.out, files_in(acme)) == (2, "", ["pyproject.toml"])
    assert REFUSED[text] in done.err
    assert Path("pyproject.toml").read_bytes() == content


def test_mode_and_link_of_a_pyproject_are_kept(acme: Path, call: Call) -> None:
    builders.write("real.toml", "")
    Path("real.toml").chmod(0o640)
    Path("pyproject.toml").symlink_to("real.toml")
    assert call("init").code == 0
    assert Path("pyproject.toml").is_symlink()
    assert Path("real.toml").stat().st_mode & 0o777 == 0o640
    assert "[tool.privacy-rules]" in Path("real.toml").read_text(encoding="utf-8")


# --- nothing is overwritten ------------------------------------------------------------------------------------------


def test_all_files_that_are_in_the_way_are_named_and_nothing_is_written(acme: Path, call: Call) -> None:
    builders.write("privacy.yaml", "mine")
    Path("privacy").mkdir()
    Path("privacy/policy.md").symlink_to("nowhere")
    builders.write("pyproject.toml", "[tool.privacy-rules]\n")
    builders.write("privacy-rules.toml", "")
    before = files_in(acme)
    done = call("init")
    assert (done.code, done.out, files_in(acme)) == (2, "", before)
    assert done.err.splitlines()[0] == (
        "error[E303]: `privacy/policy.md`, `privacy.yaml` and `privacy-rules.toml` already exist, "
        "and `init` overwrites nothing"
    )
    assert "error[E303]: `pyproject.toml` already has `[tool.privacy-rules]`" in done.err
    assert Path("privacy.yaml").read_text() == "mine"


def test_a_second_init_is_refused(acme: Path, call: Call) -> None:
    call("init")
    contents = {each: Path(each).read_bytes() for each in files_in(acme)}
    done = call("init", "--name", "other")
    assert (done.code, done.err.count("E303")) == (2, 1)
    assert {each: Path(each).read_bytes() for each in files_in(acme)} == contents


def test_a_folder_that_is_a_file_cannot_be_written(acme: Path, call: Call) -> None:
    builders.write("file", "mine")
    done = call("init", "file")
    assert (done.code, files_in(acme)) == (2, ["file"])
    assert "error[E303]: `file/privacy/policy.md` cannot be written" in done.err


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_stays_as_it_is(acme: Path, call: Call) -> None:
    acme.chmod(0o555)
    done = call("init")
    acme.chmod(0o755)
    assert (done.code, files_in(acme)) == (2, [])
    assert "cannot be written: permission denied" in done.err


@pytest.mark.parametrize("step", range(5))
def test_a_file_that_cannot_be_written_aside_leaves_everything_as_it_was(
    step: int, acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", _failing_at(step, Path.open, lambda words: words == ("xb",)))
    _fails_and_leaves_all(acme, call)


@pytest.mark.parametrize("step", range(4))
def test_a_file_that_cannot_be_put_in_place_leaves_everything_as_it_was(
    step: int, acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _failing_at(step, os.link, lambda _: True))
    _fails_and_leaves_all(acme, call)


def test_a_pyproject_that_cannot_be_replaced_leaves_everything_as_it_was(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", _failing_at(0, Path.replace, lambda _: True))
    _fails_and_leaves_all(acme, call)


def test_a_pyproject_that_changed_meanwhile_is_left_alone(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
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
    assert [each.name for each in acme.iterdir()] == ["pyproject.toml"]
    assert Path("pyproject.toml").read_bytes() == b"# saved meanwhile\n"


def _fails_and_leaves_all(acme: Path, call: Call) -> None:
    Path("pyproject.toml").write_bytes(b"# mine\n")
    done = call("init")
    assert done.code == 2
    assert "cannot be written: file exists\n  help: nothing was written\n" in done.err
    assert [each.name for each in acme.iterdir()] == ["pyproject.toml"]
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
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    assert call("init").code == 0
    assert files_in(acme) == WRITTEN


def test_a_dry_run_shows_every_file_and_writes_none(acme: Path, call: Call) -> None:
    builders.write("pyproject.toml", "# mine\n")
    done = call("init", "--dry-run", "--name", "Acme")
    assert (done.code, files_in(acme)) == (0, ["pyproject.toml"])
    assert done.out.startswith("would write, for Acme:\n")
    call("init", "--name", "Acme")
    for each in files_in(acme):
        added = Path(each).read_text(encoding="utf-8").removeprefix("# mine\n").strip()
        mark = " (added at the end)" if each == "pyproject.toml" else ""
        assert f"--- {each}{mark}\n{added}\n" in done.out


def test_a_dry_run_says_what_is_in_the_way(acme: Path, call: Call) -> None:
    builders.write("privacy.yaml", "mine")
    done = call("init", "--dry-run")
    assert (done.code, done.out) == (2, "")
    assert "`privacy.yaml` already exists" in done.err
