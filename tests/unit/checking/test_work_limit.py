"""A check that would do too much work is refused, and the message says which limit it reaches."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.checking import checker, condition_columns
from privacy_rules.checking.work_limit import Work, WorkLimit
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import InputError
from tests.builders import estate_of, flow, policy_of

LIMIT = WorkLimit("steps", 10, by_entity=2, by_rule=1)
POLICY = policy_of(
    """use std.core
data { email phone }
purpose { orders support }
rule covered { require under contract (covers data) on flow }
"""
)
ESTATE = estate_of(
    {
        "manifest": 1,
        "systems": {"a": {}, "b": {}},
        "flows": [flow("f", "a", "b", ["email", "phone"], purposes=["orders", "support"])],
    },
    POLICY,
)


@pytest.fixture
def graph() -> FlowGraph:
    return FlowGraph.of(ESTATE, POLICY)


@pytest.fixture
def work(graph: FlowGraph) -> Work:
    return Work(POLICY, graph)


def test_a_check_of_too_many_judged_pairs_is_refused(graph: FlowGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition_columns, "PAIRS", WorkLimit("judged pairs", 2))
    with pytest.raises(InputError, match="more than 2 judged pairs"):
        checker.judge(POLICY, graph, date(2026, 11, 1))


def test_work_up_to_the_limit_is_done(work: Work) -> None:
    work.take(LIMIT, 10 + 3 * (2 + 1))


def test_more_work_is_refused_with_the_name_of_the_limit(work: Work) -> None:
    work.take(LIMIT, 19)
    with pytest.raises(InputError, match="more than 19 steps") as refused:
        work.take(LIMIT, 1)
    assert refused.value.diagnostics[0].code == codes.TOO_LARGE_CHECK


def test_work_is_counted_anew_for_another_day(work: Work) -> None:
    work.take(LIMIT, 19)
    work.begin()
    work.take(LIMIT, 19)
