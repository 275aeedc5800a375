"""The command itself: help, versions, exit codes, and what it costs to start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from privacy_rules import __version__
from privacy_rules.cli.main import VERBS, commands
from privacy_rules.reports.registry import FORMATS
from privacy_rules.source.language_files import language_version
from tests.cli.calling import Call

ROOT = Path(__file__).parents[2]
HEAVY = ("lark", "pydantic", "networkx", "yaml", "numpy")


def python(code: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False, **more
    )


def loaded_by(*words: str) -> set[str]:
    """The heavy packages that a call loads."""
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from privacy_rules.cli.main import run
try:
    run({list(words)!r})
except SystemExit as ended:
    code = ended.code
print("\\nloaded", *[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = python(code)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_the_version_is_of_tool_and_language(call: Call) -> None:
    done = call("--version")
    assert (done.code, done.out) == (0, f"privacy-rules {__version__} (rule language {language_version()})\n")


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_with_an_example(verb: str, call: Call) -> None:
    done = call(verb, "--help")
    assert done.code == 0
    assert f":\n    privacy-rules {verb} " in done.out
    assert done.out == call(verb, "-h").out


def test_the_help_lists_every_verb_with_its_own_words(call: Call) -> None:
    done = call("--help")
    assert done.code == 0
    context = click.Context(commands)
    for verb, words in VERBS.items():
        assert f"{verb}  " in done.out
        assert words in " ".join(done.out.split())
        found = commands.get_command(context, verb)  # type: ignore[attr-defined]
        assert found.help.split("\n\n")[0] == words
    files = [path for path in (ROOT / "privacy_rules" / "cli").glob("*.py") if path.stem != "main"]
    assert sorted(VERBS) == sorted(
        path.stem.rstrip("_").replace("_", "-") for path in files if "\n@verb(" in path.read_text()
    )


def test_without_a_verb_there_is_help_and_a_wrong_call(call: Call) -> None:
    done = call()
    assert done.code == 2
    assert "Usage: privacy-rules" in done.out + done.err


def test_an_unknown_verb_names_the_nearest(call: Call) -> None:
    done = call("chek")
    assert (done.code, done.err.splitlines()[0]) == (2, "error[E306]: there is no verb `chek`; did you mean `check`?")
    assert "the verbs are check, init, " in call("make-coffee").err


def test_an_unknown_option_names_the_nearest(shop: Path, call: Call) -> None:
    done = call("check", "--polcy", "x")
    assert (done.code, done.err) == (2, "error[E306]: there is no option `--polcy`\n  help: did you mean `--policy`?\n")
    far = call("check", "--zzzzzzzzz")
    assert far.err == "error[E306]: there is no option `--zzzzzzzzz`\n  help: see `privacy-rules check --help`\n"
    assert "help: write `--format json`\n" in call("check", "--json").err
    assert "help: it is an argument: leave out `--manifest`\n" in call("check", "--manifest", "estate.yaml").err
    assert "there is no option `--verison`" in call("--verison").err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as-of", "2026-02-30"], "invalid value for `--as-of`: `2026-02-30` is not a day such as 2026-11-01"),
        (["--format", "jsn"], "invalid value for `--format`: there is no format `jsn`; did you mean `json`?"),
        (
            ["--format", "xyzzy"],
            f"invalid value for `--format`: there is no format `xyzzy`; the formats are {', '.join(FORMATS)}",
        ),
        (["--format", "json="], "invalid value for `--format`: `json=` does not name a file"),
        (
            ["--fail-on", "all"],
            "invalid value for `--fail-on`: `all` is not one of `violation`, `undetermined`, `never`",
        ),
        (["--policy"], "option `--policy` requires an argument"),
    ],
)
def test_a_value_that_does_not_fit_is_reported(shop: Path, call: Call, words: list[str], told: str) -> None:
    done = call("check", "estate.yaml", *words)
    assert (done.code, done.err.splitlines()[0]) == (2, f"error[E306]: {told}")


def test_a_missing_argument_is_reported(call: Call) -> None:
    done = call("rule")
    assert (done.code, done.err.splitlines()[0]) == (2, "error[E306]: missing argument `NAME`")


def test_a_defect_of_ours_is_reported_in_one_line(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("it\nbroke")

    monkeypatch.setattr("privacy_rules.engine.load", broken)
    done = call("check", "estate.yaml")
    assert (done.code, done.out) == (70, "")
    assert done.err.startswith("privacy-rules: internal error (RuntimeError: it broke); please report it")
    assert done.err.count("\n") == 1


def test_a_defect_shows_its_traceback_when_asked(
    shop: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from privacy_rules.cli.main import run

    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("privacy_rules.engine.load", broken)
    monkeypatch.setenv("PRIVACY_RULES_DEBUG", "1")
    with pytest.raises(SystemExit) as ended:
        run(["check", "estate.yaml"])
    assert ended.value.code == 70
    assert "Traceback" in capfd.readouterr().err


def test_an_interrupt_ends_quietly(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("privacy_rules.engine.load", interrupted)
    done = call("check", "estate.yaml")
    assert (done.code, done.out, done.err.strip()) == (130, "", "")


def test_the_module_is_the_command(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "privacy_rules", "check", "estate.yaml", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are POSIX's")
@pytest.mark.parametrize("words", [["check", "estate.yaml"], ["check", "estate.yaml", "--format", "json"], ["--help"]])
def test_a_closed_output_pipe_is_silent(shop: Path, words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "privacy_rules", *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_output_that_cannot_hold_an_arrow_is_no_defect(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "privacy_rules", "check", "estate.yaml"],
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"browser -> crm -> leads" in done.stdout


def test_help_and_version_load_nothing_heavy() -> None:
    assert loaded_by("--version") == loaded_by("--help") == loaded_by("check", "--help") == set()


def test_a_check_loads_neither_networkx_nor_without_a_configuration_pydantic(shop: Path) -> None:
    assert loaded_by("check", "estate.yaml") <= {"lark", "yaml"}


def test_importing_the_library_loads_nothing_heavy() -> None:
    done = python(
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import privacy_rules; print(len([m for m in sys.modules if m.startswith('privacy_rules')]))"
    )
    assert done.stdout == "1\n"


@pytest.mark.parametrize(
    ("words", "help_"),
    [
        (["validate", "m.yaml"], "there is no verb `validate`; write `check`"),
        (["simulate"], "there is no verb `simulate`; write `what-if`"),
        (["check", "-v"], "write `--verbose`"),
    ],
)
def test_the_words_of_other_tools_get_ours(call: Call, words: list[str], help_: str) -> None:
    done = call(*words)
    assert done.code == 2
    assert help_ in done.err
