"""Clauses are found in prose of many forms, cites find their clauses, and what was reviewed is known again."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_rules.language.policy import Policy
from privacy_rules.tracing import lock
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.coverage import Reviewed, Trace, trace
from privacy_rules.tracing.plain_text import plain
from privacy_rules.tracing.prose import Clause, clauses, normalised
from tests.builders import policy_of

PROSE = """# Privacy policy

<!-- a comment: ## 9. Not a heading {#no} -->

## 1. Selling {#selling}

We do **not** sell
your data.

## Keeping

We keep it. {#keep}

- four years of invoices {#invoices}
- nothing else

4.2 We delete it after two years.

Rights
------

You may ask us what we have.

```
## code, no heading {#code}
```

## Empty heading
"""


def found(text: str = PROSE, *, markdown: bool = True) -> list[Clause]:
    return clauses(text, "policy.md", markdown=markdown)


def policy(*cites: str, more: str = "") -> Policy:
    rules = "".join(f'rule r{number} {{ cites "{cite}" forbid flow }}\n' for number, cite in enumerate(cites))
    return policy_of(f"use std.core\n{rules}{more}", "p.privacy")


def held(made: Policy, text: str = PROSE, reviewed: dict[str, Reviewed] | None = None) -> Trace:
    return trace(made, found(text), reviewed or {})


def test_clauses_are_the_smallest_named_pieces_with_their_lines() -> None:
    assert [(each.id, each.line, each.title) for each in found()] == [
        ("#selling", 5, "Selling"),
        ("#keep", 12, "Keeping"),
        ("#invoices", 14, "Keeping"),
        ("nothing else", 15, "Keeping"),
        ("4.2", 17, "Keeping"),
        ("Rights", 19, "Rights"),
    ]


@pytest.mark.parametrize(
    ("cite", "id_"),
    [
        ("#selling", "#selling"),
        ("selling", "#selling"),
        ("1", "#selling"),
        ("#1", "#selling"),
        ("§ 1", "#selling"),
        ("1. Selling", "#selling"),
        ("we do not SELL  your data", "#selling"),
        ("4.2", "4.2"),
        ("#invoices", "#invoices"),
        ("Rights", "Rights"),
        ("ask us what we have", "Rights"),
    ],
)
def test_a_cite_finds_its_clause(cite: str, id_: str) -> None:
    assert [each.id for each in ClauseIndex(found()).meant(cite)] == [id_]


@pytest.mark.parametrize(
    "cite", ["#sell", "#rights", "no", "code", "not sell", "Empty heading", "we sell all your data", ""]
)
def test_a_cite_of_what_is_not_there_finds_nothing(cite: str) -> None:
    assert ClauseIndex(found()).meant(cite) == []


def test_words_that_stand_in_two_clauses_mean_both() -> None:
    twice = "# A\n\nwe keep your data safe\n\n# B\n\nand we keep your data here\n"
    assert [each.id for each in ClauseIndex(found(twice)).meant("we keep your data")] == ["A", "B"]


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


def test_each_clause_is_covered_accounted_for_or_neither() -> None:
    made = policy("#selling", "4.2", more='clause "#keep" is prose "a promise of nothing"')
    states = {each.clause.id: each.state for each in held(made).clauses}
    assert states == {
        "#selling": "covered",
        "#keep": "accounted",
        "#invoices": "uncovered",
        "nothing else": "uncovered",
        "4.2": "covered",
        "Rights": "uncovered",
    }


def test_a_cite_of_nothing_or_of_several_goes_astray_with_its_place() -> None:
    twice = "# A\n\nwe keep your data safe\n\n# B\n\nand we keep your data here\n"
    gone, several = held(policy("#gone", "we keep your data"), twice).astray
    assert (gone.by, gone.cite, gone.candidates, gone.span.line) == ("r0", "#gone", (), 2)
    assert (several.cite, several.candidates) == ("we keep your data", ("A", "B"))


def test_a_rule_that_cites_nothing_is_told() -> None:
    assert [each.name for each in held(policy(more="rule bare { forbid flow }")).uncited] == ["bare"]


def accepted(text: str = PROSE) -> dict[str, Reviewed]:
    return lock.accepted(held(policy("#selling"), text), {}, (), date(2026, 11, 1)).reviewed


def wording(text: str) -> dict[str, tuple[str, str | None]]:
    return {each.clause.id: (each.wording, each.was) for each in held(policy("#selling"), text, accepted()).clauses}


def test_words_that_changed_since_they_were_reviewed_are_told() -> None:
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


BULLETS = """# Promises

We promise this.

- We **never** sell your data to anybody, and do
not rent it out.
- We delete it after [two years](https://a.example/b).
  - sooner if you ask

  and we tell you so.
* * *
+ Never shared

That is all that we promise.
"""


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


@pytest.mark.parametrize(
    ("cite", "id_"),
    [
        ("never sell your data to anybody", "We never sell your data to…"),
        ("We never sell your data to…", "We never sell your data to…"),
        ("we delete it after two years", "We delete it after two years"),
        ("never shared", "Never shared"),
        ("sooner if you ask", "We delete it after two years"),
        ("Promises", "Promises"),
        ("all that we promise", "Promises (line 14)"),
    ],
)
def test_a_bullet_is_cited_by_its_words(cite: str, id_: str) -> None:
    assert [each.id for each in ClauseIndex(found(BULLETS)).meant(cite)] == [id_]


def test_a_rule_on_one_bullet_leaves_the_others_uncovered() -> None:
    traced = held(policy("never sell your data"), BULLETS)
    assert [each.clause.line for each in traced.in_state("covered")] == [5]
    assert [each.clause.line for each in traced.in_state("uncovered")] == [1, 7, 12, 14]


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


def test_prose_behind_a_numbered_paragraph_stands_on_its_own_line() -> None:
    text = "# Policy\n\nFirst words.\n\n4.1 One thing.\n\nOther words.\n"
    assert [(each.id, each.line) for each in found(text)] == [("Policy", 1), ("4.1", 5), ("Policy (line 7)", 7)]


def bulleted(text: str) -> tuple[dict[str, tuple[str, str | None]], tuple[str, ...]]:
    before = lock.accepted(held(policy("Promises"), BULLETS), {}, (), date(2026, 11, 1)).reviewed
    now = held(policy("Promises"), text, before)
    return {each.clause.id: (each.wording, each.was) for each in now.clauses if each.wording != "same"}, now.lost


def test_a_bullet_put_in_is_new_one_whose_end_changes_has_changed_and_one_taken_out_is_lost() -> None:
    assert bulleted(BULLETS.replace("- We delete", "- We ask.\n- We delete"))[0] == {"We ask": ("new", None)}
    assert bulleted(BULLETS.replace("not rent", "rent"))[0] == {"We never sell your data to…": ("changed", None)}
    assert bulleted(BULLETS.replace("+ Never shared\n", "")) == ({}, ("Never shared",))


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


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("#{}<>a1 .\n\t-=*`~[](\\\"'é\u2028")) | st.text(), st.booleans())
def test_any_text_is_some_prose(text: str, markdown: bool) -> None:
    for each in found(text, markdown=markdown):
        assert each.id
        assert each.text.strip()
        assert 1 <= each.line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert len(each.fingerprint) == 16


def test_a_cite_that_may_mean_several_clauses_covers_none_of_them() -> None:
    prose = "# Policy\n\nClause about sale. {#one}\n\nClause about rent. {#two}\n\nNothing is sold here. {#three}\n"
    traced = held(policy("Policy about"), prose)
    assert traced.in_state("covered") == []
    twice = prose.replace("Nothing is sold here", "Clause about sale")
    ambiguous = held(policy("Clause about sale"), twice)
    assert [each.candidates for each in ambiguous.astray] == [("#one", "#three")]
    assert [each.state for each in ambiguous.clauses] == ["uncovered"] * 3


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


BARE = policy(more="rule bare { forbid flow }")
CONSENT = "We ask for your consent first."


def after(before: str, now: str) -> Trace:
    reviewed = lock.accepted(held(BARE, before), {}, (), date(2026, 11, 1)).reviewed
    return held(BARE, now, reviewed)


def wordings(traced: Trace) -> dict[str, tuple[str, str | None]]:
    return {each.clause.id: (each.wording, each.was) for each in traced.clauses}


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


def seen(text: str) -> list[tuple[str, int]]:
    return [(each.id, each.line) for each in found(text)]


def test_a_line_that_begins_with_code_opens_no_block_of_it() -> None:
    text = "# A\n\nWrite to us with\n```GDPR request``` in the subject line.\n\n# B\n\nWe sell it.\n"
    assert seen(text) == [("A", 1), ("B", 6)]
    assert seen("# A\n\n```\n## C\n``` no end\n```\n\n# B\n\nWe sell it.\n") == [("A", 1), ("B", 8)]


@pytest.mark.parametrize("code", ["`<!--`", "`` ` <!-- ``", "```\n<!--\n```", "a <!-- b", "`a\nb <!-- c`"])
def test_what_stands_in_code_or_has_no_end_opens_no_comment(code: str) -> None:
    assert seen(f"# A\n\nWrite {code}\n\n# B\n\nWe sell it.\n".replace("Write ```", "```"))[1][0] == "B"


@pytest.mark.parametrize("comment", ["<!-- `a` -->", "a ` b <!-- x\n\n# C\n\n` -->", "<!--\n\n# C\n\nc -->"])
def test_what_stands_in_a_comment_is_no_prose(comment: str) -> None:
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


def test_a_list_may_begin_in_a_paragraph_and_its_numbers_are_no_words() -> None:
    assert [each for each, _ in seen("# A\n\nWe promise\n1. to ask\n2. to tell\n")] == ["A", "1", "2"]
    nested = "# A\n\n- We ask\n  1. before\n  2. after\n"
    assert {each for each, _ in wordings(after(nested, nested.replace("2.", "3."))).values()} == {"same"}


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


def test_texts_that_change_their_headings_have_changed() -> None:
    before = "# We never sell\n\nYour cards.\n\n# We may sell\n\nYour reviews.\n"
    swapped = before.replace("cards", "x").replace("reviews", "cards").replace("x", "reviews")
    assert [each.wording for each in after(before, swapped).clauses] == ["changed", "changed"]
    assert wordings(after(before, before.replace("never", "gladly")))["We gladly sell"] == ("changed", "We never sell")


# ---- many cites


def many(count: int) -> list[Clause]:
    return found(
        "\n".join(f"## Clause {n} {{#c-{n}}}\n\nWe promise that item {n} stays with us.\n" for n in range(count))
    )


def test_of_many_clauses_that_a_cite_may_mean_the_first_are_given() -> None:
    cited = ClauseIndex(many(150))
    assert [each.id for each in cited.meant("we promise that item 1 stays")] == ["#c-1"]
    assert [each.id for each in cited.meant("we promise that")] == [f"#c-{n}" for n in range(101)]


def test_the_clause_with_most_of_a_cites_words_is_found_among_many() -> None:
    cited = ClauseIndex([*many(40), *found("## Other {#other}\n\nNobody sells your data to strangers, ever.\n")])
    help_ = cited.help_for("nobody ever sells this data to any strangers")
    assert help_ == "most of its words are in `#other` (policy.md:1)"
    assert cited.help_for("we promise item stays with us whatever") is None  # as many in each


def test_cites_cost_no_walk_through_all_clauses(monkeypatch: pytest.MonkeyPatch) -> None:
    walked = 0

    def counted(text: str) -> str:
        nonlocal walked
        walked += 1
        return normalised(text)

    monkeypatch.setattr("privacy_rules.tracing.clause_index.normalised", counted)
    cited = ClauseIndex(many(50))
    for number in range(100):
        assert cited.meant(f"a promise of {number} that nobody made") == []
        cited.help_for(f"a promise of {number} that nobody made")
    assert walked <= 3 * 50 + 3 * 100
