"""A check warns if a comparison of lengths mixes periods that start with different events."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules import engine
from tests.builders import write

STARTS = "require retention <= 2 years on storage of contact"
PAIR = "require recipient.retention <= source.retention on flow of contact"
CRM = "{party: acme, stores: [email], retention: 1 year, retention_from: last_use}"
LATER = "{party: vendor, stores: [email], retention: 6 months, retention_from: account_closed}"


def told(folder: Path, rule: str, *systems: str, more: str = "") -> list[str]:
    """The messages of the warnings; of two systems the first sends an address to the second."""
    terms = "data { contact { email  phone }  card }\npurpose { orders }\ntrigger { account_closed { closed_by_us } }"
    write(folder / "p.privacy", f"use std.core\n{terms}\nrule r {{ {rule} }}\n")
    listed = "".join(f"  {name}: {each}\n" for name, each in zip("ab", systems, strict=False))
    flow = "flows: [{id: f, from: a, to: b, carries: [email], purposes: [orders]}]\n" if len(systems) > 1 else ""
    parties = "parties: {acme: {role: us}, vendor: {role: service_provider}}\n"
    write(folder / "m.yaml", f"manifest: 1\n{parties}systems:\n{listed}{flow}{more}")
    inputs, wrong = engine.load([folder / "m.yaml"], [folder / "p.privacy"], root=folder)
    assert inputs is not None, wrong
    report, wrong = engine.check(inputs)
    assert report is not None, wrong
    return [each.message for each in report.warnings if each.code == "W329"]


def test_a_fixed_length_is_compared_with_periods_of_two_events(tmp_path: Path) -> None:
    (found,) = told(tmp_path, STARTS, CRM, LATER)
    assert found == (
        "rule `r` compares periods that start with different events: `last_use` in `a` and `account_closed` in `b`"
    )


def test_two_periods_of_one_flow_start_with_two_events(tmp_path: Path) -> None:
    (found,) = told(tmp_path, PAIR, CRM, LATER)
    assert found == "rule `r` compares periods that start with different events: `account_closed` and `last_use` in `f`"


def test_two_items_of_one_system_start_with_two_events(tmp_path: Path) -> None:
    items = "{party: acme, retention: 1 year, retention_from: last_use, stores: [email, {data: phone, retention_from: request}]}"
    (found,) = told(tmp_path, STARTS, items)
    assert found.endswith("`last_use` and `request` in `a`")


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        (STARTS, LATER.replace("[email]", "[card]")),  # not in the rule's scope
        (f"{STARTS} when kind is office", LATER.replace("stores", "kind: saas, stores")),  # not meant by its `when`
        (STARTS, LATER.replace("account_closed", "last_use")),
        (STARTS, LATER.replace("6 months", "unlimited")),  # too long, whatever it starts with
        (STARTS, "{party: vendor, stores: [email], retention_from: request}"),  # no length to compare
        (STARTS, "{party: vendor, stores: [email], retention: 1 year}"),  # nobody says what it starts with
        (STARTS.replace("on storage", "and retention_from is declared on storage"), LATER),  # the rule asks
        (STARTS.replace("<= 2 years", "!= unlimited"), LATER),
        (PAIR, LATER.replace("account_closed", "last_use")),
        (f"{PAIR} when recipient.retention_from = source.retention_from", LATER),
        ("require retention <= 2 years on flow", LATER),  # the flow's own
    ],
)
def test_periods_that_are_not_mixed(tmp_path: Path, rule: str, other: str) -> None:
    assert told(tmp_path, rule, CRM, other) == []


def test_events_that_may_be_one_are_not_told_apart(tmp_path: Path) -> None:
    broad, narrow = CRM.replace("last_use", "account_closed"), LATER.replace("account_closed", "closed_by_us")
    assert told(tmp_path, STARTS, broad, narrow) == []
    assert told(tmp_path, PAIR, broad, narrow) == []


def test_what_a_when_compares_is_mixed_though_it_does_not_hold(tmp_path: Path) -> None:
    assert len(told(tmp_path, "forbid storage of contact when retention > 2 years", CRM, LATER)) == 1


def test_defaults_and_items_alone_say_what_periods_start_with(tmp_path: Path) -> None:
    silent = "{party: acme, stores: [email], retention: 1 year}"
    item = "{party: acme, retention: 1 year, stores: [{data: email, retention_from: request}]}"
    assert len(told(tmp_path, STARTS, silent, item, more="defaults: {system: {retention_from: last_use}}\n")) == 1


def test_flows_say_what_periods_start_with(tmp_path: Path) -> None:
    said = "defaults: {flow: {retention: 1 year, retention_from: request}}\n"
    rule = "require retention <= recipient.retention on flow"
    (found,) = told(tmp_path, rule, "{party: acme}", LATER, more=said)
    assert found.endswith("`request` and `account_closed` in `f`")
