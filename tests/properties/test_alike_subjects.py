"""Subjects that are judged together get the same verdicts as if each was judged by itself."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import given, note, settings
from hypothesis import strategies as st

from privacy_rules.checking import condition_compiler, pair_groups
from privacy_rules.checking.batch_verdicts import Classes
from privacy_rules.checking.checker import judge, over_all, verdict_alone
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.outcomes import Outcome, result_of
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import subjects
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from tests.builders import estate_of, policy_of
from tests.properties.checking import TODAY, by_engine, by_reference, differences
from tests.properties.strategies import Sample, many, samples

POLICY = """
use std.core
data { contact { email phone } card clicks derived_from_clicks in clicks }
purpose { orders { parcels } adverts }
vocabulary level { low { lowest } high }
attribute number on flow, system, contract: number
attribute length on flow, system: duration default 3 days
attribute day on flow: date
attribute word on flow: text
attribute words on flow: set of text
attribute level on flow, system: one of level
attribute levels on flow: set of level
"""
NUMBERS, LENGTHS = [-1, 0, 1, 1.5, 2, 10], ["0 days", "24 hours", "1 day", "1 month", "30 days", "1 year", "unlimited"]
DAYS, WORDS, LEVELS = ["2026-01-01", "2026-06-30", "2027-02-28"], ["a", "b", "B"], ["low", "lowest", "high"]
DATA, PURPOSES = ["contact", "email", "phone", "card", "clicks"], ["orders", "parcels", "adverts"]
SIGNS = ["<", "<=", "=", "!=", ">=", ">"]


def _test(dice: Random, depth: int = 2) -> str:
    """A condition on a flow."""
    if depth and dice.random() < 0.5:
        parts = [_test(dice, depth - 1) for _ in range(dice.randint(2, 4))]
        joined = f"({dice.choice([' and ', ' or ']).join(parts)})"
        return f"not {joined}" if dice.random() < 0.3 else joined
    sign, level = dice.choice(SIGNS), dice.choice(LEVELS)
    tests = [
        f"number {sign} {dice.choice(NUMBERS)}",
        f"recipient.number {sign} {dice.choice(NUMBERS)}",
        f"length {sign} {dice.choice(LENGTHS)}",
        f"source.length {sign} {dice.choice(LENGTHS)}",
        f"day {sign} {dice.choice(DAYS)}",
        f'word {dice.choice(["=", "!="])} "{dice.choice(WORDS)}"',
        f'words includes {dice.choice(["", "all "])}("{dice.choice(WORDS)}", "a")',
        f"level is {level}",
        f"levels includes {level}",
        f"levels within ({level}, low)",
        "notice",
        f"{dice.choice(['number', 'length', 'words'])} is declared",
        f"data is {dice.choice(DATA)}",
        f"purpose is ({dice.choice(PURPOSES)}, adverts)",
        "under contract",
        f"under contract (number {sign} {dice.choice(NUMBERS)})",
        "under contract (covers data)",
        "shared",
    ]
    asked_of_collections = [
        f"collected with (number {sign} {dice.choice(NUMBERS)})",
        f"collected with (length {sign} {dice.choice(LENGTHS)} and notice)",
        f"collected with (level is {level})",
        "purpose within collected purposes",
    ]
    return dice.choice(asked_of_collections if depth and dice.random() < 0.3 else tests)


def _test_of_item(dice: Random) -> str:
    """A condition on a system, or on an item that it stores."""
    tests = [
        f"number {dice.choice(SIGNS)} {dice.choice(NUMBERS)}",
        f"length {dice.choice(SIGNS)} {dice.choice(LENGTHS)}",
        f"level is {dice.choice(LEVELS)}",
        "number is declared",
    ]
    return dice.choice(tests)


def _rules(dice: Random) -> str:
    limits = ["", f" of {dice.choice(DATA)}", f" for {dice.choice(PURPOSES)}", f" of {dice.choice(DATA)} to us"]
    text = f"define shared as {_test(dice, 0).replace('shared', 'notice')}\n"
    for number in range(8):
        limit = dice.choice(limits)
        text += dice.choice(
            [
                f"rule r{number} {{ forbid flow{limit} when {_test(dice)} }}\n",
                f"rule r{number} {{ forbid collection{limit} when {_test(dice)} unless {_test(dice)} }}\n",
                f"rule r{number} {{ require {_test(dice)} on flow{limit} }}\n",
                f"rule r{number} {{ forbid storage of {dice.choice(DATA)} when {_test_of_item(dice)} }}\n",
                f"rule r{number} {{ require {_test_of_item(dice)} or {_test_of_item(dice)} on storage }}\n",
                f"rule r{number} {{ require number {dice.choice(SIGNS)} {dice.choice(NUMBERS)} on contract }}\n",
                f"rule r{number} {{ forbid system when {_test_of_item(dice)} and under contract }}\n",
                f"rule r{number} {{ allow flow{limit} only\n - of email when {_test(dice)}\n - when {_test(dice)} }}\n",
            ]
        )
    names = [each for each in range(8) if f"rule r{each} {{ forbid flow" in text][:2]
    if not names:
        return text
    return text + f"rule p {{ permit flow when {_test(dice)} despite {', '.join(f'r{each}' for each in names)} }}\n"


def _declared(dice: Random, choices: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, values in choices.items():
        if dice.random() < 0.6:
            found[name] = None if dice.random() < 0.1 else dice.choice(values)
    return found


def _some(dice: Random, values: list[str]) -> list[list[str]]:
    return [dice.sample(values, dice.randint(1, 2)) for _ in range(3)]


def _estate(dice: Random, flows_wanted: int) -> dict[str, Any]:
    """An estate with this number of flows."""
    parties = {
        "us": {"role": "us"},
        "person": {"role": "data_subject"},
        "helper": {"role": "service_provider"},
        "odd": {},
    }
    systems: dict[str, Any] = {"shop": {"party": "us"}, "home": {"party": "person"}, "nobody": {}}
    for number in range(5):
        system = {"party": dice.choice([*parties, None])}
        if dice.random() < 0.7:
            items = dice.sample(DATA, dice.randint(0, 3))
            own = {"number": NUMBERS, "length": LENGTHS, "level": LEVELS}
            system["stores"] = [{"data": each} | _declared(dice, own) for each in items]
        systems[f"s{number}"] = system | _declared(dice, {"number": NUMBERS, "length": LENGTHS, "level": LEVELS})
    flows, facts = [], dice.random() < 0.3
    for number in range(flows_wanted):
        ends = dice.choices([*systems], k=2) if number % 3 else ["home", dice.choice(["shop", "s0", "s1"])]
        choices = {
            "carries": _some(dice, DATA),
            "purposes": _some(dice, PURPOSES),
            "number": NUMBERS,
            "length": LENGTHS,
            "day": [date.fromisoformat(each) for each in DAYS],
            "word": WORDS,
            "words": _some(dice, WORDS),
            "level": LEVELS,
            "levels": _some(dice, LEVELS),
            "notice": [True, False],
        }
        if facts and dice.random() < 0.3:
            choices["carries"] = [[{"data": "email", "number": 1}, "card"], [{"data": "phone", "length": "1 day"}]]
        flow = {"id": f"f{number:02}", "from": ends[0], "to": ends[1], **_declared(dice, choices)}
        if dice.random() < 0.2:
            flow["origin"] = dice.choice([None, ["f00"], ["f00", "f03"], ["f06"]])
        flows.append(flow)
    contracts = {
        f"c{number}": {"with": dice.choice(["helper", "odd"]), **_declared(dice, {"number": NUMBERS})}
        | ({"covers": {"data": dice.choice(_some(dice, DATA))}} if dice.random() < 0.5 else {})
        for number in range(4)
    }
    return {"manifest": 1, "parties": parties, "systems": systems, "flows": flows, "contracts": contracts}


def _compare_with_each_alone(policy: Policy, estate: Estate) -> None:
    graph = FlowGraph.of(estate, policy)
    judged = judge(policy, graph, TODAY, most_explained=0)
    alone, together = (Evaluator(policy, graph, TODAY) for _ in range(2))
    for core, count in zip(core_rules(policy, TODAY), judged.counts, strict=True):
        ruling = Ruling(alone, core)
        every = list(subjects(graph, ruling.family))
        found = {each.subject: (each.verdict, each.judged) for each in judged.judgements if each.rule is core.rule}
        expected = {each.subject[0]: verdict_alone(each) for each in over_all(ruling, every)}
        assert found == {name: (each.verdict, each.judged) for name, each in expected.items()}, core.rule.name
        assert count.applies == sum(ruling.verdict(*each[1:]) is not None for each in every), core.rule.name
        outcome = Outcome(Ruling(together, core), Classes(together, ruling.family))
        for each in every:
            one, other = outcome.result_on(each[0]), result_of(ruling, each)
            assert one == other, (core.rule.name, each[0])
            assert one is None or other is None or one.permits == other.permits, (core.rule.name, each[0])


@many
@given(st.randoms(use_true_random=False))
def test_many_values_and_collections(dice: Random) -> None:
    text, data = POLICY + _rules(dice), _estate(dice, 20)
    note(text + str(data))
    policy = policy_of(text)
    _compare_with_each_alone(policy, estate_of(data, policy))


@settings(many, max_examples=max(5, many.max_examples // 10))
@given(st.randoms(use_true_random=False))
def test_many_values_and_collections_against_the_reference(dice: Random) -> None:
    text, data = POLICY + _rules(dice), _estate(dice, 10)  # the reference evaluator needs 12 seconds for 30 flows
    note(text + str(data))
    policy = policy_of(text)
    estate = estate_of(data, policy)
    found = differences(by_engine(policy, estate, TODAY), by_reference(policy, estate, TODAY))
    assert not found, "\n".join(found)


def _compare_sample(sample: Sample) -> None:
    note(str(sample))
    policy = policy_of(sample.policy)
    _compare_with_each_alone(policy, estate_of(sample.manifest, policy))


@many
@given(samples())
def test_any_policy_and_estate(sample: Sample) -> None:
    _compare_sample(sample)


@many
@given(samples())
def test_groups_of_pairs_and_of_systems_get_the_verdicts_of_each(sample: Sample) -> None:
    with patch.multiple(pair_groups, _FEW=0, _EACH=0), patch.object(condition_compiler, "_MANY", -1):
        _compare_sample(sample)
