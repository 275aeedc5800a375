"""The estate of a retailer, on which benchmarks and tests of large estates depend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.retailer import estate
from tests.builders import write
from tests.cli.calling import Call

POLICY = Path(__file__).parents[2] / "benchmarks" / "retailer.privacy"


def checked(folder: Path, call: Call, systems: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest, and what a check says of it."""
    made = estate(systems)
    write(folder / "retailer.privacy.json", json.dumps(made))
    done = call("check", str(folder / "retailer.privacy.json"), "--policy", str(POLICY), "--format", "json")
    assert (done.code, done.err) == (1, "")
    return made, json.loads(done.out)


def test_it_has_the_size_and_the_findings_of_a_real_estate(tmp_path: Path, call: Call) -> None:
    made, document = checked(tmp_path, call, 120)
    sizes = {key: len(made[key]) for key in ("systems", "parties", "flows", "contracts")}
    assert sizes == {"systems": 120, "parties": 25, "flows": 308, "contracts": 30}
    summary = document["summary"]
    assert summary["rules"] == 25
    assert 50 <= summary["violations"] <= 65
    assert 15 <= summary["undetermined"] <= 22
    assert len({each["rule"] for each in document["findings"]}) > 12


@pytest.mark.parametrize("systems", [500, 2000])
def test_it_can_be_larger(tmp_path: Path, call: Call, systems: int) -> None:
    made, document = checked(tmp_path, call, systems)
    assert (document["summary"]["systems"], len(made["flows"])) == (systems, round(systems * 308 / 120))


def test_it_is_the_same_every_time() -> None:
    assert estate(120) == estate(120) != estate(120, seed=1)


def test_a_plan_for_all_its_findings_is_proved_and_passes(tmp_path: Path, call: Call) -> None:
    write(tmp_path / "retailer.privacy.json", json.dumps(estate(120)))
    words = (str(tmp_path / "retailer.privacy.json"), "--policy", str(POLICY))
    plan = tmp_path / "plan.yaml"
    done = call("repair", *words, "--timeout", "100", "--limit", "1", "--format", "json", "--write", str(plan))
    assert (done.code, done.err) == (0, "")
    (offer,) = json.loads(done.out)["offers"]
    assert offer["proved"]
    assert sum(each["cost"] for each in offer["moves"]) == offer["cost"] == sum(offer["costs"]["by_owner"].values())
    mended = json.loads(done.out)["mended"]
    to_fix = {(each["rule"], each["subject"]["id"]) for each in mended}
    fixed = {one for each in offer["moves"] for one in each["fixes"]}
    assert fixed == {each["fingerprint"] for each in mended}
    assert not any("customers" in word for each in offer["moves"] for word in each["words"] if "sign" in word)
    write(tmp_path / "retailer.privacy", POLICY.read_text(encoding="utf-8"))
    done = call("what-if", words[0], "--changes", str(plan), "--format", "json", "--fail-on", "violation")
    assert done.code == 0
    (after,) = json.loads(done.out)["scenarios"]
    left = [each["after"] for each in after["changes"] if each["after"]["verdict"] == "violation"]
    fixed = {(each["rule"], each["subject"]["id"]) for each in (*after["goes"], *after["changes"])}
    assert not left
    assert fixed >= to_fix
