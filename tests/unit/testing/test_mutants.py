"""Changes of a policy: which there are, how they are named, and who notices them."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.language.policy import Policy
from privacy_rules.testing.mutants import mutants
from privacy_rules.testing.mutation_run import mutate
from tests.builders import policy_of
from tests.unit.testing.building import loaded

WORDS = """
use std.core
data { contact { name email } card }
purpose { orders newsletter }
define told as notice
"""


def shop_policy(rules: str) -> Policy:
    return policy_of(WORDS + rules)


def names(rules: str) -> list[str]:
    return [each.name for each in mutants(shop_policy(rules)).found]


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("forbid disclosure of contact", "`disclosure` widened to `flow`"),
        ("forbid disclosure of contact", "without the limit `of contact`"),
        ("forbid flow of contact", "`contact` narrowed to `email` in `of contact`"),
        ("forbid flow of email", "`email` widened to `contact` in `of email`"),
        ("forbid flow of (contact, card)", "`card` dropped in `of (contact, card)`"),
        ("forbid flow to third_party", "`third_party` narrowed to `marketer` in `to third_party`"),
        ("forbid joining of contact with card", "`contact` narrowed to `name` in `of contact with card`"),
        ("forbid flow when exchange is sale", "without `when exchange is sale`"),
        ("forbid flow when exchange is sale", "`exchange is sale` negated"),
        ("forbid flow when not notice", "`not notice` without its `not`"),
        ("forbid flow when notice and necessary", "`notice and necessary` with `or`"),
        ("forbid flow when notice or necessary", "`notice or necessary` with `and`"),
        ("forbid flow when notice and necessary", "`notice and necessary` without `necessary`"),
        ("forbid flow unless notice", "without `unless notice`"),
        ("forbid flow unless notice unless necessary", "`notice unless necessary` without `unless necessary`"),
        ("require retention <= 2 years on storage", "`retention <= 2 years` with `<`"),
        ("require retention <= 2 years on storage", "`retention <= 2 years` with `>=`"),
        ("require recipient.retention <= source.retention on flow", "`recipient.retention <= source.retention` with `<`"),
        ("require from >= today - 30 days on contract", "`from >= today - 30 days` without the shift of the day"),
        ("require safeguards includes all (backup, encryption) on storage", "`safeguards includes all (backup, encryption)` of any"),
        ("require safeguards includes (backup, encryption) on storage", "`safeguards includes (backup, encryption)` of all"),
        ("require under contract (allows_onward) on disclosure", "`under contract (allows_onward)` without what it must satisfy"),
        ("require under contract (allows_onward) on disclosure", "`allows_onward` negated"),
        ("require collected with (notice) on disclosure", "`notice` negated"),
        ("forbid system when reached by email from us avoiding service_provider", "`reached by email from us avoiding service_provider` without `avoiding`"),
        ("forbid system when reached by email including derived by hashing", "`reached by email including derived by hashing` without `by`"),
        ("forbid system when reached by email including derived by hashing", "`hashing` widened to `pseudonymisation` in `reached by email including derived by hashing`"),
        ("allow flow only - to us for orders when notice - of card", "without the alternative `of card`"),
        ("allow flow only - to us for orders when notice - of card", "`to us for orders when notice` without the limit `for orders`"),
        ("allow flow only - to us for orders when notice - of card", "`to us for orders when notice` without when `notice`"),
        ("allow flow only - when notice and necessary", "`notice and necessary` with `or`"),
    ],
)  # fmt: skip
def test_a_change_is_made(rule: str, change: str) -> None:
    assert f"r: {change}" in names(f"rule r {{ {rule} }}\n")


def test_limits_and_when_of_an_alternative_are_no_and() -> None:
    assert not [each for each in names("rule r { allow flow only - to us when notice }\n") if "with `or`" in each]


def test_a_permit_lifts_each_rule_less_and_affects_what_it_lifts() -> None:
    rules = (
        "rule a { forbid disclosure }\nrule b { forbid flow }\nrule p { permit disclosure when notice despite a, b }\n"
    )
    found = {each.name: each for each in mutants(shop_policy(rules)).found}
    assert {"p: does not lift `a`", "p: does not lift `b`"} <= set(found)
    assert found["p: does not lift `a`"].rules[0].despite == ("b",)
    assert found["p: `notice` negated"].affected == {"a", "b"}
    assert found["a: `disclosure` widened to `flow`"].affected == {"a"}


def test_days_of_a_rule_are_dropped() -> None:
    told = names("rule r {\n  applies from 2026-01-01 until 2027-01-01\n  forbid flow\n}\n")
    assert {"r: without `applies from 2026-01-01`", "r: without `applies until 2027-01-01`"} <= set(told)


def test_a_define_is_changed_at_every_use_at_once() -> None:
    rules = "rule a { forbid flow when told }\nrule b { require told on disclosure }\nrule c { forbid flow }\n"
    found = {each.name: each for each in mutants(shop_policy(rules)).found}
    changed = found["define told: `notice` negated"]
    assert changed.affected == {"a", "b"}
    assert {each.name for each in changed.rules} == {"a", "b"}
    assert (changed.span.line, changed.span.column) == (5, 16)


def test_a_change_that_means_the_same_is_left_out() -> None:
    assert "r: `email` dropped in `of (contact, email)`" not in names("rule r { forbid flow of (contact, email) }\n")
    assert "r: `email` widened to `contact` in `of (contact, email)`" not in names(
        "rule r { forbid flow of (contact, email) }\n"
    )


def test_names_are_told_apart() -> None:
    told = names("rule r { forbid flow when notice and (necessary or notice) }\n")
    assert len(told) == len(set(told))
    assert "r: `notice` negated (2)" in told


def test_the_same_policy_has_the_same_changes() -> None:
    rules = "rule r { forbid disclosure of contact when exchange is (sale, rental) unless told }\n"
    assert names(rules) == names(rules)


def survived(folder: Path, cases: str) -> set[str]:
    return {each.name for each in mutate(loaded(folder, cases).cases).survivors}


def test_a_boundary_is_noticed_by_who_tests_it(tmp_path: Path) -> None:
    change = "kept: `retention <= 2 years` with `<`"
    clean = "  - {name: clean, mode: includes, expect: []}\n"
    assert change in survived(tmp_path, clean)
    just = "  - {name: just, mode: includes, changes: [{set: {system: crm, retention: 2 years}}], expect: [{rule: kept, subject: crm, verdict: compliant}]}\n"
    assert change not in survived(tmp_path, clean + just)


def test_an_exact_case_notices_what_it_does_not_name(tmp_path: Path) -> None:
    change = "no_sale: without `when exchange is (sale, rental)`"
    assert change in survived(tmp_path, "  - {name: a, mode: includes, expect: []}\n")
    assert change not in survived(tmp_path, "  - {name: a, expect: []}\n")


MANY = "rule large { forbid flow when " + " or ".join(["(notice and necessary)"] * 60) + " }\n"
SMALL = "rule small { forbid flow when notice }\n"


def test_a_rule_that_is_too_large_costs_others_no_change() -> None:
    made = mutants(shop_policy(MANY + SMALL), most_steps=5_000)
    assert made.cut_short == ("large",)
    alone = mutants(shop_policy(SMALL))
    assert [each.name for each in made.found if each.name.startswith("small")] == [each.name for each in alone.found]
    assert any(each.name.startswith("large") for each in made.found)
    assert mutants(shop_policy(MANY + SMALL)).cut_short == ()
