"""What code scanning takes is kept, and what is left out is said: the most important findings are there."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from typing import Any

import pytest

from privacy_rules.checking.judgements import RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, Hop
from privacy_rules.findings.report import Report
from privacy_rules.reports import code_scanning
from privacy_rules.reports.check.sarif import render
from privacy_rules.reports.registry import View
from tests.unit.reports.hostile import hostile

SOLD = hostile().findings[-1]


def run_of(report: Report) -> Any:
    (run,) = json.loads(render(report, View()))["runs"]
    return run


def notes(run: Any) -> list[str]:
    told = run["invocations"][0]["toolExecutionNotifications"]
    return [each["message"]["text"] for each in told if each["descriptor"]["id"] == "left-out"]


def numbered(count: int, **changes: Any) -> list[Finding]:
    return [replace(SOLD, fingerprint=f"{number:032}", **changes) for number in range(count)]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for ten results."""
    monkeypatch.setattr(code_scanning, "RESULTS", 10)


def test_nothing_is_left_out_of_what_fits() -> None:
    run = run_of(hostile())
    assert notes(run) == []
    assert len(run["results"]) == len(hostile().findings)


def test_the_limits_are_those_that_github_documents() -> None:
    assert (code_scanning.RESULTS, code_scanning.RULES, code_scanning.TAGS) == (25_000, 25_000, 20)
    assert (code_scanning.STEPS, code_scanning.PLACES, code_scanning.TITLE) == (1_000, 1_000, 1_024)


def test_violations_are_kept_first_then_the_gravest_in_the_order_of_the_report(few: None) -> None:
    kinds: list[dict[str, Any]] = [
        {"verdict": Verdict.VIOLATION, "state": "fixed"},
        {"verdict": Verdict.UNDETERMINED},
        {"verdict": Verdict.VIOLATION, "severity": "note"},
        {"verdict": Verdict.VIOLATION},
        {"verdict": Verdict.VIOLATION, "severity": "warning"},
    ]
    run = run_of(hostile().only([each for kind in kinds for each in numbered(4, **kind)]))
    told = [(each["properties"]["verdict"], each["properties"]["severity"]) for each in run["results"]]
    assert told == [("violation", "note")] * 2 + [("violation", "error")] * 4 + [("violation", "warning")] * 4
    fingerprints = [each["partialFingerprints"]["privacyRules/v1"] for each in run["results"]]
    assert fingerprints[:2] == [f"{number:032}" for number in range(2)]
    (note,) = notes(run)
    assert note.startswith("10 of 20 findings are left out: code scanning takes at most ")


def test_what_is_waived_comes_after_what_is_not(few: None) -> None:
    (waived,) = hostile().waived
    old = [replace(waived, verdict=Verdict.VIOLATION, severity="error") for _ in range(8)]
    run = run_of(hostile().only([*old, *numbered(9)]))
    assert [bool(each["suppressions"]) for each in run["results"]] == [True] + [False] * 9


def test_a_file_that_would_be_too_large_has_fewer_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_scanning, "BYTES", 30_000)
    noise = random.Random(1)
    found = [replace(each, message=noise.randbytes(200).hex()) for each in numbered(300)]
    text = render(hostile().only(found), View())
    assert 20_000 < len(zlib.compress(text.encode())) <= 30_000
    (run,) = json.loads(text)["runs"]
    assert notes(run)[0].startswith(f"{300 - len(run['results'])} of 300 findings are left out")


def test_a_rule_has_at_most_20_tags_and_all_its_clauses() -> None:
    counts = tuple(
        RuleCount(replace(count.rule, cites=tuple(f"#{number}" for number in range(cites))), *_figures(count))
        for count, cites in zip(hostile().rules, (19, 20, 40), strict=True)
    )
    run = run_of(replace(hostile(), rules=counts))
    rules = run["tool"]["driver"]["rules"]
    assert [len(each["properties"]["tags"]) for each in rules] == [20, 20, 20]
    assert [len(each["properties"]["cites"]) for each in rules] == [19, 20, 40]
    assert rules[2]["help"]["text"].count("Clause: #") == 40
    (note,) = notes(run)
    assert note.startswith("clauses of `mild`, `kept` are left out of the tags")


def _figures(count: RuleCount) -> tuple[int, ...]:
    return (count.subjects, count.applies, count.compliant, count.violations, count.undetermined)


def test_a_long_title_is_cut_and_is_whole_in_the_help() -> None:
    (first, *others) = hostile().rules
    long = replace(first, rule=replace(first.rule, title="x" * 2_000))
    rule = run_of(replace(hostile(), rules=(long, *others)))["tool"]["driver"]["rules"][0]
    assert len(rule["shortDescription"]["text"]) == len(rule["fullDescription"]["text"]) == 1_024
    assert "x" * 2_000 in rule["help"]["text"]


def test_of_a_long_path_the_ends_are_kept() -> None:
    hops = tuple(Hop(f"f{number}", "a", "b", SOLD.location) for number in range(3_001))
    run = run_of(hostile().only([replace(SOLD, hops=hops)]))
    steps = run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    told = [each["location"]["message"]["text"].partition(":")[0] for each in steps]
    assert (len(told), told[0], told[-1]) == (1_000, "f0", "f3000")
    assert notes(run) == ["the middle of 1 path is left out: code scanning takes at most 1,000 steps of a path"]


def test_of_too_many_rules_those_with_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("privacy_rules.reports.check.sarif.RULES", 1)
    run = run_of(hostile().only([each for each in hostile().findings if each.rule == "mild"]))
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["mild"]
    assert {each["ruleIndex"] for each in run["results"]} == {0}
    assert notes(run) == ["2 of 3 rules are left out: code scanning takes at most 1 of a run"]
