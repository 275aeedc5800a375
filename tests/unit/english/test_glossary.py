"""The trees of terms: what rules name, with what is above and below, every parent shown, each term in one place."""

from __future__ import annotations

from privacy_rules.english.glossary import Entry, named_terms, trees
from tests.builders import policy_of
from tests.unit.language.policies import WORLD

DATA = 'data { a "first" { b { c } } d { e in b "fifth" } unused { f } }\n'


def test_a_tree_has_what_is_named_and_what_is_above_and_below_it() -> None:
    (tree,) = trees(policy_of(f"{DATA}rule r {{ forbid flow of b }}"))
    below = (Entry("c", None, ()), Entry("e", "fifth", ()))
    assert tree.entries == (Entry("a", "first", (Entry("b", None, below),)),)
    assert (tree.vocabulary, tree.left_out) == ("data", 3)


def test_a_term_with_several_parents_is_below_the_first_and_is_named_below_the_others() -> None:
    (tree,) = trees(policy_of(f"{DATA}rule r {{ forbid flow of (b, d) }}"))
    a, d = tree.entries
    assert a.below == (Entry("b", None, (Entry("c", None, ()),), (), ("e",)),)
    assert d == Entry("d", None, (Entry("e", "fifth", (), ("b",)),))


def test_a_long_line_of_terms_is_shortened_but_never_by_what_a_rule_names() -> None:
    names = [f"t{number}" for number in range(20)]
    (tree,) = trees(policy_of(f"data {{ a {{ {' '.join(names)} }} }} rule r {{ forbid flow of (a, t15) }}"))
    assert tree.shortened(names) == ((*names[:8], "t15"), 11)
    assert tree.shortened(names[:12]) == (tuple(names[:12]), 0)


def test_a_country_that_is_shown_by_its_name_is_not_described_by_it_again() -> None:
    (tree,) = trees(policy_of(f"{WORLD}rule r {{ forbid flow when recipient.country is fr }}"))
    europe = tree.entries[0]
    while europe.below:
        europe = europe.below[0]
    assert europe == Entry("fr", None, ())


def test_terms_are_found_wherever_a_rule_names_them() -> None:
    text = """define local as recipient.country is eea
    rule r { forbid flow of card to court for orders
      when not local and safeguards within backup and occasion is signup and labels includes "no term"
        and reached by email from us avoiding group_member including derived by hashing
        and collected with (choice is opt_in) and recipient under contract (obliges includes audit) }
    rule j { forbid joining of phone with page_views at regulator }"""
    found = {name: sorted(terms) for name, terms in named_terms(policy_of(WORLD + text).rules).items()}
    assert found == {
        "choice": ["opt_in"],
        "data": ["card", "email", "page_views", "phone"],
        "method": ["hashing"],
        "obligation": ["audit"],
        "occasion": ["signup"],
        "purpose": ["orders"],
        "region": ["eea"],
        "role": ["court", "group_member", "regulator", "us"],
        "safeguard": ["backup"],
    }


def test_a_chain_of_a_thousand_terms_is_no_deeper_than_a_page_can_be() -> None:
    chain = "\n".join(f"data {{ t{number} in t{number - 1} }}" for number in range(1, 1000))
    (tree,) = trees(policy_of(f"data {{ t0 }}\n{chain}\nrule r {{ forbid flow of t0 }}"))
    entry, depth, terms = tree.entries[0], 0, 1
    while len(entry.below) == 1:
        entry, depth, terms = entry.below[0], depth + 1, terms + 1
    assert depth == 20
    assert terms + len(entry.below) == 1000


def test_what_is_below_another_on_some_days_only_is_named_with_the_days() -> None:
    dated = "data { a in b from 2020-01-01 until 2021-01-01, b from 2022-01-01  b  c in b  d in a until 2020-01-01 }"
    (tree,) = trees(policy_of(f"{dated} rule r {{ forbid flow of b }}"))
    assert tree.dated == (
        ("a", "b", "from 2020-01-01 until 2021-01-01 and from 2022-01-01"),
        ("d", "a", "until 2020-01-01"),
    )
