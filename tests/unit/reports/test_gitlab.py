"""The code quality report has what GitLab's documentation requires of each issue."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.check.gitlab import render
from privacy_rules.reports.registry import View
from tests.unit.reports.hostile import hostile


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Lines(Strict):
    begin: Annotated[int, Field(ge=1)]


class Location(Strict):
    path: Annotated[str, Field(min_length=1, pattern=r"^([^./].*|\.)$")]
    lines: Lines


class Issue(Strict):
    description: Annotated[str, Field(min_length=1)]
    check_name: Annotated[str, Field(min_length=1)]
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    severity: Literal["info", "minor", "major", "critical", "blocker"]
    location: Location


ISSUES = TypeAdapter(list[Issue])


def issues(report: Report, **view: object) -> list[Issue]:
    text = render(report, View(**view))  # type: ignore[arg-type]
    assert not text.startswith("\ufeff")
    return ISSUES.validate_json(text)


def test_each_finding_and_warning_is_an_issue_of_its_own() -> None:
    found = issues(hostile())
    assert [each.severity for each in found] == ["info", "info", "info", "minor", "major", "info"]
    assert len({each.fingerprint for each in found}) == len(found)
    assert found[4].fingerprint == hostile().findings[4].fingerprint
    assert found[4].location == Location(path="a b/100%,x:y.yaml", lines=Lines(begin=8))
    assert found[1].description.startswith("system crm ")
    assert ": waived until 2026-12-31 (later " in found[1].description
    assert "declare `exchange` on flow" in found[3].description


def test_a_warning_that_fails_the_check_is_major() -> None:
    assert issues(hostile(), threshold=Threshold(warnings=frozenset({"W301"})))[-1].severity == "major"


def test_a_warnings_fingerprint_outlives_moved_lines_and_is_never_there_twice() -> None:
    (warning,) = hostile().warnings
    assert warning.span
    moved = replace(warning, span=replace(warning.span, line=99))
    assert issues(replace(hostile(), warnings=(moved,)))[-1].fingerprint == issues(hostile())[-1].fingerprint
    assert len(issues(replace(hostile(), warnings=(warning, moved)))) == 6


def test_what_is_fixed_is_no_issue_and_what_is_nowhere_has_a_place() -> None:
    sold, (warning,) = hostile().findings[-1], hostile().warnings
    report = hostile().only([replace(sold, state="fixed"), replace(sold, location=None, rule_location=None)])
    found = issues(replace(report, warnings=(replace(warning, span=None, help="do"),)))
    assert [each.location.path for each in found] == [".", "."]


def test_the_commit_that_is_compared_with_is_no_issue() -> None:
    compared = replace(hostile().terms, compared_with="main", compared_commit="1" * 40)
    assert issues(replace(hostile(), terms=compared)) == issues(hostile())
