"""What users of other tools write: the help leads to a rule with the same meaning, or to both readings."""

from __future__ import annotations

import pytest

from tests.builders import policy_of
from tests.unit.language.policies import errors_of

WORLD = """use std.core
use std.regions
data { contact { email  phone }  health }
purpose { orders  marketing { newsletter } }
"""
ONE_TERM = "write `is`, which means any of the terms"
WHEN = "a condition begins with `when`"
PARENTHESES = "write the condition in parentheses"


def rule(body: str) -> str:
    return f"{WORLD}rule r {{ {body} }}"


def helps(body: str) -> list[str | None]:
    return [each.help for each in errors_of(rule(body))]


@pytest.mark.parametrize(
    ("written", "help_", "meant"),
    [
        # Countries and regions, by a table and never by spelling
        (
            "forbid flow to AUS",
            "`au` is a region, not a role: write `(country is au)`",
            "forbid flow to (country is au)",
        ),
        (
            "forbid flow to CHN",
            "`cn` is a region, not a role: write `(country is cn)`",
            "forbid flow to (country is cn)",
        ),
        (
            "forbid flow to Germany",
            "`de` is a region, not a role: write `(country is de)`",
            "forbid flow to (country is de)",
        ),
        (
            'forbid flow to "Germany"',
            "`de` is a region, not a role: write `(country is de)`",
            "forbid flow to (country is de)",
        ),
        ("forbid flow to (country is UK)", "write `gb` (United Kingdom)", "forbid flow to (country is gb)"),
        (
            "forbid flow to (country is GER)",
            "write `de` (Germany)",
            "forbid flow to (country is de)",
        ),
        (
            "forbid flow to (country is EMEA)",
            "a region is a country's code in ISO 3166, such as `de`, or a group, such as `eea`",
            None,
        ),
        (
            "forbid flow to US",
            "write `us` for the role, or `(country is us)` for the region",
            "forbid flow to (country is us)",
        ),
        (
            "forbid flow to outside EEA",
            "for a region, write `to (not country is EEA)`",
            "forbid flow to (not country is EEA)",
        ),
        ("forbid flow to within EEA", "for a region, write `to (country is EEA)`", "forbid flow to (country is EEA)"),
        (
            "forbid flow in EEA",
            "for a region, write `from`, `to` or `at` with `(country is EEA)`",
            "forbid flow from (country is EEA)",
        ),
        ("require country in (de, fr) on system", ONE_TERM, "require country is (de, fr) on system"),
        ("require country is in eea on system", "write `is eea`", "require country is eea on system"),
        # Names that other languages run together
        (
            "require collectedWith (choice is opt_in) on flow",
            "write `collected with (…)`",
            "require collected with (choice is opt_in) on flow",
        ),
        ("require underContract on disclosure", "write `under contract`", "require under contract on disclosure"),
        ("require under_contract on disclosure", "write `under contract`", "require under contract on disclosure"),
        (
            "require recipient boundToUs on disclosure",
            "write `bound to us`",
            "require recipient bound to us on disclosure",
        ),
        ("require choice isDeclared on flow", "write `is declared`", "require choice is declared on flow"),
        (
            "require optIn on collection",
            "`opt_in` is a term of `choice`: write `choice is opt_in`",
            "require choice is opt_in on collection",
        ),
        # Sets and terms
        (
            "require carries in (email) on collection",
            "write `includes` for any of the terms, or `within` for no others",
            "require carries within (email) on collection",
        ),
        (
            "require encryption_at_rest in safeguards on storage",
            "write `safeguards includes encryption_at_rest`",
            "require safeguards includes encryption_at_rest on storage",
        ),
        (
            "require supports deletion on storage",
            "write `supports includes deletion`",
            "require supports includes deletion on storage",
        ),
        (
            "require safeguards includes (access_control and encryption) on storage",
            "for all of them, write `includes all (access_control, encryption)`; for any of them, `includes (access_control, encryption)`",
            "require safeguards includes all (access_control, encryption) on storage",
        ),
        (
            "forbid flow of (email and health)",
            "write commas between the terms: `of (email, health)`",
            "forbid flow of (email, health)",
        ),
        ("forbid joining of email and health", "write `of email with health`", "forbid joining of email with health"),
        (
            "require encryption_in_transit on flow",
            "`encryption_in_transit` is a term of `safeguard`: write `safeguards includes encryption_in_transit`",
            "require safeguards includes encryption_in_transit on flow",
        ),
        ("require exchange <> sale on flow", "write `!=`", "require not exchange is sale on flow"),
        (
            "forbid flow when data not in (email)",
            "write `not` before the whole test: `not data is (email)`",
            "forbid flow when not data is (email)",
        ),
        # Periods and days
        ("require retention < 30d on storage", "write `30 days`", "require retention < 30 days on storage"),
        ("require retention <= P6M on storage", "write `6 months`", "require retention <= 6 months on storage"),
        ('require retention <= "30 days" on storage', "write `30 days`", "require retention <= 30 days on storage"),
        (
            'require until > "2027-01-01" on contract',
            "write it without quotes",
            "require until > 2027-01-01 on contract",
        ),
        ("require until > now() on contract", "write `today`", "require until > today on contract"),
        (
            "require retention <= 30 days from account_closed on storage",
            "write what the period starts with as another test: `and retention_from is account_closed`",
            "require retention <= 30 days and retention_from is account_closed on storage",
        ),
        (
            "forbid storage of email longer than 30 days",
            f"{WHEN} and says what it compares, as in `when retention > 2 years`",
            "forbid storage of email when retention > 30 days",
        ),
        ("require reviewed_on > today - 1 year on system", "write `use std.obligations`, which declares it", None),
        # Contracts, paths and owners
        (
            "require bound by contract on disclosure",
            "write `under contract`, or `bound to us by contracts (…)` for a chain of contracts",
            "require under contract on disclosure",
        ),
        (
            "require recipient bound to us with (allows_onward) on disclosure",
            "write `by contracts (…)`",
            "require recipient bound to us by contracts (allows_onward) on disclosure",
        ),
        (
            "require under contract where allows_onward on disclosure",
            PARENTHESES,
            "require under contract (allows_onward) on disclosure",
        ),
        (
            "require obliges includes audit on disclosure",
            "ask a contract in force for it: `under contract (obliges …)`",
            "require under contract (obliges includes audit) on disclosure",
        ),
        (
            "require parent.country is eea on system at outside",
            "write `owned by (…)`, with a condition on the owner",
            "require owned by (country is eea) on system at outside",
        ),
        (
            "require recipient.parent.country is eea on flow",
            "write `recipient owned by (…)`, with a condition on the owner",
            "require recipient owned by (country is eea) on flow",
        ),
        ("require parent is none on party", "write `owned by …` to ask for the owners", None),
        (
            "require collected only with choice is opt_in on flow",
            PARENTHESES,
            "require collected only with (choice is opt_in) on flow",
        ),
        ("forbid system reached by email", WHEN, "forbid system when reached by email"),
        (
            "forbid party when stores includes email",
            "write `holds …`, which asks for data that a party stores, creates, sends or receives",
            "forbid party when holds email",
        ),
        # Facts, parties and roles
        (
            'require recipient.zone is "source.zone" on flow',
            'to compare two facts, write `recipient.zone = source.zone`; for that text, `recipient.zone = "source.zone"`',
            "require recipient.zone = source.zone on flow",
        ),
        (
            "require owner is us on system",
            "`us` is a term of `region` and a role: write `country is us` or `role is us`",
            "require role is us on system",
        ),
        (
            "require source.party is us on flow",
            "`us` is a term of `region` and a role: write `source.country is us` or `source.role is us`",
            "require source.role is us on flow",
        ),
        ('require source.party is "acme" on flow', "a limit names a party: `from party acme`", None),
        (
            "forbid flow of email not to us",
            "write `to (not role is us)`, or an exception as `unless` and its condition",
            "forbid flow of email to (not role is us)",
        ),
        # Statements
        (
            "require disclosure of email under contract",
            "write the condition first: `require CONDITION on disclosure …`",
            "require under contract on disclosure of email",
        ),
        ("allow only flow of email", "write `only` after the subject: `allow flow … only`", None),
        (
            "forbid flow of contact but email",
            "write an exception as `unless` and its condition",
            "forbid flow of contact unless data is email",
        ),
    ],
)
def test_help_keeps_the_promise(written: str, help_: str, meant: str | None) -> None:
    assert helps(written) == [help_]
    if meant is not None:
        policy_of(rule(meant))


@pytest.mark.parametrize(
    "written",
    [
        "require notice before collection of email",  # `<` compares nothing here
        "require vendor.country is eea on system",  # another party's country is not the system's
        "require retention < 1 m on storage",  # months, or minutes
        "forbid flow to outside despite other",
    ],
)
def test_where_the_meaning_is_not_certain_no_test_is_offered(written: str) -> None:
    for found in helps(written):
        assert found is None or not {"write `<`", "write `country`", "write `1 months`"} & {found}
        assert "despite" not in (found or "")


@pytest.mark.parametrize(
    "written",
    [
        "require reviewed_on <= source.reviewed_on on system",  # `reviewed_on <= reviewed_on` would always hold
        'cites "#x" permit flow despite "#x"',  # permits do not lift themselves
    ],
)
def test_no_help_leads_to_a_rule_that_says_nothing(written: str) -> None:
    (found,) = errors_of(f"use std.obligations\n{rule(written)}")
    assert found.help is None
