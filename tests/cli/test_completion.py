"""`completion`: the scripts, and what a shell is offered by them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from privacy_rules.cli.main import VERBS
from privacy_rules.reports.registry import FORMATS
from tests.builders import write
from tests.cli.calling import Call

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash")
SHELLS = ("bash", "zsh", "fish")


def asked(line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What the command says to a shell in which the line was typed."""
    words = line.split(" ")
    return subprocess.run(
        [sys.executable, "-m", "privacy_rules"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ.get("PATH", ""),
            "_PRIVACY_RULES_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
            **more,
        },
    )


def offered(line: str) -> list[str]:
    done = asked(line)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_asks_this_command(shell: str, call: Call) -> None:
    done = call("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"_PRIVACY_RULES_COMPLETE={shell}_complete" in done.out
    assert "privacy-rules" in done.out


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_takes_its_script(shell: str, call: Call, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    script = write(tmp_path / "script", call("completion", shell).out)
    # zsh's own function for completions is defined only where they are set up
    setup = "autoload -Uz compinit && compinit -u -D && " if shell == "zsh" else ""
    done = subprocess.run([program, "-c", f"{setup}source '{script}'"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="there is no bash here")
def test_bash_completes_by_its_script(shop: Path, call: Call, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "privacy-rules"
    command.parent.mkdir()
    write(command, f'#!/bin/sh\nexec "{sys.executable}" -m privacy_rules "$@"\n')
    command.chmod(0o755)
    write(tmp_path / "script", call("completion", "bash").out)
    typed = f"""
source '{tmp_path / "script"}'
complete -p privacy-rules
COMP_WORDS=(privacy-rules explain --policy shop.privacy no) COMP_CWORD=4
_privacy_rules_completion privacy-rules no shop.privacy
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        [str(BASH), "--norc", "-c", typed],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    setup, *found = done.stdout.splitlines()
    assert setup == "complete -o nosort -F _privacy_rules_completion privacy-rules"
    assert found == ["no_selling", "no_leak", "not_combined"]


def test_verbs_are_completed(shop: Path) -> None:
    assert offered("privacy-rules che") == ["plain,check"]
    assert offered("privacy-rules ") == [f"plain,{verb}" for verb in VERBS]


def test_options_and_their_values_are_completed(shop: Path) -> None:
    assert offered("privacy-rules check --po") == ["plain,--policy"]
    assert offered("privacy-rules check --format ") == [f"plain,{each}" for each in FORMATS]
    assert offered("privacy-rules check --fail-on u") == ["plain,undetermined"]
    assert offered("privacy-rules schema man") == ["plain,manifest"]
    assert offered("privacy-rules completion ") == ["plain,bash", "plain,zsh", "plain,fish"]


@pytest.mark.parametrize(
    "line",
    [
        "privacy-rules check e",
        "privacy-rules check --policy e",
        "privacy-rules explain --manifest e",
        "privacy-rules schema manifest --policy e",
    ],
)
def test_files_are_left_to_the_shell(shop: Path, line: str) -> None:
    assert offered(line) == ["file,e"]


def test_rules_of_the_policy_are_completed(shop: Path) -> None:
    assert offered("privacy-rules check --policy shop.privacy --rule no_") == ["plain,no_selling", "plain,no_leak"]
    assert offered("privacy-rules explain --manifest estate.yaml rea") == ["plain,reachable"]
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\n')
    assert offered("privacy-rules explain con") == ["plain,contracted"]


def test_subjects_of_the_rule_are_completed(shop: Path) -> None:
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\n')
    assert offered("privacy-rules explain no_selling ") == [
        f"plain,{each}" for each in ("leads", "parcels", "ratings", "signup")
    ]
    assert offered("privacy-rules explain deletion c") == ["plain,crm"]
    assert offered("privacy-rules explain reachable ") == ["plain,organisation"]
    assert offered("privacy-rules explain no_rule ") == []


def test_a_permit_is_not_offered(shop: Path) -> None:
    permit = "\nrule courts { permit disclosure when mandate is law despite no_selling }\n"
    write("shop.privacy", Path("shop.privacy").read_text() + permit)
    assert offered("privacy-rules check --policy shop.privacy --rule co") == ["plain,contracted"]


@pytest.mark.parametrize(
    "line",
    [
        "privacy-rules check --rule ",
        "privacy-rules check --policy gone.privacy --rule ",
        "privacy-rules check --policy broken.privacy --rule ",
        "privacy-rules check - --rule ",
        "privacy-rules explain ",
        "privacy-rules explain no_selling ",
        "privacy-rules explain --manifest broken.yaml no_selling ",
    ],
)
def test_where_something_is_wrong_there_is_nothing_to_offer(shop: Path, line: str) -> None:
    write("broken.privacy", "rule {")
    write("broken.yaml", "manifest: 1\npolicy: [broken.privacy]\n")
    assert offered(line) == []
    write("privacy-rules.toml", "policy = 3\n")
    assert offered(line) == []


def test_an_unknown_shell_is_a_wrong_call(call: Call) -> None:
    done = call("completion", "tcsh")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[E306]: invalid value for ")
    assert "`tcsh` is not one of `bash`, `zsh`, `fish`" in done.err
