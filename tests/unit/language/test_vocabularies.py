from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.vocabulary.taxonomy import BUILT_IN, Taxonomy
from tests.builders import policy_of
from tests.unit.language.policies import errors_of, under, wrong

RULE = "\nrule r { forbid flow }"


def vocabulary(text: str, name: str = "data") -> Taxonomy:
    return policy_of(text + RULE).vocabularies[name]


def test_nested_braces_give_the_first_parent() -> None:
    data = vocabulary("data { a { b { c } } d }")
    assert data.parents == {"a": (), "b": ("a",), "c": ("b",), "d": ()}


def test_in_adds_parents_after_the_one_of_the_braces() -> None:
    assert vocabulary("data { a { c in b, d } b d }").parents["c"] == ("a", "b", "d")


def test_in_alone_gives_parents_too() -> None:
    assert vocabulary("data { c in b  b }").parents["c"] == ("b",)


def test_a_term_named_again_at_the_top_takes_more_below_it() -> None:
    data = vocabulary("data { a { b } }\ndata { b { c }  b { d } }")
    assert (data.parents["b"], data.parents["c"], data.parents["d"]) == (("a",), ("b",), ("b",))


def test_a_term_named_again_at_the_top_takes_more_parents() -> None:
    assert vocabulary("data { a { b } c }\ndata { b in c }").parents["b"] == ("a", "c")


def test_shipped_terms_are_named_again_as_others_are() -> None:
    policy = policy_of("use std.core\nrole { third_party { lead_buyer } }\nregion { RU in eea }" + RULE)
    assert policy.vocabularies["role"].parents["lead_buyer"] == ("third_party",)
    assert policy.vocabularies["region"].parents["ru"] == ("europe", "eea")


def test_added_parents_are_in_order_of_name() -> None:
    assert vocabulary("data { x in c, b, a  a b c }").parents["x"] == ("a", "b", "c")


def test_a_term_may_be_used_before_the_block_that_nests_it() -> None:
    assert vocabulary("data { b in a }\ndata { c { a } }").parents == {"a": ("c",), "b": ("a",), "c": ()}


def test_named_again_below_the_same_parent_says_the_same() -> None:
    assert vocabulary("data { a { b } }\ndata { a { b } }\ndata { c { d }  d in a }\ndata { a { d } }").parents[
        "d"
    ] == ("c", "a")


def test_a_second_parent_by_nesting_is_reported_with_the_first_place() -> None:
    (found,) = errors_of("data { a { b } c }\ndata { c { b } }" + RULE)
    assert (found.code, under(found)) == ("E114", "b")
    assert found.message == "`b` is below `a`, and here below `c`"
    assert found.help == "to add a parent write `b in c` at the top of a block"
    assert [str(each) for each in found.also] == ["policy.privacy:1:12"]


def test_the_first_description_holds() -> None:
    assert vocabulary('data { a "one" }\ndata { a "two" b }').descriptions == {"a": "one"}


def test_a_parent_that_nothing_declares_is_reported() -> None:
    assert wrong("data { a in contct  contact }" + RULE) == [("E105", "contct")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("data { a in a }", "a"),
        ("data { a { a } }", "a"),
        ("data { a in b  b in a }", "a"),
        ("data { a { b { c } }  a in c }", "b"),
        ("data { a { b } }\ndata { b { c } }\ndata { c { a } }", "a"),
    ],
)
def test_a_circle_is_reported_once(text: str, words: str) -> None:
    assert [code for code, _ in wrong(text + RULE)] == ["E111"]


def test_two_circles_are_both_reported() -> None:
    assert wrong("data { a in b  b in a  c in c }" + RULE) == [("E111", "a"), ("E111", "c")]


def test_two_vocabularies_may_share_a_name() -> None:
    policy = policy_of("data { a }\npurpose { a }\nrule r { forbid flow of a for a }")
    assert "a" in policy.vocabularies["data"]
    assert "a" in policy.vocabularies["purpose"]


def test_every_built_in_vocabulary_is_there_without_a_declaration() -> None:
    assert set(policy_of(RULE).vocabularies) == set(BUILT_IN)


def test_a_policy_may_declare_vocabularies_of_its_own() -> None:
    policy = policy_of("vocabulary tier { gold  silver }\nattribute tier_of on party: one of tier" + RULE)
    assert policy.vocabularies["tier"].terms == ("gold", "silver")


def test_a_vocabulary_cannot_be_named_text() -> None:
    assert wrong("vocabulary text { a }" + RULE) == [("E104", "text")]


def test_regions_are_read_in_either_case() -> None:
    assert vocabulary("region { EU { DE } fr in eu }", "region").parents == {"de": ("eu",), "eu": (), "fr": ("eu",)}


def test_other_terms_differ_by_case() -> None:
    assert wrong("data { Name }\nrule r { forbid flow of name }") == [("E105", "name")]


def test_terms_nest_up_to_100_deep() -> None:
    def nested(depth: int) -> str:
        return "data {" + "".join(f"a{number} {{" for number in range(depth)) + "}" * depth + "}"

    assert len(vocabulary(nested(100)).terms) == 100
    assert wrong(nested(101) + RULE) == [("E103", "a100")]


# ---- dates


def below(text: str, *days: str) -> list[bool]:
    data = vocabulary(text)
    return [data.on(date.fromisoformat(day)).is_a("a", "b") for day in days]


def test_a_term_is_below_a_parent_from_the_first_day_until_the_day_before_the_second() -> None:
    text = "data { a in b from 2026-01-01 until 2026-06-15  b }"
    assert below(text, "2025-12-31", "2026-01-01", "2026-06-14", "2026-06-15") == [False, True, True, False]


def test_a_period_may_have_one_limit_and_a_parent_several_periods() -> None:
    text = "data { a in b until 2020-01-01, b from 2026-01-01  b }"
    assert below(text, "0001-01-01", "2019-12-31", "2020-01-01", "2025-12-31", "9999-12-31") == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_the_vocabulary_of_all_days_has_every_edge_and_that_of_a_day_is_made_once() -> None:
    data = vocabulary("data { a in b until 2020-01-01  b }")
    day = data.on(date(2026, 1, 1))
    assert (data.is_a("a", "b"), day.is_a("a", "b"), day.overlaps("a", "b")) == (True, False, False)
    assert data.on(date(2027, 1, 1)) is day is day.on(date(2026, 6, 1))
    assert day.on(date(2019, 1, 1)).is_a("a", "b")
    assert day.whole is data


def test_without_dates_the_vocabulary_and_the_policy_are_the_same_on_all_days() -> None:
    policy = policy_of("data { a in b  b }" + RULE)
    assert policy.on(date(2026, 1, 1)) is policy
    assert policy.vocabularies["data"].of_all_days == (policy.vocabularies["data"],)


@pytest.mark.parametrize(
    ("text", "message", "also"),
    [
        ("b  a in b  a in b until 2020-01-01", "`a` is in `b` on some days here, and on all days elsewhere", 1),
        ("b { a }  a in b until 2020-01-01", "`a` is in `b` on some days here, and on all days elsewhere", 1),
        ("b  a in b until 2020-01-02, b from 2020-01-01", "two periods of `a` in `b` overlap on 2020-01-01", 1),
        ("b  a in b from 2020-01-02 until 2020-01-02", "with these dates, `a` is never in `b`", 0),
    ],
)
def test_dates_that_contradict_each_other_are_reported_with_both_places(text: str, message: str, also: int) -> None:
    (found,) = errors_of(f"data {{ {text} }}" + RULE)
    assert (found.code, found.message, len(found.also)) == ("E119", message, also)


def test_what_a_policy_says_of_an_edge_replaces_what_ships() -> None:
    region = policy_of("use std.core\nregion { jp in adequate  fr in eu until 2027-01-01 }" + RULE).vocabularies[
        "region"
    ]
    early, late = region.on(date(2001, 1, 1)), region.on(date(2027, 1, 1))
    assert (early.is_a("jp", "adequate"), early.is_a("fr", "eu"), late.is_a("fr", "eu")) == (True, True, False)
