from __future__ import annotations

import pytest

from privacy_rules.language.source_text import SourceText
from privacy_rules.source.span import Span


def test_offsets_become_lines_and_columns_counted_from_one() -> None:
    source = SourceText("a", "one\ntwo three\n")
    assert source.span(0, 3) == Span("a", 1, 1, 1, 4)
    assert source.span(8, 13) == Span("a", 2, 5, 2, 10)
    assert source.span(14, 14) == Span("a", 3, 1, 3, 1)


def test_a_place_may_reach_over_lines() -> None:
    source = SourceText("a", "one\ntwo\nthree")
    assert source.span(1, 9) == Span("a", 1, 2, 3, 2)


def test_columns_are_characters_and_not_bytes() -> None:
    assert SourceText("a", "é€😀 x").span(4, 5).column == 5


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(end: str) -> None:
    source = SourceText("a", f"one{end}two{end}")
    assert source.span(4, 7) == Span("a", 2, 1, 2, 4)
    assert source.excerpt(2) == "two"


def test_a_byte_order_mark_is_not_a_column() -> None:
    assert SourceText("a", "\ufeffone").text == "one"


def test_words_are_shown_without_line_breaks_and_comments() -> None:
    text = 'a  and # why\n  b = "# no comment"'
    source = SourceText("a", text)
    assert source.between(source.span(0, len(text))) == 'a and b = "# no comment"'


@pytest.mark.parametrize("length", [201, 300, 9000])
def test_long_words_are_cut_at_200_characters(length: int) -> None:
    source = SourceText("a", "x" * length)
    assert source.between(source.span(0, length)) == "x" * 199 + "…"


def test_words_after_much_white_space_are_cut_visibly() -> None:
    source = SourceText("a", "a and" + " " * 9000 + "b")
    assert source.between(source.span(0, 9006)) == "a and…"


def test_what_begins_a_line_has_only_white_space_before_it() -> None:
    source = SourceText("a", "a b\n  c")
    assert [source.begins_line(at) for at in (0, 2, 6)] == [True, False, True]
