"""Chains of contracts that are worked out together give what each gives alone."""

from __future__ import annotations

import random

import pytest

from privacy_rules.checking import contract_tests
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import conditions, core_rules
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import UnderContract
from tests.properties.checking import TODAY, by_engine, load
from tests.properties.strategies import BYTES, sample_of

SAMPLES = 60


def test_chains_together_find_what_each_finds_alone() -> None:
    source, bound = random.Random(12), 0
    for _ in range(SAMPLES):
        policy, estate = load(sample_of(source.randbytes(BYTES)))
        contracts = Evaluator(policy, FlowGraph.of(estate, policy), TODAY).contracts
        satisfied = [bytes(source.choice((0, 1, 2)) for _ in contracts.all) for _ in range(4)]
        found = list(contracts.chained_together(satisfied))
        assert found == [contracts.chained(each) for each in satisfied]
        bound += sum(any(each) for each in found)
    assert bound > SAMPLES


def test_verdicts_are_those_of_chains_found_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    source, asked = random.Random(13), 0
    for _ in range(4 * SAMPLES):
        policy, estate = load(sample_of(source.randbytes(BYTES)))
        tests = conditions(core_rules(policy, TODAY))
        if any(isinstance(each, UnderContract) and each.chain for each in tests):
            asked += 1
            alone = by_engine(policy, estate, TODAY)
            with monkeypatch.context() as patched:
                patched.setattr(contract_tests, "_MANY", 1)
                assert by_engine(policy, estate, TODAY) == alone
    assert asked > SAMPLES / 4
