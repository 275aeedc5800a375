"""Path tests that are worked out together give what each gives alone."""

from __future__ import annotations

import random

import pytest

from privacy_rules.checking import reachability
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import conditions, core_rules
from privacy_rules.graph import layered_propagation
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Reached
from tests.properties.checking import TODAY, load
from tests.properties.strategies import BYTES, sample_of

SAMPLES = 40


@pytest.mark.parametrize("most_bits", [1, 2**27], ids=["one test at a time", "all tests"])
def test_path_tests_together_find_what_each_finds_alone(monkeypatch: pytest.MonkeyPatch, most_bits: int) -> None:
    monkeypatch.setattr(layered_propagation, "_MOST_BITS", most_bits)
    source, asked = random.Random(11), 0
    for _ in range(SAMPLES):
        policy, estate = load(sample_of(source.randbytes(BYTES)))
        graph = FlowGraph.of(estate, policy)
        tests = [each for each in conditions(core_rules(policy, TODAY)) if isinstance(each, Reached)]
        alone = Evaluator(policy, graph, TODAY).paths
        monkeypatch.setattr(reachability, "_MANY", 1)
        together = Evaluator(policy, graph, TODAY).paths
        together.expect(tests)
        assert [together.values(each) for each in tests] == [alone.values(each) for each in tests]
        asked += len(tests)
    assert asked > SAMPLES
