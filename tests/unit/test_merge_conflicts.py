"""Conflict markers of git: where they are, and what each side of a file had."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.source.merge_conflicts import UnclearConflictError, first_marker, sides

TWO_WAY = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\nd\n"
THREE_WAY = "a\n<<<<<<< HEAD\nb\n||||||| 1234567\nx\n=======\nc\n>>>>>>> main\nd\n"
NESTED = "<<<<<<< HEAD\nb\n|||||||\n<<<<<<<<< A\nx\n=========\ny\n>>>>>>>>> B\n=======\nc\n>>>>>>> main\n"


@pytest.mark.parametrize("text", [TWO_WAY, THREE_WAY])
def test_each_side_has_its_own_lines_and_neither_those_of_the_ancestor(text: str) -> None:
    assert sides(text) == ("a\nb\nd\n", "a\nc\nd\n")
    assert first_marker(text) == 2


def test_a_conflict_of_ancestors_belongs_to_neither() -> None:
    assert sides(NESTED) == ("b\n", "c\n")


def test_line_ends_stay() -> None:
    assert sides(TWO_WAY.replace("\n", "\r\n")) == ("a\r\nb\r\nd\r\n", "a\r\nc\r\nd\r\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n<<<<<<< x\nb\n", 2),
        ("<<<<<<< x\nb\n=======\n", 1),
        ("a\n=======\nb\n", 2),
        ("<<<<<<< x\n<<<<<<< y\n", 2),
        ("<<<<<<< x\n>>>>>>> y\n", 2),
    ],
)
def test_a_marker_that_is_missing_is_an_error(text: str, line: int) -> None:
    with pytest.raises(UnclearConflictError) as raised:
        sides(text)
    assert raised.value.line == line


@pytest.mark.parametrize("text", ["", "{}", "<<<<<< x", "  <<<<<<< x", "<<<<<<<x", '"========"', "=======x"])
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert first_marker(text) is None
    assert sides(text) == (text, text)


@given(st.lists(st.sampled_from(["a", "<<<<<<< x", "|||||||", "=======", ">>>>>>> y", "\u2028", "\r"]), max_size=12))
def test_whatever_is_in_a_file_its_sides_have_no_markers(lines: list[str]) -> None:
    text = "\n".join(lines)
    found: tuple[str, ...] = ()
    with suppress(UnclearConflictError):
        found = sides(text)
    assert {first_marker(each) for each in found} <= {None}
