"""JSON: numbers as written, nothing that JSON does not know, and places found when asked for."""

from __future__ import annotations

import json

import pytest

from privacy_rules.manifest.json_reader import read_json
from privacy_rules.manifest.nodes import Numeral, UnreadableError
from privacy_rules.manifest.source_document import Document

TEXT = ' {"a": [1, {"b": "x,]}\\"y"}, [], {}], "c\\u0064": {"e": true, "f": null}, "g": -1.5e3}\n'


def refused(text: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_json(text)
    return caught.value


def place(text: str, *path: str | int, key: bool = False) -> tuple[int, int]:
    span = Document("a.json", text, read_json(text)[1]).place(path, key)
    assert span is not None
    assert span.line == 1
    return span.column - 1, span.end_column - 1 if span.end_line else 0


@pytest.mark.parametrize("number", ["1", "-1.5", "1e400", "9" * 5000, "1E+2"])
def test_a_number_stays_as_written(number: str) -> None:
    read = read_json(f"[{number}]")[0].data[0]
    assert type(read) is Numeral
    assert read.text == number


def test_the_rest_is_what_json_says() -> None:
    assert read_json('{"a": [true, false, null, "x"]}')[0].data == {"a": [True, False, None, "x"]}


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ((), False, "{"),
        (("a",), True, '"a"'),
        (("a",), False, "[1"),
        (("a", 0), False, "1"),
        (("a", 1), False, "{"),
        (("a", 1, "b"), True, '"b"'),
        (("a", 1, "b"), False, '"x,]}\\"y"'),
        (("a", 2), False, "[]"),
        (("a", 3), False, "{}"),
        (("cd",), True, '"c\\u0064"'),
        (("cd", "e"), False, "true"),
        (("cd", "f"), False, "null"),
        (("g",), False, "-1.5e3"),
    ],
)
def test_keys_and_values_have_places(path: tuple[str | int, ...], key: bool, expected: str) -> None:
    start, end = place(TEXT, *path, key=key)
    assert TEXT.startswith(expected, start)
    assert end == 0 or TEXT[start:end] == expected


@pytest.mark.parametrize("path", [("a", 9), ("a", 2, 0), ("a", "b"), ("a", 0, "b")])
def test_what_is_absent_has_the_place_of_what_encloses_it(path: tuple[str | int, ...]) -> None:
    assert place(TEXT, *path) == place(TEXT, *path[:-1])


def test_each_map_and_list_is_scanned_once() -> None:
    text = json.dumps({"flows": [{"id": str(number)} for number in range(2000)]})
    places = read_json(text)[1]
    document = Document("a.json", text, places)
    for number in range(2000):
        document.place(("flows", number, "id"))
    assert places.children(places.root) is places.children(places.root)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_at_its_place(constant: str) -> None:
    error = refused(f'{{"NaN": "Infinity", "b": [{constant}]}}')
    assert error.at == 26
    assert constant in error.message


@pytest.mark.parametrize(
    ("text", "at"), [('{"a": 1,}', 7), ("{'a': 1}", 1), ('{"a": "\t"}', 7), ("[1] x", 4), ("{", 0)]
)
def test_what_is_no_json_is_refused_at_its_place(text: str, at: int) -> None:
    assert refused(text).at == at


def test_every_key_given_twice_is_reported_with_both_places() -> None:
    text = '{"a": {"b": 1, "\\u0062": 2, "b": [{"c": "b"}]}, "d": ["d", "d"], "a": 3}'
    found = read_json(text)[0].duplicates
    assert [(each.key, each.at, each.first) for each in found] == [
        ("b", 15, 7),
        ("b", 28, 7),
        ("a", 65, 1),
    ]


def test_a_hundred_levels_are_read_and_one_more_is_not() -> None:
    read_json("[" * 100 + "]" * 100)
    assert refused('{"a":' + "[" * 100 + "]" * 100 + "}").at == 104


def test_very_deep_nesting_is_refused_alike() -> None:
    assert refused("[" * 200_000).at == 100
    assert refused('{"a":' * 100_000).at == 500
