from __future__ import annotations

import pytest

from privacy_rules.language.scanner import BAD_CHARACTER, BAD_ESCAPE, UNENDED, tokens, without_comments


def kinds(text: str) -> list[str]:
    return [each.kind for each in tokens(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name", "NAME"),
        ("_n1", "NAME"),
        ("größe", "NAME"),
        ('"text"', "STRING"),
        (r'"a \" b \\ c \n"', "STRING"),
        ("2026-11-01", "DATE"),
        ("1-2-3", "DATE"),
        ("12", "NUMBER"),
        ("-1.5", "NUMBER"),
        ("<=", "COMPARISON"),
        ("!=", "COMPARISON"),
        ("-", "MINUS"),
        ('"open', UNENDED),
        (r'"a\q"', BAD_ESCAPE),
        ("@", BAD_CHARACTER),
        ("!", BAD_CHARACTER),
    ],
)
def test_a_token_is_of_its_kind(text: str, kind: str) -> None:
    found, end = tokens(text)
    assert (found.kind, found.text, found.start, found.end) == (kind, text, 0, len(text))
    assert (end.kind, end.start) == ("$END", len(text))


def test_white_space_and_comments_lie_between_tokens() -> None:
    assert kinds("# all\n a # b\n\t. c#") == ["NAME", "DOT", "NAME", "$END"]


def test_the_end_is_right_after_the_last_token() -> None:
    assert list(tokens("a  # b\n\n"))[-1].start == 1


def test_a_string_does_not_reach_over_its_line() -> None:
    assert kinds('"a\nb') == [UNENDED, "NAME", "$END"]


def test_a_text_is_bared_of_comments_but_not_of_signs_in_strings() -> None:
    assert without_comments('a "#" # b\nc') == 'a "#"  \nc'
