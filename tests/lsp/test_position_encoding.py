"""Places: our lines and columns, and the client's UTF-16 ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.source.span import Span
from tests.lsp.session import position, slice_of

TEXTS = st.text(st.sampled_from("aé\u20ac😀𝔘\n\u2028\x0b\ud800"), max_size=30)


@given(TEXTS, st.data())
def test_an_offset_comes_back_from_the_client_as_it_went(text: str, data: st.DataObject) -> None:
    lines = Lines(text)
    offset = data.draw(st.integers(0, len(text)))
    there = lines.position(*lines.place(offset))
    assert there == position(text, offset)
    assert lines.offset(there) == offset


@given(st.text(st.sampled_from("ab😀\r\n"), max_size=20))
def test_line_ends_of_every_kind_end_a_line(text: str) -> None:
    folded = text.replace("\r\n", "\n").replace("\r", "\n")
    assert Lines(text).whole.end == position(folded, len(folded))


def test_the_middle_of_a_character_is_its_start() -> None:
    from lsprotocol.types import Position

    assert Lines("a😀b").offset(Position(0, 2)) == 1
    assert Lines("a😀b").offset(Position(0, 3)) == 2


def test_what_lies_outside_is_the_nearest_that_is_inside() -> None:
    from lsprotocol.types import Position

    lines = Lines("ab\ncd")
    assert lines.offset(Position(0, 99)) == 2
    assert lines.offset(Position(9, 0)) == 5
    assert lines.position(9, 1) == Position(1, 2)


def test_a_byte_order_mark_is_a_column_of_the_client_and_none_of_ours() -> None:
    from lsprotocol.types import Position

    lines = Lines("\ufeffrule\nx")
    assert lines.position(1, 1) == Position(0, 1)
    assert lines.offset(Position(0, 1)) == 0
    assert lines.position(2, 1) == Position(1, 0)


def test_a_place_without_an_end_is_the_word_there() -> None:
    text = "😀 crm-x: {a}"
    assert slice_of(text, Lines(text).range(Span("x", 1, 3))) == "crm-x"
    assert slice_of(text, Lines(text).range(Span("x", 1, 8))) == ":"
