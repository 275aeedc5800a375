"""Two policies compared: what each kind of test means for the answer, and the example."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from privacy_rules.analysis.policy_comparison import Example, PolicyDifference, compare
from privacy_rules.analysis.search import No
from privacy_rules.checking.logic import Verdict
from tests.builders import policy_of
from tests.properties.checking import TODAY

WORDS = """
use std.core
data { contact { email phone } card page_views }
purpose { service { orders support } marketing { newsletter } }
"""


def compared(old: str, new: str, words: tuple[str, str] = (WORDS, WORDS)) -> PolicyDifference:
    return compare(policy_of(words[0] + old), policy_of(words[1] + new), TODAY)


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("forbid disclosure of contact", "forbid disclosure of contact unless choice is opt_in", "looser"),
        ("forbid disclosure of contact to third_party", "forbid disclosure of contact to marketer", "looser"),
        ("forbid joining of email with card", "forbid joining of contact with card", "stricter"),
        ("forbid derivation of card into contact", "forbid derivation of card into contact unless method is aggregation", "looser"),
        ("require retention <= 2 years on storage of contact", "require retention <= 3 years on storage of contact", "looser"),
        ("require country is eea on party when role is marketer", "require country is eea on party", "stricter"),
        ("require obliges includes audit on contract", "require obliges includes (audit, confidentiality) on contract", "looser"),
        ("require covers.data within contact on contract", "require covers.data within email on contract", "stricter"),
        ("require privacy_contact is declared on organisation", "require trains_employees on organisation", "both"),
        ("require recipient.retention <= source.retention on flow", "require recipient.retention <= 2 years on flow", "both"),
        ("require recipient.retention <= source.retention on flow", "require recipient.retention < source.retention on flow", "stricter"),
        ("require source.country = recipient.country on flow", "require recipient.country is eea on flow", "both"),
        ("forbid storage of contact", 'forbid storage of contact at system "crm"', "looser"),
        ('require retention <= 1 year on system at system "crm"', 'require retention <= 2 years on system at system "crm"', "looser"),
        ('require until <= from + 5 years on contract', 'require until <= from + 6 years on contract', "looser"),
        ("forbid organisation when privacy_contact != privacy_contact", "forbid organisation when trains_employees and not trains_employees", "equivalent"),
        ("forbid flow of card when from is declared", "forbid flow of card", "equivalent"),
        ("require notice on disclosure", "require notice on disclosure when notice or not notice", "equivalent"),
    ],
)  # fmt: skip
def test_facts_of_the_subject(old: str, new: str, answer: str) -> None:
    assert compared(f"rule r {{ {old} }}", f"rule r {{ {new} }}").whole.word == answer


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("under contract (obliges includes audit)", "under contract", "looser"),
        ("under contract (obliges includes audit or covers data)", "under contract (obliges includes audit) or under contract (covers data)", "equivalent"),
        ("under contract (obliges includes audit and covers data)", "under contract (obliges includes audit) and under contract (covers data)", "looser"),
        ("under contract (covers data)", "under contract (covers purpose)", "both"),
        ("recipient bound to us by contracts (obliges includes audit)", "recipient bound to us", "looser"),
        ("recipient bound to us", "recipient bound to us or recipient under contract", "equivalent"),
        ("recipient under contract", "recipient bound to us", "looser"),
        ("under contract (with is declared)", "under contract", "looser"),
        ("under contract (between is declared)", "under contract (with is declared)", "both"),
        ("under contract (with is declared or between is declared)", "under contract", "equivalent"),
        ("under contract (systems is declared)", "under contract", "looser"),
        ("under contract (until >= 2026-06-01)", "under contract", "equivalent"),
        ("under contract (until >= 2027-06-01)", "under contract", "looser"),
        ("under contract (from <= 2026-07-01)", "under contract", "equivalent"),
    ],
)  # fmt: skip
def test_contracts(old: str, new: str, answer: str) -> None:
    old, new = (f"rule r {{ require {each} on disclosure }}" for each in (old, new))
    assert compared(old, new).whole.word == answer


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("owned by marketer", "owned by (marketer, data_broker)", "stricter"),
        ("owned by (marketer, data_broker)", "owned by marketer or owned by data_broker", "equivalent"),
        ("owned by (role is marketer and country is eea)", "owned by marketer and owned by (country is eea)", "stricter"),
        ("owned by (country is eea)", "country is eea", "both"),
    ],
)  # fmt: skip
def test_owners(old: str, new: str, answer: str) -> None:
    old, new = (f"rule r {{ forbid party when {each} }}" for each in (old, new))
    assert compared(old, new).whole.word == answer


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("reached by contact from data_subject", "reached by email from data_subject", "looser"),
        ("reached by contact from data_subject", "reached by contact from data_subject including derived", "stricter"),
        ("reached by contact from data_subject including derived", "reached by contact from data_subject including derived by hashing", "looser"),
        ("reached by contact from data_subject", "reached by contact from data_subject avoiding (kind is anonymiser)", "looser"),
        ("reached by contact from data_subject", "reached by contact", "both"),  # what a system sends unsourced may be from anybody
        ("reached by contact from data_subject or reached by email from data_subject", "reached by contact from data_subject", "equivalent"),
        ("holds email and holds card", "holds contact and holds card", "stricter"),
        ("holds email or reached by email", "holds email", "equivalent"),
    ],
)  # fmt: skip
def test_paths(old: str, new: str, answer: str) -> None:
    old, new = (f"rule r {{ forbid system at third_party when {each} }}" for each in (old, new))
    assert compared(old, new).whole.word == answer


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("collected with (choice is opt_in)", "collected with (choice is opt_in or notice)", "looser"),
        ("collected with (choice is opt_in)", "collected with (choice is opt_in) and collected with (choice is (opt_in, opt_out))", "equivalent"),
        ("purpose within collected purposes", "purpose within collected purposes or choice is opt_in", "looser"),
        ("collected only with (choice is opt_in)", "collected with (choice is opt_in)", "looser"),
        ("collected partly with (choice is opt_in)", "collected only with (choice is opt_in)", "stricter"),
    ],
)  # fmt: skip
def test_collections(old: str, new: str, answer: str) -> None:
    old, new = (f"rule r {{ require {each} on disclosure of email }}" for each in (old, new))
    assert compared(old, new).whole.word == answer


def test_what_a_person_gives_is_its_own_collection() -> None:
    """So both rules judge alike whatever is declared; only of unknown data from an unknown source they do not."""
    old = "rule r { require choice is opt_in on disclosure of email from data_subject }"
    new = "rule r { require collected with (choice is opt_in) on disclosure of email from data_subject }"
    found = example(compared(old, new), "stricter")
    assert (found.before, found.after) == (Verdict.COMPLIANT, Verdict.UNDETERMINED)


def test_what_all_data_of_a_flow_decide_together_is_not_proved() -> None:
    """Rules are compared datum by datum: here each flow has a datum of which the rules differ, and no flow of which they do."""
    old, new = (f"rule r {{ require {each} contact on flow }}" for each in ("carries within", "data is"))
    assert compared(old, new).whole.word == "not proved"


def test_a_split_rule_differs_and_the_policy_does_not() -> None:
    one = "rule r { forbid disclosure of (email, card) for marketing }"
    two = "rule a { forbid disclosure of email for marketing } rule b { forbid disclosure of card for marketing }"
    found = compared(one, two)
    assert {each.name: each.difference.word for each in found.rules} == {
        "a": "stricter",
        "b": "stricter",
        "r": "looser",
    }
    assert found.whole.looser is found.whole.stricter is No.PROVED


def test_a_permit_is_part_of_the_rules_that_it_lifts() -> None:
    rule = "rule r { forbid disclosure of email }"
    found = compared(f"{rule} rule p {{ permit disclosure to court despite r }}", rule)
    assert [(each.name, each.difference.word) for each in found.rules] == [("r", "stricter")]


def example(found: PolicyDifference, direction: str) -> Example:
    answer = getattr(found.whole, direction)
    assert isinstance(answer, Example)
    return answer


def test_an_example_declares_only_what_is_needed() -> None:
    found = example(compared("rule r { forbid storage of contact }", "rule r { forbid storage of phone }"), "looser")
    assert (found.before, found.after, found.topic) == (Verdict.VIOLATION, Verdict.COMPLIANT, "retention")
    assert found.data == {"manifest": 1, "systems": {"it": {"stores": ["email"]}}}


def test_another_default_is_a_difference() -> None:
    words = [f"{WORDS}attribute audited on system: flag default {each}\n" for each in ("yes", "no")]
    found = compared(*["rule r { require audited on system }"] * 2, (words[0], words[1]))
    assert found.whole.word in ("stricter", "not proved")
    assert [each.what for each in found.words] == ["changed"]


@pytest.mark.parametrize(
    ("old", "new", "answers"),
    [
        ("contact { email phone }", "contact { email phone fax }", {"r": "equivalent"}),
        ("contact { email phone }", "contact { phone } email", {"r": "looser"}),
        ("contact { email phone } sms", "contact { email phone sms }", {"r": "stricter"}),
    ],
)
def test_vocabularies_that_differ(old: str, new: str, answers: dict[str, Any]) -> None:
    words = [f"use std.core\ndata {{ {each} card }}\n" for each in (old, new)]
    found = compared(*["rule r { forbid disclosure of contact }"] * 2, (words[0], words[1]))
    assert {each.name: each.difference.word for each in found.rules} == answers
    assert found.words


def test_what_takes_too_long_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        f"rule r {{ forbid disclosure of {each} when exchange is sale unless notice }}" for each in ("email", "phone")
    ]
    monkeypatch.setattr("privacy_rules.analysis.finder.MOST_EFFORT", -1)
    found = compared(*rules)
    assert found.whole.word == "not proved"
    assert found.whole.unproved == ("looser", "stricter")


def test_a_broad_term_may_mean_what_no_narrower_term_means() -> None:
    """The checker decides `contact` case by case: the new rule never judges it, the old one leaves it open."""
    words = "use std.core\ndata { contact { email } card }\n"
    old, new = (f"rule r {{ require data is email on flow when data is {each} }}" for each in ("contact", "email"))
    found = example(compared(old, new, (words, words)), "looser")
    assert (found.before, found.after) == (Verdict.UNDETERMINED, Verdict.COMPLIANT)


DATED = WORDS.replace("card", "card until_2030 in card until 2030-01-01")


def test_vocabularies_are_compared_on_each_day_on_which_they_change() -> None:
    rules = "rule r { forbid disclosure of card } rule s { forbid use of phone }"
    found = compared(
        rules, rules, (WORDS.replace("card", "card  gift_card in card"), DATED.replace("until_2030", "gift_card"))
    )
    (changed,) = (each for each in found.rules if each.difference.word != "equivalent")
    assert changed.difference.word == "looser"
    assert isinstance(changed.difference.looser, Example)
    assert changed.difference.looser.day == date(2030, 1, 1)
    assert found.days == (TODAY, date(2030, 1, 1))
    assert [each.since for each in found.words] == [date(2030, 1, 1)]
    assert [(each.name, each.what, each.before, each.after) for each in found.words] == [
        ("gift_card", "moved", "card", "")
    ]


def test_a_rule_renamed_before_its_vocabulary_changes_is_recognised() -> None:
    old, new = (f"rule {name} {{ forbid disclosure of card }}" for name in ("r", "s"))
    found = compared(old, new, (DATED, DATED))
    assert [(each.name, each.status, each.difference.word) for each in found.rules] == [("s", "renamed", "equivalent")]
    assert len(found.days) == 2


def test_days_of_vocabularies_that_no_rule_asks_about_are_not_compared() -> None:
    asks, asks_not = ("require recipient.country is adequate on flow", "forbid disclosure of card")
    days = [compared(*(f"rule r {{ {each} }}",) * 2).days for each in (asks, asks_not)]
    assert days == [(TODAY, date(2031, 12, 27)), (TODAY,)]


def test_a_renamed_rule_that_starts_after_the_vocabulary_changed_is_recognised() -> None:
    old, new = (f"rule {name} {{ applies from 2031-01-01 forbid disclosure of card }}" for name in ("r", "s"))
    found = compared(old, new, (DATED, DATED))
    assert [(each.name, each.status) for each in found.rules] == [("s", "renamed")]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("forbid sharing of profile unless holds habits including derived", "forbid sharing of profile unless not holds habits including derived", "stricter"),
        ("forbid system when reached by card from us avoiding outside unless system.joins is declared", "forbid system when reached by card from us avoiding third_party unless system.joins is declared", "stricter"),
        ("require purpose within collected purposes on disclosure", "require not purpose within collected purposes on disclosure", "both"),
        ("require collected only with (notice) on storage", "require collected with (notice) on storage", "looser"),
        ("require purpose within collected purposes and collected with (holds phone) on disclosure of email", "require collected with (holds phone) on disclosure of email", "looser"),
        ("require purpose within collected purposes on disclosure of email unless collected with (holds phone)", "require purpose within collected purposes on disclosure of email", "stricter"),
        ("forbid storage when collected with (notice)", "require collected with (not notice) on storage", "equivalent"),
        ("require under contract (with != with) on party", "forbid party", "equivalent"),
        ("forbid disclosure of profile unless source.system.party is declared", "forbid disclosure of habits unless source.system.party is declared", "equivalent"),
    ],
)  # fmt: skip
def test_both_directions_are_proved_or_have_an_example(old: str, new: str, answer: str) -> None:
    words = "data { profile { habits } }\n"
    whole = compared(f"{words}rule r {{ {old} }}", f"{words}rule r {{ {new} }}").whole
    assert (whole.word, whole.unproved) == (answer, ())


@pytest.mark.parametrize(
    ("old", "new", "by_several"),
    [
        (["forbid disclosure when exchange is (sale, barter)"], ["forbid disclosure when exchange is sale", "forbid disclosure when exchange is barter"], ("looser",)),
        (["forbid disclosure when exchange is (sale, barter)"], ["forbid disclosure when exchange is sale", "forbid disclosure"], ()),
        (["forbid disclosure when exchange is (sale, barter)"], ["forbid disclosure when exchange is (barter, sale)"], ()),
    ],
)  # fmt: skip
def test_a_direction_that_only_several_rules_together_rule_out_is_marked(
    old: list[str], new: list[str], by_several: tuple[str, ...]
) -> None:
    before, after = (
        "\n".join(f"rule {name}{at} {{ {rule} }}" for at, rule in enumerate(rules))
        for name, rules in (("a", old), ("b", new))
    )
    whole = compared(before, after).whole
    assert (whole.looser, whole.by_several) == (No.PROVED, by_several)
