"""`lint --fix` and `--diff`: what they mend, what they leave, and what they never lose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.cli.linting import BAD, CLEAN, found


def test_fix_edits_until_nothing_is_left_to_fix_and_loses_no_comment(bad: Path, call: Call) -> None:
    done = call("lint", "bad.privacy", "--fix", "--format", "json")
    assert (done.code, json.loads(done.out)["mended"]) == (0, 4)
    assert done.err == "fixed bad.privacy\n4 findings fixed\n"
    assert found(done.out) == ["unused-term", "unused-term", "missing-title"]
    after = bad.read_text()
    assert "forbid disclosure of contact when notice\n" in after
    assert "# nobody asks\n" in after
    assert "unasked" not in after
    assert after.count("- when") == 1
    assert call("lint", "bad.privacy", "--fix").out.startswith("bad.privacy:3:11: note[L101")
    assert bad.read_text() == after


def test_fix_keeps_line_ends_and_a_byte_order_mark(bad: Path, call: Call) -> None:
    write(bad, ("\ufeff" + BAD.replace("\n", "\r\n")).encode())
    assert call("lint", "bad.privacy", "--fix").code == 0
    text = bad.read_bytes().decode()
    assert text.startswith("\ufeffuse std.core\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert "unasked" not in text


def test_diff_shows_what_fix_would_change_and_writes_nothing(bad: Path, call: Call) -> None:
    done = call("lint", "bad.privacy", "--diff")
    assert done.code == 1
    assert "-  forbid disclosure of (contact, email) when not not notice\n" in done.out
    assert "+  forbid disclosure of contact when notice\n" in done.out
    assert done.err == "would fix bad.privacy\n4 findings would be fixed\n"
    assert bad.read_text() == BAD
    write(bad, CLEAN)
    assert call("lint", "bad.privacy", "--diff") == type(done)(0, "", "nothing to fix\n")


def test_a_read_only_file_is_not_fixed_and_no_other_either(bad: Path, call: Call) -> None:
    other = write("another.privacy", "rule one { forbid system when not not (retention > 3 years) }\n")
    bad.chmod(0o444)
    done = call("lint", "another.privacy", "bad.privacy", "--fix")
    assert (done.code, done.out) == (2, "")
    assert "`bad.privacy` cannot be written: it is read-only" in done.err
    assert "not not" in other.read_text()


@pytest.mark.parametrize(
    ("listed", "left"),
    [
        ("(card, card)", "of card when"),
        ("(email, contact)", "of contact when"),
        ("(contact, email)", "of contact when"),
        ("(email, contact, email)", "of contact when"),
        ("(email, contact, phone)", "of contact when"),
        ("( card, card )", "of card when"),
        ("(card, card, card)", "of card when"),
        ("(card, contact, card)", "of (card, contact) when"),
        ("(card, # kept\n card)", "of (card, # kept\n card) when"),
    ],
)
def test_no_brackets_are_left_about_a_term_that_is_left_alone(clean: Path, call: Call, listed: str, left: str) -> None:
    words = CLEAN.replace("{ contact }", "{ contact { email  phone }  card }")
    write(clean, words.replace("of contact when", f"of {listed} when"))
    call("lint", "clean.privacy", "--fix")
    assert left in clean.read_text(encoding="utf-8")


def test_brackets_that_part_two_words_leave_a_blank(clean: Path, call: Call) -> None:
    text = CLEAN.replace("exchange is sale", "exchange is(sale,sale)and recipient.role is(third_party, third_party)")
    write(clean, text)
    assert call("lint", "clean.privacy", "--fix").code == 0
    assert "exchange is sale and recipient.role is third_party\n" in clean.read_text(encoding="utf-8")


def test_a_term_that_appears_twice_is_reported_once(clean: Path, call: Call) -> None:
    words = CLEAN.replace("{ contact }", "{ contact { email } }").replace("of contact", "of (contact, email, email)")
    write(clean, words)
    told = json.loads(call("lint", "clean.privacy", "--format", "json").out)["findings"]
    assert [(each["lint"], each["location"]["column"]) for each in told] == [
        ("broad-and-narrow", 34),
        ("duplicate-term", 41),
    ]


BOARD = "# allow renaming-define: the board said so"


@pytest.mark.parametrize(
    "defines",
    [
        f"{BOARD}\ndefine old as notice\ndefine told as notice\n",
        f"{BOARD}\n\ndefine old as notice\ndefine told as notice\n",
        f"define old as notice  {BOARD}\ndefine told as notice\n",
    ],
)
def test_no_comment_comes_to_stand_for_something_else(clean: Path, call: Call, defines: str) -> None:
    """`old` is unused; were it taken away, what allows its lint would allow that of `told`."""
    write(clean, f"{CLEAN}{defines}rule more {{ require told on flow of contact }}\n")
    before = found(call("lint", "clean.privacy", "--format", "json").out)
    assert before.count("renaming-define") == 1
    done = call("lint", "clean.privacy", "--fix", "--format", "json")
    assert found(done.out) == before
    assert defines in clean.read_text(encoding="utf-8")


def test_comments_of_an_alternative_stay_with_it(clean: Path, call: Call) -> None:
    rule = """\
rule only {
  allow storage of contact only
    # for as long as the law says
    - when retention <= 1 year
    - when retention <= 2 years
}
"""
    write(clean, CLEAN + rule)
    done = call("lint", "clean.privacy", "--fix", "--format", "json")
    assert "needless-alternative" in found(done.out)
    assert clean.read_text(encoding="utf-8") == CLEAN + rule
