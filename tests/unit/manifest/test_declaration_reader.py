"""What a file declares: entities, defaults, contracts, the organisation, waivers."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.manifest.model import Record, Waiver
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.manifest.given import Desk


def at(record: Record, attribute: str | None = None) -> tuple[int, int]:
    span = record.location(attribute)
    assert span is not None
    return span.line, span.column


def test_every_section_may_be_absent_or_empty(desk: Desk) -> None:
    sections = ["shared_defaults", "defaults", "organisation", "parties", "contracts", "systems", "flows", "waivers"]
    made = desk.estate("\n".join(f"{name}:" for name in sections))
    assert not any(made.records(entity) for entity in Entity if entity is not Entity.ORGANISATION)
    assert made.organisation.declared == {}
    assert made.organisation.location() is None


@pytest.mark.parametrize("section", ["shared_defaults", "defaults", "organisation", "parties", "contracts", "systems"])
def test_a_section_of_named_things_is_a_map(desk: Desk, section: str) -> None:
    assert desk.errors(f"{section}: [a]") == [("E208", 1, len(section) + 3)]


@pytest.mark.parametrize("section", ["flows", "waivers"])
def test_a_section_of_things_without_names_is_a_list(desk: Desk, section: str) -> None:
    assert desk.errors(f"{section}: {{}}") == [("E208", 1, len(section) + 3)]
    assert desk.errors(f"{section}: [x]") == [("E208", 1, len(section) + 4)]


def test_an_entity_that_says_nothing_is_declared(desk: Desk) -> None:
    made = desk.estate("parties: {a: , b: {}}\nsystems: {c: null}")
    assert list(made.parties) == ["a", "b"]
    assert made.systems["c"].declared == {}
    assert desk.errors("parties: {a: x}") == [("E208", 1, 14)]


def test_an_entity_has_the_place_of_its_id_and_an_attribute_that_of_its_value(desk: Desk) -> None:
    made = desk.estate(
        "defaults: {system: {zone: z, owner: o}}\n"
        "systems:\n  s:\n    kind: person\n    zone: null\n"
        "flows:\n  - {id: f, from: s, to: s}\n"
        "organisation:\n  dpo: me\n"
    )
    system, flow = made.systems["s"], made.flows["f"]
    assert at(system) == (3, 3)
    assert at(system, "kind") == (4, 11)
    assert at(system, "zone") == (5, 11)
    assert at(system, "owner") == (1, 37)
    assert at(system, "country") == (3, 3)
    assert at(flow) == (7, 5)
    assert at(flow, "to") == (7, 26)
    assert at(made.organisation) == (8, 1)
    assert at(made.organisation, "dpo") == (9, 8)
    assert at(made.organisation, "privacy_contact") == (8, 1)


def test_a_key_of_another_entity_is_unknown(desk: Desk) -> None:
    assert desk.errors("parties: {a: {stores: []}}") == [("E202", 1, 15)]


class TestFlows:
    def test_a_flow_has_an_id_and_two_ends(self, desk: Desk) -> None:
        assert desk.errors("flows:\n  - {}") == [("E203", 2, 5)] * 3
        messages = [found.message for found in desk.read("flows:\n  - {id: f}")[1]]
        assert messages == ["flow `f` has no `from`", "flow `f` has no `to`"]

    def test_what_a_flow_must_say_cannot_be_null(self, desk: Desk) -> None:
        assert desk.errors("flows:\n  - {id: ~, from: ~, to: ~}") == [("E208", 2, 10), ("E208", 2, 19), ("E208", 2, 26)]

    def test_an_id_is_text(self, desk: Desk) -> None:
        ends = "systems: {a: {}}\nflows: [{from: a, to: a, id: "
        assert list(desk.estate(f"{ends}2026-01-01}}]").flows) == ["2026-01-01"]
        assert desk.errors(f"{ends}[x]}}]") == [("E208", 2, 30)]
        assert desk.errors(
            '{"manifest": 1, "systems": {"a": {}}, "flows": [{"id": 1, "from": "a", "to": "a"}]}', "json"
        ) == [("E208", 1, 56)]


class TestDefaults:
    def test_defaults_are_beside_what_is_declared(self, desk: Desk) -> None:
        made = desk.estate(
            "defaults: {flow: {exchange: none, notice: ~}}\nsystems: {a: }\nflows: [{id: f, from: a, to: a, notice: yes}]"
        )
        assert made.flows["f"].defaults == {"exchange": "none", "notice": None}
        assert made.flows["f"].declared == {"from": "a", "to": "a", "notice": True}
        assert made.systems["a"].defaults == {}

    def test_defaults_may_say_what_is_stored_joined_and_made(self, desk: Desk) -> None:
        made = desk.estate(
            "defaults: {system: {joins: [], stores: [name], transforms: ~}}\nsystems: {a: , b: {stores: ~, joins: [[name, email]]}}"
        )
        a, b = made.systems.values()
        assert (a.pairs, a.transforms, [item.term for item in a.items or ()]) == ((), None, ["name"])
        assert (b.pairs, b.transforms, b.items) == ((("name", "email"),), None, None)

    def test_a_contract_has_defaults_of_what_it_covers(self, desk: Desk) -> None:
        made = desk.estate(
            "parties: {a: }\ndefaults:\n  contract: {covers: {data: [email]}}\ncontracts: {c: {with: a}}"
        )
        assert made.contracts["c"].defaults == {"covers.data": ("email",)}
        assert at(made.contracts["c"], "covers.data") == (3, 29)

    @pytest.mark.parametrize(
        ("text", "code", "column"),
        [
            ("{organisation: {}}", "E202", 2),
            ("{flows: {}}", "E202", 2),
            ("{flow: x}", "E208", 8),
            ("{flow: {from: a}}", "E202", 9),
            ("{flow: {id: a}}", "E202", 9),
            ("{contract: {with: a}}", "E202", 13),
            ("{contract: {between: [a, b]}}", "E202", 13),
            ("{flow: {carries: []}}", "E209", 18),
            ("{flow: {purposes: [x]}}", "E204", 20),
            ("{system: {party: a}}", "E205", 18),
        ],
    )
    def test_a_default_that_is_none_is_reported_at_its_place(
        self, desk: Desk, text: str, code: str, column: int
    ) -> None:
        assert desk.errors(f"defaults: {text}") == [(code, 1, column + 10)]

    def test_defaults_of_a_kind_may_be_empty(self, desk: Desk) -> None:
        assert desk.estate("defaults: {flow: , system: {}}\nsystems: {a: }").systems["a"].defaults == {}


class TestContracts:
    PARTIES = "parties: {a: , b: , c: }\ncontracts:\n  x: "

    def test_what_it_covers_are_two_attributes(self, desk: Desk) -> None:
        made = desk.estate(f"{self.PARTIES}{{with: a, covers: {{data: [email], purposes: []}}, from: 2026-01-01}}")
        assert made.contracts["x"].declared == {
            "with": "a",
            "from": date(2026, 1, 1),
            "covers.data": ("email",),
            "covers.purposes": (),
        }
        assert at(made.contracts["x"], "covers.data") == (3, 31)

    @pytest.mark.parametrize("text", ["null", "{data: null, purposes: null}"])
    def test_null_covers_are_two_unknown_attributes(self, desk: Desk, text: str) -> None:
        made = desk.estate(f"{self.PARTIES}{{with: a, covers: {text}}}")
        assert made.contracts["x"].declared == {"with": "a", "covers.data": None, "covers.purposes": None}

    def test_covers_that_say_nothing_are_undeclared(self, desk: Desk) -> None:
        assert desk.estate(f"{self.PARTIES}{{with: a, covers: {{}}}}").contracts["x"].declared == {"with": "a"}

    @pytest.mark.parametrize(
        ("text", "code", "column"),
        [
            ("{with: a, covers: [email]}", "E208", 24),
            ("{with: a, covers: {dta: [email]}}", "E202", 25),
            ("{with: a, covers: {data: [emial]}}", "E204", 32),
            ("{with: a, covers.data: [email]}", "E202", 16),
            ("{}", "E213", 3),
            ("", "E213", 3),
            ("{with: a, between: [a, b]}", "E213", 16),
            ("{between: [a]}", "E213", 16),
            ("{between: []}", "E213", 16),
            ("{between: [a, a]}", "E213", 16),
            ("{between: [a, d]}", "E205", 20),
            ("{between: [a, [b]]}", "E208", 20),
            ("{between: a}", "E208", 16),
            ("{between: ~}", "E208", 16),
            ("{with: ~}", "E208", 13),
            ("{with: d}", "E205", 13),
        ],
    )
    def test_a_contract_that_is_none_is_reported_at_its_place(
        self, desk: Desk, text: str, code: str, column: int
    ) -> None:
        assert desk.errors(self.PARTIES + text) == [(code, 3, column)]

    def test_between_names_two_parties_or_more(self, desk: Desk) -> None:
        made = desk.estate(f"{self.PARTIES}{{between: [c, a, b, a]}}")
        assert made.contracts["x"].declared == {"between": ("a", "b", "c")}


class TestOrganisation:
    def test_it_has_built_in_attributes_and_those_of_the_policy(self, desk: Desk) -> None:
        made = desk.estate("organisation: {trains_employees: yes, dpo: x, privacy_contact: ~}")
        assert made.records(Entity.ORGANISATION)["organisation"].declared == {
            "trains_employees": True,
            "dpo": "x",
            "privacy_contact": None,
        }

    def test_its_unknown_keys_are_reported(self, desk: Desk) -> None:
        assert desk.errors("organisation: {dpoo: x}") == [("E202", 1, 16)]


class TestWaivers:
    WHOLE = "rule: r, subject: s, until: 2026-12-31, reason: because, approved_by: me"

    def test_a_waiver_has_a_rule_a_subject_a_day_a_reason_and_a_name(self, desk: Desk) -> None:
        (waiver,) = desk.estate(f"waivers:\n  - {{{self.WHOLE}}}").waivers
        assert waiver.location is not None
        assert (waiver.location.line, waiver.location.column) == (2, 5)
        assert waiver == Waiver("r", "s", "because", "me", date(2026, 12, 31), location=waiver.location)

    def test_it_may_have_a_first_day_and_categories(self, desk: Desk) -> None:
        (waiver,) = desk.estate(f"waivers: [{{{self.WHOLE}, from: '2026-01-01', data: [name, email]}}]").waivers
        assert (waiver.from_, waiver.data) == (date(2026, 1, 1), ("email", "name"))
        (waiver,) = desk.estate(f"waivers: [{{{self.WHOLE}, from: ~, data: ~}}]").waivers
        assert (waiver.from_, waiver.data) == (None, None)

    def test_it_covers_until_the_day_before_it_ends(self, desk: Desk) -> None:
        (waiver,) = desk.estate(f"waivers: [{{{self.WHOLE}, from: 2026-12-30}}]").waivers
        assert [waiver.in_force(date(2026, 12, day)) for day in (29, 30, 31)] == [False, True, False]

    @pytest.mark.parametrize("missing", ["rule", "subject", "until", "reason", "approved_by"])
    def test_each_of_these_is_required(self, desk: Desk, missing: str) -> None:
        parts = [part for part in self.WHOLE.split(", ") if not part.startswith(missing)]
        found = desk.error(f"waivers: [{{{', '.join(parts)}}}]")
        assert (found.code, found.message) == ("E203", f"a waiver has no `{missing}`")

    @pytest.mark.parametrize(
        ("text", "code"),
        [("data: []", "E209"), ("data: [emial]", "E204"), ("from: x", "E208"), ("subjects: x", "E202")],
    )
    def test_what_it_may_not_say_is_reported(self, desk: Desk, text: str, code: str) -> None:
        assert desk.error(f"waivers: [{{{self.WHOLE}, {text}}}]").code == code

    @pytest.mark.parametrize(
        "text", ["reason: ' '", "reason: null", "reason: []", 'rule: "a\\n"', "subject: {}", "until: 2026"]
    )
    def test_what_it_must_say_says_something(self, desk: Desk, text: str) -> None:
        name = text.split(":", maxsplit=1)[0]
        parts = [part if not part.startswith(name) else text for part in self.WHOLE.split(", ")]
        assert desk.error(f"waivers: [{{{', '.join(parts)}}}]").code == "E208"


def test_everything_wrong_comes_in_one_run(desk: Desk) -> None:
    text = (
        "parties: {a: {role: nobody, country: NO, parent: b}}\n"
        "systems: {s: {party: c, stores: emial, kidn: x}}\n"
        "flows:\n  - {id: f, from: s, to: t, carries: []}\n  - {id: f, from: s, to: s}\n"
        "waivers: [{rule: r}]\n"
    )
    assert [code for code, _, _ in desk.errors(text)] == [
        "E204", "E205", "E205", "E208", "E202", "E205", "E209", "E206", "E203", "E203", "E203", "E203",
    ]  # fmt: skip
