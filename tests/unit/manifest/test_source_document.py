"""Places in a text, and the lines that messages show."""

from __future__ import annotations

from privacy_rules.manifest.source_document import Document
from privacy_rules.source.span import Span


def test_offsets_become_lines_and_columns() -> None:
    document = Document("a", "ab\ncd\r\nef")
    assert document.span(0) == Span("a", 1, 1)
    assert document.span(4, 5) == Span("a", 2, 2, 2, 3)
    assert document.span(9) == Span("a", 3, 3)


def test_an_excerpt_is_the_line_without_its_end() -> None:
    document = Document("a", "ab\ncd\r\nef")
    assert [document.excerpt(document.span(at)) for at in (0, 3, 8)] == ["ab", "cd", "ef"]


def test_a_line_is_cut_out_once_for_all_that_is_on_it() -> None:
    document = Document("a", "abc")
    assert document.excerpt(document.span(0)) is document.excerpt(document.span(2))


def test_a_text_that_could_not_be_read_has_its_start() -> None:
    assert Document("a", "abc").place(("x", 1)) == Span("a", 1, 1)
