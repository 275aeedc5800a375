"""YAML: scalars as written, every place kept, and nothing that a text holds can do harm."""

from __future__ import annotations

import pytest
import yaml

from privacy_rules.manifest import yaml_reader
from privacy_rules.manifest.nodes import Plain, UnreadableError
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.yaml_reader import read_yaml

LIMIT = 10_000


def data(text: str) -> object:
    return read_yaml(text, LIMIT)[0].data


def refused(text: str, limit: int = LIMIT) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_yaml(text, limit)
    return caught.value


def place(text: str, *path: str | int, key: bool = False) -> str:
    document = Document("a.yaml", text, read_yaml(text, LIMIT)[1])
    span = document.place(path, key)
    assert span is not None
    end = f"-{span.end_line}:{span.end_column}" if span.end_line else ""
    return f"{span.line}:{span.column}{end}"


@pytest.fixture(params=["with libyaml", "without libyaml"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without libyaml":
        monkeypatch.setattr(yaml_reader, "_LOADER", yaml.SafeLoader)


@pytest.mark.parametrize(
    "scalar", ["NO", "on", "1.0", "2026-01-01", "0x1F", "12:30:45", "Null", "NULL", ".nan", "1_000"]
)
def test_a_plain_scalar_is_text_as_written(scalar: str) -> None:
    read = data(f"[{scalar}]")
    assert read == [scalar]
    assert type(read[0]) is Plain


@pytest.mark.parametrize("scalar", ["null", "~", ""])
def test_null_tilde_and_nothing_are_null(scalar: str) -> None:
    assert data(f"a: {scalar}") == {"a": None}


@pytest.mark.parametrize("scalar", ['"null"', "'~'", '""', "|\n  null"])
def test_what_is_quoted_is_not_null_and_not_plain(scalar: str) -> None:
    read = data(f"a: {scalar}")["a"]
    assert type(read) is str


def test_a_key_is_text_as_written() -> None:
    assert data("null: 1\n~: 2\non: 3\n1.0: 4") == {"null": "1", "~": "2", "on": "3", "1.0": "4"}


def test_keys_and_values_have_places() -> None:
    text = "# first\na:\n  - {b: c, 'd e': 'f g'}\n"
    assert place(text, "a", key=True) == "2:1-2:2"
    assert place(text, "a") == "3:3"
    assert place(text, "a", 0) == "3:5"
    assert place(text, "a", 0, "b") == "3:9-3:10"
    assert place(text, "a", 0, "d e", key=True) == "3:12-3:17"
    assert place(text, "a", 0, "d e") == "3:19-3:24"


def test_what_is_absent_has_the_place_of_what_encloses_it() -> None:
    text = "a:\n  - {b: c}"
    for path in [("a", 0, "x"), ("a", 0, "x", "y"), ("a", 7), ("a", "x"), ("a", 0, "b", "x")]:
        assert place(text, *path) == place(text, *path[: 1 if path[1] != 0 else 3 if path[2] == "b" else 2])


def test_columns_count_characters() -> None:
    assert place("{ä😀: ö, b: c}", "b") == "1:12-1:13"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_may(end: str) -> None:
    assert place(f"a: 1{end}b: 2{end}c: 3", "c") == "3:4-3:5"


def test_line_separators_of_unicode_are_no_line_ends_of_an_editor() -> None:
    assert place("a: 'x\u2028y'\nb: 1", "b") == "2:4-2:5"


def test_a_key_written_with_escapes_has_its_place() -> None:
    assert place('"\\x61": 1', "a", key=True) == "1:1-1:7"


def test_a_key_on_a_longer_road_has_at_least_its_start() -> None:
    assert place("? >-\n  a\n: 1", "a", key=True).startswith("1:3")


def test_an_alias_has_its_own_place_and_what_is_in_it_the_place_of_the_anchor() -> None:
    text = "a: &x {b: c}\nd: *x\n"
    assert data(text) == {"a": {"b": "c"}, "d": {"b": "c"}}
    assert place(text, "d") == "2:4-2:6"
    assert place(text, "d", "b") == "1:11-1:12"


def test_aliases_of_scalars_stand_for_them_as_keys_too() -> None:
    assert data("a: &x b\n*x : *x\n") == {"a": "b", "b": "b"}


def test_a_text_with_aliases_shares_values() -> None:
    assert read_yaml("a: &x [b]\nc: *x", LIMIT)[0].shared
    assert not read_yaml("a: &x [b]", LIMIT)[0].shared


def test_aliases_count_against_the_limit() -> None:
    text = "a: &a [xxxxxxxx, xxxxxxxx]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]"
    read_yaml(text, 700)
    error = refused(text, 300)
    assert error.code == "E201"
    assert "aliases" in error.message


def test_an_alias_before_its_anchor_is_refused() -> None:
    assert refused("a: *x\nb: &x c").at == 3
    assert refused("*x").at == 0


def test_an_alias_inside_its_own_anchor_is_refused() -> None:
    assert refused("a: &x [*x]").at == 7


@pytest.mark.parametrize("text", ["? [a]\n: b", "? {a: b}\n: c", "a: &x [b]\n*x : c", "a: &x\n*x : c"])
def test_a_key_that_is_no_text_is_refused(text: str) -> None:
    assert refused(text).code == "E208"


def test_every_key_given_twice_is_reported_with_both_places() -> None:
    found = read_yaml("a: 1\nb: {c: 1, c: 2, c: 3}\na: 2", LIMIT)[0].duplicates
    assert [(each.key, each.at, each.first) for each in found] == [("c", 15, 9), ("c", 21, 9), ("a", 27, 0)]


def test_of_a_key_given_twice_the_first_value_stays() -> None:
    assert data("{a: 1, a: 2}") == {"a": "1"}


def test_a_hundred_levels_are_read_and_one_more_is_not() -> None:
    data("[" * 100 + "]" * 100)
    assert refused("[" * 101 + "]" * 101).at == 100


def test_several_documents_are_refused_at_the_second() -> None:
    assert refused("a: 1\n---\nb: 2").at == 5


@pytest.mark.parametrize("text", ["a: !!str b", "!x {a: b}", "a: ! b", "- !!python/object:os.system x"])
def test_tags_are_refused(text: str) -> None:
    assert "tag" in refused(text).message


@pytest.mark.parametrize("text", ["a: [b", "a: b: c", "{a: b", "a:\n\t- b", "%YAML 1.1 1", "a: &", "'"])
def test_what_is_no_yaml_is_refused(text: str) -> None:
    assert refused(text).help


def test_a_character_that_may_not_be_in_yaml_is_refused_at_its_place() -> None:
    error = refused("ä: 1\nb: \x07")
    assert error.at == 8
    assert "U+0007" in error.message


@pytest.mark.parametrize("text", ["%YAML 1." + "1" * 5000 + "\n---\na: b", 'a: "\\UFFFFFFFF"', 'a: "\\ud800x'])
def test_numbers_of_any_length_do_no_harm(text: str) -> None:
    assert refused(text).code == "E201"


def test_an_empty_text_is_null() -> None:
    assert data("# nothing\n") is None
    assert data("---\n") is None
    assert data("x") == "x"


SEPARATORS = ["\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", SEPARATORS, ids=ascii)
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: b # said{}    c: d\n", 11),
        ("a: b{}c: d\n", 4),
        ("a: |\n  b{}  c\n", 8),
        ("a: b c{}  d\n", 6),
        ("a: {{b: c,{} d: e}}\n", 9),
        ('"a": "b" # it\'s{}c: d\n', 15),
        ("a: 'b{0}c'\nd: e{0}\n", 13),
        ("---{}a: b\n", 3),
        ("a: b{}: [\n", 4),
    ],
)
def test_a_line_separator_outside_quotes_is_refused(text: str, at: int, end: str) -> None:
    error = refused(text.format(end))
    assert (error.code, error.at) == ("E201", at)
    assert f"U+{ord(end):04X}" in error.message


@pytest.mark.parametrize("end", SEPARATORS, ids=ascii)
@pytest.mark.parametrize("text", ['a: "b{}c"\n', "a: 'b # {}c'\n", 'a: "\\"{}"\n'])
def test_a_line_separator_between_quotes_is_text(text: str, end: str) -> None:
    assert isinstance(data(text.format(end)), dict)


def test_an_error_before_a_line_separator_is_reported_first() -> None:
    assert "U+2028" not in refused("a: [\nb: ]]\nc: d # x\u2028e: f\n").message
