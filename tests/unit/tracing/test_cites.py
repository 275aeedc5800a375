"""Cites find their clauses, and a trace says which clauses no rule covers."""

from __future__ import annotations

import pytest

from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.prose import normalised
from tests.unit.tracing.prose import BULLETS, found, held, many, policy


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


def test_words_that_are_in_two_clauses_mean_both() -> None:
    twice = "# A\n\nwe keep your data safe\n\n# B\n\nand we keep your data here\n"
    assert [each.id for each in ClauseIndex(found(twice)).meant("we keep your data")] == ["A", "B"]


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


def test_a_rule_that_cites_nothing_is_reported() -> None:
    assert [each.name for each in held(policy(more="rule bare { forbid flow }")).uncited] == ["bare"]


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


def test_a_cite_that_may_mean_several_clauses_covers_none_of_them() -> None:
    prose = "# Policy\n\nClause about sale. {#one}\n\nClause about rent. {#two}\n\nNothing is sold here. {#three}\n"
    traced = held(policy("Policy about"), prose)
    assert traced.in_state("covered") == []
    twice = prose.replace("Nothing is sold here", "Clause about sale")
    ambiguous = held(policy("Clause about sale"), twice)
    assert [each.candidates for each in ambiguous.astray] == [("#one", "#three")]
    assert [each.state for each in ambiguous.clauses] == ["uncovered"] * 3


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
