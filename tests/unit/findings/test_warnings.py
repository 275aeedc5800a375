"""Warnings tell what a clean result could hide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from privacy_rules.checking.judgements import Judgement
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.report import Report
from privacy_rules.findings.waivers import Limits
from privacy_rules.language.conditions import rule_conditions
from privacy_rules.language.declarations import Mention
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.findings.building import (
    DAY,
    MANIFEST_FILE,
    EstateBuilder,
    at,
    both,
    counted,
    flagged,
    judgement,
    of,
    reported,
    rule,
    shop,
    under_contract,
    waiver,
)

RULE = rule(name_span=at(3, column=6))
SOLD = judgement(RULE, Kind.FLOW, "crm-to-broker", ("email", None, Verdict.VIOLATION))


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [(each.code, each.message, each.help) for each in report.warnings]


def codes_of(report: Report) -> list[str]:
    return [each.code for each in report.warnings]


def sold_with(*waivers: object, **more: object) -> Report:
    found: tuple[Judgement, ...] = more.pop("judgements", (SOLD,))  # type: ignore[assignment]
    return reported(*found, estate=shop().build(*waivers), rules=(RULE,), **more)  # type: ignore[arg-type]


def test_a_check_with_nothing_odd_has_no_warnings() -> None:
    assert sold_with(waiver()).warnings == ()


def test_an_id_that_only_the_policy_has_is_named_with_the_nearest() -> None:
    mentions = (Mention(Entity.PARTY, "acmee", at(9, column=31)), Mention(Entity.SYSTEM, "crm", at(9)))
    (found,) = sold_with(mentions=mentions).warnings
    assert (found.code, found.message) == ("W301", "party `acmee` is not in this manifest")
    assert (found.help, found.span, found.level) == ("did you mean `acme`?", at(9, column=31), Level.WARNING)


def test_an_expired_waiver_is_reported_with_its_end() -> None:
    (found,) = sold_with(waiver(until=DAY)).warnings
    assert found.code == "W302"
    assert found.message == "the waiver of `r` for `crm-to-broker` expired on 2026-11-01"
    assert found.span == at(20, MANIFEST_FILE, 5)


def test_a_waiver_that_begins_after_the_day_is_reported_with_its_first_day() -> None:
    (found,) = sold_with(waiver(from_=DAY + timedelta(days=1), until=DAY + timedelta(days=30))).warnings
    assert found.code == "W314"
    assert (
        found.message
        == "the waiver of `r` for `crm-to-broker` starts only on 2026-11-02: it has no effect on 2026-11-01"
    )
    assert found.span == at(20, MANIFEST_FILE, 5)
    assert codes_of(sold_with(waiver(from_=DAY, until=DAY + timedelta(days=30)))) == []


def test_a_waiver_of_an_unknown_rule_matches_nothing() -> None:
    selling = rule("no_selling")
    (found,) = told(reported(estate=shop().build(waiver(rule="no_seling")), rules=(selling,)))
    assert found == (
        "W303",
        "the waiver of `no_seling` for `crm-to-broker` matches nothing: the policy has no such rule",
        "did you mean `no_selling`?",
    )


def test_an_expired_waiver_of_an_unknown_rule_gets_both_warnings() -> None:
    assert codes_of(sold_with(waiver(rule="q", until=DAY))) == ["W302", "W303"]


def test_a_waiver_of_a_subject_that_is_not_there_names_the_nearest() -> None:
    (near,) = told(sold_with(waiver(subject="crm-to-brokre")))
    assert near[2] == "did you mean `crm-to-broker`?"
    (far,) = told(sold_with(waiver(subject="something-else")))
    assert far == (
        "W303",
        "the waiver of `r` for `something-else` matches no finding",
        "this manifest has no `something-else`",
    )


def test_a_waiver_of_what_is_fixed_is_to_be_removed() -> None:
    (found,) = told(sold_with(waiver(), judgements=()))
    assert found[2] == "remove it if what it waived has been fixed"


def test_a_waiver_limited_to_other_data_matches_nothing() -> None:
    assert codes_of(sold_with(waiver(data=("card",)))) == ["W303"]


def test_a_waiver_that_has_not_begun_need_not_match_yet() -> None:
    assert codes_of(sold_with(waiver(from_=DAY + timedelta(1)), judgements=())) == ["W314"]


def test_a_waiver_of_a_rule_that_was_left_out_is_left_alone() -> None:
    other = rule("other")
    left_out = {"rules": (RULE, other), "counts": (counted(other),)}
    assert codes_of(reported(estate=shop().build(waiver()), selected=["other"], **left_out)) == []
    assert codes_of(reported(estate=shop().build(waiver()), selected=["r"], **left_out)) == ["W303"]


def test_a_rule_that_applies_to_nothing_is_named() -> None:
    nothing_there = counted(rule(subject=of(Kind.JOINING)), subjects=0, applies=0)
    out_of_scope = counted(RULE, subjects=31, applies=0)
    assert told(sold_with(counts=(nothing_there,)))[0][:2] == (
        "W304",
        "rule `r` applies to nothing: no joining is declared",
    )
    (found,) = sold_with(counts=(out_of_scope,)).warnings
    assert found.message == "rule `r` applies to nothing: none of the 31 flows is in its scope"
    assert found.span == at(3, column=6)
    (alone,) = sold_with(counts=(counted(RULE, subjects=1, applies=0),)).warnings
    assert alone.message == "rule `r` applies to nothing: the one flow is not in its scope"


def test_a_rule_that_may_apply_to_nothing_is_not_named() -> None:
    accepted = Limits(idle_rules=frozenset({"r"}))
    assert codes_of(reported(rules=(RULE,), counts=(counted(RULE, applies=0),))) == ["W304"]
    assert codes_of(reported(rules=(RULE,), counts=(counted(RULE, applies=0),), limits=accepted)) == []


def test_a_permit_and_a_rule_that_is_not_in_force_need_not_speak() -> None:
    permit = counted(rule("p", "permit"), applies=0)
    later = counted(rule("later", applies_from=DAY + timedelta(1)), applies=0)
    assert codes_of(sold_with(counts=(permit, later, counted(RULE)))) == []


def test_a_policy_of_which_nothing_is_in_force_is_reported() -> None:
    over = rule(applies_until=DAY)
    (found,) = reported(rules=(over,), counts=()).warnings
    assert (found.code, found.message, found.span) == (
        "W305",
        "no rule is in force on 2026-11-01: nothing was judged",
        at(1),
    )
    (headless,) = reported(rules=(over,), counts=(), headers=()).warnings
    assert headless.span == over.span
    assert reported(rules=(), counts=()).warnings == ()


def nobody(*, contract: bool = False) -> EstateBuilder:
    estate = EstateBuilder().add(Entity.PARTY, "mailer", role=("marketer",)).add(Entity.SYSTEM, "s", party="mailer")
    estate.add(Entity.FLOW, "f", from_="s", to="s")
    return estate.add(Entity.CONTRACT, "terms", with_="mailer") if contract else estate


def test_a_contract_with_us_wants_somebody_who_is_us() -> None:
    (found,) = reported(estate=nobody(contract=True).build(), rules=(RULE,)).warnings
    assert (found.code, found.message) == ("W306", "no party is or may be `us`")
    assert found.span is not None
    assert found.span.file == MANIFEST_FILE


def test_a_condition_that_appears_twice_is_looked_at_once() -> None:
    shared = flagged()
    assert list(rule_conditions(rule(when=both(shared, shared), unless=shared))).count(shared) == 1


def test_a_rule_that_asks_for_contracts_wants_somebody_who_is_us() -> None:
    asking = rule(when=under_contract())
    (found,) = reported(estate=nobody().build(), rules=(asking,)).warnings
    assert (found.code, found.span) == ("W306", asking.span)
    assert reported(estate=nobody().build(), rules=(RULE,)).warnings == ()


def test_a_party_that_may_be_us_is_enough() -> None:
    for role in (("organisation",), None, ("marketer", "us")):
        estate = nobody(contract=True).add(Entity.PARTY, "other", **({"role": role} if role else {}))
        assert reported(estate=estate.build(), rules=(RULE,)).warnings == ()


def test_parties_that_own_each_other_in_a_circle_are_named_once() -> None:
    estate = shop()
    for party, parent in {"a": "b", "b": "c", "c": "b", "d": "d", "e": "none", "f": "e"}.items():
        estate.add(Entity.PARTY, party, parent=parent)
    assert [words for _, words, _ in told(reported(estate=estate.build(), rules=(RULE,)))] == [
        "parties own each other in a circle: `b` and `c`",
        "party `d` owns itself",
    ]


def test_a_manifest_without_flows_is_judged_with_a_warning() -> None:
    (found,) = reported(estate=EstateBuilder().build(), rules=(RULE,)).warnings
    assert (found.code, found.message) == ("W307", "the manifest declares no flows")


def test_findings_without_reasons_are_counted() -> None:
    (found,) = sold_with(waiver(), judgements=(SOLD, replace(SOLD, subject="signup", explained=False))).warnings
    assert (found.code, found.message[:41]) == ("W308", "no reasons are given for 1 of 2 findings:")
    assert "privacy-rules explain" in str(found.help)


def test_warnings_of_earlier_stages_are_among_the_others() -> None:
    early = Diagnostic("W399", "something", at(1, "a"), level=Level.WARNING)
    assert sold_with(waiver(until=date(2026, 1, 1)), warnings=[early]).warnings[0] == early


def test_a_waiver_that_is_for_too_long_is_reported() -> None:
    long = waiver(until=DAY + timedelta(days=400))
    (found,) = sold_with(long).warnings
    assert (found.code, found.message) == (
        "W309",
        "the waiver of `r` for `crm-to-broker` is for 400 days, but at most 365 are allowed",
    )
    since = waiver(from_=DAY - timedelta(days=300), until=DAY + timedelta(days=66))
    assert codes_of(sold_with(since)) == ["W309"]
    assert codes_of(sold_with(waiver(until=DAY + timedelta(days=365)))) == []
    assert codes_of(sold_with(long, limits=Limits(most_days=400))) == []
    assert codes_of(sold_with(long, limits=Limits(most_days=None))) == []


def test_a_waiver_that_expires_soon_is_reported() -> None:
    soon = waiver(until=DAY + timedelta(days=14))
    (found,) = sold_with(soon).warnings
    assert (found.code, found.message) == (
        "W310",
        f"the waiver of `r` for `crm-to-broker` expires in 14 days, on {DAY + timedelta(days=14)}",
    )
    assert codes_of(sold_with(waiver(until=DAY + timedelta(days=15)))) == []
    assert "expires in 1 day," in sold_with(waiver(until=DAY + timedelta(days=1))).warnings[0].message
    assert codes_of(sold_with(soon, limits=Limits(soon_days=0))) == []


def test_a_waiver_that_is_not_in_force_is_neither_too_long_nor_expiring_soon() -> None:
    later = waiver(from_=DAY + timedelta(days=1), until=DAY + timedelta(days=900))
    assert codes_of(sold_with(later)) == ["W314"]


def test_a_waiver_that_ends_before_it_begins_is_reported_and_no_other_word_of_it() -> None:
    never = waiver(from_=DAY + timedelta(days=9), until=DAY + timedelta(days=9))
    (found,) = sold_with(never).warnings
    assert found.code == "W313"
    assert found.message == (
        f"the waiver of `r` for `crm-to-broker` is never in force: it is from {never.from_} until {never.until}"
    )
    past = waiver(from_=DAY - timedelta(days=9), until=DAY - timedelta(days=10))
    assert codes_of(sold_with(past)) == ["W313"]
    assert codes_of(sold_with(waiver(from_=DAY, until=DAY + timedelta(days=30)))) == []
