"""Every format says what to do about a finding, and many findings stay readable."""

from __future__ import annotations

from typing import Any

import pytest

from privacy_rules.findings.reasons import ways_out
from privacy_rules.findings.report import Report
from privacy_rules.reports.check.text import render as as_text
from privacy_rules.reports.registry import FORMATS, View, render
from tests.builders import flow
from tests.unit.checking.judging import manifest
from tests.unit.findings.test_reasons import BOUND, contract, report_of, sent

HINT = BOUND.replace("}", '  hint "Stop." }')
FAR = "rule far { forbid system at data_broker when reached by email from data_subject }"


def ways(rules: str, data: dict[str, Any]) -> list[tuple[str, str]]:
    (finding,) = report_of(rules, data).findings
    return list(ways_out(finding))


def in_format(name: str, report: Report) -> str:
    return render("check", name, report, View())


@pytest.mark.parametrize(
    ("papers", "fix"),
    [
        ({}, "sign a contract between we and mailer"),
        ({"paper": contract(until="2026-10-01")}, "renew contract paper"),
        ({"paper": contract(**{"from": "2026-12-01"})}, "let contract paper begin earlier"),
        (
            {"paper": contract(covers={"data": ["clicks"], "purposes": ["service"]})},
            "widen `covers.data` of contract paper",
        ),
    ],
)
def test_the_one_change_that_would_resolve_a_violation_comes_before_the_hint(papers: dict[str, Any], fix: str) -> None:
    assert ways(HINT, {**manifest(sent("email")), "contracts": papers}) == [("fix", fix), ("hint", "Stop.")]


def test_a_violation_that_no_single_change_would_resolve_has_only_the_hint() -> None:
    said = contract(until="2026-10-01", covers={"data": ["clicks"], "purposes": ["service"]})
    assert ways(HINT, {**manifest(sent("email")), "contracts": {"paper": said}}) == [("hint", "Stop.")]


def test_the_hint_of_an_open_finding_is_for_the_case_that_it_is_a_violation() -> None:
    rule = 'rule told { require notice on flow hint "Tell them." }'
    assert ways(rule, manifest(sent("email"))) == [
        ("missing", "declare `notice` on flow it"),
        ("hint", "if this is a violation: Tell them."),
    ]


@pytest.mark.parametrize("name", [each for each in FORMATS if each != "json"])
def test_each_format_says_which_fact_decides_and_what_would_resolve_it(name: str) -> None:
    data = {**manifest(sent("email")), "contracts": {"paper": contract(until="2026-10-01")}}
    told = in_format(name, report_of(HINT, data))
    assert "contract paper ended on 2026-10-01" in told
    assert "renew contract paper" in told


@pytest.mark.parametrize("name", ["text", "github", "gitlab", "sarif", "junit"])
def test_each_format_names_the_systems_along_a_path(name: str) -> None:
    data = manifest(flow("in", "browser", "crm", ["email"]), flow("out", "crm", "market", ["email"]))
    told = in_format(name, report_of(FAR, data)).replace("→", "->").replace("&gt;", ">")
    assert "browser -> crm -> market" in told


def test_a_skipped_test_says_what_is_missing() -> None:
    told = in_format("junit", report_of("rule told { require notice on flow }", manifest(sent("email"))))
    assert told.count("<skipped") == 1
    assert "missing  declare `notice` on flow it" in told


MANY = [flow(f"f{number:02}", "crm", "post", ["email"], notice=False) for number in range(10)]
TOLD = 'rule told { title "People know" cites "#1" require notice on flow hint "Tell them." }'


def test_each_of_many_findings_says_what_is_wrong_why_and_what_to_do_and_no_more() -> None:
    lines = as_text(report_of(TOLD, manifest(*MANY)), View()).splitlines()
    assert lines[0].endswith(" (flow f00)")
    assert "without `notice`" in lines[0]
    assert lines[1].startswith("  because  `notice` of flow f00 is no")
    assert lines[2] == "  hint     Tell them."
    assert lines[3].endswith(" (flow f01)")


def test_in_full_each_of_many_findings_has_its_rule_and_clause() -> None:
    told = as_text(report_of(TOLD, manifest(*MANY)), View(verbose=True))
    assert (told.count("  rule     People know"), told.count("  clause   #1")) == (10, 10)


@pytest.mark.parametrize("quiet", [False, True])
def test_a_waived_finding_among_many_says_until_when(quiet: bool) -> None:
    waiver = {"rule": "told", "subject": "f03", "reason": "on its way", "approved_by": "desk", "until": "2026-12-31"}
    told = as_text(report_of(TOLD, {**manifest(*MANY), "waivers": [waiver]}), View(quiet=quiet))
    assert ("(flow f03, waived until 2026-12-31)\n" in told) is not quiet
    assert told.count("hint     Tell them.") == 9


def test_of_very_many_findings_of_one_cause_the_first_are_shown_and_the_others_named() -> None:
    flows = [{**each, "purposes": ["delivery"]} for each in MANY]
    data = {**manifest(*flows), "contracts": {"paper": contract(until="2026-10-01")}}
    lines = as_text(report_of(HINT, data), View()).splitlines()
    assert lines[0] == "contract paper ended on 2026-10-01: 10 findings"
    assert lines[9] == "and 2 more: flow f08, flow f09"
    assert lines[10].startswith(
        "  because  `under contract (covers data and covers purpose)` is false: contract paper "
    )
    assert lines[11:13] == ["  fix      renew contract paper", "  hint     Stop."]


def test_a_group_says_why_in_a_comment_of_a_pull_request() -> None:
    flows = [{**each, "purposes": ["delivery"]} for each in MANY]
    data = {**manifest(*flows), "contracts": {"paper": contract(until="2026-10-01")}}
    told = in_format("markdown", report_of(HINT, data))
    assert told.count("- fix: renew contract paper\n") == told.count("- hint: Stop.\n") == 1
    assert "<summary>why</summary>\n\n- `under contract (covers data and covers purpose)` is false: contract" in told
