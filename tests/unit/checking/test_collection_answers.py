"""What collections answer in a changed estate, made of what they answered before, beside the same made from nothing."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest

from privacy_rules.checking.checker import Reasoner, judge, verdict_alone
from privacy_rules.checking.collection_answers import Answers, Provenance
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.incremental import Difference
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import CollectedWith, Policy, WithinCollectedPurposes
from tests.builders import flow
from tests.unit.checking.judging import DAY, case, manifest

RULES = """
rule noticed { require collected with (notice) on flow }
rule within { require purpose within collected purposes on flow }
rule seldom { require collected with (necessary) on flow when data is health }
rule stored { require collected with (notice) on storage }
"""
DATA = ["email", "phone", "health", "hashed_email", "clicks"]
PURPOSES = ["service", "delivery", "marketing"]
Data = dict[str, Any]


def _collection(draw: random.Random, name: str, systems: list[str]) -> Data:
    answers = {"notice": draw.choice([True, False, None]), "necessary": draw.choice([True, False])}
    purposes = draw.sample(PURPOSES, draw.randint(1, 2))
    return flow(name, draw.choice(["browser", "post"]), draw.choice(systems), _some(draw), purposes=purposes, **answers)


def _some(draw: random.Random) -> list[str]:
    return draw.sample(DATA, draw.randint(1, 3))


def _estate(draw: random.Random) -> Data:
    """A few collections, and flows that lead on from them, with circles among them."""
    owners = {f"s{number}": draw.choice(["we", "we", "we", "mailer", "somebody"]) for number in range(9)}
    systems = list(owners)
    flows = [_collection(draw, f"in-{number}", systems) for number in range(draw.randint(3, 9))]
    flows += [
        flow(f"on-{number}", *draw.sample(systems, 2), _some(draw), purposes=["service"])
        for number in range(draw.randint(6, 18))
    ]
    stores = {name: {"party": owner, "stores": draw.sample(DATA, 1)} for name, owner in owners.items()}
    return manifest(*flows, systems=stores)


def _changed(draw: random.Random, data: Data) -> Data:
    """Two changes of flows: cut, added, led elsewhere, carrying or saying something else."""
    made = deepcopy(data)
    flows: list[Data] = made["flows"]
    systems = [name for name in made["systems"] if name.startswith("s") and name[1:].isdigit()]
    for number in range(draw.randint(1, 2)):
        one = draw.choice(flows)
        match draw.randrange(7):
            case 0 | 1:
                flows.remove(one)
            case 2:
                flows.append({**draw.choice(flows), "id": f"new-{number}", "to": draw.choice(systems)})
            case 3:
                one["to"] = draw.choice([each for each in systems if each != one["from"]])
            case 4:
                one["carries"] = _some(draw)
            case 5:
                one["notice"] = draw.choice([True, False, None])
            case _:
                one["purposes"] = draw.sample(PURPOSES, 1)
    return made


def _all(evaluator: Evaluator) -> dict[tuple[object, ...], Provenance]:
    """All answers about all flows and systems, for every category and an unknown one."""
    found = {}
    tests = [each for rule in evaluator.policy.rules if rule.required for each in walk(rule.required)]
    for number, test in enumerate(tests):
        if isinstance(test, CollectedWith | WithinCollectedPurposes):
            answers = evaluator.collected.answers(test)
            for datum in (*DATA, None):
                for each, record in enumerate(evaluator.graph.flows):
                    found[number, record.id, datum] = answers.of_flow(each, datum)
                for each, record in enumerate(evaluator.graph.systems):
                    found[number, record.id, datum] = answers.of_storage(each, datum)
    return {key: Provenance(each.must, tuple(sorted(each.answers, key=repr))) for key, each in found.items()}


def _asked(graph: FlowGraph, policy: Policy) -> Evaluator:
    """An evaluator that has judged everything."""
    evaluator = Evaluator(policy, graph, DAY)
    judge(policy, graph, DAY, evaluator=evaluator)
    return evaluator


def _base_and_changed(seed: int) -> tuple[Evaluator, FlowGraph]:
    draw = random.Random(seed)
    data = _estate(draw)
    start = case(RULES, data)
    changed = case(RULES, _changed(draw, data))
    return _asked(start.graph, start.policy), FlowGraph.of(changed.graph.estate, start.policy)


@pytest.fixture(autouse=True)
def _no_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts are compared; the reasons of so much that is undetermined would take long."""
    monkeypatch.setattr(Reasoner, "judgement", lambda _, found: verdict_alone(found))


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_what_collections_answer_after_a_change_is_what_they_answer_from_nothing(
    start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[bool] = []
    carry = Answers._carried_over

    def spied(self: Answers, *given: Any) -> list[int] | None:
        found = carry(self, *given)
        carried.append(found is not None)
        return found

    monkeypatch.setattr(Answers, "_carried_over", spied)
    evaluators: list[Evaluator] = []
    made = Evaluator.adopt
    monkeypatch.setattr(
        Evaluator, "adopt", lambda self, *given, **more: (evaluators.append(self), made(self, *given, **more))[1]
    )
    for seed in range(start, start + 20):
        base, graph = _base_and_changed(seed)
        evaluators.clear()
        difference = Difference.of(base, graph, core_rules(base.policy, DAY))
        assert difference is not None
        for core in core_rules(base.policy, DAY):
            difference.subjects(core)
        (again,) = evaluators
        assert _all(again) == _all(Evaluator(base.policy, graph, DAY)), seed
    assert sum(carried) > 20  # of four tests of twenty changes: the answers were carried over, not made anew


def test_verdicts_that_a_change_affects_are_among_those_that_may_be_affected() -> None:
    for seed in range(60):
        base, graph = _base_and_changed(seed)
        before, after = judge(base.policy, base.graph, DAY), judge(base.policy, graph, DAY)
        was, now = (
            {(each.rule.name, each.subject): each.judged for each in side.judgements} for side in (before, after)
        )
        cores = core_rules(base.policy, DAY)
        difference = Difference.of(base, graph, cores)
        assert difference is not None
        affected = {(core.rule.name, each) for core in cores for each in difference.subjects(core)}
        assert {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)} <= affected, seed
        assert len(affected) < sum(count.subjects for count in before.counts), seed


def test_a_test_of_collections_that_nobody_asked_is_not_worked_out_for_a_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flows = [flow("in", "browser", "site", ["email"], notice=True), flow("on", "site", "crm", ["email"])]
    start = case("rule seldom { require collected with (notice) on flow when data is health }", manifest(*flows))
    base = _asked(start.graph, start.policy)
    changed = case("rule any { forbid flow }", manifest(flows[0])).graph.estate
    monkeypatch.setattr(Answers, "_arriving", lambda *_: pytest.fail("worked out"))
    (core,) = core_rules(start.policy, DAY)
    difference = Difference.of(base, FlowGraph.of(changed, start.policy), [core])
    assert difference is not None
    assert difference.subjects(core) == {"on"}
