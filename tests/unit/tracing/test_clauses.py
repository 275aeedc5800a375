"""Clauses are found in prose of many forms."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_rules.tracing import lock
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.coverage import Reviewed, Trace, trace
from privacy_rules.tracing.plain_text import plain
from privacy_rules.tracing.prose import clauses, normalised
from tests.unit.tracing.prose import BULLETS, after, found, held, policy, wordings


def test_clauses_are_the_smallest_named_pieces_with_their_lines() -> None:
    assert [(each.id, each.line, each.title) for each in found()] == [
        ("#selling", 5, "Selling"),
        ("#keep", 12, "Keeping"),
        ("#invoices", 14, "Keeping"),
        ("nothing else", 15, "Keeping"),
        ("4.2", 17, "Keeping"),
        ("Rights", 19, "Rights"),
    ]


def test_a_plain_text_has_short_lines_as_headings() -> None:
    text = "PRIVACY POLICY\n\nWhy we collect\n\nWe collect it to serve you.\n\n2.1 We sell nothing.\n"
    assert [(each.id, each.line) for each in found(text, markdown=False)] == [("Why we collect", 3), ("2.1", 7)]
    without_blanks = "PRIVACY POLICY\nWe value it.\nWhy we collect\nWe collect it to serve you.\nAnd well.\n"
    assert [(each.id, each.line) for each in found(without_blanks, markdown=False)] == [
        ("PRIVACY POLICY", 1),
        ("Why we collect", 3),
    ]


def test_two_clauses_of_one_name_are_told_apart() -> None:
    assert [each.id for each in found("# A\n\none\n\n# A\n\ntwo\n")] == ["A", "A (line 5)"]


def test_what_counts_of_words() -> None:
    assert normalised(" The “Policy” – as_it\u00a0is. {#x}") == normalised('the "policy" - as it is')
    assert normalised("not sold") != normalised("sold")


def test_each_bullet_is_a_clause_with_what_is_nested_in_it() -> None:
    made = found(BULLETS)
    assert [(each.id, each.line) for each in made] == [
        ("Promises", 1),
        ("We never sell your data to…", 5),
        ("We delete it after two years", 7),
        ("Never shared", 12),
        ("Promises (line 14)", 14),
    ]
    assert "not rent it out" in made[1].text
    assert "sooner if you ask" in made[2].text
    assert "and we tell you so" in made[2].text
    assert "* * *" not in "".join(each.text for each in made)


def test_a_list_in_lower_case_behind_a_colon_goes_on_with_its_sentence_but_for_items_with_a_name() -> None:
    text = "# A\n\nWe ask for it when:\n\n- you buy,\n- you rent, {#rent}\n- you return.\n\n# B\n\nWe promise:\n\n- We ask.\n- Never more.\n"
    assert [(each.id, each.line) for each in found(text)] == [
        ("A", 1),
        ("#rent", 6),
        ("B", 9),
        ("We ask", 13),
        ("Never more", 14),
    ]


def test_bullets_of_plain_text_are_clauses_each() -> None:
    text = "Policy\n\n• We do not sell it.\n- We keep it for\n2 years.\n* Never shared\n"
    assert [(each.id, each.line) for each in found(text, markdown=False)] == [
        ("We do not sell it", 3),
        ("We keep it for 2 years", 4),
        ("Never shared", 6),
    ]


def test_prose_behind_a_numbered_paragraph_is_on_its_own_line() -> None:
    text = "# Policy\n\nFirst words.\n\n4.1 One thing.\n\nOther words.\n"
    assert [(each.id, each.line) for each in found(text)] == [("Policy", 1), ("4.1", 5), ("Policy (line 7)", 7)]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("We do **not** sell `card_number`.", "We do not sell card_number."),
        ("- see [the *list*](https://a.example/x_y)", "• see the list"),
        ("> a_b _so_ 2 * 3 * 4 {#x}", "a_b so 2 * 3 * 4"),
        ("***all***, __never__ and \\*this", "all, never and *this"),
    ],
)
def test_marks_are_taken_off_what_is_shown(written: str, shown: str) -> None:
    assert plain(written) == shown


@pytest.mark.parametrize(
    "line",
    [
        "# " + " " * 50_000 + "x",
        "# " + "#" * 50_000 + "x",
        "- " + " " * 50_000 + "x",
        "<a " + " " * 50_000,
        " " * 50_000 + "{#",
        "- " * 25_000 + "x",
        "*a" * 25_000,
        "_a" * 25_000,
        "[" * 50_000,
        "`a" * 25_000,
        "![a](" * 10_000,
        "* _" * 17_000,
        "<!--" * 12_000,
        "<!-- `` ` " * 5_000,
        "".join("`" * each + " " for each in range(300)),
        "```\n~~~\n" * 6_000,
        "<h2 " * 12_000,
        "<h2>" + "<b " * 17_000 + "</h2>",
        "---\n" + "a:\n" * 12_000,
    ],
)
@pytest.mark.parametrize("markdown", [True, False])
def test_no_line_is_slow_to_read(line: str, markdown: bool) -> None:
    started = process_time()
    for each in found(line, markdown=markdown):
        assert each.fingerprint
        assert plain(each.text)
    assert process_time() - started < 8  # of work, not of waiting; what is quadratic takes far more


@pytest.mark.parametrize(("line", "words"), [("## A ##", "A"), ("# C#", "C#"), ("#\tB", "B"), ("###### F # ", "F")])
def test_marks_at_the_end_of_a_heading_are_none_of_its_words(line: str, words: str) -> None:
    assert [each.title for each in found(f"{line}\n\ntext\n")] == [words]


@pytest.mark.parametrize("line", ["#no", "####### seven", "#"])
def test_what_only_looks_like_a_heading_is_text(line: str) -> None:
    assert [each.id for each in found(f"# A\n\n{line}\n")] == ["A"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("#{}<>a1 .\n\t-=*`~[](\\\"'é\u2028")) | st.text(), st.booleans())
def test_any_text_is_some_prose(text: str, markdown: bool) -> None:
    for each in found(text, markdown=markdown):
        assert each.id
        assert each.text.strip()
        assert 1 <= each.line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert len(each.fingerprint) == 16


def test_numbered_lines_of_plain_text_are_clauses_each_and_a_wrapped_line_is_none() -> None:
    text = "Policy\n\n1. We do not sell it.\n2. We keep it for\n2 years.\n3) We ask first.\n"
    assert [(each.id, each.line) for each in found(text, markdown=False)] == [("1", 3), ("2", 4), ("3", 6)]


def test_each_item_of_a_numbered_list_is_a_clause() -> None:
    prose = "# Policy\n\n1. We do not sell it.\n2. We delete it.\n   1. within a year\n3. We ask first.\n"
    traced = held(policy("We do not sell it"), prose)
    assert [(each.clause.id, each.clause.line, each.state) for each in traced.clauses if each.clause.id in "123"] == [
        ("1", 3, "covered"),
        ("2", 4, "uncovered"),
        ("3", 6, "uncovered"),
    ]


def of_two(one: str, other: str, reviewed: dict[str, Reviewed] | None = None) -> Trace:
    both = [*clauses(one, "a.md", markdown=True), *clauses(other, "b.md", markdown=True)]
    return trace(policy("we never sell your"), both, reviewed or {})


def test_clauses_of_one_name_in_two_files_are_told_apart() -> None:
    held_ = of_two("# Disclosure\n\nWe never sell your cards.\n", "# Disclosure\n\nNobody has a rule for this.\n")
    assert [(each.clause.id, each.state) for each in held_.clauses] == [
        ("Disclosure", "covered"),
        ("Disclosure (b.md)", "uncovered"),
    ]
    numbered = of_two("# A\n\n4.1 We never sell your cards.\n", "# B\n\n4.1 We ask.\n\n4.1 We tell.\n")
    assert set(lock.accepted(numbered, {}, (), date(2026, 11, 1)).reviewed) == {
        "4.1",
        "4.1 (b.md)",
        "4.1 (line 5)",
    }


def seen(text: str) -> list[tuple[str, int]]:
    return [(each.id, each.line) for each in found(text)]


def test_a_line_that_begins_with_code_opens_no_block_of_it() -> None:
    text = "# A\n\nWrite to us with\n```GDPR request``` in the subject line.\n\n# B\n\nWe sell it.\n"
    assert seen(text) == [("A", 1), ("B", 6)]
    assert seen("# A\n\n```\n## C\n``` no end\n```\n\n# B\n\nWe sell it.\n") == [("A", 1), ("B", 8)]


@pytest.mark.parametrize("code", ["`<!--`", "`` ` <!-- ``", "```\n<!--\n```", "a <!-- b", "`a\nb <!-- c`"])
def test_what_is_in_code_or_has_no_end_opens_no_comment(code: str) -> None:
    assert seen(f"# A\n\nWrite {code}\n\n# B\n\nWe sell it.\n".replace("Write ```", "```"))[1][0] == "B"


@pytest.mark.parametrize("comment", ["<!-- `a` -->", "a ` b <!-- x\n\n# C\n\n` -->", "<!--\n\n# C\n\nc -->"])
def test_what_is_in_a_comment_is_no_prose(comment: str) -> None:
    assert [each for each, _ in seen(f"# A\n\na {comment}\n\n# B\n\nWe sell it.\n")] == ["A", "B"]
    assert [each for each, _ in seen("---\ntitle: x\n# y: z\n---\n\n# B\n\nWe sell it.\n")] == ["B"]


@pytest.mark.parametrize(
    ("heading", "id_"),
    [
        ("   ## Tracking", "Tracking"),
        ("Tracking of our\nreaders\n-------", "Tracking of our readers"),
        ("Tracking\n==", "Tracking"),
        ('<h2 id="track">Tracking</h2>', "#track"),
        ("<H2 class=a>Our <b>Tracking</b></H2>", "Our Tracking"),
    ],
)
def test_a_heading_of_any_form_begins_a_clause(heading: str, id_: str) -> None:
    text = f"# A\n\nWe sell nothing.\n\n{heading}\n\nWe track it.\n"
    assert seen(text) == [("A", 1), (id_, 5)]
    assert [each.state for each in held(policy("we sell nothing"), text).clauses] == ["covered", "uncovered"]


@pytest.mark.parametrize("text", ["- We sell it.\n---\n", "    ## code\n", "> a\n---\n"])
def test_what_only_looks_like_a_heading_of_some_form_is_none(text: str) -> None:
    assert {each.title for each in found(f"# A\n\n{text}\nMore.\n")} == {"A"}


def test_a_list_may_begin_in_a_paragraph_and_its_numbers_are_no_words() -> None:
    assert [each for each, _ in seen("# A\n\nWe promise\n1. to ask\n2. to tell\n")] == ["A", "1", "2"]
    nested = "# A\n\n- We ask\n  1. before\n  2. after\n"
    assert {each for each, _ in wordings(after(nested, nested.replace("2.", "3."))).values()} == {"same"}


def in_plain(text: str) -> list[tuple[str, int]]:
    return [(each.id, each.line) for each in found(text, markdown=False)]


def test_short_lines_of_plain_text_with_nothing_below_are_clauses() -> None:
    assert in_plain("4.1 We never sell your data") == [("4.1", 1)]
    numbered = "Policy\n\n4 Selling\n\n4.1 We never sell your data\n\n4.2 We ask first\n"
    assert in_plain(numbered) == [("4.1", 5), ("4.2", 7)]
    bare = "Policy\n\nWe never sell your data\n\nSharing\n\nWe share it with those whom we name.\n\nWe ask first\n"
    assert in_plain(bare) == [("We never sell your data", 3), ("Sharing", 5), ("We ask first", 9)]
    assert [each.id for each in ClauseIndex(found(bare, markdown=False)).meant("never sell your data")] == [
        "We never sell your data"
    ]
    assert in_plain("Policy\n4.1 We never sell your data\n4.2 We ask first\n") == [("4.1", 2), ("4.2", 3)]


@pytest.mark.parametrize("markdown", [True, False])
def test_text_above_the_first_heading_is_a_clause_each_paragraph(markdown: bool) -> None:
    text = "We never sell the data that you give to us.\n\nWe ask everybody\nbefore we share it with others.\n"
    made = found(text, markdown=markdown)
    assert [(each.id, each.line, each.title) for each in made] == [
        ("We never sell the data that…", 1, ""),
        ("We ask everybody before we share…", 3, ""),
    ]
    assert [each.line for each in ClauseIndex(made).meant("before we share it")] == [3]
    headed = "We never sell it.\n\n# A\n\nWe ask.\n"
    assert [each for each, _ in seen(headed)] == ["We never sell it", "A"]


def test_a_number_at_the_beginning_of_a_wrapped_line_of_plain_text_is_a_word() -> None:
    text = "Keeping\n\nThe number of days after which we delete your data is\n30. Then nothing of it is left.\n"
    assert in_plain(text) == [("Keeping", 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("markdown", [True, False])
def test_lines_are_those_that_an_editor_counts(end: str, markdown: bool) -> None:
    text = f"We sell\u2028it\x0c to nobody.{end}{end}We ask everybody first.{end}"
    assert [each.line for each in found(text, markdown=markdown)] == [1, 3]
