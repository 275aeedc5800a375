"""The cases of the rule packs hold for this engine and for the reference evaluator, and each rule is caught, passed and open in one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from privacy_rules.source.language_files import language_home, shipped_files
from privacy_rules.testing.loader import load
from privacy_rules.testing.runner import run
from privacy_rules.testing.suite import Loaded
from tests.reference.evaluator import evaluate

ROOT = Path(__file__).parents[2]
CASES = ROOT / "dsl" / "conformance" / "packs"
PACKS = sorted(
    name.removeprefix("pack.") for name in shipped_files() if name.startswith("pack.") and name != "pack.terms"
)
VERDICTS = {"compliant", "violation", "undetermined"}


@cache
def _loaded(pack: str) -> Loaded:
    loaded, wrong, _ = load([CASES / f"{pack}.tests.yaml"])
    assert loaded is not None, wrong
    return loaded


def test_each_pack_has_cases_and_a_page() -> None:
    assert sorted(path.name.removesuffix(".tests.yaml") for path in CASES.glob("*.tests.yaml")) == PACKS
    assert {f"{each}.md" for each in PACKS} <= {path.name for path in (ROOT / "docs" / "packs").iterdir()}


@pytest.mark.parametrize("pack", PACKS)
def test_each_rule_of_a_pack_is_caught_passed_and_open(pack: str) -> None:
    loaded = _loaded(pack)
    results, wrong = run(loaded)
    assert results is not None, wrong
    assert [each.case.name for each in results if not each.passed] == []
    seen: dict[str, set[str]] = defaultdict(set)
    for _, case in loaded.cases:
        for each in case.expected:
            seen[each.rule].add(each.verdict.word)
    assert seen == {rule.name: VERDICTS for rule in loaded.suites[0].policy.rules}


@pytest.mark.parametrize("pack", PACKS)
def test_the_reference_gives_what_the_cases_expect(pack: str) -> None:
    for suite, case in _loaded(pack).cases:
        for each in case.expected:
            only = replace(suite.policy, rules=tuple(rule for rule in suite.policy.rules if rule.name == each.rule))
            outcomes = evaluate(only, case.estate, case.day)
            found = [outcome.verdict for (rule, _, subject), outcome in outcomes.items() if subject == each.subject]
            assert found == [each.verdict], case.name


@pytest.mark.parametrize("pack", PACKS)
def test_each_rule_of_a_pack_cites_an_article_has_a_hint_and_is_on_its_page(pack: str) -> None:
    page = (ROOT / "docs" / "packs" / f"{pack}.md").read_text(encoding="utf-8")
    for rule in _loaded(pack).suites[0].policy.rules:
        assert rule.name.startswith(f"{pack}_")
        assert rule.hint
        assert rule.cites
        assert all(
            each.startswith(f"{pack.upper()} ") and any(letter.isdigit() for letter in each) for each in rule.cites
        )
        (row,) = [line for line in page.splitlines() if f"`{rule.name}`" in line and line.startswith("|")]
        assert all(each.removeprefix(f"{pack.upper()} ") in row for each in rule.cites), rule.name


def test_the_packs_can_be_used_together() -> None:
    from tests.builders import policy_of

    policy = policy_of("".join(f"use pack.{each}\n" for each in PACKS))
    assert len(policy.rules) == sum(len(_loaded(each).suites[0].policy.rules) for each in PACKS)
    assert all(each.is_file() for each in (language_home() / "std" / "packs").glob("*.privacy"))
