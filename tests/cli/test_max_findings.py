"""`check --max-findings`: the worst findings are listed, the others are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import Call, shop_in


def test_findings_beyond_the_most_are_counted(call: Call, here: Path) -> None:
    shop_in(here)
    every = json.loads(call("check", "estate.yaml", "--format", "json").out)
    few = call("check", "estate.yaml", "--format", "json", "--max-findings", "2")
    found = json.loads(few.out)
    assert few.code == 1
    assert found["summary"] == every["summary"]
    assert found["rules"] == every["rules"]
    listed = [each for each in found["findings"] if not each["waived"]]  # those that a waiver names are always listed
    assert len(listed) == 2
    assert found["terms"]["omitted"] == len(every["findings"]) - len(found["findings"])
    assert {each["verdict"] for each in listed} == {"violation"}
    none = call("check", "estate.yaml", "--max-findings", "0")
    assert none.code == 1


@pytest.mark.parametrize("other", [["--baseline", "b.json"], ["--since", "HEAD"], ["--owner", "x"], ["--changed", "x"]])
def test_the_most_findings_go_with_nothing_that_needs_all(call: Call, here: Path, other: list[str]) -> None:
    shop_in(here)
    found = call("check", "estate.yaml", "--max-findings", "2", *other)
    assert found.code == 2
    assert f"cannot be combined with `{other[0]}`" in found.err
