"""A forecast finds what a check of each day finds, and judges only what a date touches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from privacy_rules.checking.checker import judge
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.findings.report import report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.forecast import events_of, forecast
from tests.builders import estate_of, policy_of

START = date(2026, 1, 1)
POLICY = """
use std.core
data { contact { email phone } card  card in contact from 2026-01-10 until 2026-01-18, contact from 2026-01-22 }
purpose { orders newsletter }
role { marketer in service_provider from 2026-01-07 }
attribute tier on contract: number default 1
attribute seen on system: date
attribute due on contract: date default 2026-01-15
define bound as under contract (tier > 1)
rule ends { require under contract (covers data) on disclosure }
rule source { forbid flow of contact when source under contract and not bound }
rule recipient { require recipient under contract (tier > 1 and covers data) on flow to outside }
rule stored { forbid storage of contact at outside when not under contract }
rule system { forbid system at (marketer, service_provider) when not under contract }
rule party { forbid party when not under contract (tier > 1) unless reached by contact from data_subject }
rule path { forbid system at outside when reached by contact from data_subject and not bound }
rule collected { require collected with (notice or under contract) on flow of contact to outside }
rule recent { require seen >= today - 1 week on system }
rule behind { forbid system when reached by contact from (seen < today - 10 days and seen != today) }
rule ending { require under contract (until > today + 3 days or due = today) on flow }
rule gathered { require collected with (source.seen <= today) on storage of contact }
rule dated { applies from 2026-01-09 until 2026-01-20 require exchange is sale on flow of card }
rule lifts { applies from 2026-01-05 until 2026-01-25 permit disclosure of email when exchange is sale despite ends }
rule frees { applies from 2026-01-12 permit flow when under contract (tier > 2) despite dated, source }
"""
ROLES = ["us", "data_subject", "service_provider", "marketer", ["marketer", "us"], None]


def day(dice: Random) -> str | None:
    return dice.choice([None, str(START + timedelta(days=dice.randint(-2, 30)))])


def some(dice: Random, **fields: Any) -> dict[str, Any]:
    """Fields of which each is left out now and then."""
    return {name: value for name, value in fields.items() if value is not None and dice.random() < 0.8}


def sample_estate(seed: int) -> Mapping[str, Any]:
    dice = Random(seed)
    parties, systems = [f"p{n}" for n in range(5)], [f"s{n}" for n in range(7)]
    data, purposes = ["email", "phone", "contact", "card"], ["orders", "newsletter"]
    contracts = {}
    for number in range(6):
        ends = {"with": dice.choice(parties)} if dice.random() < 0.5 else {"between": dice.sample(parties, 3)}
        told = {"covers": {"data": dice.sample(data, 2), "purposes": purposes}, "tier": dice.randint(1, 3)}
        contracts[f"c{number}"] = ends | some(dice, **told, **{"from": day(dice), "until": day(dice)})
    flows = [
        {"id": f"f{number}", "from": dice.choice(systems), "to": dice.choice(systems)}
        | some(
            dice,
            carries=dice.sample(data, 2),
            purposes=dice.sample(purposes, 1),
            exchange=dice.choice(["sale", "none"]),
            notice=dice.choice([True, False]),
        )
        for number in range(14)
    ]
    waivers = [
        {"rule": rule, "subject": subject, "reason": "r", "approved_by": "a", "from": str(START), "until": str(until)}
        for rule, subject in (("ends", "f1"), ("path", "s3"), ("dated", "f2"), ("source", "f3"), ("lifts", "f1"))
        for until in [START + timedelta(days=dice.randint(1, 30))]
    ]
    return {
        "manifest": 1,
        "parties": {each: some(dice, role=dice.choice(ROLES)) for each in parties},
        "systems": {
            each: some(dice, party=dice.choice(parties), stores=dice.sample(data, 2), seen=day(dice))
            for each in systems
        },
        "contracts": contracts,
        "flows": flows,
        "waivers": waivers,
    }


def by_checks(policy: Policy, estate: Estate, until: date) -> Mapping[date, set[object]]:
    """What changes by day, as checks of all days have it."""
    graph, found, now = FlowGraph.of(estate, policy), {}, START

    def state() -> Mapping[object, object]:
        told = report(policy, estate, judge(policy, graph, now, most_explained=0), now).findings
        return {(each.rule, each.subject): (each.verdict, each.judged, each.waived) for each in told}

    before = state()
    while now < until:
        now += timedelta(days=1)
        after = state()
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        found |= {now: changed} if changed else {}
        before = after
    return found


@pytest.mark.parametrize("seed", range(12))
def test_contracts_everywhere_in_a_policy(seed: int) -> None:
    policy, until = policy_of(POLICY), START + timedelta(days=32)
    estate = estate_of(sample_estate(seed), policy)
    told = forecast(policy, estate, START, until)
    assert {each.day: {change.key for change in each.finding_changes} for each in told} == by_checks(
        policy, estate, until
    )


def processors(count: int) -> Mapping[str, Any]:
    return {
        "manifest": 1,
        "parties": {"us": {"role": "us"}} | {f"p{n}": {"role": "service_provider"} for n in range(count)},
        "systems": {"s": {"party": "us"}} | {f"s{n}": {"party": f"p{n}"} for n in range(count)},
        "contracts": {f"c{n}": {"with": f"p{n}", "until": str(START + timedelta(days=n + 1))} for n in range(count)},
        "flows": [{"id": f"f{n}", "from": "s", "to": f"s{n}", "carries": ["email"]} for n in range(count)],
    }


def test_a_day_costs_what_it_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = judged_subjects(monkeypatch)
    policy = policy_of("use std.core data { email } purpose { orders } rule r { require under contract on disclosure }")
    estate = estate_of(processors(60), policy)
    found = forecast(policy, estate, START, date.max)
    assert [len(each.finding_changes) for each in found] == [1] * 60
    assert len(asked) == 60


def test_alike_subjects_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = "".join(f"rule r{n} {{ require under contract on disclosure }} " for n in range(20))
    dated = "".join(f"rule d{n} {{ applies from 2026-03-01 forbid disclosure when notice }} " for n in range(20))
    policy = policy_of(f"use std.core data {{ email }} purpose {{ orders }} {rules}{dated}")
    data = dict(processors(1))
    data["flows"] = [{"id": f"f{n}", "from": "s", "to": "s0", "carries": ["email"], "notice": True} for n in range(300)]
    asked = judged_subjects(monkeypatch)
    found = forecast(policy, estate_of(data, policy), START, date.max, most=0)
    assert [each.more for each in found] == [20 * 300]
    asked.clear()
    whole = forecast(policy, estate_of(data, policy), START, date.max)
    assert [len(each.finding_changes) for each in whole] == [20 * 300, 20 * 300]
    assert len(asked) <= 4 * (20 + 20)  # and not once for each of 300 flows


def test_a_compound_condition_on_many_alike_subjects_changes_with_the_day() -> None:
    rule = "rule r { require (under contract or odd) on disclosure }"
    policy = policy_of(
        f"use std.core data {{ email }} purpose {{ orders }} attribute odd on flow: flag default no {rule}"
    )
    data = dict(processors(1))
    data["flows"] = [{"id": f"f{n}", "from": "s", "to": "s0", "carries": ["email"]} for n in range(150)]
    found = forecast(policy, estate_of(data, policy), START, date.max)
    assert [len(each.finding_changes) for each in found] == [150]


def judged_subjects(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """A list that grows whenever a subject is judged by a rule."""
    asked: list[None] = []
    for name in ("verdict", "worst"):
        judge_one = getattr(Ruling, name)
        spied = lambda *given, judge_one=judge_one: (asked.append(None), judge_one(*given))[1]  # noqa: E731
        monkeypatch.setattr(Ruling, name, spied)
    return asked


def test_a_rule_that_no_date_touches_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ruling, "worst", lambda *_: pytest.fail("judged"))
    monkeypatch.setattr(Ruling, "verdict", lambda *_: pytest.fail("judged"))
    policy = policy_of("use std.core data { email } purpose { orders } rule r { forbid disclosure of email }")
    assert forecast(policy, estate_of(processors(3), policy), START, date.max) == ()


def test_a_forecast_ends_with_the_day_of_too_many_changes() -> None:
    policy = policy_of("use std.core data { email } purpose { orders } rule r { require under contract on disclosure }")
    data = dict(processors(4))
    data["contracts"] = {f"c{n}": {"with": f"p{n}", "until": f"2026-02-0{1 + n // 2}"} for n in range(4)}
    estate = estate_of(data, policy)
    whole = forecast(policy, estate, START, date.max)
    assert [(len(each.finding_changes), each.more) for each in whole] == [(2, 0), (2, 0)]
    assert forecast(policy, estate, START, date.max, most=4) == whole
    first, last = forecast(policy, estate, START, date.max, most=3)
    assert (first, last.day, last.finding_changes, last.more) == (
        whole[0],
        whole[1].day,
        whole[1].finding_changes[:1],
        1,
    )
    (only,) = forecast(policy, estate, START, date.max, most=1)
    assert (only.finding_changes, only.more) == (whole[0].finding_changes[:1], 1)


MONTHS_AWAY = [f"2026-{month:02}-{day}" for month, day in ((1, 28), (1, 31), (2, 28), (3, 30), (3, 31), (12, 31))]


@pytest.mark.parametrize("operator", ["<", "<=", "=", "!=", ">=", ">"])
@pytest.mark.parametrize("shift", ["", " - 1 month", " + 1 month", " - 2 weeks", " + 1 year", " - 1 day"])
def test_each_day_on_which_a_comparison_with_today_changes_is_found(operator: str, shift: str) -> None:
    policy = policy_of(f"attribute seen on system: date rule r {{ require seen {operator} today{shift} on system }}")
    systems = {f"s{number}": {"seen": seen} for number, seen in enumerate(MONTHS_AWAY)}
    estate, until = estate_of({"manifest": 1, "parties": {}, "systems": systems}, policy), date(2027, 3, 31)
    told = forecast(policy, estate, START, until)
    assert {each.day: {change.key for change in each.finding_changes} for each in told} == by_checks(
        policy, estate, until
    )
    assert all("`seen" in event.words for each in told for event in each.events)


def test_the_days_of_certificates_and_reviews_are_found() -> None:
    rules = "rule c { require party.certified_until > today on system }\nrule v { require reviewed_on >= today - 1 year on system }"
    policy = policy_of(f"use std.core\nuse std.obligations\n{rules}")
    host = {"role": "service_provider", "certified_until": "2026-06-30"}
    system = {"party": "host", "reviewed_on": "2025-05-01"}
    estate = estate_of({"manifest": 1, "parties": {"host": host}, "systems": {"s": system}}, policy)
    until = date(2026, 12, 31)
    found = {
        each.day: {change.key[0] for change in each.finding_changes} for each in forecast(policy, estate, START, until)
    }
    assert found == {date(2026, 5, 2): {"v"}, date(2026, 6, 30): {"c"}}


def test_the_samples_have_events_that_matter() -> None:
    policy = policy_of(POLICY)
    for seed in range(5):
        estate = estate_of(sample_estate(seed), policy)
        assert len(events_of(policy, estate)) > 5
        assert judge(policy, FlowGraph.of(estate, policy), START).judgements
