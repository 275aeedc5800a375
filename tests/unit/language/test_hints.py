"""Help for what newcomers write: two facts compared, countries by name, terms behind their parents."""

from __future__ import annotations

import pytest

from privacy_rules.source.diagnostic import Help
from tests.builders import policy_of
from tests.unit.language.policies import errors_of

WORLD = """use std.core
data { contact { email "E-mail address"  phone } }
purpose { orders }
attribute labels on flow: set of text
attribute seats on system, flow: number
attribute checked on flow: date
"""


def help_of(rule: str) -> tuple[str, str | None]:
    """The code and the help of the one error of a rule."""
    (found,) = errors_of(f"{WORLD}rule r {{ {rule} }}")
    return found.code, found.help


# ---- two facts


@pytest.mark.parametrize(
    ("condition", "code", "message", "help_"),
    [
        (
            "source.zone is recipient.zone",
            "E108",
            "`is` does not compare two facts: `source.zone` and `recipient.zone`",
            "write `source.zone = recipient.zone`",
        ),
        (
            "source.country is recipient.country",
            "E105",
            "`is` does not compare two facts: `source.country` and `recipient.country`",
            "write `source.country = recipient.country`",
        ),
        (
            "recipient.safeguards within source.safeguards",
            "E105",
            "`within` does not compare two facts: `recipient.safeguards` and `source.safeguards`",
            "compare it with a fixed value, and write one rule for each value",
        ),
        (
            "purposes includes purpose",
            "E105",
            "`includes` does not compare two facts: `purposes` and `purpose`",
            "compare it with a fixed value, and write one rule for each value",
        ),
        (
            "retention <= recipient.seats",
            "E108",
            "`retention` is a duration, and `recipient.seats` is a number: only facts of the same type can be compared",
            None,
        ),
        (
            "source.party = recipient.country",
            "E108",
            "`source.party` is the id of a party, and `recipient.country` is one term of `region`: "
            "only facts of the same type can be compared",
            None,
        ),
        (
            "source.safeguards = recipient.safeguards",
            "E108",
            "`source.safeguards` is a set of `safeguard`, which cannot be compared with another fact",
            None,
        ),
        ("retention <= data", "E108", "`retention` cannot be compared with `data`", None),
        ("checked < now", "E106", "unknown name `now`", "write `today` for the day of the check"),
        ("retention < today", "E108", "`today` is a date, and `retention` is a duration", None),
        (
            "checked < today 2 weeks",
            "E113",
            "`2 weeks` cannot move a date",
            "write `+` or `-`, a whole number and its unit, such as `today - 12 months`",
        ),
    ],
)
def test_facts_that_cannot_be_compared_get_no_help_that_changes_the_promise(
    condition: str, code: str, message: str, help_: str | None
) -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow when {condition} }}")
    assert (found.code, found.message, found.help) == (code, message, help_)


@pytest.mark.parametrize("value", ["https", "source.zoen"])
def test_a_name_on_the_right_is_never_to_be_put_in_quotes(value: str) -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow when protocol = {value} }}")
    assert '"' not in (found.help or "")
    assert "quotes" not in (found.help or "")


def test_a_selector_cannot_compare_with_the_other_end() -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow to (zone = source.zone) }}")
    assert found.code == "E107"


def test_a_contract_covers_what_is_judged_by_a_test_of_its_own() -> None:
    assert help_of("require under contract (covers.data includes data) on flow") == ("E105", "write `covers data`")


def test_a_name_that_is_a_term_as_well_as_an_attribute_is_the_term() -> None:
    hue = "vocabulary hue { notice } attribute hue on flow: one of hue"
    assert policy_of(f"{WORLD}{hue} rule r {{ forbid flow when hue is notice }}")


def test_a_comparison_has_one_sign() -> None:
    assert help_of('forbid flow when source.zone == "inner"') == ("E101", "a comparison has one `=`")


# ---- countries and regions


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        ("germany", "write `de` (Germany)"),
        ("Germany", "write `de` (Germany)"),
        ("DEU", "write `de` (Germany)"),
        ("AUT", "write `at` (Austria)"),
        ("usa", "write `us` (United States)"),
        ("united_kingdom", "write `gb` (United Kingdom)"),
        ("UK", "write `gb` (United Kingdom)"),
        ("the_netherlands", "write `nl` (Netherlands)"),
        ("south_korea", "write `kr` (Korea, South)"),
        ("vietnam", "write `vn` (Viet Nam)"),
        ("Turkey", "write `tr` (Türkiye)"),
        ("European_Union", "write `eu` (European Union)"),
        ("european_economic_area", "write `eea` (European Economic Area)"),
        ("Germny", "write `de` (Germany)"),
        ("europ", "did you mean `europe`?"),
        ("eu_west_1", "a region is a country's code in ISO 3166, such as `de`, or a group, such as `eea`"),
    ],
)
def test_a_region_by_another_name_gets_the_code_as_help(written: str, help_: str) -> None:
    assert help_of(f"forbid flow to (country is {written})") == ("E105", help_)


def test_a_country_in_quotes_gets_its_code_as_help_and_as_edit() -> None:
    code, help_ = help_of('forbid flow to (country is "United Kingdom")')
    assert (code, help_) == ("E108", "write `gb` (United Kingdom)")
    assert isinstance(help_, Help)
    assert help_.replacements == ("gb",)


def test_a_code_that_the_policy_does_not_declare_is_not_offered() -> None:
    policy = "region { us } rule r { forbid system when country is DEU }"
    assert [each.help for each in errors_of(policy)] == ["known regions: `us`"]


@pytest.mark.parametrize("written", ["de", "germany", "DEU"])
def test_a_region_in_the_place_of_a_role_gets_help_on_how_to_be_asked(written: str) -> None:
    assert help_of(f"forbid flow to {written}") == ("E105", "`de` is a region, not a role: write `(country is de)`")


# ---- terms


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        ("contact.email", "write `email`: a term is named without those above it"),
        ("contact.emial", "write `email`: a term is named without those above it"),
        ('"E-Mail Address"', "write `email` (E-mail address)"),
        ('"contact/phone"', "write `phone`: a term is named without those above it"),
    ],
)
def test_a_term_by_its_path_or_description_gets_its_name(written: str, help_: str) -> None:
    assert help_of(f"forbid flow of {written}")[1] == help_
