"""A finding is waived only where a waiver in force shelters each pair at fault; the verdict stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from privacy_rules.checking.judgements import Judgement
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Waiver
from tests.unit.findings.building import DAY, joined, judgement, of, reported, rule, shop, waiver

BAD, OPEN = Verdict.VIOLATION, Verdict.UNDETERMINED
RULE = rule()


def sold(*pairs: tuple[str | None, str | None, Verdict]) -> Judgement:
    return judgement(RULE, Kind.FLOW, "crm-to-broker", *(pairs or (("email", "orders", BAD),)))


def finding(found: Judgement, *waivers: Waiver, day: date = DAY) -> Finding:
    return reported(found, estate=shop().build(*waivers), day=day).findings[0]


def test_a_waiver_in_force_waives_and_leaves_the_verdict() -> None:
    found = finding(sold(), waiver())
    assert (found.waived, found.verdict, found.waiver) == (True, BAD, waiver())
    assert [part.waived for part in found.judged] == [True]


def test_an_undetermined_finding_can_be_waived() -> None:
    assert finding(sold(("email", None, OPEN)), waiver()).waived


@pytest.mark.parametrize("other", [{"rule": "q"}, {"subject": "signup"}])
def test_a_waiver_of_another_rule_or_subject_covers_nothing(other: dict[str, str]) -> None:
    found = finding(sold(), waiver(**other))
    assert (found.waived, found.waiver, found.judged[0].waived) == (False, None, False)


def test_a_waiver_no_longer_covers_on_its_last_day() -> None:
    assert finding(sold(), waiver(until=DAY + timedelta(1))).waived
    assert not finding(sold(), waiver(until=DAY)).waived


def test_a_waiver_covers_from_its_first_day_on() -> None:
    assert finding(sold(), waiver(from_=DAY)).waived
    assert not finding(sold(), waiver(from_=DAY + timedelta(1))).waived


def test_a_waiver_limited_to_data_leaves_the_rest_at_fault() -> None:
    found = finding(sold(("email", None, BAD), ("card", None, BAD)), waiver(data=("email",)))
    assert not found.waived
    assert [(part.data, part.waived) for part in found.judged] == [("email", True), ("card", False)]


def test_a_waiver_limited_to_a_category_covers_what_is_below_it() -> None:
    assert finding(sold(("email", None, BAD), ("name", None, BAD)), waiver(data=("contact",))).waived


def test_a_waiver_limited_to_a_narrower_category_does_not_cover_the_broader() -> None:
    assert not finding(sold(("contact", None, BAD)), waiver(data=("email",))).waived


def test_a_category_that_no_policy_declares_is_sheltered_under_its_own_name_alone() -> None:
    assert finding(sold(("strange", None, BAD)), waiver(data=("strange",))).waived
    assert not finding(sold(("strange", None, BAD)), waiver(data=("contact",))).waived
    assert not finding(sold(("email", None, BAD)), waiver(data=("strange",))).waived


def test_an_unknown_category_is_sheltered_only_without_a_limit() -> None:
    unknown = sold((None, None, OPEN))
    assert finding(unknown, waiver()).waived
    assert not finding(unknown, waiver(data=("contact",))).waived


def test_a_joined_pair_needs_both_of_its_categories_sheltered() -> None:
    made = joined(rule(subject=of(Kind.JOINING)), "crm", ("card", "email"))
    assert not finding(made, waiver(subject="crm", data=("email",))).waived
    assert finding(made, waiver(subject="crm", data=("email", "card"))).waived


def test_two_waivers_can_cover_a_finding_together_and_the_first_to_end_is_shown() -> None:
    email = waiver(data=("email",), until=date(2027, 3, 1))
    card = waiver(data=("card",), until=date(2027, 2, 1))
    assert finding(sold(("email", None, BAD), ("card", None, BAD)), email, card).waiver == card


def test_of_two_waivers_for_one_pair_the_longer_counts() -> None:
    short, long = waiver(until=date(2026, 12, 1)), waiver(until=date(2027, 12, 1))
    assert finding(sold(), short, long).waiver == long


def test_an_id_of_two_kinds_is_waived_for_both() -> None:
    system = judgement(rule(subject=of(Kind.SYSTEM)), Kind.SYSTEM, "crm")
    storage = judgement(rule(subject=of(Kind.STORAGE)), Kind.STORAGE, "crm", ("email", None, BAD))
    assert all(finding(each, waiver(subject="crm")).waived for each in (system, storage))
