"""Errors of types, terms and places in conditions."""

from __future__ import annotations

import pytest

from tests.unit.language.policies import WORLD, errors_of, wrong_condition

# ---- what is out of place


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("system", "data is email", "data"),
        ("joining", "data is email", "data"),
        ("storage", "purpose is orders", "purpose"),
        ("party", "purpose is declared", "purpose"),
        ("system", "data", "data"),
        ("system", "data = 5", "data"),
        ("flow", "collected with (data is email)", "data"),
        ("flow", "collected with (collected with (notice))", "collected with (notice)"),
        ("flow", "collected with (purpose within collected purposes)", "purpose within collected purposes"),
        ("flow", "collected with (under contract (covers data))", "covers data"),
        ("flow", "under contract (data is email)", "data"),
        ("flow", "under contract (under contract)", "under contract"),
        ("flow", "under contract (reached by email)", "reached by email"),
        ("flow", "under contract (collected with (notice))", "collected with (notice)"),
        ("flow", "under contract (purpose within collected purposes)", "purpose within collected purposes"),
        ("flow", "covers data", "covers data"),
        ("storage", "under contract (covers purpose)", "covers purpose"),
        ("system", "under contract (covers data)", "covers data"),
        ("system", "source under contract", "source under contract"),
        ("storage", "recipient reached by email", "recipient reached by email"),
        ("contract", "under contract", "under contract"),
        ("organisation", "under contract", "under contract"),
        ("contract", "reached by email", "reached by email"),
        ("organisation", "reached by email", "reached by email"),
        ("system", "collected with (notice)", "collected with (notice)"),
        ("storage", "purpose within collected purposes", "purpose within collected purposes"),
        ("system", "reached by email avoiding us", "avoiding"),
        ("flow", "reached by email from (under contract)", "under contract"),
        ("flow", "reached by email from (source reached by card)", "source reached by card"),
        ("flow", "reached by email from us avoiding (role is us and data is email)", "data"),
    ],
)
def test_a_test_that_its_subject_does_not_have_is_an_error(subject: str, text: str, words: str) -> None:
    assert wrong_condition(text, subject) == [("E107", words)]


# ---- types


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("flow", "notice is sale", "notice"),
        ("flow", "notice = yes", "notice"),
        ("flow", "purposes is orders", "purposes"),
        ("flow", "purposes = orders", "purposes"),
        ("flow", "exchange includes sale", "exchange"),
        ("flow", "exchange within sale", "exchange"),
        ("flow", "exchange = sale", "exchange"),
        ("flow", "exchange", "exchange"),
        ("flow", "retention", "retention"),
        ("flow", "retention is sale", "retention"),
        ("flow", 'channel < "a"', "channel"),
        ("flow", "channel = mail", "mail"),
        ("flow", "channel = 5", "5"),
        ("flow", 'retention < "2 years"', '"2 years"'),
        ("flow", "retention < 5", "5"),
        ("flow", "retention < 2026-11-01", "2026-11-01"),
        ("flow", "retention < (2 years, 3 years)", "(2 years, 3 years)"),
        ("flow", "retention < soon", "soon"),
        ("system", "seats < 2 years", "2 years"),
        ("system", "seats < unlimited", "unlimited"),
        ("system", "reviewed < 2 years", "2 years"),
        ("flow", "origin includes orders", "origin"),
        ("flow", "from is us", "from"),
        ("system", "joins includes email", "joins"),
        ("system", "transforms", "transforms"),
        ("party", 'parent = "a"', "parent"),
        ("flow", "data", "data"),
        ("flow", "data includes email", "data"),
        ("flow", "data within email", "data"),
        ("flow", "data = email", "data"),
        ("flow", "data within collected purposes", "data"),
        ("flow", "purposes within collected purposes", "purposes"),
        ("flow", "labels includes a", "a"),
        ("flow", 'exchange is "sale"', '"sale"'),
        ("flow", 'exchange is "swap"', '"swap"'),
    ],
)
def test_a_test_that_does_not_fit_the_type_is_reported(subject: str, text: str, words: str) -> None:
    assert wrong_condition(text, subject) == [("E108", words)]


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("notice is sale", "write a flag alone: `notice` or `not notice`"),
        ("notice = no", "write `not notice`"),
        ("notice is yes", "write `notice`"),
        ("notice != no", "write `notice`"),
        ("purposes is orders", "write `purposes includes orders`"),
        (
            "purposes is (orders, newsletter)",
            "write `purposes includes (orders, newsletter)` for any of them, or `purposes includes all (orders, newsletter)`",
        ),
        ("purposes is unheard_of", "write `purposes includes …`, with the term that you mean"),
        ("exchange includes sale", "write `exchange is sale`"),
        ("exchange != sale", "write `not exchange is sale`"),
        ('channel is ("mail", "fax")', 'write `channel = "mail" or channel = "fax"`'),
        ("recipient.seats is five", "write `recipient.seats <= 5`, with the number that you mean"),
        ("retention < 5", "a duration has a unit, such as `2 years`"),
        ("channel = 5", "write text in double quotes"),
        ("labels includes a", 'write it in quotes: `"a"`'),
        ('exchange is "sale"', "write it without quotes"),
        ("origin includes a", "the only test for it is `origin is declared`"),
        ("data within email", "write `data is …`"),
    ],
)
def test_a_type_error_says_what_would_fit(text: str, help_: str) -> None:
    assert errors_of(f"{WORLD}rule r {{ forbid flow when {text} }}")[0].help == help_


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("retention < 2 yaers", "2 yaers"),
        ("source.reviewed < 2026-13-01", "2026-13-01"),
        ("source.seats < " + "9" * 31, "9" * 31),
        ("retention < 1.5 years", "1.5 years"),
        ("retention < " + "9" * 10 + " days", "9" * 10 + " days"),
    ],
)
def test_a_bad_literal_is_reported(text: str, words: str) -> None:
    assert wrong_condition(text) == [("E113", words)]


def test_covers_takes_data_or_purpose() -> None:
    assert wrong_condition("under contract (covers email)") == [("E101", "email")]


# ---- terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exchange is sail", "sail"),
        ("exchange is orders", "orders"),
        ("data is orders", "orders"),
        ("carries includes (email, emial)", "emial"),
        ("reached by emial from us", "emial"),
        ("reached by email from uss", "uss"),
        ("reached by email from us avoiding uss", "uss"),
        ("reached by email including derived by magic", "magic"),
        ("recipient.country is europa", "europa"),
        ("data is contact.email", "contact.email"),
    ],
)
def test_a_term_is_looked_up_in_the_vocabulary_that_its_place_calls_for(text: str, words: str) -> None:
    assert wrong_condition(text) == [("E105", words)]


def test_the_help_for_a_term_of_another_vocabulary_says_so() -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow of orders }}")
    assert found.message == "unknown category `orders`"
    assert found.help == "`orders` is a term of `purpose`; this needs a term of `data`"


def test_the_help_without_any_terms_says_how_to_get_some() -> None:
    found = errors_of("rule r { forbid flow of email to us }")
    assert [each.help for each in found] == [
        "no terms are declared: write `data { email }`",
        "write `use std.core` for the usual terms",
    ]


def test_all_errors_of_one_condition_are_reported() -> None:
    text = (
        "exchange is sail and notise or kind is saas and retention < 5 and (under contract (x) or reached by y from z)"
    )
    assert [code for code, _ in wrong_condition(text)] == ["E105", "E106", "E107", "E108", "E106", "E105", "E105"]
