"""Clauses are found in prose of many forms, cites find their clauses, and what was reviewed is known again."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_rules.language.loader import load_text
from privacy_rules.language.policy import Policy
from privacy_rules.tracing import lock
from privacy_rules.tracing.holding import Reviewed, Trace, trace
from privacy_rules.tracing.plain import plain
from privacy_rules.tracing.prose import Clause, clauses, meant, normalised

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
    made, wrong = load_text(f"use std.core\n{rules}{more}", file="p.privacy")
    assert made is not None, wrong
    return made


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
    assert [each.id for each in meant(cite, found())] == [id_]


@pytest.mark.parametrize(
    "cite", ["#sell", "#rights", "no", "code", "not sell", "Empty heading", "we sell all your data", ""]
)
def test_a_cite_of_what_is_not_there_finds_nothing(cite: str) -> None:
    assert meant(cite, found()) == []


def test_words_that_stand_in_two_clauses_mean_both() -> None:
    twice = "# A\n\nwe keep your data safe\n\n# B\n\nand we keep your data here\n"
    assert [each.id for each in meant("we keep your data", found(twice))] == ["A", "B"]


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
    assert [each.id for each in meant(cite, found(BULLETS))] == [id_]


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
    ],
)
@pytest.mark.parametrize("markdown", [True, False])
def test_no_line_is_slow_to_read(line: str, markdown: bool) -> None:
    started = perf_counter()
    for each in found(line, markdown=markdown):
        assert each.fingerprint
        assert plain(each.text)
    assert perf_counter() - started < 2


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
        assert 1 <= each.line <= text.count("\n") + 2
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
