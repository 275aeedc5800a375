"""A change set is read in a manifest's own words, and applied in order: what goes, what is set, what is new."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import Estate
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.yaml_reader import read_yaml
from privacy_rules.simulation.change_set import changes_from_data, read_changes
from privacy_rules.simulation.overlay import ChangedEstate, apply
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.attributes import Entity
from tests.builders import estate_of, policy_of
from tests.unit.checking.judging import WORDS

POLICY = policy_of(WORDS + "rule no_sale { forbid flow when exchange is sale }")
BASE: dict[str, Any] = {
    "defaults": {"flow": {"exchange": "none"}},
    "parties": {
        "us": {"role": "us"},
        "visitor": {"role": "data_subject"},
        "mailer": {"role": "marketer", "parent": "us"},
        "branch": {"role": "marketer", "parent": "mailer"},
    },
    "contracts": {
        "terms": {"with": "mailer", "covers": {"data": ["email"], "purposes": []}},
        "others": {"between": ["us", "branch"]},
    },
    "systems": {
        "browser": {"party": "visitor"},
        "crm": {"party": "us", "stores": ["email"]},
        "post": {"party": "mailer"},
    },
    "flows": [
        {"id": "form", "from": "browser", "to": "crm", "carries": ["email"], "necessary": True},
        {"id": "list", "from": "crm", "to": "post", "carries": ["email"], "origin": ["form"], "exchange": "sale"},
    ],
    "waivers": [
        {"rule": "no_sale", "subject": "list", "until": "2027-01-01", "reason": "known", "approved_by": "desk"},
        {"rule": "no_sale", "subject": "form", "until": "2027-01-01", "reason": "known", "approved_by": "desk"},
    ],
}


def estate(**more: Any) -> Estate:
    return estate_of({**BASE, **more}, POLICY)


def done(*changes: Any) -> ChangedEstate:
    read, wrong = changes_from_data(changes, POLICY)
    assert read is not None, wrong
    outcome, wrong = apply(estate(), POLICY, read)
    assert outcome is not None, wrong
    return outcome


def wrong(text: str) -> list[tuple[str, str, str | None]]:
    """Place, message and help of all that is wrong with a change set in a file, read and (where it can be) applied."""
    found = _diagnostics(text)
    return [(f"{each.span.line}:{each.span.column}" if each.span else "", each.message, each.help) for each in found]


def _diagnostics(text: str) -> tuple[Diagnostic, ...]:
    content, places = read_yaml(text, 10_000)
    sink = DiagnosticSink(Document("changes.yaml", text, places), Suggestions())
    changes = read_changes(content.data, (), Lexicon(POLICY), sink)
    if sink.found:
        return tuple(sink.found)
    outcome, found = apply(estate(), POLICY, changes)
    assert (outcome is None) == bool(found)
    return found


def test_what_is_set_has_the_new_value_and_the_rest_stays() -> None:
    made = done({"set": {"flow": "form", "exchange": "sale", "notice": True}}).estate.flows["form"]
    assert made.declared == {
        "from": "browser",
        "to": "crm",
        "carries": ("email",),
        "necessary": True,
        "exchange": "sale",
        "notice": True,
    }
    assert made.defaults == {"exchange": "none"}


def test_null_makes_unknown_and_unset_makes_undeclared() -> None:
    made = done({"set": {"flow": "list", "carries": None, "unset": ["exchange", "origin"]}}).estate.flows["list"]
    assert made.declared["carries"] is None
    assert not {"exchange", "origin"} & set(made.declared)


def test_a_system_is_meant_where_a_system_and_its_party_are_named() -> None:
    made = done({"set": {"party": "us", "system": "post"}}).estate
    assert made.systems["post"].declared["party"] == "us"


def test_what_a_contract_covers_is_set_as_a_whole() -> None:
    made = done({"set": {"contract": "terms", "covers": {"data": ["phone"]}}}).estate.contracts["terms"]
    assert made.declared == {"with": "mailer", "covers.data": ("phone",)}
    unknown = done({"set": {"contract": "terms", "covers": None}}).estate.contracts["terms"]
    assert unknown.declared == {"with": "mailer", "covers.data": None, "covers.purposes": None}
    assert done({"set": {"contract": "terms", "unset": ["covers"]}}).estate.contracts["terms"].declared == {
        "with": "mailer"
    }


def test_a_part_of_what_a_contract_covers_is_set_and_unset_and_leaves_the_other() -> None:
    made = done({"set": {"contract": "terms", "covers.purposes": ["delivery"]}}).estate.contracts["terms"]
    assert made.declared == {"with": "mailer", "covers.data": ("email",), "covers.purposes": ("delivery",)}
    less = done({"set": {"contract": "terms", "unset": ["covers.purposes"]}}).estate.contracts["terms"]
    assert less.declared == {"with": "mailer", "covers.data": ("email",)}


def test_what_is_covered_is_not_set_as_a_whole_and_in_part_at_once() -> None:
    _, found = changes_from_data([{"set": {"contract": "terms", "covers": {}, "covers.data": ["email"]}}], POLICY)
    assert [(each.code, each.message) for each in found] == [
        ("E208", "`[0].set.covers.data`: `covers` and its part `covers.data` are both set")
    ]


def test_a_contract_may_turn_from_one_form_to_the_other() -> None:
    change = {"set": {"contract": "terms", "unset": ["with"], "between": ["mailer", "branch"]}}
    assert done(change).estate.contracts["terms"].declared["between"] == ("branch", "mailer")


@pytest.mark.parametrize("name", [None, "organisation"])
def test_the_organisation_is_set_with_or_without_its_name(name: str | None) -> None:
    made = done({"set": {"organisation": name, "trains_employees": False}}).estate.organisation
    assert made.declared == {"trains_employees": False}


def test_what_is_added_is_there_without_defaults_of_a_file() -> None:
    made = done(
        {"add": {"flow": {"id": "new", "from": "crm", "to": "shop", "carries": ["phone"]}}},
        {"add": {"system": {"id": "shop", "party": "branch"}}},
        {"add": {"party": {"id": "other"}}},
        {"add": {"contract": {"id": "deal", "between": ["other", "us"]}}},
        {"add": {"waiver": {**BASE["waivers"][0], "subject": "new"}}},
    ).estate
    assert made.flows["new"].defaults == {}
    assert made.flows["new"].declared == {"from": "crm", "to": "shop", "carries": ("phone",)}
    assert made.systems["shop"].declared == {"party": "branch"}
    assert made.parties["other"].declared == {}
    assert made.contracts["deal"].declared == {"between": ("other", "us")}
    assert [each.subject for each in made.waivers] == ["list", "form", "new"]


def test_the_day_is_set() -> None:
    assert done({"as_of": "2027-06-01"}).estate.as_of == date(2027, 6, 1)


def test_a_party_takes_its_systems_contracts_and_flows_with_it() -> None:
    outcome = done({"remove": {"party": "mailer"}})
    made = outcome.estate
    assert (set(made.systems), set(made.flows), set(made.contracts)) == ({"browser", "crm"}, {"form"}, {"others"})
    assert "parent" not in made.parties["branch"].declared
    assert [each.subject for each in made.waivers] == ["form"]
    assert outcome.removed_along == (
        "contract terms",
        "system post",
        "flow list",
        "`parent` of party branch",
        "the waiver of no_sale for list",
    )


def test_a_flow_takes_its_mentions_with_it() -> None:
    outcome = done({"remove": {"flow": "form"}})
    assert "origin" not in outcome.estate.flows["list"].declared
    assert outcome.removed_along == ("`form` in `origin` of flow list", "the waiver of no_sale for form")


def test_a_mention_in_a_files_defaults_goes_too() -> None:
    found = estate(defaults={"flow": {"origin": ["form"]}})
    changes, _ = changes_from_data([{"remove": {"flow": "form"}}], POLICY)
    assert changes is not None
    outcome, told = apply(found, POLICY, changes)
    assert outcome is not None, told
    assert outcome.estate.flows["list"].defaults == {}


def test_changes_are_made_in_order() -> None:
    outcome = done(
        {"remove": {"flow": "form"}},
        {"add": {"flow": {"id": "form", "from": "browser", "to": "post"}}},
        {"set": {"flow": "form", "choice": "opt_in"}},
        {"set": {"flow": "form", "choice": "opt_out"}},
    )
    assert outcome.estate.flows["form"].declared == {"from": "browser", "to": "post", "choice": "opt_out"}


def test_the_first_estate_stays_as_it_is() -> None:
    before = estate()
    changes, _ = changes_from_data([{"set": {"flow": "form", "exchange": "sale"}}, {"remove": {"party": "us"}}], POLICY)
    assert changes is not None
    apply(before, POLICY, changes)
    assert before == estate()


def test_what_was_set_has_its_place_in_the_change_set_and_the_rest_in_the_manifest() -> None:
    text = "- set: {flow: form, exchange: sale}\n- add:\n    party:\n      id: other\n      role: us\n"
    content, places = read_yaml(text, 1000)
    sink = DiagnosticSink(Document("changes.yaml", text, places), Suggestions())
    changes = read_changes(content.data, (), Lexicon(POLICY), sink)
    outcome, _ = apply(_from_file(), POLICY, changes)
    assert outcome is not None
    flow, party = outcome.estate.flows["form"], outcome.estate.parties["other"]
    assert str(flow.location("exchange")) == "changes.yaml:1:31"
    assert str(flow.location("carries")) == "base.yaml:6:49"
    assert str(flow.location("choice")) == "base.yaml:2:27"
    assert str(flow.location()) == "base.yaml:6:5"
    assert str(party.location()) == "changes.yaml:4:11"
    assert str(party.location("role")) == "changes.yaml:5:13"


def _from_file() -> Estate:
    from pathlib import Path

    from privacy_rules import engine
    from privacy_rules.manifest.loader import read

    text = (
        "manifest: 1\n"
        "defaults: {flow: {choice: none}}\n"
        "parties: {us: {}}\n"
        "systems: {browser: {}, crm: {}}\n"
        "flows:\n"
        "  - {id: form, from: browser, to: crm, carries: [email]}\n"
    )
    path = Path("base.yaml")
    documents, _ = read([path], texts={path.resolve(): text.encode()})
    assert documents is not None
    found, told = engine.hold(documents, POLICY)
    assert found is not None, told
    return found


@pytest.mark.parametrize(
    ("text", "place", "message", "help_"),
    [
        (
            "remove: {flow: x}",
            "1:1",
            "expected a list of changes, found a map",
            "write `- set: {flow: …, …}`, a line for each change",
        ),
        ("- drop: {flow: form}", "1:3", "unknown key `drop`", "known keys: `remove`, `set`, `add`, `as_of`"),
        (
            "- {remove: {flow: form}, as_of: 2026-01-01}",
            "1:3",
            "a change needs exactly one of `remove`, `set`, `add` or `as_of`, found `remove` and `as_of`",
            None,
        ),
        ("- remove: {flow: lst}", "1:18", "no flow `lst` is declared", "did you mean `list`?"),
        ("- remove: {sytem: crm}", "1:12", "unknown key `sytem`", "did you mean `system`?"),
        ("- set: {flow: fom, notice: yes}", "1:15", "no flow `fom` is declared", "did you mean `form`?"),
        ("- set: {flow: form, exchnge: sale}", "1:21", "unknown key `exchnge`", "did you mean `exchange`?"),
        ("- set: {flow: form, exchange: sael}", "1:31", "unknown exchange `sael`", "did you mean `sale`?"),
        (
            "- set: {flow: form}",
            "1:8",
            "this does not set anything",
            "say what of the flow changes, such as `{flow: …, owner: …}`",
        ),
        (
            "- set: {exchange: sale}",
            "1:8",
            "`set` needs exactly one of `party`, `contract`, `system`, `flow`, `organisation`, found none",
            "set one party, contract, system or flow in each change",
        ),
        (
            "- set: {flow: form, party: us}",
            "1:8",
            "`set` needs exactly one of `party`, `contract`, `system`, `flow`, `organisation`, found `flow` and `party`",
            "set one party, contract, system or flow in each change",
        ),
        (
            "- set: {flow: form, unset: [exchange]}",
            "1:29",
            "`exchange` of flow `form` is not declared",
            "`defaults` give it; set it to null to make it unknown",
        ),
        ("- set: {flow: form, unset: [retention]}", "1:29", "`retention` of flow `form` is not declared", None),
        ("- set: {flow: form, unset: [notise]}", "1:29", "a flow has no attribute `notise`", "did you mean `notice`?"),
        ("- set: {flow: form, notice: yes, unset: [notice]}", "1:42", "`notice` is both set and unset", None),
        ("- set: {flow: form, to: brwser}", "1:25", "no system `brwser` is declared", "did you mean `browser`?"),
        ("- set: {flow: form, to: null}", "1:8", "`to` cannot be null", None),
        ("- set: {flow: form, unset: [from]}", "1:8", "flow `form` has no `from`", None),
        (
            "- set: {contract: terms, between: [us, mailer]}",
            "1:8",
            "contract `terms` has both `with` and `between`",
            "give exactly one: `with` names the other party, `between` names two or more; `unset` removes one that is set",
        ),
        (
            "- set: {contract: others, between: [us]}",
            "1:8",
            "contract `others` is between fewer than two parties",
            "name two different parties or more",
        ),
        (
            "- set: {organisation: shop, trains_employees: yes}",
            "1:23",
            "expected `organisation`, found `shop`",
            "there is one: write `{organisation: organisation, …}`",
        ),
        (
            "- add: {flow: {from: crm, to: post}}",
            "1:15",
            "a flow has no `id`",
            "a short name that will not change, such as `id: sign-up`",
        ),
        (
            "- add: {flow: {id: form, from: crm, to: post}}",
            "1:20",
            "flow `form` already exists",
            "`set` changes what exists",
        ),
        ("- add: {flow: {id: x, from: crm, to: pots}}", "1:38", "no system `pots` is declared", "did you mean `post`?"),
        (
            "- add: {flow: {id: x, from: crm, to: post, origin: [form, forn]}}",
            "1:59",
            "no flow `forn` is declared",
            "did you mean `form`?",
        ),
        ("- add: {party: {id: x, rle: us}}", "1:24", "unknown key `rle`", "did you mean `role`?"),
        ("- add: {system: x}", "1:17", "expected a system, found `x`", "write `{system: {id: …, …}}`"),
        (
            "- add: {waiver: {rule: no_sale}}",
            "1:17",
            "a waiver has no `subject`",
            "the id that the finding shows, such as `subject: sign-up`",
        ),
        ("- as_of: soon", "1:10", "expected a date, found `soon`", "write a day of the calendar, such as `2026-11-01`"),
    ],
)
def test_an_error_has_its_place_and_the_way_out(text: str, place: str, message: str, help_: str | None) -> None:
    assert wrong(text)[0] == (place, message, help_)


def test_a_reference_that_a_later_change_sets_anew_is_no_error() -> None:
    assert wrong("- set: {flow: form, to: nowhere}\n- set: {flow: form, to: post}") == []


def test_something_new_of_the_same_id_may_be_of_another_kind() -> None:
    assert set(done({"add": {"system": {"id": "form"}}}).estate.records(Entity.SYSTEM)) >= {"form"}
