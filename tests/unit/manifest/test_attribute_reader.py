"""Values are read by what their place calls for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from privacy_rules.vocabulary.values import UNLIMITED, Duration, Item
from tests.unit.manifest.given import (
    ENDS,
    FLOW,
    JSON_ENDS,
    JSON_FLOW,
    Desk,
    help_in_system,
    of_flow,
    of_json_flow,
    of_system,
    wrong_in_system,
)


class TestFlags:
    @pytest.mark.parametrize(("text", "value"), [("yes", True), ("TRUE", True), ("no", False), ("False", False)])
    def test_yes_no_true_and_false_are_flags_where_a_flag_belongs(self, desk: Desk, text: str, value: bool) -> None:
        assert of_flow(desk, f"notice: {text}") == {"notice": value}

    @pytest.mark.parametrize("text", ["on", "'yes'", '"true"', "1", "[yes]", "{}"])
    def test_other_text_and_quoted_text_is_no_flag(self, desk: Desk, text: str) -> None:
        assert desk.errors(f"{ENDS}notice: {text}}}") == [("E208", 3, FLOW + 8)]

    def test_json_has_true_and_false_and_no_strings(self, desk: Desk) -> None:
        assert of_json_flow(desk, '"notice": true, "double_opt_in": false') == {"notice": True, "double_opt_in": False}
        for wrong in ('"yes"', "1", '"true"'):
            assert desk.errors(f'{JSON_ENDS}"notice": {wrong}}}]}}', "json") == [("E208", 1, JSON_FLOW + 10)]


class TestNumbers:
    @pytest.mark.parametrize(("text", "value"), [("3", "3"), ("-0.50", "-0.50"), ("0", "0")])
    def test_a_number_needs_no_quotes(self, desk: Desk, text: str, value: str) -> None:
        assert of_flow(desk, f"score: {text}") == {"score": Decimal(value)}

    @pytest.mark.parametrize("text", ["'3'", "three", "0x1F", "1_000", ".5", "yes", "[3]"])
    def test_a_number_gets_no_quotes_and_nothing_else_is_one(self, desk: Desk, text: str) -> None:
        assert desk.errors(f"{ENDS}score: {text}}}") == [("E208", 3, FLOW + 7)]

    @pytest.mark.parametrize(("text", "value"), [("3", "3"), ("2.5", "2.5"), ("1e3", "1000"), ("25E-1", "2.5")])
    def test_json_numbers_may_have_an_exponent(self, desk: Desk, text: str, value: str) -> None:
        assert of_json_flow(desk, f'"score": {text}') == {"score": Decimal(value)}

    @pytest.mark.parametrize("text", ["1e999", "1e99", '"3"', "true", "9" * 31])
    def test_json_numbers_have_their_bounds(self, desk: Desk, text: str) -> None:
        assert desk.errors(f'{JSON_ENDS}"score": {text}}}]}}', "json") == [("E208", 1, JSON_FLOW + 9)]


class TestDatesAndDurations:
    @pytest.mark.parametrize("text", ["2026-11-01", "'2026-11-01'"])
    def test_a_date_may_be_quoted(self, desk: Desk, text: str) -> None:
        assert of_system(desk, f"reviewed: {text}") == {"reviewed": date(2026, 11, 1)}

    @pytest.mark.parametrize("text", ["2026-02-30", "2026", "01.11.2026", "[2026-11-01]"])
    def test_a_date_that_is_none_is_an_error(self, desk: Desk, text: str) -> None:
        assert wrong_in_system(desk, f"reviewed: {text}")[:2] == ("E208", 10)

    @pytest.mark.parametrize(
        ("text", "value"), [("2 years", Duration(2, "year")), ("'1 day'", Duration(1, "day")), ("unlimited", UNLIMITED)]
    )
    def test_a_duration_may_be_quoted(self, desk: Desk, text: str, value: Duration) -> None:
        assert of_system(desk, f"retention: {text}") == {"retention": value}

    @pytest.mark.parametrize("text", ["2", "two years", "2 fortnights", "P2Y", "[2 years]"])
    def test_a_duration_that_is_none_is_an_error(self, desk: Desk, text: str) -> None:
        assert wrong_in_system(desk, f"retention: {text}")[:2] == ("E208", 11)


class TestText:
    @pytest.mark.parametrize("text", ["on", "1.0", "2026-01-01", "yes", "0x1F", "'null'", "'a, b'"])
    def test_a_yaml_scalar_is_text_where_text_belongs(self, desk: Desk, text: str) -> None:
        assert of_system(desk, f"zone: {text}") == {"zone": text.strip("'")}

    @pytest.mark.parametrize("text", ["[a]", "{a: b}"])
    def test_a_list_or_a_map_is_no_text(self, desk: Desk, text: str) -> None:
        assert wrong_in_system(desk, f"zone: {text}")[:2] == ("E208", 6)

    @pytest.mark.parametrize("text", ["1", "true"])
    def test_in_json_text_is_a_string(self, desk: Desk, text: str) -> None:
        found = desk.error(f'{JSON_ENDS}"owner": {text}}}]}}', "json")
        assert (found.code, found.help) == ("E208", "put it in quotes")

    def test_half_a_character_is_no_text(self, desk: Desk) -> None:
        assert desk.errors(f'{JSON_ENDS}"owner": "\\ud83d"}}]}}', "json") == [("E208", 1, JSON_FLOW + 9)]
        assert of_json_flow(desk, '"owner": "\\ud83d\\ude00"') == {"owner": "😀"}

    def test_tags_are_a_set_of_text(self, desk: Desk) -> None:
        assert of_system(desk, "tags: [b, 1, a, b]") == {"tags": ("1", "a", "b")}
        assert of_system(desk, "tags: []") == {"tags": ()}
        assert wrong_in_system(desk, "tags: a") == ("E208", 6, "expected a list of texts, found `a`")

    def test_an_item_that_is_no_text_is_reported_at_its_place(self, desk: Desk) -> None:
        assert desk.errors("systems:\n  s: {tags: [a, [b], null]}") == [("E208", 2, 17), ("E208", 2, 22)]


class TestTerms:
    @pytest.mark.parametrize(
        ("text", "value"), [("NO", "no"), ("no", "no"), ("'NO'", "no"), ("in", "IN"), ("EEA", "eea")]
    )
    def test_a_region_is_written_in_upper_or_lower_case(self, desk: Desk, text: str, value: str) -> None:
        assert of_system(desk, f"country: {text}") == {"country": value}

    def test_an_attribute_of_a_policy_has_regions_alike(self, desk: Desk) -> None:
        assert of_system(desk, "residency: GB") == {"residency": "gb"}

    @pytest.mark.parametrize("text", ["Gb", "XX", "xx", "norway"])
    def test_an_unknown_region_is_an_error(self, desk: Desk, text: str) -> None:
        assert wrong_in_system(desk, f"country: {text}")[:2] == ("E204", 9)

    def test_other_terms_are_written_as_they_are_spelt(self, desk: Desk) -> None:
        assert wrong_in_system(desk, "kind: PERSON") == ("E204", 6, "unknown kind `PERSON`")

    def test_an_unknown_term_is_reported_with_the_nearest_known_one(self, desk: Desk) -> None:
        assert wrong_in_system(desk, "stores: [emial]") == ("E204", 9, "unknown category `emial`")
        assert help_in_system(desk, "stores: [emial]") == "did you mean `email`?"

    def test_else_with_all_that_are_known_where_these_are_few(self, desk: Desk) -> None:
        assert help_in_system(desk, "supports: [zzz]") == "known rights: `access`, `deletion`"

    def test_else_with_the_news_that_there_is_none(self, desk: Desk) -> None:
        assert desk.error(f"{ENDS}occasion: x}}").help == "the policy declares no occasions"

    def test_two_terms_where_one_belongs_are_an_error(self, desk: Desk) -> None:
        assert wrong_in_system(desk, "kind: [person]") == ("E208", 6, "expected a kind, found a list")
        assert desk.errors(f'{JSON_ENDS}"exchange": true}}]}}', "json") == [("E208", 1, JSON_FLOW + 12)]


class TestSets:
    def test_a_set_is_sorted_without_repeats(self, desk: Desk) -> None:
        assert of_flow(desk, "carries: [name, email, name]") == {"carries": ("email", "name")}

    def test_equal_sets_are_one_object(self, desk: Desk) -> None:
        text = "systems:\n  s: {}\nflows:\n"
        text += "".join(
            f"  - {{id: {n}, from: s, to: s, carries: [{c}]}}\n"
            for n, c in enumerate(["email, name"] * 2 + ["name, email"])
        )
        first, *others = (flow.declared["carries"] for flow in desk.estate(text).flows.values())
        assert all(other is first for other in others)

    def test_a_single_term_is_no_set(self, desk: Desk) -> None:
        found = desk.error(f"{ENDS}carries: email}}")
        assert (found.code, found.message, found.help) == (
            "E208",
            "expected a list of categories, found `email`",
            "write `[email]`",
        )
        assert help_in_system(desk, "safeguards: {}") is None

    @pytest.mark.parametrize("item", ["[email]", "null"])
    def test_what_is_no_term_is_reported_at_its_place(self, desk: Desk, item: str) -> None:
        assert desk.errors(f"{ENDS}carries: [name, {item}, nam]}}") == [
            ("E208", 3, FLOW + 16),
            ("E204", 3, FLOW + 18 + len(item)),
        ]

    @pytest.mark.parametrize("attribute", ["carries", "purposes", "origin"])
    def test_an_empty_list_is_an_error_where_something_must_be(self, desk: Desk, attribute: str) -> None:
        assert desk.errors(f"{ENDS}{attribute}: []}}") == [("E209", 3, FLOW + 2 + len(attribute))]

    @pytest.mark.parametrize("attribute", ["stores", "joins", "transforms", "supports", "safeguards", "retained_for"])
    def test_elsewhere_an_empty_list_says_that_there_is_nothing(self, desk: Desk, attribute: str) -> None:
        assert of_system(desk, f"{attribute}: []") == {attribute: ()}

    def test_a_role_is_one_or_several(self, desk: Desk) -> None:
        made = desk.estate("parties:\n  a: {role: us}\n  b: {role: [us, marketer]}\n")
        assert [party.declared["role"] for party in made.parties.values()] == [("us",), ("marketer", "us")]

    @pytest.mark.parametrize(("role", "code"), [("[]", "E209"), ("uss", "E204"), ("[uss]", "E204"), ("{}", "E208")])
    def test_a_role_that_is_none_is_an_error(self, desk: Desk, role: str, code: str) -> None:
        assert desk.error(f"parties: {{a: {{role: {role}}}}}").code == code


class TestNull:
    @pytest.mark.parametrize("attribute", ["stores", "retention", "kind", "zone", "party", "country", "transforms"])
    def test_null_says_that_a_thing_is_not_known(self, desk: Desk, attribute: str) -> None:
        assert of_system(desk, f"{attribute}: null") == {attribute: None}

    @pytest.mark.parametrize("attribute", ["carries", "notice", "origin", "score"])
    def test_null_appears_where_an_empty_list_may_not(self, desk: Desk, attribute: str) -> None:
        assert of_flow(desk, f"{attribute}: ~") == {attribute: None}
        assert of_json_flow(desk, f'"{attribute}": null') == {attribute: None}


class TestReferences:
    def test_origin_is_a_set_of_ids(self, desk: Desk) -> None:
        assert of_flow(desk, "origin: [f, f]") == {"origin": ("f",)}

    @pytest.mark.parametrize("text", ["f", "[[f]]", "[null]", "{}"])
    def test_what_is_no_list_of_ids_is_an_error(self, desk: Desk, text: str) -> None:
        assert desk.error(f"{ENDS}origin: {text}}}").code == "E208"

    def test_an_id_may_be_any_text_that_is_seen(self, desk: Desk) -> None:
        made = desk.estate("systems: {on: {}, 1.0: {}, 2026-01-01: {}, 'a b/c.d': {}, \"\\u202fx\": {}}")
        assert list(made.systems) == ["on", "1.0", "2026-01-01", "a b/c.d", "\u202fx"]

    @pytest.mark.parametrize("text", ['"a\\tb"', '"\\x7f"', '"\\u0085"', '"a\\nb"'])
    def test_an_id_holds_no_control_characters(self, desk: Desk, text: str) -> None:
        assert desk.errors(f"systems:\n  {text}: {{}}") == [("E208", 2, 3)]
        assert wrong_in_system(desk, f"party: {text}")[:2] == ("E208", 7)


class TestUnknownKeys:
    def test_an_unknown_key_is_reported_at_the_key_with_the_nearest_known_one(self, desk: Desk) -> None:
        assert wrong_in_system(desk, "zone: x, retain: 2 years") == ("E202", 9, "unknown key `retain`")
        assert help_in_system(desk, "retentoin: 2 years") == "did you mean `retention`?"

    def test_else_with_all_known_ones(self, desk: Desk) -> None:
        told = help_in_system(desk, "zzzzzz: 1")
        assert told is not None
        assert told.startswith("known keys: `party`, `role`, `kind`")

    def test_merge_keys_are_told_apart(self, desk: Desk) -> None:
        told = desk.error("defaults: {system: &d {zone: x}}\nsystems:\n  s: {<<: *d}").help
        assert told == "merge keys are not supported; use `defaults`"

    def test_user_input_is_fit_to_be_shown(self, desk: Desk) -> None:
        assert wrong_in_system(desk, '"a\\e[31m`b": 1')[2] == "unknown key `a\\x1b[31m'b`"
        assert len(wrong_in_system(desk, f"{'x' * 500}: 1")[2]) < 120


class TestSharedValues:
    def test_aliases_are_read_as_what_they_stand_for(self, desk: Desk) -> None:
        made = desk.estate(
            "systems:\n  a: {stores: &s [name, {data: email, supports: &r [access]}], supports: *r}\n  b: {stores: *s}"
        )
        a, b = made.systems.values()
        assert (
            a.declared["stores"] == b.declared["stores"] == (Item("name"), Item("email", (("supports", ("access",)),)))
        )
        assert a.declared["supports"] == ("access",)

    def test_one_list_may_be_read_by_two_attributes(self, desk: Desk) -> None:
        assert desk.errors("systems:\n  a: {tags: &t [access], supports: *t, safeguards: *t}") == [("E204", 2, 17)]

    def test_what_is_wrong_in_a_shared_value_is_reported_once(self, desk: Desk) -> None:
        assert desk.errors("systems:\n  a: {stores: &s [nam]}\n  b: {stores: *s}\n  c: {stores: *s}") == [
            ("E204", 2, 19)
        ]
