"""A report is in order, counts what it has, and knows what fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from privacy_rules.checking.judgements import Assumption
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.comparison import compared, still_found
from privacy_rules.findings.finding import Hop, Subject
from privacy_rules.findings.report import Report, Summary
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.language.policy import Severity
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.check.json import terms
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.findings.building import (
    DAY,
    MANIFEST_FILE,
    EstateBuilder,
    at,
    counted,
    exchange_is_missing,
    joined,
    judgement,
    of,
    reported,
    rule,
    sale_is_true,
    shop,
    waiver,
)

BAD, OPEN = Verdict.VIOLATION, Verdict.UNDETERMINED


def test_a_finding_has_all_that_a_reader_needs() -> None:
    made = rule(
        "no_selling",
        title="Not sold",
        cites=("#4",),
        hint="End the sale.",
        severity="warning",
        subject=of(Kind.DISCLOSURE),
    )
    found = judgement(
        made,
        Kind.FLOW,
        "crm-to-broker",
        ("email", "orders", BAD),
        ("name", None, OPEN),
        because=(sale_is_true(),),
        path=("signup", "crm-to-broker"),
        missing=(exchange_is_missing(),),
    )
    (finding,) = reported(found).findings
    assert (finding.rule, finding.verdict, finding.severity, finding.state) == ("no_selling", BAD, "warning", None)
    assert (finding.title, finding.cites, finding.hint) == ("Not sold", ("#4",), "End the sale.")
    assert finding.subject == Subject(Kind.FLOW, "crm-to-broker")
    assert (finding.data, finding.purposes) == (("email",), ("orders",))
    assert [(part.data, part.purpose, part.verdict) for part in finding.judged] == [
        ("email", "orders", BAD),
        ("name", None, OPEN),
    ]
    assert finding.because == (sale_is_true(),)
    assert finding.missing == (exchange_is_missing(),)
    assert finding.hops == (
        Hop("signup", "browser", "crm", at(7, MANIFEST_FILE, 3)),
        Hop("crm-to-broker", "crm", "leads", at(8, MANIFEST_FILE, 3)),
    )
    assert (finding.location, finding.rule_location) == (at(8, MANIFEST_FILE, 3), made.span)
    assert str(finding) == f"estate.yaml:8:3: violation[no_selling]: {finding.message}"


def test_a_finding_that_came_from_no_file_is_named_by_its_subject() -> None:
    estate = EstateBuilder().add(Entity.PARTY, "acme", placed=False, role=("us",))
    (finding,) = reported(judgement(rule(subject=of(Kind.PARTY)), Kind.PARTY, "acme"), estate=estate.build()).findings
    assert str(finding) == "party acme: violation[r]: there is party acme (us)"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.STORAGE, "storage in x"),
        (Kind.JOINING, "joining in x"),
        (Kind.ORGANISATION, "the organisation"),
        (Kind.FLOW, "flow x"),
    ],
)
def test_a_subject_has_a_name(kind: Kind, words: str) -> None:
    assert str(Subject(kind, "x")) == words


def test_a_joining_lists_its_pairs() -> None:
    (finding,) = reported(joined(rule(subject=of(Kind.JOINING)), "crm", ("name", "card"), ("card", "email"))).findings
    assert finding.pairs == (("card", "email"), ("name", "card"))
    assert finding.data == ("card", "email", "name")


@pytest.mark.parametrize(
    ("kind", "subject", "owner"),
    [
        (Kind.FLOW, "crm-to-broker", "growth team"),
        (Kind.FLOW, "signup", "visitors' desk"),
        (Kind.FLOW, "owned", "web team"),
        (Kind.SYSTEM, "crm", "growth team"),
        (Kind.STORAGE, "browser", "visitors' desk"),
        (Kind.SYSTEM, "leads", None),
        (Kind.SYSTEM, "adrift", None),
        (Kind.PARTY, "visitor", "visitors' desk"),
        (Kind.CONTRACT, "terms", None),
        (Kind.ORGANISATION, "organisation", None),
    ],
)
def test_who_answers_for_a_subject(kind: Kind, subject: str, owner: str | None) -> None:
    estate = (
        shop()
        .add(Entity.PARTY, "visitor", role=("data_subject",), owner="visitors' desk")
        .add(Entity.SYSTEM, "adrift")
        .add(Entity.FLOW, "owned", from_="crm", to="leads", owner="web team")
    )
    found = judgement(rule(subject=of(kind)), kind, subject)
    assert reported(found, estate=estate.build()).findings[0].owner == owner


def test_findings_are_ordered_by_place_then_rule_then_kind() -> None:
    found = [
        judgement(rule("b"), Kind.FLOW, "crm-to-broker"),
        judgement(rule("a"), Kind.FLOW, "crm-to-broker"),
        judgement(rule("c", subject=of(Kind.SYSTEM)), Kind.SYSTEM, "crm"),
        judgement(rule("c", subject=of(Kind.STORAGE)), Kind.STORAGE, "crm", ("email", None, BAD)),
        judgement(rule("o", subject=of(Kind.ORGANISATION)), Kind.ORGANISATION, "organisation"),
    ]
    orders = {
        tuple((each.rule, each.subject.kind.value, each.subject.id) for each in reported(*mixed).findings)
        for mixed in permutations(found)
    }
    assert orders == {
        (
            ("o", "organisation", "organisation"),
            ("c", "storage", "crm"),
            ("c", "system", "crm"),
            ("a", "flow", "crm-to-broker"),
            ("b", "flow", "crm-to-broker"),
        )
    }


def test_rules_and_assumptions_are_in_order() -> None:
    first, second = rule("z", line=3), rule("a", line=9)
    assumed = [
        Assumption(Entity.FLOW, "exchange", value, "manifest default", 2, at(line, MANIFEST_FILE) if line else None)
        for value, line in (("none", 9), ("none", 4), ("barter", None))
    ]
    made = reported(rules=(second, first), assumptions=tuple(assumed))
    assert [count.rule.name for count in made.rules] == ["z", "a"]
    assert made.assumptions == (assumed[2], assumed[1], assumed[0])


def some() -> Report:
    """A violation, a mild one, a waived one, and one that cannot be decided."""
    return reported(
        judgement(rule("grave"), Kind.FLOW, "signup"),
        judgement(rule("mild", severity="note"), Kind.FLOW, "signup"),
        judgement(rule("r"), Kind.FLOW, "crm-to-broker"),
        judgement(rule("open"), Kind.FLOW, "signup", (None, None, OPEN)),
        estate=shop().build(waiver()),
    )


def test_the_summary_counts_waived_findings_by_verdict_too() -> None:
    assert some().summary == Summary(rules=4, systems=3, flows=2, violations=3, undetermined=1, waived=1)
    assert (some().policies, some().as_of) == (("shop",), DAY)


def test_findings_can_be_asked_for_by_verdict() -> None:
    assert [each.rule for each in some().violations] == ["grave", "mild", "r"]
    assert [each.rule for each in some().undetermined] == ["open"]
    assert [each.rule for each in some().waived] == ["r"]


@pytest.mark.parametrize(
    ("fail_on", "severity", "failing"),
    [
        ("violation", "error", ["grave"]),
        ("violation", "warning", ["grave"]),
        ("violation", "note", ["grave", "mild"]),
        ("undetermined", "error", ["grave", "open"]),
        ("undetermined", "note", ["grave", "mild", "open"]),
        ("never", "note", []),
    ],
)
def test_what_fails_depends_on_verdict_and_severity(fail_on: FailOn, severity: Severity, failing: list[str]) -> None:
    threshold = Threshold(fail_on, severity)
    assert [each.rule for each in some().failing(threshold)] == failing
    assert some().fails(threshold) == bool(failing)


def test_violations_of_severity_error_fail_unless_said_otherwise() -> None:
    assert [each.rule for each in some().failing()] == ["grave"]
    assert some().fails()


def test_a_warning_fails_where_its_code_is_named() -> None:
    made = reported(estate=shop().build(waiver(until=date(2026, 1, 1))), rules=(rule(),), counts=(counted(rule()),))
    assert not made.fails()
    assert made.fails(Threshold("never", warnings=frozenset({"W302"})))
    assert not made.fails(Threshold(warnings=frozenset({"W303"})))


def test_a_report_of_some_findings_keeps_its_figures() -> None:
    assert some().only(some().failing()).summary == some().summary
    assert len(some().only(some().failing()).findings) == 1


def test_findings_that_are_only_counted_are_in_all_figures_and_fail() -> None:
    mild, grave = rule("mild", subject=of(Kind.FLOW), severity="note"), rule("grave", subject=of(Kind.FLOW))
    listed = judgement(mild, Kind.FLOW, "crm-to-broker", ("email", "orders", BAD))
    counts = (counted(mild, violations=1), counted(grave, violations=3, undetermined=2))
    report = reported(listed, counts=counts)
    assert (report.summary.violations, report.summary.undetermined, report.terms.omitted) == (4, 2, 5)
    assert report.counted().summary == report.summary
    assert [(each.rule, each.verdict, each.count) for each in report.omitted] == [("grave", BAD, 3), ("grave", OPEN, 2)]
    assert report.failing() == ()
    assert report.fails()
    assert not report.fails(Threshold("never"))
    assert report.terms.words() == ["too many findings to list: 5 findings are only counted"]
    now = compared(report, [replace(report.findings[0], rule="grave")], "main")
    assert now.states == {"new": 6, "unchanged": 0, "fixed": 0}
    assert still_found([replace(report.findings[0], rule="grave")], report) != []
    assert terms(report.terms)["omitted"] == 5
