"""Which characters are shown as escapes, and which names are easily confused."""

from __future__ import annotations

import json

import pytest
import yaml

from privacy_rules.source.invisible_characters import (
    difference,
    invisible_in,
    lone_returns,
    look_alike,
    skeleton,
    spelt,
    twins,
    visible,
    visible_json,
    visible_lines,
    yaml_text,
)
from privacy_rules.source.spelling import did_you_mean

BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
NO_WIDTH = [
    0xAD,
    0x34F,
    0x115F,
    0x180E,
    0x200B,
    0x200C,
    0x200D,
    0x2060,
    0x2064,
    0x3164,
    0xFE0F,
    0xFEFF,
    0xFFA0,
    0xE0041,
]
CONTROLS = [0, 7, 8, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x9B, 0x2028, 0x2029, 0xD800]
PLAIN = ["", "no_selling", "café", "Straße", "日本語", "עברית", "🎉", "naïve – “quoted” …", "a\xa0b"]
BOUND = ["👨‍👩‍👧", "❤️", "1️⃣", "🏴‍☠️", "👩🏽‍💻", "می‌خواهم", "क्‍ष"]


@pytest.mark.parametrize("number", [*BIDI, *NO_WIDTH, *CONTROLS], ids=hex)
def test_a_character_that_is_not_seen_is_an_escape_in_every_form(number: int) -> None:
    character = chr(number)
    text = f"a{character}b"
    assert visible(text).isascii()
    assert visible_lines(text) == visible(text)
    found = visible_json(json.dumps(text, ensure_ascii=False))
    assert found.isascii()
    assert json.loads(found) == text
    assert list(invisible_in(text)) == [(1, character)]


@pytest.mark.parametrize("text", [*PLAIN, *BOUND])
def test_what_is_seen_stays(text: str) -> None:
    assert visible(text) == visible_lines(text) == visible_json(text) == text
    assert list(invisible_in(text)) == []


@pytest.mark.parametrize(
    "text", ["a\u200d😀", "😀\u200d", "😀\u200da", "a\ufe0f", "❤\ufe0f\ufe0f", "1\ufe0f", "می\u200c", "\u200cمی"]
)
def test_joiners_and_selectors_without_an_effect_are_not_seen(text: str) -> None:
    assert len(list(invisible_in(text))) == 1
    assert visible(text) != text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", "\\x3a:error::x"),
        (" \u3000::error::x", " \u3000\\x3a:error::x"),
        ("a ##[error]x", "a \\x23#[error]x"),
        ("##vso[task]", "\\x23#vso[task]"),
        ("a::b", "a::b"),
        ("## title", "## title"),
    ],
)
def test_what_a_runner_would_obey_is_disarmed(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible_lines(f"a\n{text}\n") == f"a\n{shown}\n"
    assert json.loads(visible_json(json.dumps(text))) == text
    assert "##[" not in visible_json(json.dumps(text))


@pytest.mark.parametrize(
    "text", [*PLAIN, *BOUND, "a ##[error]x", "a\u202eb", "tag \U000e0041", 'a "quote" \\ and\nmore', "😀\u200d"]
)
def test_text_between_quotes_is_read_by_yaml_as_it_was(text: str) -> None:
    written = yaml_text(text)
    assert yaml.safe_load(written) == text
    assert visible(written) == written


def test_lines_and_tabs_stay_in_a_text_of_several_lines() -> None:
    assert visible_lines("a\tb\r\nc\n\x1b\rd\u2028") == "a\tb\r\nc\n\\x1b\\rd\\u2028"
    assert list(lone_returns("a\rb\r\nc\rd\n")) == [1, 6]
    assert list(lone_returns("a\rb\rc")) == list(lone_returns("a\r\nb\r\n")) == []


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("cafe\u0301", "café", "only in Unicode normalisation"),
        ("ﬁle", "file", "only in Unicode normalisation"),
        ("ＡＢ", "AB", "only in Unicode normalisation"),
        ("a\xa0b", "a b", "only in Unicode normalisation"),
        ("cr\u200bm", "crm", "only by invisible characters"),
        ("crm\u3164", "crm", "only by invisible characters"),
        ("a\u202eb", "ab", "only by invisible characters"),
        ("❤️", "❤", "only by invisible characters"),
    ],
)
def test_names_that_are_easily_confused(one: str, other: str, how: str) -> None:
    assert skeleton(one) == skeleton(other)
    assert difference(one, other) == how
    assert look_alike(one, [other]) == other
    assert list(twins([other, "x", one])) == [(one, other)]
    help_ = did_you_mean(other, ["x", one])
    assert help_ is not None
    assert f"`{spelt(one)}` there and `{spelt(other)}` here, which differ {how}" in help_


def test_names_that_are_not() -> None:
    assert look_alike("crm", ["crm", "CRM", "crn", "crм"]) is None
    assert list(twins(["a", "A", "b", "é", "e"])) == []
