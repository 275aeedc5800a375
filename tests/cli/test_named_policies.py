"""Every verb takes its policy as an argument and by `--policy`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.cli.test_completion import offered

TESTS = """
tests: 1
policy: [shop.privacy]
manifest: estate.yaml
cases:
  - {name: sold, expect: [{rule: no_selling, subject: leads, verdict: violation}]}
"""
CALLS: dict[str, list[str]] = {
    "check": ["estate.yaml"],
    "explain": ["no_selling", "leads", "--manifest", "estate.yaml"],
    "rule": ["no_selling", "--manifest", "estate.yaml"],
    "baseline": ["estate.yaml", "--output", "known.json"],
    "lint": ["--as-of", "2026-11-01"],
    "fmt": ["--diff"],
    "test": ["shop.tests.yaml"],
    "trace": ["--text", "shop.md"],
    "docs": ["--as-of", "2026-11-01"],
    "what-if": ["estate.yaml", "--remove", "flow:leads"],
    "impact": ["party:broker", "--manifest", "estate.yaml"],
    "forecast": ["estate.yaml"],
    "repair": ["estate.yaml"],
    "graph": ["estate.yaml"],
    "schema": ["manifest"],
}


@pytest.fixture
def shop_with_tests(shop: Path) -> Path:
    write("shop.tests.yaml", TESTS)
    write("shop.md", "# Our promises\n\n## Selling\n\nWe sell nothing.\n")
    write("estate.yaml", Path("estate.yaml").read_text().replace("policy: [shop.privacy]\n", ""))
    return shop


@pytest.mark.usefixtures("shop_with_tests")
@pytest.mark.parametrize("verb", CALLS)
def test_a_verb_takes_its_policy_both_ways(verb: str, call: Call) -> None:
    words = CALLS[verb]
    by_option = call(verb, *words, "--policy", "shop.privacy")
    assert by_option.out or by_option.err
    assert "error[" not in by_option.err
    assert call(verb, *words, "shop.privacy") == by_option
    assert call(verb, "shop.privacy", *words) == by_option
    assert call(verb, "./shop.privacy", "--policy=shop.privacy", *words) == by_option


@pytest.mark.usefixtures("shop_with_tests")
@pytest.mark.parametrize("verb", CALLS)
def test_two_policies_in_two_ways_are_a_wrong_call(verb: str, call: Call) -> None:
    done = call(verb, "shop.privacy", *CALLS[verb], "--policy", "other.privacy")
    assert (done.code, done.out) == (2, "")
    assert "the arguments and `--policy` name different policies, `shop.privacy` and `other.privacy`" in done.err


def test_what_only_ends_like_a_policy_is_not_one(shop: Path, call: Call) -> None:
    write("estates.privacy/privacy.yaml", Path("estate.yaml").read_text().replace("shop.privacy", "../shop.privacy"))
    assert call("check", "estates.privacy").code == 1
    assert "there is no system `us.privacy`" in call("impact", "system:us.privacy", "--manifest", "estate.yaml").err
    assert call("check", "estate.yaml", "--format", "json=found.privacy").out == ""
    assert Path("found.privacy").is_file()
    assert call("check", "--policy", "shop.privacy", "--", "estate.yaml").code == 1
    assert call("check", "--", "shop.privacy", "estate.yaml").code == 1


def test_the_help_says_that_an_argument_is_a_policy(call: Call) -> None:
    assert "An argument that ends in .privacy also names one" in " ".join(call("check", "--help").out.split())
    assert "--policy FILE" in call("lint", "--help").out


def test_a_policy_is_completed_after_the_arguments(shop: Path) -> None:
    assert offered("privacy-rules rule no_selling sh") == ["file,sh"]
    assert offered("privacy-rules schema manifest sh") == ["file,sh"]
    assert offered("privacy-rules lint --policy sh") == ["file,sh"]
    assert offered("privacy-rules rule shop.privacy no_s") == ["plain,no_selling"]
