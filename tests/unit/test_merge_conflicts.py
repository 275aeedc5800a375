"""Conflict markers of git and jj: where they are, and what each side of a file had."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.source.merge_conflicts import UnclearConflictError, first_marker, marked_line, sides

TWO_WAY = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\nd\n"
THREE_WAY = "a\n<<<<<<< HEAD\nb\n||||||| 1234567\nx\n=======\nc\n>>>>>>> main\nd\n"
OF_JJ = """a
<<<<<<< Conflict 1 of 1
%%%%%%% Changes from base to side #1
 kept
-x
+b
+++++++ Contents of side #2
c
>>>>>>> Conflict 1 of 1 ends
d
"""
OF_JJ_LABELLED = OF_JJ.replace("side #1\n", 'side #1\n\\\\\\\\\\\\\\        to: rtsq "one"\n')
SNAPSHOTS = """a
<<<<<<< Conflict 1 of 1
+++++++ Contents of side #1
kept
b
------- Contents of base
kept
x
+++++++ Contents of side #2
c
>>>>>>> Conflict 1 of 1 ends
d
"""
NESTED = "<<<<<<< HEAD\nb\n|||||||\n<<<<<<<<< A\nx\n=========\ny\n>>>>>>>>> B\n=======\nc\n>>>>>>> main\n"


@pytest.mark.parametrize("text", [TWO_WAY, THREE_WAY])
def test_each_side_has_its_own_lines_and_neither_those_of_the_ancestor(text: str) -> None:
    assert sides(text) == ("a\nb\nd\n", "a\nc\nd\n")
    assert marked_line(text.encode()) == 2
    assert first_marker(text) == 2


@pytest.mark.parametrize("text", [OF_JJ, OF_JJ_LABELLED, SNAPSHOTS], ids=["diff", "labelled", "snapshots"])
def test_each_side_of_a_conflict_of_jj_has_its_own_lines(text: str) -> None:
    assert sides(text) == ("a\nkept\nb\nd\n", "a\nc\nd\n")
    assert marked_line(text.encode()) == 2


def test_a_conflict_of_jj_may_have_three_sides_and_another_two() -> None:
    three = OF_JJ.replace("+++++++", "%%%%%%% more\n-x\n+e\n+++++++")
    assert sides(three + TWO_WAY) == (
        "a\nkept\nb\nd\na\nb\nd\n",
        "a\ne\nd\na\nc\nd\n",
        "a\nc\nd\na\nc\nd\n",
    )


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
        ("<<<<<<< x\na\n+++++++\nb\n>>>>>>>\n", 3),
        ("<<<<<<< x\n%%%%%%%\n+a\nb\n>>>>>>>\n", 4),
        ("<<<<<<< x\n-------\na\n>>>>>>>\n", 4),
        ("a\n+++++++\nb\n", 2),
    ],
)
def test_a_marker_that_is_missing_is_an_error(text: str, line: int) -> None:
    with pytest.raises(UnclearConflictError) as raised:
        sides(text)
    assert raised.value.line == line


@pytest.mark.parametrize("text", ["", "{}", "<<<<<< x", "  <<<<<<< x", "<<<<<<<x", '"========"', "=======x", "%%%%%%"])
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert first_marker(text) is None
    assert sides(text) == (text,)


@pytest.mark.parametrize("text", ["=======\n", "a\n-------\n"])
def test_a_line_that_somebody_has_drawn_is_not_taken_for_a_marker(text: str) -> None:
    assert first_marker(text) is None


@given(
    st.lists(
        st.sampled_from([*"a+", "<<<<<<< x", "|||||||", "=======", ">>>>>>> y", "%%%%%%%", "+++++++", "\u2028", "\r"]),
        max_size=12,
    )
)
def test_whatever_is_in_a_file_its_sides_have_no_markers(lines: list[str]) -> None:
    text = "\n".join(lines)
    found: tuple[str, ...] = ()
    with suppress(UnclearConflictError):
        found = sides(text)
    assert {first_marker(each) for each in found} <= {None}
