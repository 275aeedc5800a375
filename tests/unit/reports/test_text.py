"""The report for a terminal says what is wrong, where, why, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from privacy_rules.checking.judgements import Assumption, Explained, Fact, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.language.declarations import Mention
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.check.text import render
from privacy_rules.reports.registry import FORMATS, View, format_named
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.findings.building import (
    MANIFEST_FILE,
    EstateBuilder,
    at,
    exchange_is_missing,
    joined,
    judgement,
    of,
    of_data,
    reported,
    rule,
    sale_is_true,
    shop,
    waiver,
)

BAD, OPEN = Verdict.VIOLATION, Verdict.UNDETERMINED
SOLD = judgement(
    rule(
        "no_selling", subject=of(Kind.DISCLOSURE, of_data("contact")), title="Not sold", cites=("#4",), hint="End it."
    ),
    Kind.FLOW,
    "crm-to-broker",
    ("email", "orders", BAD),
    because=(sale_is_true(),),
    path=("signup", "crm-to-broker"),
)


def text(report: Report, **view: object) -> str:
    return render(report, View(**view))  # type: ignore[arg-type]


def test_a_violation_is_reported_from_its_place_to_its_hint() -> None:
    assert text(reported(SOLD)) == (
        "estate.yaml:8:3: violation[no_selling]: email is disclosed to lead_broker (data_broker, marketer)\n"
        "  subject  flow crm-to-broker\n"
        "  rule     Not sold (shop.privacy:3:1)\n"
        "  path     browser → crm → leads\n"
        "           by signup, crm-to-broker\n"
        "  because  `exchange is (sale, rental)` is true: `exchange` of flow crm-to-broker is sale (estate.yaml:8:9)\n"
        "  clause   #4\n"
        "  owner    growth team\n"
        "  hint     End it.\n"
        "\n"
        "1 violation: 1 rule, 3 systems and 2 flows, as of 2026-11-01 (today)\n"
    )


def test_an_undetermined_finding_says_what_to_declare() -> None:
    two = (exchange_is_missing(), replace(exchange_is_missing(), attribute="purposes"))
    unknown = judgement(rule(severity="warning"), Kind.FLOW, "signup", ("email", None, OPEN), missing=two)
    told = text(reported(unknown))
    assert ": undetermined[r] (warning): cannot decide whether " in told
    assert "  rule     shop.privacy:3:1\n" in told
    assert "  missing  declare `exchange` on flow crm-to-broker\n           declare `purposes`" in told
    assert told.endswith("1 undetermined: 1 rule, 3 systems and 2 flows, as of 2026-11-01 (today)\n")


def test_a_waived_finding_is_reported_with_reason_and_end() -> None:
    told = text(reported(SOLD, estate=shop().build(waiver(rule="no_selling"))))
    assert told.splitlines()[2] == "  waived   until 2026-12-31: under review (approved by privacy desk)"
    assert told.splitlines()[-1].startswith("1 violation (1 waived): ")


def test_what_a_headline_leaves_out_is_reported_below_it() -> None:
    mixed = judgement(
        rule(),
        Kind.FLOW,
        "crm-to-broker",
        ("email", "orders", BAD),
        ("name", None, OPEN),
        (None, "orders", OPEN),
        (None, None, OPEN),
    )
    told = text(reported(mixed, estate=shop().build(waiver(data=("name",)))))
    assert (
        "  also     undetermined for name; data of an unknown category for orders; data of an unknown category\n"
        in told
    )
    assert "           waived only for name\n" in told
    pairs = joined(rule(subject=of(Kind.JOINING)), "crm", ("card", "email"), ("card", "name"))
    one_open = replace(pairs, judged=(pairs.judged[0], replace(pairs.judged[1], verdict=OPEN)))
    assert "  also     undetermined for card with name\n" in text(reported(one_open))


def test_warnings_and_assumptions_are_at_the_end() -> None:
    assumed = (
        Assumption(Entity.PARTY, "role", "us", "policy default", 2, None),
        Assumption(Entity.FLOW, "exchange", "none", "manifest default", 1, at(8, MANIFEST_FILE)),
    )
    report = reported(rules=(rule(),), assumptions=assumed, mentions=(Mention(Entity.PARTY, "x", at(2)),))
    assert text(report) == (
        "shop.privacy:2:1: warning[W301]: party `x` is not in this manifest\n"
        "\n"
        "2 assumptions for what is not declared; `--assumptions` lists them\n"
        "no findings: 1 rule, 3 systems and 2 flows, as of 2026-11-01 (today)\n"
    )
    assert text(report, assumptions=True) == (
        "shop.privacy:2:1: warning[W301]: party `x` is not in this manifest\n"
        "\n"
        "assumed, because it is not declared:\n"
        "  `exchange` of 1 flow is none (manifest default, estate.yaml:8:1)\n"
        "  `role` of 2 parties is us (policy default)\n"
        "\n"
        "no findings: 1 rule, 3 systems and 2 flows, as of 2026-11-01 (today)\n"
    )


def test_quiet_shows_failing_findings_only() -> None:
    mild = judgement(rule("mild", severity="note"), Kind.FLOW, "signup", ("email", None, BAD))
    told = text(reported(SOLD, mild, mentions=(Mention(Entity.PARTY, "x", at(2)),)), quiet=True)
    assert told.count("\n") == 9
    assert "violation[no_selling]" in told
    assert text(reported(SOLD), quiet=True, threshold=Threshold("never")) == ""


def test_a_long_path_is_reported_by_its_ends() -> None:
    estate = EstateBuilder()
    for number in range(101):
        estate.add(Entity.SYSTEM, f"s{number}")
    for number in range(100):
        estate.add(Entity.FLOW, f"f{number}", from_=f"s{number}", to=f"s{number + 1}")
    path = tuple(f"f{number}" for number in range(100))
    told = text(reported(judgement(rule(), Kind.FLOW, "f0", path=path), estate=estate.build()))
    assert "s0 → s1 → s2 → s3 → s4 → s5 → … 89 more … → s95 → s96" in told
    assert "by f0, f1, f2, f3, f4, f5, … 88 more …, f94, " in told
    plain = text(reported(SOLD), plain=True)
    assert "browser -> crm -> leads" in plain


def test_many_facts_are_counted() -> None:
    facts = tuple(Fact(Entity.FLOW, f"f{number}", "exchange", None, "undeclared", None) for number in range(1008))
    test = Explained(Part.TEST, "exchange is sale", Truth.UNKNOWN, facts=facts)
    report = reported(replace(SOLD, because=(test,)))
    assert "`exchange` of flow f2 is not declared and 1,005 more\n" in text(report)
    assert "`exchange` of flow f7 is not declared\n             and 1,000 more\n" in text(report, verbose=True)


def test_colour_shows_what_fails() -> None:
    failing = text(reported(SOLD), colour=True)
    assert "\x1b[31m\x1b[1mviolation[no_selling]\x1b[0m" in failing
    assert "\x1b[31m\x1b[1m1 violation\x1b[0m" in failing
    waived = text(reported(SOLD, estate=shop().build(waiver(rule="no_selling"))), colour=True)
    assert "\x1b[2mestate.yaml:8:3: violation[no_selling]" in waived
    assert "\x1b[32m\x1b[1m1 violation (1 waived)" in waived
    harmless = text(reported(SOLD), colour=True, threshold=Threshold("never"))
    assert "\x1b[33m\x1b[1m1 violation" in harmless


def test_an_id_with_an_escape_is_written_out() -> None:
    estate = EstateBuilder().add(Entity.PARTY, "a\x1b[2Jb", role=("us",))
    told = text(reported(judgement(rule(subject=of(Kind.PARTY)), Kind.PARTY, "a\x1b[2Jb"), estate=estate.build()))
    assert "party a\\x1b[2Jb (us)" in told


def test_every_format_can_be_loaded_by_its_name() -> None:
    assert all(format_named(name).name == name for name in FORMATS)


def test_the_day_of_a_waiver_is_written_as_a_date() -> None:
    until = waiver(rule="no_selling", until=date(2027, 1, 2))
    assert "until 2027-01-02: " in text(reported(SOLD, estate=shop().build(until)))


def test_findings_without_reasons_have_their_headline_alone() -> None:
    bare = [replace(SOLD, subject=name, explained=False, because=(), path=()) for name in ("signup", "crm-to-broker")]
    lines = text(reported(*bare)).splitlines()
    assert lines[0].startswith("estate.yaml:7:3: violation[no_selling]: ")
    assert lines[1].startswith("estate.yaml:8:3: violation[no_selling]: ")
    assert lines[2] == ""
    assert lines[3].startswith("warning[W308]: no reasons are given for 2 of 2 findings")
