"""Hints beside sink, and paths where there are no places."""

from __future__ import annotations

from privacy_rules.manifest.diagnostic_sink import path_text
from privacy_rules.source.spelling import Suggestions, listing


def test_a_near_name_is_suggested() -> None:
    assert Suggestions().near("emial", ["email", "name"], "terms") == "did you mean `email`?"


def test_suggesting_has_its_bound() -> None:
    suggestions = Suggestions(comparisons=4)
    known = ["email", "name"]
    assert suggestions.near("emial", known, "terms")
    assert suggestions.near("emial", known, "terms")
    assert suggestions.near("nam", known, "terms")
    assert suggestions.near("nme", known, "terms") is None
    assert suggestions.near("emial", known, "terms")


def test_few_names_are_listed_and_many_are_counted() -> None:
    assert listing("terms", ["b", "a"]) == "known terms: `a`, `b`"
    many = listing("terms", [str(number) for number in range(1300)])
    assert many == "the policy declares 1,300 terms: name one of them, or declare this one in the policy"
    assert listing("terms", []) == "the policy declares no terms"


def test_a_path_is_shown_as_a_reader_would_write_it() -> None:
    assert path_text(("flows", 3, "carries", 0)) == "`flows[3].carries[0]`"
