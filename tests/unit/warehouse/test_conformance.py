"""A database finds what the engine finds in every conformance case that it does not refuse.

One in three cases is tried, and all of them in the long run: a database needs eight times as long for a case as the engine.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from zlib import crc32

import pytest

from privacy_rules import engine
from privacy_rules.source import codes
from tests.long_run import LONG
from tests.unit.warehouse.databases import in_database, said

HOME = Path(__file__).parents[3] / "dsl" / "conformance"
CASES = sorted(
    path.parent
    for path in HOME.glob("*/*/expected.json")
    if (LONG or crc32(path.parent.name.encode()) % 3 == 0)
    and "errors" not in json.loads(path.read_text(encoding="utf-8"))
)
GROUPS = sorted({case.parent.name for case in CASES})
LEAST = {"contracts": 95, "paths": 60, "tests": 100, "selectors": 25, "statements": 60, "logic": 15}
"""At least this many cases of a group are judged, and not refused, if all are tried."""


@pytest.mark.parametrize("group", GROUPS)
def test_each_case_that_is_not_refused_is_judged_the_same(tmp_path: Path, group: str) -> None:
    seen = Counter[str]()
    for case in (each for each in CASES if each.parent.name == group):
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        day = date.fromisoformat(expected["as_of"]) if "as_of" in expected else None
        manifest = next(each for each in (case / "manifest.yaml", case / "manifest.json") if each.exists())
        inputs, wrong = engine.load([manifest], [case / "policy.privacy"])
        assert inputs is not None, wrong
        found, wrong = in_database(inputs, day, tmp_path / case.name)
        if found is None:
            assert {each.code for each in wrong} == {codes.NOT_PLANNED}, (case.name, wrong)
            assert "`" in wrong[0].message
            seen["refused"] += 1
            continue
        local, wrong = engine.check(inputs, day=day)
        assert local is not None, wrong
        for ours, theirs in zip(said(found), said(local), strict=True):
            assert ours == theirs, case.name
        seen["judged"] += 1
    assert seen["judged"] >= LEAST.get(group, 0) // (1 if LONG else 5), seen
