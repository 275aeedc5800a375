"""The clinic: its estate keeps every rule, each clause is accounted for, and its cases notice changes of its rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import Call

HOME = Path(__file__).parents[2] / "examples" / "clinic"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME)


def test_the_estate_keeps_every_rule_and_each_applies_or_is_accounted_for(call: Call) -> None:
    done = call("check", "--fail-on", "undetermined", "--format", "json")
    assert done.code == 0, done.out
    report = json.loads(done.out)
    assert (report["findings"], report["warnings"]) == ([], [])
    names = {each["name"] for each in report["rules"]}
    assert len(names) == 37
    assert sum(name.startswith("hipaa_") for name in names) == 20


def test_each_clause_has_a_rule_or_a_reason(call: Call) -> None:
    done = call("trace", "--fail-on", "uncovered", "--format", "json")
    assert done.code == 0, done.out
    found = json.loads(done.out)
    clauses = found["clauses"]
    assert found["astray"] == []
    assert len(clauses) == 16
    assert {each["state"] for each in clauses} == {"covered", "accounted"}


def test_each_promise_is_kept_broken_and_left_open_by_a_case(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "coverage.json"
    done = call("test", "--coverage-format", f"json={file}")
    assert done.code == 0, done.out
    rules = {each["name"]: each["verdicts"] for each in json.loads(file.read_text(encoding="utf-8"))["rules"]}
    own = {name: verdicts for name, verdicts in rules.items() if not name.startswith("hipaa_")}
    assert len(own) == 17
    assert {name for name, verdicts in own.items() if not all(verdicts.values())} == set()


def test_the_cases_notice_every_change_of_a_rule_but_those_that_are_explained(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "tests.json"
    call("test", "--mutate", "--survivors", "clinic.survivors.yaml", "--format", f"json={file}")
    found = json.loads(file.read_text(encoding="utf-8"))["mutation"]
    assert found["stale"] == []
    assert found["summary"]["survived"] == 0
    assert found["summary"]["mutants"] > 150


def test_the_change_breaks_what_the_page_says(call: Call) -> None:
    done = call("what-if", "--changes", "reminders-say-why.yaml")
    assert done.out.count("violation[reminders_never_say_why]") == 2
