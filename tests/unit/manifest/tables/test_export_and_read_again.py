"""An estate that is exported as tables and read again is judged the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from privacy_rules import engine
from privacy_rules.manifest.tables.exporting import exported
from privacy_rules.reports.check.json import document
from tests.builders import write

HOME = Path(__file__).parents[4] / "dsl" / "conformance"
CASES = sorted(
    path.parent
    for path in HOME.glob("*/*/expected.json")
    if "errors" not in json.loads(path.read_text(encoding="utf-8"))
)


def judged(inputs: engine.Inputs, day: date | None) -> dict[tuple[str, str, str], Any]:
    """What a report says of each finding, without places."""
    report, wrong = engine.check(inputs, day=day)
    assert report is not None, wrong
    found = document(report)["findings"]
    return {
        (each["rule"], each["subject"]["kind"], each["subject"]["id"]): (
            each["verdict"],
            each["judged"],
            (each["waiver"] or {}).get("reason"),
        )
        for each in found
    }


PARTS = 24
"""How many tests the cases are spread over."""


def test_there_are_cases() -> None:
    assert len(CASES) > 150


@pytest.mark.parametrize("format_", ["parquet", "duckdb"])
@pytest.mark.parametrize("part", range(PARTS))
def test_every_conformance_case_is_judged_as_before(tmp_path: Path, part: int, format_: str) -> None:
    for number, case in enumerate(CASES[part :: PARTS if format_ == "parquet" else 10 * PARTS]):
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        day = date.fromisoformat(expected["as_of"]) if "as_of" in expected else None
        manifest = next(each for each in (case / "manifest.yaml", case / "manifest.json") if each.exists())
        before, wrong = engine.load([manifest], [case / "policy.privacy"])
        assert before is not None, wrong
        for name, content in exported(before.estate, before.policy, format_).items():
            write(tmp_path / str(number) / name, content)
        after, wrong = engine.load([tmp_path / str(number) / "privacy.json"], [case / "policy.privacy"])
        assert after is not None, (case, wrong[0])
        assert judged(after, day) == judged(before, day), case
