"""Shipped policies: the usual terms, and the regions of the world."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.source.language_files import language_home
from privacy_rules.vocabulary.taxonomy import BUILT_IN
from tests.builders import policy_of

CORE = policy_of("use std.core\nrule r { forbid flow }")
TODAY = date(2026, 11, 1)
REGION = CORE.vocabularies["region"].on(TODAY)
CODES = {term for term in REGION.terms if len(term) == 2 and term != "eu"}


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"data", "purpose", "occasion"}))
def test_every_usual_vocabulary_has_terms(name: str) -> None:
    assert CORE.vocabularies[name].terms


@pytest.mark.parametrize("name", ["data", "purpose", "occasion"])
def test_data_purposes_and_occasions_are_the_policys_own(name: str) -> None:
    assert CORE.vocabularies[name].terms == ()


@pytest.mark.parametrize(
    ("name", "below", "above"),
    [
        ("role", "us", "organisation"),
        ("role", "group_member", "organisation"),
        ("role", "service_provider", "outside"),
        ("role", "data_broker", "third_party"),
        ("role", "third_party", "outside"),
        ("role", "court", "public_authority"),
        ("role", "linked_site", "outside"),
        ("safeguard", "encryption_at_rest", "encryption"),
        ("method", "hashing", "pseudonymisation"),
        ("region", "de", "eu"),
        ("region", "de", "eea"),
        ("region", "no", "eea"),
        ("region", "no", "efta"),
        ("region", "ch", "efta"),
        ("region", "ch", "adequate"),
        ("region", "gb", "adequate"),
        ("region", "re", "eea"),
        ("region", "in", "asia"),
    ],
)
def test_a_term_is_below_another(name: str, below: str, above: str) -> None:
    assert CORE.vocabularies[name].on(TODAY).is_a(below, above)


@pytest.mark.parametrize(
    ("below", "above"),
    [("ch", "eea"), ("gb", "eea"), ("us", "adequate"), ("data_subject", "outside"), ("us", "outside")],
)
def test_a_term_is_not_below_another(below: str, above: str) -> None:
    name = "role" if above == "outside" else "region"
    assert not CORE.vocabularies[name].on(TODAY).is_a(below, above)


@pytest.mark.parametrize(
    ("term", "above", "days"),
    [
        ("jp", "adequate", {"2019-01-22": False, "2019-01-23": True}),
        ("br", "adequate", {"2026-01-25": False, "2026-01-26": True}),
        ("gb", "eea", {"2020-01-31": True, "2020-02-01": False}),
        ("gb", "adequate", {"2021-06-27": False, "2021-06-28": True, "2031-12-26": True, "2031-12-27": False}),
        ("hr", "eu", {"2013-06-30": False, "2013-07-01": True}),
        ("us", "adequate", {"2018-01-01": False, "2026-11-01": False}),
        (
            "us",
            "adequate_if_certified",
            {"2015-10-05": True, "2015-10-06": False, "2020-07-15": True, "2020-07-16": False, "2023-07-10": True},
        ),
    ],
)
def test_decisions_hold_from_their_day_until_they_end(term: str, above: str, days: dict[str, bool]) -> None:
    region = CORE.vocabularies["region"]
    assert {day: region.on(date.fromisoformat(day)).is_a(term, above) for day in days} == days


def test_there_are_the_249_codes_of_iso_3166_1() -> None:
    assert len(CODES) == 249
    assert all(code.islower() for code in CODES)


def test_every_region_says_its_name_and_every_code_has_one_of_its_own() -> None:
    names = [REGION.descriptions[code] for code in CODES]
    assert len(set(names)) == len(CODES)


def test_the_union_has_27_members_and_their_territories() -> None:
    territories = {"ax", "gf", "gp", "mf", "mq", "re", "yt"}
    assert len(set(REGION.children("eu")) - territories) == 27
    assert set(REGION.children("eea")) == {"eu", "is", "li", "no"}


def test_every_country_is_below_one_continent() -> None:
    continents = ("africa", "antarctica", "asia", "europe", "north_america", "oceania", "south_america")
    for code in CODES:
        found = [each for each in continents if REGION.is_a(code, each)]
        assert found[:1] == found or code in ("gf", "gp", "mf", "mq", "re", "yt"), code
        assert found, code


def test_what_ships_uses_only_what_ships() -> None:
    for file in (language_home() / "std").glob("*.privacy"):
        assert policy_of(f"use std.{file.stem}\nrule r {{ forbid flow }}").files[0] == "policy.privacy"
