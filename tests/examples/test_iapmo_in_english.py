"""The example's rules in plain English are on record, and say what the README and the prose are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules import engine
from privacy_rules.english.sentences import title_of
from tests.cli.calling import Call, on_record

HOME = Path(__file__).parents[2] / "examples" / "iapmo"


@pytest.fixture
def call(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(HOME)
    return call


def test_the_rules_in_plain_english_are_on_record(call: Call) -> None:
    done = call("docs")
    assert (done.code, done.err) == (0, "")
    on_record(str(HOME / "policy-as-rules.md"), done.out)


def test_every_rule_clause_and_define_has_its_place_in_it() -> None:
    told = (HOME / "policy-as-rules.md").read_text(encoding="utf-8")
    policy, _ = engine.load_policy([HOME / "iapmo.privacy"])
    assert policy is not None
    for number, rule in enumerate(policy.rules, start=1):
        assert f"### {number}. {title_of(rule)}\n" in told
    for clause in policy.clauses:
        assert f"| \\{clause.cited} | {clause.kind} |" in told
    for define in policy.defines:
        assert f"\n“{define.name.replace('_', ' ')}” means that " in told
    assert "*Contact information* may not be disclosed outside the organisation where the kind of exchange is" in told
