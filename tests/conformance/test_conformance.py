"""Every case of `dsl/conformance` holds for this engine, read and judged as the command line does."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from privacy_rules import engine
from privacy_rules.reports.check.json import document
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span

HOME = Path(__file__).parents[2] / "dsl" / "conformance"
CASES = sorted(path.parent for path in HOME.glob("*/*/expected.json"))


def _name(case: Path) -> str:
    return case.relative_to(HOME).as_posix()


def test_there_are_at_least_150_cases_and_each_folder_is_whole() -> None:
    assert len(CASES) >= 150
    folders = sorted(path for path in HOME.glob("*/*") if path.is_dir())
    assert folders == CASES


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_case(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert set(expected) <= {"as_of", "findings", "compliant", "errors"}
    day = date.fromisoformat(expected["as_of"]) if "as_of" in expected else None
    manifest = next((case / name for name in ("manifest.yaml", "manifest.json") if (case / name).exists()), None)
    policy = case / "policy.privacy"
    if "errors" in expected:
        _same_errors(_errors(policy, manifest, day), expected["errors"])
        return
    assert manifest is not None
    inputs, diagnostics = engine.load([manifest], [policy])
    assert inputs is not None, diagnostics
    report, diagnostics = engine.check(inputs, day=day)
    assert report is not None, diagnostics
    said = document(report)["findings"]
    findings = {(each["rule"], each["subject"]["kind"], each["subject"]["id"]): each for each in said}
    wanted = {(each["rule"], each["subject"]["kind"], each["subject"]["id"]): each for each in expected["findings"]}
    assert {key: found["verdict"] for key, found in findings.items()} == {k: w["verdict"] for k, w in wanted.items()}
    for key, want in wanted.items():
        _holds(findings[key], want)
    for each in expected.get("compliant", []):
        assert (each["rule"], each["subject"]["kind"], each["subject"]["id"]) not in findings
        subject = each["subject"]["id"]
        explained, why = engine.explain(inputs, each["rule"], subject, day=day)
        assert explained is not None, why
        assert {pair.verdict.word for pair in explained} == {"compliant"}


def _holds(said: dict[str, Any], want: dict[str, Any]) -> None:
    for key, value in want.items():
        if key == "judged":
            assert _pairs(said["judged"], value) == _pairs(value, value)
        else:
            assert said[key] == value, key


def _pairs(judged: list[dict[str, Any]], like: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Only the fields that the case gives are compared."""
    fields = sorted({field for each in like for field in each})
    return sorted(tuple(str(each.get(field)) for field in fields) for each in judged)


def _errors(policy: Path, manifest: Path | None, day: date | None) -> tuple[Diagnostic, ...]:
    if manifest is None:
        return engine.load_policy([policy])[1]
    inputs, found = engine.load([manifest], [policy])
    return found if inputs is None else engine.check(inputs, day=day)[1]


def _same_errors(found: tuple[Diagnostic, ...], expected: list[dict[str, Any]]) -> None:
    """Each expected error is found and none beside them; of one with two places a case may list both."""
    errors = [each for each in found if each.level == "error"]
    places = [(each.code, span) for each in errors for span in (each.span, *each.also)]
    for want in expected:
        assert any(_is(code, span, want) for code, span in places), (want, places)
    for error in errors:
        spans = (error.span, *error.also)
        assert any(_is(error.code, span, want) for span in spans for want in expected), (error, expected)


def _is(code: str, span: Span | None, want: dict[str, Any]) -> bool:
    file = None if span is None else Path(span.file).name
    said = {"code": code, "file": file, "line": span and span.line, "column": span and span.column}
    return all(said[field] == value for field, value in want.items())
