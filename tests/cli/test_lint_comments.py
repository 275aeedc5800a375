"""Comments that let a lint pass: `# allow LINT: reason`, and what is nearly one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.cli.linting import CLEAN, found


def test_an_allow_with_a_reason_lets_a_finding_pass_and_is_reported(clean: Path, call: Call) -> None:
    rule = "rule staff { forbid system when retention > 3 years }"
    write(
        clean,
        f"{CLEAN}# allow no-clause, missing-title: the works council asked for it\n{rule}  # allow missing-hint: so\n",
    )
    done = call("lint", "clean.privacy", "--fail-severity", "note")
    assert (done.code, done.out) == (0, "no findings in 2 rules: no_selling, staff\n3 allowed by comments\n")
    told = json.loads(call("lint", "clean.privacy", "--format", "json").out)["allowed"]
    assert [(each["lint"], each["reason"]) for each in told] == [
        ("no-clause", "the works council asked for it"),
        ("missing-title", "the works council asked for it"),
        ("missing-hint", "so"),
    ]


def test_an_allow_that_lets_nothing_pass_has_no_reason_or_no_lint_is_reported(clean: Path, call: Call) -> None:
    rules = ["# allow no-clause: as above", "# allow missing-hint", "# allow no-clauze: a word"]
    write(clean, CLEAN.replace("rule no_selling {", f"rule no_selling {{  {rules[0]}") + "\n".join(rules[1:]) + "\n")
    assert found(call("lint", "clean.privacy", "--format", "json").out) == [
        "idle-allow",
        "unexplained-allow",
        "unknown-allow",
    ]


@pytest.mark.parametrize(
    "comment",
    [
        "# allow no-clause - the works council asked for it",
        "# Allow no-clause: the works council asked for it",
        "# allow: no-clause",
        "# allows L116: because",
        "# allow no-clauze (because)",
        "## ignore the no-clause lint",
        "#noqa: L116",
    ],
)
def test_a_comment_that_is_nearly_an_allow_is_reported(clean: Path, call: Call, comment: str) -> None:
    write(clean, f"{CLEAN}{comment}\n")
    (told,) = json.loads(call("lint", "clean.privacy", "--format", "json").out)["findings"]
    assert (told["lint"], told["help"]) == ("mistyped-allow", "write `# allow no-clause: …`, with the reason")


@pytest.mark.parametrize(
    "comment", ["# allow is a statement", "# Allow opt-in only where it is asked for", "# no-clause"]
)
def test_prose_is_no_mistyped_allow(clean: Path, call: Call, comment: str) -> None:
    write(clean, f"{CLEAN}{comment}\n")
    assert found(call("lint", "clean.privacy", "--format", "json").out) == []
