"""A check that would do too much work is refused, and the message says which limit it reaches. Large estates stay below the limits."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from privacy_rules.checking import checker, work_limit
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.work_limit import Work, WorkLimit
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import InputError
from tests.builders import estate_of, flow, policy_of

DAY = date(2026, 11, 1)
LIMIT = WorkLimit("steps", 10, by_entity=2, by_rule=1)
EVERY = [each for each in vars(work_limit).values() if isinstance(each, WorkLimit) and each.doing == LIMIT.doing]
HEAD = """use std.core
data { contact { email phone } card }
purpose { orders support }
attribute kept on contract: duration
"""
POLICY = policy_of(HEAD + "rule covered { require under contract (covers data) on flow }")
ESTATE = estate_of(
    {
        "manifest": 1,
        "systems": {"a": {}, "b": {}},
        "flows": [flow("f", "a", "b", ["email", "phone"], purposes=["orders", "support"])],
    },
    POLICY,
)
RULES = """
rule covered { require under contract (covers data and kept >= 1 year) on disclosure }
rule bound { require recipient bound to us by contracts (kept >= 1 year) on disclosure }
rule collected { require collected with (choice is opt_in) on flow of email for support }
rule within { require purpose within collected purposes on flow }
rule far { forbid flow of email to (reached by card from (role is us) avoiding (safeguards includes encryption) including derived) }
rule near { forbid system when reached by email from (role is data_subject) avoiding (kind is database) }
rule either { require choice is opt_in or (choice is opt_out and notice) or not choice is opt_in on flow of email }
rule stored { require retention <= 2 years on storage of contact }
rule later { require recipient.country = source.country on flow of card }
"""


def typical(policy: Policy, services: int) -> Any:
    """An estate of services with their databases and vendors, some of which say little."""
    numbers = range(services)
    vendors = {
        f"v{n}": {"role": "service_provider", **({"country": "IE"} if n % 2 else {})} for n in range(services // 5)
    }
    flows = []
    for n in numbers:
        said = {"choice": "opt_in", "notice": True} if n % 3 else {}
        flows += [
            flow(
                f"in-{n}",
                "app",
                f"service-{n}",
                ["contact" if n % 4 == 0 else "email", "card"],
                purposes=["orders"],
                **said,
            ),
            flow(f"kept-{n}", f"service-{n}", f"base-{n}", ["email"], purposes=["orders"], origin=[f"in-{n}"]),
            flow(f"out-{n}", f"base-{n}", f"cloud-{n % len(vendors)}", ["email"], purposes=["support"], **said),
            flow(f"on-{n}", f"service-{n}", f"service-{(n + 1) % services}", ["email", "card"], purposes=["orders"]),
        ]
    flows[1]["origin"] = None
    flows.append(flow("spared", "base-0", "spare", ["email"], purposes=["orders"]))
    flows.append(flow("far", "service-1", "cloud-0", ["email"], purposes=["orders"], origin=["in-2"]))
    return estate_of(
        {
            "manifest": 1,
            "parties": {"us": {"role": "us"}, "person": {"role": "data_subject"}, **vendors},
            "systems": {
                "app": {"party": "person"},
                **{f"service-{n}": {"party": "us", "kind": "service", "transforms": []} for n in numbers},
                **{f"base-{n}": {"party": "us", "kind": "database", "stores": ["email"]} for n in numbers},
                **{f"cloud-{n}": {"party": f"v{n}"} for n in range(len(vendors))},
                "spare": {"party": "v0"},
            },
            "contracts": {
                "other": {"with": "v0", "kept": "2 years", "systems": ["spare"]},
                **{
                    f"c{n}": {
                        "with": f"v{n}",
                        "kept": "2 years",
                        "covers": {"data": ["contact"]},
                        "systems": [f"cloud-{n}"],
                    }
                    for n in range(len(vendors))
                },
            },
            "flows": flows,
        },
        policy,
    )


def done(rules: str, services: int) -> tuple[Work, int]:
    """Return the work of a check of a typical estate, and the number of entities."""
    policy = policy_of(HEAD + rules)
    estate = typical(policy, services)
    evaluator = Evaluator(policy, FlowGraph.of(estate, policy), DAY)
    checker.judge(policy, evaluator.graph, DAY, evaluator=evaluator)
    return evaluator.work, len(estate.flows) + len(estate.systems) + len(estate.parties) + len(estate.contracts)


@pytest.fixture
def graph() -> FlowGraph:
    return FlowGraph.of(ESTATE, POLICY)


@pytest.fixture
def work(graph: FlowGraph) -> Work:
    return Work(POLICY, graph)


REACHED: Sequence[tuple[str, str, str]] = [
    ("cases", "PAIRS", "covered"),
    ("batch_verdicts", "JUDGED_PAIRS", "covered"),
    ("contract_tests", "BINDING", "covered"),
    ("contract_tests", "CHAINS", "bound"),
    ("collection_answers", "PASSES", "collected"),
    ("condition_columns", "EVALUATIONS", "within"),
    ("reachability", "PASSES", "near"),
    ("origins", "PASSES", "near"),
    ("origins", "EDGES", "near"),
    ("open_cases", "DECISIONS", "either"),
    ("open_tests", "STEPS", "either"),
]


@pytest.mark.parametrize(("module", "name", "rule"), REACHED)
def test_each_limit_can_be_reached(module: str, name: str, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = getattr(work_limit, name)
    monkeypatch.setattr(importlib.import_module(f"privacy_rules.checking.{module}"), name, WorkLimit(limit.what, 0))
    with pytest.raises(InputError, match=f"more than 0 {limit.what}") as refused:
        done(next(each for each in RULES.splitlines() if each.startswith(f"rule {rule} ")), 10)
    assert refused.value.diagnostics[0].code == codes.TOO_LARGE_CHECK


def test_there_is_a_check_that_reaches_every_limit() -> None:
    assert {getattr(work_limit, name) for _, name, _ in REACHED} == set(EVERY)


def test_a_large_estate_stays_below_every_limit() -> None:
    services = 40
    found, entities = done(RULES, services)
    rules = len(RULES.strip().splitlines())
    for times, of_rules in ((100_000 // (4 * services), 30 / rules), (2_000 // (2 * services), 300 / rules)):
        for limit in EVERY:
            assert found.done(limit) * times * of_rules <= limit.of(entities * times, round(rules * of_rules)), (
                limit.what
            )


def test_work_grows_no_faster_than_the_estate() -> None:
    (one, _), (four, _) = done(RULES, 10), done(RULES, 40)
    for limit in EVERY:
        assert four.done(limit) <= 5 * one.done(limit), limit.what


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


def test_reasons_are_not_refused(work: Work) -> None:
    work.end()
    work.take(LIMIT, 100)


def test_what_follows_a_check_keeps_its_own_limits(work: Work) -> None:
    work.end()
    with pytest.raises(InputError, match="the search is too large"):
        work.take(replace(LIMIT, doing="search"), 100)
