"""An estate from Python data, without files and without places."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from privacy_rules.manifest.nodes import Numeral
from privacy_rules.manifest.plain_data import plain
from privacy_rules.vocabulary.values import Duration, Item
from tests.unit.manifest.given import from_data


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    LARGE = 3


def messages(data: dict[str, object]) -> list[str]:
    made, found = from_data(data)
    assert made is None
    assert all(each.span is None and each.excerpt is None and each.also == () for each in found)
    return [f"{each.code} {each.message}" for each in found]


def test_pythons_own_values_are_read() -> None:
    made, found = from_data(
        {
            "name": "x",
            "as_of": date(2026, 1, 1),
            "policy": ["ignored.privacy"],
            "organisation": {"trains_employees": True, "dpo": None},
            "parties": {"p": {"role": ("us", "marketer")}},
            "systems": {
                "s": {
                    "party": "p",
                    "retention": Duration(1, "year"),
                    "reviewed": date(2026, 2, 2),
                    "tags": frozenset("ba"),
                },
                "t": {"stores": ["name", {"data": "email", "retention": "2 days"}], "joins": [("name", "email")]},
            },
            "flows": [{"id": "f", "from": "s", "to": "t", "carries": {"name", "email"}, "score": 1.5, "notice": False}],
            "waivers": [{"rule": "r", "subject": "f", "until": date(2027, 1, 1), "reason": "a", "approved_by": "b"}],
        }
    )
    assert not found
    assert made is not None
    assert (made.name, made.as_of, made.files) == ("x", date(2026, 1, 1), ())
    assert made.organisation.declared == {"trains_employees": True, "dpo": None}
    assert made.parties["p"].declared == {"role": ("marketer", "us")}
    assert made.systems["s"].declared == {
        "party": "p",
        "retention": Duration(1, "year"),
        "reviewed": date(2026, 2, 2),
        "tags": ("a", "b"),
    }
    assert made.systems["t"].items == (Item("name"), Item("email", (("retention", Duration(2, "day")),)))
    assert made.flows["f"].declared == {
        "from": "s",
        "to": "t",
        "carries": ("email", "name"),
        "score": Decimal("1.5"),
        "notice": False,
    }
    assert made.flows["f"].where is None
    assert made.flows["f"].location("carries") is None
    assert made.organisation.location() is None
    assert made.waivers[0].location is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, "3"), (1.5, "1.5"), (1e22, "10000000000000000000000"), (Decimal("2.50"), "2.50"), (Size.LARGE, "3")],
)
def test_a_number_is_any_of_pythons(value: object, expected: str) -> None:
    flow = {"id": "f", "from": "s", "to": "s", "score": value}
    made, found = from_data({"systems": {"s": {}}, "flows": [flow]})
    assert not found
    assert made is not None
    assert made.flows["f"].declared["score"] == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "the number `nan`"),
        (float("inf"), "the number `inf`"),
        (True, "`true`"),
        ("3", "the string `3`"),
        (object(), "a Python object"),
        ([1], "a list"),
        (datetime(2026, 1, 1, tzinfo=UTC), "a Python datetime"),
        ({1: 2}, "a Python map with keys that are not text"),
    ],
)
def test_what_is_no_number_is_reported_with_its_path(value: object, shown: str) -> None:
    flow = {"id": "f", "from": "s", "to": "s", "score": value}
    assert messages({"systems": {"s": {}}, "flows": [flow]}) == [
        f"E208 `flows[0].score`: expected a number, found {shown}"
    ]


def test_text_of_a_kind_of_its_own_is_text() -> None:
    read = plain({Colour.RED: [Colour.RED]})
    assert read == {"red": ["red"]}
    assert {type(each) for each in (*read, *read["red"])} == {str}


def test_data_that_turns_back_to_itself_does_no_harm() -> None:
    circle: list[Any] = []
    circle.append(circle)
    assert messages({"systems": {"s": {"stores": circle}}})[0].startswith("E208 `systems.s.stores[0]`")
    assert messages({"name": circle}) == ["E208 `name`: expected text, found a list"]


def test_numbers_in_sets_are_kept_apart_from_text() -> None:
    (read,) = plain({1})
    assert type(read) is Numeral
    assert messages({"systems": {"s": {"tags": {1}}}}) == [
        "E208 `systems.s.tags[0]`: expected text, found the number `1`"
    ]


def test_a_flow_id_given_twice_is_reported_without_places() -> None:
    flow = {"id": "f", "from": "s", "to": "s"}
    assert messages({"systems": {"s": {}}, "flows": [flow, flow]}) == ["E206 `flows[1].id`: flow `f` is declared twice"]


def test_data_includes_no_files() -> None:
    assert messages({"include": ["a.yaml"]}) == ["E210 `include`: data includes no files"]


def test_a_version_may_be_given_and_is_then_the_known_one() -> None:
    assert from_data({"manifest": 1})[0] is not None
    assert messages({"manifest": 2}) == ["E208 `manifest`: unknown format version `2`"]


def test_keys_that_are_no_text_are_reported() -> None:
    assert messages({1: 2}) == ["E208 expected `key: value` pairs, found a Python map with keys that are not text"]  # type: ignore[dict-item]
    assert messages({"systems": {1: {}}}) == [
        "E208 `systems`: expected a map of systems by id, found a Python map with keys that are not text"
    ]


def test_all_that_is_wrong_is_reported_in_order() -> None:
    assert messages({"zz": 1, "systems": {"s": {"kind": "x", "party": "p"}}}) == [
        "E202 `zz`: unknown key `zz`",
        "E204 `systems.s.kind`: unknown kind `x`",
        "E205 `systems.s.party`: no party `p` is declared",
    ]
