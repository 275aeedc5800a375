"""The origin of an item of `stores` or `carries`: what changes of its collections bring, and what asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

POLICY = """\
policy p { language "1.1" }
use std.core
data { email phone }
purpose { orders newsletter }
rule asked { require collected with (choice is opt_in) on disclosure of email }
rule kept { require collected with (choice is opt_in) on storage of email }
"""
ESTATE = """\
manifest: 1
policy: [p.privacy]
parties: {person: {role: data_subject}, acme: {role: us}, vendor: {role: service_provider}}
systems:
  app: {party: person, stores: []}
  crm: {party: acme, stores: [phone, STORED]}
  mailer: {party: vendor, stores: []}
flows:
  - {id: order, from: app, to: crm, carries: [email, phone], purposes: [orders], choice: none}
  - {id: sign-up, from: app, to: crm, carries: [email, phone], purposes: [newsletter], choice: opt_in}
  - {id: mailing, from: crm, to: mailer, carries: [phone, CARRIED], purposes: [newsletter]}
"""
OF = "{data: email, origin: %s}"


@pytest.fixture
def estate(here: Path) -> Path:
    write("p.privacy", POLICY)
    return declared("[sign-up]", "[sign-up]")


def declared(stored: str, carried: str) -> Path:
    return write("estate.yaml", ESTATE.replace("STORED", OF % stored).replace("CARRIED", OF % carried))


def comes(call: Call, *changes: str) -> set[tuple[str, str]]:
    (scenario,) = json.loads(call("what-if", "estate.yaml", *changes, "--format", "json").out)["scenarios"]
    return {(each["rule"], each["subject"]["id"]) for each in scenario["comes"]}


@pytest.mark.usefixtures("estate")
def test_a_change_of_a_collection_reaches_the_items_that_name_it(call: Call) -> None:
    assert json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"] == []
    assert comes(call, "--set", "flow:sign-up.choice=none") == {("asked", "mailing"), ("kept", "crm")}
    assert comes(call, "--set", "flow:order.choice=opt_in") == set()


@pytest.mark.usefixtures("estate")
def test_a_removed_collection_is_no_longer_named_and_that_is_told(call: Call) -> None:
    done = call("what-if", "estate.yaml", "--remove", "flow:sign-up")
    assert "`sign-up` in `origin` of email in `stores` of system crm" in done.out
    assert "`sign-up` in `origin` of email in `carries` of flow mailing" in done.out
    patch = call("what-if", "estate.yaml", "--remove", "flow:sign-up", "--patch", "-").out
    added = [each for each in patch.splitlines() if each.startswith("+ ")]
    assert added
    assert not any("origin" in each for each in added)


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize(
    "change",
    [
        "system:crm.stores=[{data: email, origin: [nowhere]}]",
        "flow:mailing.carries=[phone, {data: email, origin: [nowhere]}]",
    ],
)
def test_a_change_that_names_an_unknown_collection_is_an_error(call: Call, change: str) -> None:
    done = call("what-if", "estate.yaml", "--set", change)
    assert done.code == 2
    assert "error[E205]: no flow `nowhere` is declared" in done.err


@pytest.mark.usefixtures("estate")
def test_an_unknown_origin_is_asked_for_by_findings_explanations_and_questions(call: Call) -> None:
    declared("null", "null")
    which = "which of `order` and `sign-up` it draws on"
    for rule, subject, item in (
        ("asked", "mailing", "`origin` of email in `carries` on flow mailing"),
        ("kept", "crm", "`origin` of email in `stores` on system crm"),
    ):
        assert f"missing  declare {item}: {which}\n" in call("check", "estate.yaml").out
        assert f"declare {item}: {which}\n" in call("explain", rule, subject, "--manifest", "estate.yaml").out
        question = f"{item.replace(' on ', ' of ')} is for example (sign-up)"
        assert question in call("repair", "estate.yaml", "--fail-on", "undetermined").out
