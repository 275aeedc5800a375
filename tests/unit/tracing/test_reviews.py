"""What was reviewed of a prose is known again after the prose has changed."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.tracing import lock
from privacy_rules.tracing.coverage import Reviewed
from tests.unit.tracing.prose import BARE, BULLETS, PROSE, after, held, policy, wordings


def accepted(text: str = PROSE) -> dict[str, Reviewed]:
    return lock.accepted(held(policy("#selling"), text), {}, (), date(2026, 11, 1)).reviewed


def wording(text: str) -> dict[str, tuple[str, str | None]]:
    return {each.clause.id: (each.wording, each.was) for each in held(policy("#selling"), text, accepted()).clauses}


def test_words_that_changed_since_they_were_reviewed_are_reported() -> None:
    assert {each for each, _ in wording(PROSE).values()} == {"same"}
    assert wording(PROSE.replace("**not** sell", "sell"))["#selling"] == ("changed", None)


def test_layout_case_and_markup_change_no_words() -> None:
    other = PROSE.replace("We do **not** sell\nyour data.", "we do not  sell your\ndata").replace(
        "## 1. Sell", "## 7. Sell"
    )
    assert wording(other)["#selling"] == ("same", None)


def test_a_clause_that_moved_is_no_new_one_and_one_that_is_gone_is_lost() -> None:
    assert wording(PROSE.replace("{#selling}", "{#no-selling}"))["#no-selling"] == ("same", "#selling")
    gone = PROSE.replace("4.2 We delete it after two years.\n", "")
    assert held(policy("#selling"), gone, accepted()).lost == ("4.2",)
    assert held(policy("#selling"), PROSE.replace("{#selling}", "{#x}"), accepted()).lost == ()


def bulleted(text: str) -> tuple[dict[str, tuple[str, str | None]], tuple[str, ...]]:
    before = lock.accepted(held(policy("Promises"), BULLETS), {}, (), date(2026, 11, 1)).reviewed
    now = held(policy("Promises"), text, before)
    return {each.clause.id: (each.wording, each.was) for each in now.clauses if each.wording != "same"}, now.lost


def test_a_bullet_put_in_is_new_one_whose_end_changes_has_changed_and_one_taken_out_is_lost() -> None:
    assert bulleted(BULLETS.replace("- We delete", "- We ask.\n- We delete"))[0] == {"We ask": ("new", None)}
    assert bulleted(BULLETS.replace("not rent", "rent"))[0] == {"We never sell your data to…": ("changed", None)}
    assert bulleted(BULLETS.replace("+ Never shared\n", "")) == ({}, ("Never shared",))


NUMBERED = "# P\n\n4.1 One thing.\n\n4.2 Another thing.\n\n4.3 A third thing.\n"


def renumbered(text: str) -> tuple[dict[str, tuple[str, str | None]], tuple[str, ...]]:
    before = lock.accepted(held(policy("4.1"), NUMBERED), {}, (), date(2026, 11, 1)).reviewed
    now = held(policy("4.1"), text, before)
    return {each.clause.id: (each.wording, each.was) for each in now.clauses}, now.lost


def test_a_clause_put_in_gives_those_after_it_another_number_and_no_other_words() -> None:
    put_in = NUMBERED.replace("4.3", "4.4").replace("4.2", "4.3").replace("4.3 Another", "4.2 New.\n\n4.3 Another")
    assert renumbered(put_in) == (
        {"4.1": ("same", None), "4.2": ("new", None), "4.3": ("same", "4.2"), "4.4": ("same", "4.3")},
        (),
    )


def test_a_clause_taken_out_is_lost_though_another_has_its_number() -> None:
    taken_out = NUMBERED.replace("4.1 One thing.\n\n", "").replace("4.2", "4.1").replace("4.3", "4.2")
    assert renumbered(taken_out) == ({"4.1": ("same", "4.2"), "4.2": ("same", "4.3")}, ("4.1",))


def test_clauses_that_change_places_have_moved() -> None:
    swapped = NUMBERED.replace("One", "Other").replace("Another", "One").replace("Other", "Another")
    assert renumbered(swapped)[0] == {"4.1": ("same", "4.2"), "4.2": ("same", "4.1"), "4.3": ("same", None)}


def test_what_is_accepted_keeps_its_day_until_it_changes() -> None:
    before = accepted()
    later = lock.accepted(
        held(policy("#selling"), PROSE.replace("**not** sell", "sell")), before, (), date(2027, 1, 1)
    ).reviewed
    assert (later["#selling"].day, later["4.2"].day) == ("2027-01-01", "2026-11-01")
    one = lock.accepted(held(policy("#selling")), {}, ["4.2"], date(2027, 1, 1)).reviewed
    assert set(one) == {"4.2"}


def test_a_lock_file_is_read_as_it_was_written() -> None:
    text = lock.text_of(accepted())
    assert lock.read(text.encode()) == (accepted(), None)
    assert lock.read(lock.text_of({}).encode()) == ({}, None)
    for broken in (b"", b"[]", b"{}", b'{"version": 2}', b'{"version": 1, "clauses": {"a": 1}}', b"\xff"):
        assert lock.read(broken)[0] is None


CONSENT = "We ask for your consent first."


def test_words_that_another_clause_has_too_do_not_hide_that_they_have_changed() -> None:
    twice = f"# Selling\n\n{CONSENT}\n\n# Sharing\n\n{CONSENT}\n"
    changed = after(twice, f"# Selling\n\n{CONSENT}\n\n# Sharing\n\nWe never ask anybody.\n")
    assert wordings(changed) == {"Selling": ("same", None), "Sharing": ("changed", None)}
    assert after(twice, f"# Selling\n\n{CONSENT}\n").lost == ("Sharing",)


def test_a_clause_overwritten_with_the_words_of_another_has_changed() -> None:
    before = f"# Selling\n\n{CONSENT}\n\n# Sharing\n\nWe share nothing.\n"
    assert wordings(after(before, before.replace("We share nothing.", CONSENT)))["Sharing"] == ("changed", None)
    other = before.replace(CONSENT, "We share nothing.")
    assert wordings(after(before, other))["Selling"] == ("changed", None)


def test_of_two_clauses_that_change_places_one_with_other_words_has_changed_and_none_is_lost() -> None:
    swapped = "# P\n\n4.1 Another thing.\n\n4.2 One thing more.\n\n4.3 A third thing.\n"
    traced = after(NUMBERED, swapped)
    assert wordings(traced) == {"4.1": ("same", "4.2"), "4.2": ("changed", "4.1"), "4.3": ("same", None)}
    assert traced.lost == ()


def test_clauses_are_known_again_in_the_order_of_their_numbers() -> None:
    many = "# P\n\n" + "".join(f"4.{number} The same words.\n\n" for number in range(1, 12))
    put_in = "# P\n\n" + "".join(f"5.{number} The same words.\n\n" for number in range(1, 12))
    assert [each.was for each in after(many, put_in).clauses] == [f"4.{number}" for number in range(1, 12)]


TWO = "# P\n\n4.1 Alpha stays.\n\n4.2 Beta stays.\n"
PUT_IN = "# P\n\n4.1 Gamma is new.\n\n4.2 Alpha stays.\n\n4.3 Beta stays.\n"


def reviewed_then(before: str, now: str, *wanted: str) -> tuple[lock.Accepted, dict[str, Reviewed]]:
    first = lock.accepted(held(BARE, before), {}, (), date(2026, 11, 1)).reviewed
    return lock.accepted(held(BARE, now, first), first, wanted, date(2027, 1, 1)), first


@pytest.mark.parametrize("wanted", ["4.2", "4.3"])
def test_one_accepted_clause_carries_the_reviews_of_all_that_are_renumbered(wanted: str) -> None:
    done, first = reviewed_then(TWO, PUT_IN, wanted)
    assert done.reviewed == {"4.2": first["4.1"], "4.3": first["4.2"]}
    assert (done.count, done.moved) == (1, (("4.2", "4.1"), ("4.3", "4.2")))
    assert wordings(held(BARE, PUT_IN, done.reviewed))["4.1"] == ("new", None)


def test_one_accepted_clause_forgets_no_lost_one_in_whose_place_another_stands() -> None:
    taken_out = NUMBERED.replace("4.1 One thing.\n\n", "").replace("4.2", "4.1").replace("4.3", "4.2")
    done, first = reviewed_then(NUMBERED, taken_out, "4.2")
    assert done.reviewed == {"4.1": first["4.2"], "4.2": first["4.3"], "4.1 (lost)": first["4.1"]}
    assert held(BARE, taken_out, done.reviewed).lost == ("4.1 (lost)",)
    assert reviewed_then(NUMBERED, taken_out)[0].dropped == ("4.1",)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (
            "after which we delete it is\n30. Then nothing is left.",
            "after which we delete it is\n90. Then nothing is left.",
        ),
        ("We send:\n\n```\nname\n```", "We send:\n\n```\nname, card\n```"),
        ("We send:\n\n    name", "We send:\n\n    name, card"),
    ],
)
def test_no_word_of_a_clause_changes_untold(before: str, now: str) -> None:
    assert wordings(after(f"# A\n\n{before}\n", f"# A\n\n{now}\n")) == {"A": ("changed", None)}


def test_another_heading_of_items_and_anchored_text_is_a_change_until_it_is_accepted() -> None:
    before = "# We never\n\n- sell your data\n- rent your data\n\n# 2. We ask first {#ask}\n\nBefore we share it.\n"
    now = before.replace("We never", "We may").replace("2. We ask", "7. We do not ask")
    first = lock.accepted(held(BARE, before), {}, (), date(2026, 11, 1)).reviewed
    assert {each.wording for each in held(BARE, before.replace("# 2.", "# 7."), first).clauses} == {"same"}
    assert [each.wording for each in held(BARE, now, first).clauses] == ["changed", "changed", "changed"]
    done = lock.accepted(held(BARE, now, first), first, (), date(2027, 1, 1))
    assert done.changed == ("sell your data", "rent your data", "#ask")
    assert done.reviewed["#ask"].day == "2027-01-01"
    assert lock.read(lock.text_of(done.reviewed).encode()) == (done.reviewed, None)
    assert {each.wording for each in held(BARE, now, done.reviewed).clauses} == {"same"}


def test_a_lock_that_knows_no_headings_stays_one() -> None:
    written = '{"version": 1, "clauses": {"#keep": {"fingerprint": "%s", "rules": [], "reviewed": "2026-11-01"}}}'
    fingerprint = accepted()["#keep"].fingerprint
    old, wrong = lock.read((written % fingerprint).encode())
    assert old is not None, wrong
    traced = held(BARE, PROSE.replace("## Keeping", "## Other"), old)
    assert wordings(traced)["#keep"] == ("same", None)
    again = lock.accepted(traced, old, ["#keep"], date(2027, 1, 1))
    assert (again.changed, again.reviewed["#keep"].day) == ((), "2026-11-01")
    assert again.reviewed["#keep"].heading


def test_texts_that_change_their_headings_have_changed() -> None:
    before = "# We never sell\n\nYour cards.\n\n# We may sell\n\nYour reviews.\n"
    swapped = before.replace("cards", "x").replace("reviews", "cards").replace("x", "reviews")
    assert [each.wording for each in after(before, swapped).clauses] == ["changed", "changed"]
    assert wordings(after(before, before.replace("never", "gladly")))["We gladly sell"] == ("changed", "We never sell")
