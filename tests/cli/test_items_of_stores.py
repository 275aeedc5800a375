"""What an item of `stores` says for itself is told as its own, at its own line, and never as its system's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

POLICY = """\
policy p { language "1.0" }
use std.core
data { card name }
rule short { title "Short" require retention <= 2 years on storage }
"""
ESTATE = """\
manifest: 1
policy: [p.privacy]
parties: {us: {role: us}}
systems:
  books:
    party: us
    retention: 1 year
    stores:
      - name
      - {data: card, retention: %s}
"""


@pytest.fixture
def books(here: Path) -> Path:
    write("p.privacy", POLICY)
    return here


@pytest.mark.parametrize(
    ("said", "told"), [("null", "is declared unknown"), ("3 years", "is 3 years")], ids=["unknown", "declared"]
)
def test_the_fact_is_the_items_and_is_in_its_line(books: Path, call: Call, said: str, told: str) -> None:
    write("estate.yaml", ESTATE % said)
    done = call("check", "estate.yaml")
    assert f"`retention` of card in `stores` of system books {told} (estate.yaml:10:33)" in done.out
    assert "estate.yaml:7:" not in done.out  # where the system says it of all else
    (finding,) = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    facts = [each for test in finding["because"] for each in test["facts"] if each["attribute"] == "retention"]
    assert [each.get("item") for each in facts] == ["card"]


def test_what_is_missing_names_the_item(books: Path, call: Call) -> None:
    write("estate.yaml", ESTATE % "null")
    assert "missing  declare `retention` of card in `stores` on system books\n" in call("check", "estate.yaml").out
    repair = call("repair", "estate.yaml", "--fail-on", "undetermined").out
    assert "`retention` of card in `stores` of system books is for example 2 years" in repair


def test_where_nobody_says_what_is_stored_that_is_reported_and_not_what_the_system_does_say(
    books: Path, call: Call
) -> None:
    write("estate.yaml", (ESTATE % "null").split("    stores:")[0])
    done = call("check", "estate.yaml")
    assert "`stores` of system books is not declared (estate.yaml:5:3)" in done.out
    assert "`retention` of system books is not declared" not in done.out
