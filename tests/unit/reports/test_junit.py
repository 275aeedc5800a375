"""JUnit's XML, read by a parser that others use."""

from __future__ import annotations

from dataclasses import replace

from junitparser import Failure, JUnitXml, Skipped

from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.check.junit import render
from privacy_rules.reports.registry import View
from tests.unit.reports.hostile import CRM, SCRIPT, hostile


def suites(report: Report, **view: object) -> dict[str, list[tuple[str, str]]]:
    """The cases of each suite: name and what became of it. The figures are what the parser counts."""
    text = render(report, View(**view))  # type: ignore[arg-type]
    read = JUnitXml.fromstring(text.encode("utf-8"))
    told = (read.tests, read.failures, read.skipped, read.errors)
    read.update_statistics()
    assert told == (read.tests, read.failures, read.skipped, read.errors)
    return {suite.name: [(case.name, _fate(case.result)) for case in suite] for suite in read}


def _fate(result: list[object]) -> str:
    match result:
        case []:
            return "passed"
        case [Failure()]:
            return "failed"
        case [Skipped()]:
            return "skipped"
        case _:
            return "?"


def test_a_rule_is_a_suite_and_passes_only_without_findings() -> None:
    found = suites(hostile())
    assert list(found) == ["no_selling", "mild", "kept", "warnings"]
    assert [fate for _, fate in found["no_selling"]] == ["skipped", "failed"]
    assert found["mild"][1] == (f"system {CRM}", "skipped")
    assert found["kept"] == [("every contract", "passed")]


def test_failed_is_what_fails_the_check() -> None:
    strict = suites(hostile(), threshold=Threshold("undetermined", "note", frozenset({"W301"})))
    assert [fate for _, fate in strict["no_selling"]] == ["failed", "failed"]
    assert [fate for _, fate in strict["mild"]] == ["failed", "skipped", "failed"]
    assert strict["warnings"][0][1] == "failed"
    lax = suites(hostile(), threshold=Threshold("never"))
    assert "failed" not in {fate for cases in lax.values() for _, fate in cases}


def test_a_failure_has_the_whole_text() -> None:
    read = JUnitXml.fromstring(render(hostile(), View()).encode())
    (failure,) = [each for suite in read for case in suite for each in case.result if isinstance(each, Failure)]
    assert failure.type == "violation"
    assert f"hint     End it: 100%, {SCRIPT} -->" in failure.text


def test_what_is_fixed_passes_and_what_is_old_says_so() -> None:
    sold = hostile().findings[-1]
    found = suites(hostile().only([replace(sold, state="fixed")]))
    assert [fate for _, fate in found["no_selling"]] == ["passed"]
    old = render(hostile().only([replace(sold, state="unchanged")]), View(Threshold("never")))
    assert 'message="unchanged, error: ' in old


def test_no_character_breaks_the_document() -> None:
    broken = replace(hostile().findings[-1], message="a\x00\x1b\ud800\uffff\n]]>")
    text = render(hostile().only([broken]), View())
    assert "a\\x00\\x1b\\ud800\\uffff\\n]]&gt;" in text
    assert suites(hostile().only([broken]))
