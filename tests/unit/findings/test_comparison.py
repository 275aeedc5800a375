"""What is new beside what was found before, what is known, and what is fixed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from privacy_rules.checking.logic import Verdict
from privacy_rules.findings import baseline
from privacy_rules.findings.comparison import accepted, compared, still_found
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.language.subject_kinds import Kind
from tests.unit.findings.building import joined, judgement, of, reported, rule, shop, waiver

BAD, OPEN = Verdict.VIOLATION, Verdict.UNDETERMINED
RULE = rule("r", subject=of(Kind.FLOW))


def sold(*pairs: tuple[str | None, str | None, Verdict], waived: bool = False) -> Report:
    waivers = [waiver()] if waived else []
    return reported(judgement(RULE, Kind.FLOW, "crm-to-broker", *pairs), estate=shop().build(*waivers))


def beside(before: Report, now: Report) -> list[str | None]:
    return [each.state for each in compared(now, before.findings, "main").findings]


def test_what_was_found_before_is_unchanged_and_fails_no_more() -> None:
    report = sold(("email", "orders", BAD))
    assert beside(report, report) == ["unchanged"]
    assert report.fails()
    assert not compared(report, report.findings, "main").fails(Threshold("undetermined", "note"))


def test_a_pair_that_is_new_makes_the_finding_new() -> None:
    before = sold(("email", "orders", BAD))
    assert beside(before, sold(("email", "orders", BAD), ("email", "ads", BAD))) == ["new"]
    assert beside(sold(("email", "orders", BAD), ("email", "ads", BAD)), before) == ["unchanged"]


def test_what_could_not_be_decided_and_is_a_violation_now_is_new() -> None:
    unsure, sure = sold(("email", "orders", OPEN)), sold(("email", "orders", BAD))
    assert beside(unsure, sure) == ["new"]
    assert beside(sure, unsure) == ["unchanged"]


def test_joined_pairs_are_told_apart() -> None:
    one = reported(joined(RULE, "crm", ("email", "card")))
    other = reported(joined(RULE, "crm", ("email", "name")))
    assert beside(one, one) == ["unchanged"]
    assert beside(one, other) == ["new"]


def test_what_is_found_no_more_is_fixed_and_counts_nowhere() -> None:
    now = compared(reported(rules=(RULE,)), sold(("email", "orders", BAD)).findings, "main")
    assert [(each.rule, each.state) for each in now.findings] == [("r", "fixed")]
    assert (now.violations, now.states) == ((), {"new": 0, "unchanged": 0, "fixed": 1})
    assert not now.fails(Threshold("undetermined", "note"))


def test_what_a_rule_found_that_is_not_judged_on_purpose_is_not_fixed() -> None:
    before = sold(("email", "orders", BAD)).findings
    assert compared(reported(rules=(RULE,)), before, "main", selected=["other"]).findings == ()


def test_a_waived_finding_is_not_accepted_so_that_it_comes_back_with_the_waivers_end() -> None:
    waived = sold(("email", "orders", BAD), waived=True)
    assert accepted(waived.findings) == []
    assert beside(waived, sold(("email", "orders", BAD))) == ["new"]
    assert beside(waived, waived) == ["unchanged"]


def test_only_the_pairs_that_no_waiver_covers_are_accepted() -> None:
    some = waiver(data=("email",))
    partly = reported(
        judgement(RULE, Kind.FLOW, "crm-to-broker", ("card", "orders", BAD), ("email", "orders", BAD)),
        estate=shop().build(some),
    )
    (kept,) = accepted(partly.findings)
    assert [part.data for part in kept.judged] == ["card"]
    assert beside(partly, partly) == ["unchanged"]
    assert beside(partly, sold(("card", "orders", BAD), ("email", "orders", BAD))) == ["new"]


def test_pruning_takes_out_what_is_gone_and_lets_nothing_in() -> None:
    before = accepted(sold(("email", "orders", BAD), ("email", "ads", BAD)).findings)
    (kept,) = still_found(before, sold(("email", "ads", OPEN), ("email", "mail", BAD)))
    assert [(part.purpose, part.verdict) for part in kept.judged] == [("ads", OPEN)]
    assert kept.verdict is OPEN
    assert kept.fingerprint == sold(("email", "ads", OPEN)).findings[0].fingerprint
    assert still_found(before, reported(rules=(RULE,))) == []


def test_a_baseline_file_is_read_as_it_was_written_in_whatever_order() -> None:
    report = reported(
        judgement(RULE, Kind.FLOW, "crm-to-broker", ("email", None, BAD), (None, "orders", OPEN)),
        joined(rule("a", subject=of(Kind.JOINING)), "crm", ("email", "card")),
    )
    text = baseline.text_of(accepted(report.findings))
    assert text == baseline.text_of(accepted(report.findings[::-1]))
    assert text.count("\n    {") == 2
    found, wrong = baseline.read(text.encode())
    assert wrong is None
    assert found is not None
    assert baseline.text_of(found) == text
    assert {each.state for each in compared(report, found, "file").findings} == {"unchanged"}
    assert baseline.read(baseline.text_of([]).encode()) == ([], None)


def test_a_broken_baseline_says_what_is_wrong_and_where() -> None:
    good = baseline.text_of(accepted(sold(("email", "orders", BAD)).findings))
    assert baseline.read(b"[")[0] is None
    for text, words in (
        ("{", "invalid JSON"),
        (good.replace('"version": 1', '"version": 2'), "at `version`"),
        (good.replace('"violation"', '"broken"', 1), "at `findings.0.verdict`"),
        (good.replace('"message"', '"massage"'), "at `findings.0.m"),
        (good.replace('"judged": [{', '"judged": [], "x": [{'), "at `findings.0.judged`"),
    ):
        found, wrong = baseline.read(text.encode())
        assert found is None
        assert words in str(wrong)


def conflicting(ours: str, theirs: str) -> bytes:
    """Two baselines as the sides of one conflict."""
    return f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n".encode()


def test_of_a_finding_on_both_sides_every_part_is_kept_at_its_graver_verdict() -> None:
    ours = baseline.text_of(accepted(sold(("email", "orders", OPEN), ("card", "orders", BAD)).findings))
    theirs = baseline.text_of(accepted(sold(("email", "orders", BAD), ("email", "ads", OPEN)).findings))
    for content in (conflicting(ours, theirs), conflicting(theirs, ours)):
        found, wrong = baseline.merged(content)
        assert wrong is None
        assert found is not None
        (one,) = found
        parts = {(part.data, part.purpose): part.verdict for part in one.judged}
        assert parts == {("email", "orders"): BAD, ("card", "orders"): BAD, ("email", "ads"): OPEN}
        assert one.verdict is BAD
        assert one.fingerprint == sold(("email", "orders", BAD)).findings[0].fingerprint


@pytest.mark.parametrize("commas", [(",", ","), ("", "")])
def test_commas_that_a_merge_of_lines_leaves_wrong_are_put_right(commas: tuple[str, str]) -> None:
    finding = baseline.text_of(accepted(sold(("email", "orders", BAD)).findings)).splitlines()[3]
    other = finding.replace('"id": "', '"id": "other-')
    lines = ["{", '  "version": 1,', '  "findings": [', finding + commas[0], other + commas[1], "  ]", "}", ""]
    found, wrong = baseline.merged("\n".join(lines).encode())
    assert (wrong, len(found or ())) == (None, 2)


def test_what_is_no_baseline_on_one_side_is_reported() -> None:
    good = baseline.text_of([])
    for content, words in (
        (conflicting(good, "{\n"), "one side of the conflict is not valid: "),
        (b"\xff" + conflicting(good, good), "it is not UTF-8"),
        (b"<<<<<<< x\n", "line 1: the conflict that begins here has no end"),
    ):
        found, wrong = baseline.merged(content)
        assert found is None
        assert words in str(wrong)


def test_lines_of_before_do_not_matter() -> None:
    report = sold(("email", "orders", BAD))
    moved = [replace(each, location=None, message="said otherwise") for each in report.findings]
    assert {each.state for each in compared(report, moved, "main").findings} == {"unchanged"}
