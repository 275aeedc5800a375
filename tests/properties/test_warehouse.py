"""A database says what the engine says, on random policies and estates."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, note

from privacy_rules import engine
from privacy_rules.source import codes
from tests.properties.checking import TODAY, load
from tests.properties.strategies import Sample, samples, some
from tests.unit.warehouse.databases import in_database, said


def plain(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest without what tables are refused for: origins, and facts of single items of flows."""

    def without(value: Any, *, in_flow: bool) -> Any:
        if isinstance(value, dict):
            if in_flow and ("data" in value or "purpose" in value):
                return value.get("data") or value.get("purpose")
            return {name: without(each, in_flow=in_flow) for name, each in value.items() if name != "origin"}
        return [without(each, in_flow=in_flow) for each in value] if isinstance(value, list) else value

    flows = [without(each, in_flow=True) for each in manifest.get("flows", ())]
    kept = {name: each for name, each in manifest.items() if name not in ("flows", "defaults", "shared_defaults")}
    return {**without(kept, in_flow=False), "flows": flows}


@some
@given(samples())
def test_a_database_finds_what_the_engine_finds(sample: Sample) -> None:
    note(str(sample))
    policy, estate = load(replace(sample, manifest=plain(sample.manifest)))
    inputs = engine.Inputs(policy, estate)
    rules = [each.name for each in policy.rules if each.statement != "permit"]
    with tempfile.TemporaryDirectory() as folder:
        found, wrong = in_database(inputs, TODAY, Path(folder), rules)
        if found is None:
            assert {each.code for each in wrong} == {codes.NOT_PLANNED}, wrong
            refused = {name for name in rules for each in wrong if f"rule `{name}`" in each.message}
            if not refused:
                return  # the tables, and not the rules
            rules = [each for each in rules if each not in refused]
            found, wrong = in_database(inputs, TODAY, Path(folder), rules)
    assert found is not None, wrong
    local, wrong = engine.check(inputs, day=TODAY, rules=rules)
    assert local is not None, wrong
    for ours, theirs in zip(said(found), said(local), strict=True):
        assert ours == theirs
