"""The record of processing of the example, compared with one that was written by hand from its manifests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.calling import Call, caller

HERE = Path(__file__).parent
ESTATE = HERE.parents[1] / "examples" / "iapmo" / "estate.yaml"
BY_HAND: list[dict[str, Any]] = yaml.load((HERE / "iapmo_record.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
VISITOR = ["A visitor or customer"]
USUAL = ("encryption_in_transit", "integrity_check")
OURS = ("access_control", "audit_log", "backup", "encryption_at_rest", "integrity_check", "training")


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    return caller(capfd)


def written(call: Call) -> dict[str, dict[str, list[str]]]:
    """The cells of each row, by purpose."""
    done = call("register", "processing", "--manifest", ESTATE, "--format", "json")
    assert (done.code, done.err) == (0, "")
    (table,) = json.loads(done.out)["tables"]
    rows = [row["cells"] for row in table["rows"]]
    return {
        row["purpose"][0]["id"]: {key: [each["value"] for each in cell] for key, cell in row.items()} for row in rows
    }


def test_the_record_of_processing_is_the_one_written_by_hand(call: Call) -> None:
    found = written(call)
    assert sorted(found) == sorted(each["purpose"] for each in BY_HAND)
    for expected in BY_HAND:
        row, purpose = found[expected["purpose"]], expected["purpose"]
        usual: dict[str, list[str]] = {
            "data_subjects": VISITOR,
            "recipients": [],
            "transfers": [],
            "transfer_safeguards": [],
        }
        for key in (*usual, "categories", "retention", "legal_basis", "flows"):
            assert sorted(row[key]) == sorted(expected.get(key, usual.get(key))), (purpose, key)


def test_the_measures_are_those_of_its_flows_and_of_our_systems(call: Call) -> None:
    found = written(call)
    for expected in BY_HAND:
        count = len(expected["flows"])
        every = f"all {count} flows" if count > 1 else "the flow"
        flows = expected.get("measures") or [f"{each}: {every}" for each in USUAL]
        measures = found[expected["purpose"]]["measures"]
        assert measures[: len(flows)] == flows, expected["purpose"]
        ours = [each.partition(":") for each in measures[len(flows) :]]
        assert tuple(name for name, _, _ in ours) == (() if "no_system_of_ours" in expected else OURS)
        assert all(said.startswith((" all ", " the system")) for _, _, said in ours)
