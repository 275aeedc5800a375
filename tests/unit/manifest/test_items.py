"""Items of lists are read with the facts of their own; joinings and transforms likewise."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.vocabulary.values import Duration, Item, Transform
from tests.unit.manifest.given import ENDS, Desk, of_flow, of_system, wrong_in_system


class TestFactsOfOneTerm:
    def test_an_item_of_a_flows_list_states_facts_of_its_own(self, desk: Desk) -> None:
        assert of_flow(desk, "carries: [name, {data: email, necessary: no}]")["carries"] == (
            Item("name", within="carries"),
            Item("email", (("necessary", False),), "carries"),
        )
        assert of_flow(desk, "purposes: [{purpose: newsletter, choice: null}]")["purposes"] == (
            Item("newsletter", (("choice", None),), "purposes"),
        )

    def test_items_without_facts_are_a_set(self, desk: Desk) -> None:
        assert of_flow(desk, "carries: [name, {data: email}, {data: email}]") == {"carries": ("email", "name")}

    @pytest.mark.parametrize(
        ("carries", "code"),
        [
            ("{necessary: no}", "E203"),
            ("{data: emial, necessary: no}", "E204"),
            ("{data: email, protocol: https}", "E202"),
            ("{data: email, necessary: maybe}", "E208"),
            ("{data: name, necessary: no}", "E211"),
        ],
    )
    def test_what_is_wrong_in_an_item_is_reported_once(self, desk: Desk, carries: str, code: str) -> None:
        assert desk.error(f"{ENDS}carries: [name, {carries}]}}").code == code

    def test_items_that_contradict_each_other_are_reported_at_both_places(self, desk: Desk) -> None:
        flow = f"{ENDS}carries: [{{data: email, necessary: no}}], purposes: [{{purpose: newsletter, necessary: yes}}]}}"
        found = desk.error(flow)
        assert (found.code, len(found.also)) == ("E211", 1)
        assert found.message == (
            "`necessary` of email for newsletter is `no` in `carries` and `yes` in `purposes` of flow `f`"
        )

    def test_an_item_in_a_default_contradicts_one_of_the_flow(self, desk: Desk) -> None:
        defaults = "defaults: {flow: {carries: [{data: email, necessary: no}]}}\n"
        found = desk.error(f"{defaults}{ENDS}purposes: [{{purpose: newsletter, necessary: yes}}]}}")
        assert (found.code, len(found.also)) == ("E211", 2)


class TestStores:
    def test_an_item_is_a_category_or_a_map_with_its_own_attributes(self, desk: Desk) -> None:
        text = (
            "stores: [name, {data: email, supports: [deletion, access], retention: 1 year, reviewed: 2026-01-01}, name]"
        )
        assert of_system(desk, text)["stores"] == (
            Item("name"),
            Item(
                "email",
                (
                    ("retention", Duration(1, "year")),
                    ("reviewed", date(2026, 1, 1)),
                    ("supports", ("access", "deletion")),
                ),
            ),
            Item("name"),
        )

    def test_an_item_may_say_null(self, desk: Desk) -> None:
        assert of_system(desk, "stores: [{data: email, retention: null}]")["stores"] == (
            Item("email", (("retention", None),)),
        )

    @pytest.mark.parametrize(
        ("item", "code", "column"),
        [
            ("{retention: 1 year}", "E203", 9),
            ("{data: null}", "E208", 16),
            ("{data: emial}", "E204", 16),
            ("{data: email, zone: x}", "E202", 23),
            ("{data: email, kind: person}", "E202", 23),
            ("{data: email, retention: x}", "E208", 34),
            ("[email]", "E208", 9),
            ("null", "E208", 9),
        ],
    )
    def test_an_item_that_is_none_is_reported_at_its_place(self, desk: Desk, item: str, code: str, column: int) -> None:
        assert wrong_in_system(desk, f"stores: [{item}]")[:2] == (code, column)

    def test_stores_is_a_list(self, desk: Desk) -> None:
        assert wrong_in_system(desk, "stores: email")[0] == "E208"


class TestJoinsAndTransforms:
    def test_joins_are_pairs(self, desk: Desk) -> None:
        assert of_system(desk, "joins: [[name, email], [email, name], [name, email]]") == {
            "joins": (("name", "email"), ("email", "name"))
        }

    @pytest.mark.parametrize(
        ("joins", "code"),
        [
            ("[name, email]", "E208"),
            ("[[name]]", "E208"),
            ("[[name, email, name]]", "E208"),
            ("[[name, nam]]", "E204"),
            ("x", "E208"),
        ],
    )
    def test_what_is_no_pair_is_an_error(self, desk: Desk, joins: str, code: str) -> None:
        assert {found[0] for found in desk.errors(f"systems: {{s: {{joins: {joins}}}}}")} == {code}

    def test_a_transform_makes_one_or_several_categories(self, desk: Desk) -> None:
        text = "transforms: [{from: email, to: hashed_email, method: hashing}, {from: name, to: [page_views, contact]}, {from: name, to: email, method: null}]"
        assert of_system(desk, text)["transforms"] == (
            Transform("email", ("hashed_email",), "hashing"),
            Transform("name", ("contact", "page_views")),
            Transform("name", ("email",)),
        )

    @pytest.mark.parametrize(
        ("transform", "code", "column"),
        [
            ("{from: email}", "E203", 13),
            ("{to: email}", "E203", 13),
            ("{from: null, to: email}", "E208", 20),
            ("{from: emial, to: email}", "E204", 20),
            ("{from: email, to: []}", "E209", 31),
            ("{from: email, to: [emial]}", "E204", 32),
            ("{from: email, to: emial}", "E204", 31),
            ("{from: email, to: name, method: hash}", "E204", 45),
            ("{from: email, to: name, by: hashing}", "E202", 37),
            ("email", "E208", 13),
        ],
    )
    def test_a_transform_that_is_none_is_reported_at_its_place(
        self, desk: Desk, transform: str, code: str, column: int
    ) -> None:
        assert wrong_in_system(desk, f"transforms: [{transform}]")[:2] == (code, column)

    def test_transforms_are_a_list(self, desk: Desk) -> None:
        assert wrong_in_system(desk, "transforms: {from: email, to: name}")[:2] == ("E208", 12)
