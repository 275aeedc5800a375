"""Rules that apply to nothing: one line at each run for a person, all of them for tools, and none hidden if they fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

IDLE = "".join(f"rule idle_{number} {{ forbid joining of email with name }}\n" for number in range(3))
SHORT = """warning[W304]: 3 rules apply to nothing: `idle_0`, `idle_1`, `idle_2`
  help: `--verbose` shows why; list each that should apply to nothing under `idle-rules` in the configuration
"""


@pytest.fixture
def idle(shop: Path) -> None:
    write("idle.privacy", f"use std.core\ndata {{ email name }}\npurpose {{ orders }}\n{IDLE}")
    write("estate.yaml", "manifest: 1\nparties: {us: {role: us}}\nsystems: {crm: {party: us, joins: []}}\nflows: []\n")


@pytest.mark.usefixtures("idle")
def test_a_person_reads_one_line_unless_all_are_asked_for(call: Call) -> None:
    words = ("check", "estate.yaml", "idle.privacy")
    told = call(*words).out
    assert SHORT in told
    assert told.count("W304") == 1
    whole = call(*words, "--verbose").out
    assert SHORT not in whole
    assert [f"rule `idle_{number}` applies to nothing" in whole for number in range(3)] == [True] * 3
    annotations = call(*words, "--format", "github").out
    assert annotations.count("title=W304") == 1
    assert "3 rules apply to nothing: `idle_0`, `idle_1`, `idle_2`" in annotations


@pytest.mark.usefixtures("idle")
def test_tools_get_each_of_them(call: Call) -> None:
    words = ("check", "estate.yaml", "idle.privacy")
    warnings = json.loads(call(*words, "--format", "json").out)["warnings"]
    assert len([each for each in warnings if each["code"] == "W304"]) == 3
    run = json.loads(call(*words, "--format", "sarif").out)["runs"][0]
    assert json.dumps(run["invocations"]).count('"W304"') >= 3


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("format_", ["text", "github", "markdown", "junit", "gitlab", "html"])
def test_what_fails_the_check_is_never_shortened(call: Call, format_: str) -> None:
    write("privacy-rules.toml", 'fail-warnings = ["W304"]\n')
    done = call("check", "estate.yaml", "idle.privacy", "--format", format_)
    assert done.code == 1
    assert all(f"idle_{number}" in done.out for number in range(3))
    assert "3 rules apply to nothing" not in done.out


@pytest.mark.usefixtures("idle")
def test_an_accepted_rule_is_not_counted_and_a_single_one_says_why(call: Call) -> None:
    write("privacy-rules.toml", 'idle-rules = {idle_0 = "to come", idle_1 = "to come"}\n')
    told = call("check", "estate.yaml", "idle.privacy").out
    assert "rule `idle_2` applies to nothing: " in told
    assert told.count("W304") == 1
