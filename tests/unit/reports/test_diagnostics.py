"""A diagnostic as text: place, code, words, the line with carets under the place, the way out."""

from __future__ import annotations

from privacy_rules.reports.markup.diagnostics import as_text
from privacy_rules.reports.markup.terminal import Ink, visible
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.span import Span


def told(found: Diagnostic, ink: Ink | None = None) -> str:
    return as_text([found], ink or Ink())


def pointed(line: str, column: int, end: int = 0) -> tuple[str, str]:
    span = Span("f", 1, column, 1 if end else 0, end)
    _, excerpt, carets = told(Diagnostic("E1", "m", span, excerpt=line)).splitlines()
    return excerpt, carets


def test_a_diagnostic_has_its_line_a_caret_and_help() -> None:
    span = Span("estate.yaml", 14, 12, 14, 22)
    found = Diagnostic(
        "E204",
        "unknown purpose `marketting`",
        span,
        "did you mean `marketing`?",
        also=(Span("other.yaml", 2, 1),),
        excerpt="purposes: [marketting]",
    )
    assert told(found) == (
        "estate.yaml:14:12: error[E204]: unknown purpose `marketting`\n"
        "    purposes: [marketting]\n"
        "               ^^^^^^^^^^\n"
        "  also: other.yaml:2:1\n"
        "  help: did you mean `marketing`?\n"
    )


def test_a_diagnostic_without_a_place_has_words_alone() -> None:
    assert told(Diagnostic("E301", "no policy is given")) == "error[E301]: no policy is given\n"


def test_a_warning_is_called_one() -> None:
    assert told(Diagnostic("W301", "m", level=Level.WARNING)).startswith("warning[W301]: ")


def test_only_the_start_is_pointed_at_where_only_it_is_known() -> None:
    assert pointed("a bcd", 3) == ("    a bcd", "      ^")


def test_a_span_over_several_lines_is_pointed_at_to_the_end_of_its_first() -> None:
    found = Diagnostic("E1", "m", Span("f", 1, 3, 2, 4), excerpt="a bcd")
    assert told(found).splitlines()[2] == "      ^^^"


def test_a_place_behind_the_end_of_its_line_is_pointed_at_the_end() -> None:
    assert pointed("ab", 9) == ("    ab", "      ^")


def test_tabs_and_wide_characters_take_their_room() -> None:
    assert pointed("\tab", 3) == ("        ab", "         ^")
    assert pointed("名a", 2, 3) == ("    名a", "      ^")
    assert pointed("名", 1, 2) == ("    名", "    ^^")
    assert pointed("e\u0301a", 3, 4) == ("    e\u0301a", "     ^")


def test_a_long_line_is_cut_around_its_place() -> None:
    excerpt, carets = pointed("x" * 500 + "here" + "y" * 500, 501, 505)
    assert excerpt.startswith("    …x")
    assert excerpt.endswith("y…")
    assert excerpt[len(carets) - 4 : len(carets)] == "here"
    assert carets.endswith("^^^^")


def test_nothing_in_a_message_can_steer_the_terminal() -> None:
    assert visible("a\x1b[2J\n\u202eb\ud800") == "a\\x1b[2J\\n\\u202eb\\ud800"
    assert "\x1b" not in told(Diagnostic("E1", "\x1b[2J", Span("\x1b", 1, 1), "\x1b", excerpt="\x1b[31m"))
    assert pointed("\x1bab", 2, 3) == ("    \\x1bab", "        ^")


def test_colour_is_there_only_where_it_is_wanted() -> None:
    found = Diagnostic("E1", "m", Span("f", 1, 1), "h", also=(Span("g", 1, 1),), excerpt="x")
    assert "\x1b[31m" in told(found, Ink(colour=True))
    assert "\x1b" not in told(found)


def test_without_arrows_ascii_stands_for_them() -> None:
    assert (Ink(plain=True).arrow, Ink(plain=True).dots) == ("->", "...")
