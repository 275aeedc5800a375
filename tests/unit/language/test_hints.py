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
    ("condition", "code", "facts"),
    [
        ("source.zone = recipient.zone", "E108", "`source.zone` and `recipient.zone`"),
        ("source.zone is recipient.zone", "E108", "`source.zone` and `recipient.zone`"),
        ("source.country != recipient.country", "E108", "`source.country` and `recipient.country`"),
        ("source.country is recipient.country", "E105", "`source.country` and `recipient.country`"),
        ("labels includes recipient.tags", "E108", "`labels` and `recipient.tags`"),
        ("labels includes (recipient.unheard_of)", "E108", "`labels` and `recipient.unheard_of`"),
        ("retention <= recipient.retention", "E108", "`retention` and `recipient.retention`"),
        ("recipient.retention > retention", "E108", "`recipient.retention` and `retention`"),
        ("seats < recipient.seats", "E108", "`seats` and `recipient.seats`"),
        ("notice = necessary", "E108", "`notice` and `necessary`"),
        ("recipient.safeguards within source.safeguards", "E105", "`recipient.safeguards` and `source.safeguards`"),
        ("recipient.stores includes data", "E105", "`recipient.stores` and `data`"),
        ("purposes includes purpose", "E105", "`purposes` and `purpose`"),
        ("data is recipient.stores", "E105", "`data` and `recipient.stores`"),
        ("source.party = recipient.party", "E108", "`source.party` and `recipient.party`"),
    ],
)
def test_two_facts_cannot_be_compared_and_no_help_turns_one_into_text(condition: str, code: str, facts: str) -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow when {condition} }}")
    assert (found.code, found.message) == (code, f"two facts cannot be compared: {facts}")
    assert found.help == "compare a fact with a fixed value, in one rule for each value that is meant"


def test_a_selector_cannot_compare_with_the_other_end() -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow to (zone = source.zone) }}")
    assert found.message == "two facts cannot be compared: `zone` and `source.zone`"


def test_a_contract_covers_what_is_judged_by_a_test_of_its_own() -> None:
    assert help_of("require under contract (covers.data includes data) on flow") == ("E105", "write `covers data`")


def test_a_name_that_is_a_term_as_well_as_an_attribute_is_the_term() -> None:
    hue = "vocabulary hue { notice } attribute hue on flow: one of hue"
    assert policy_of(f"{WORLD}{hue} rule r {{ forbid flow when hue is notice }}")


def test_a_date_cannot_be_compared_with_today() -> None:
    code, help_ = help_of("forbid flow when checked < today")
    assert code == "E108"
    assert "fixed day" in (help_ or "")


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
    assert [each.help for each in errors_of(policy)] == ["known are `us`"]


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
