"""How many cases a rule looks at one by one. By numbers, as no test depends on a clock."""

from __future__ import annotations

from typing import Any

import pytest

from privacy_rules.checking import pair_groups
from privacy_rules.checking.batch_verdicts import Classes
from privacy_rules.checking.cases import Cases
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.language.subject_kinds import Kind
from tests.builders import flow
from tests.unit.checking.judging import DAY, case, manifest

MANY = 40
DIFFERENT = range(1, MANY + 1)
RULES = {
    "values of the flow": "require retention <= {n} days on flow",
    "values of an end": "forbid flow to (retention <= {n} days)",
    "two values": "forbid flow when retention > {n} days unless retention > {n} weeks",
    "a value asked twice": "require retention <= {n} days or not retention <= {n} days on flow",
    "a contract's terms": "require recipient under contract (number <= {n}) on flow",
    "a chain of contracts": "require recipient bound to us by contracts (number <= {n}) on flow",
    "collections": "require collected with (retention <= {n} days) on flow",
    "categories": "forbid flow of d{n}",
    "texts": 'forbid flow when tags includes "t{n}"',
    "items": "require retention <= {n} days on storage",
}


def _estate(kind: str) -> dict[str, Any]:
    """Each flow, system and contract is the only one of its kind with its value, and carries another category if that can matter."""
    flows, systems, parties, contracts = [], {}, {"us": {"role": "us"}, "person": {"role": "data_subject"}}, {}
    systems |= {"shop": {"party": "us"}, "app": {"party": "person"}}
    for n in DIFFERENT:
        carries = ["email"] if kind == "collections" else [f"d{n}"]
        parties[f"v{n}"] = {"role": "service_provider"}
        systems[f"s{n}"] = {"party": f"v{n}", "stores": ["email"], "retention": f"{n} days"}
        contracts[f"c{n}"] = {"with": f"v{n}", "number": n, "covers": {"data": [f"d{n}"]}}
        flows += [
            flow(f"given{n}", "app", "shop", carries, retention=f"{n} days", tags=[f"t{n}"]),
            flow(f"sent{n}", "shop", f"s{n}", carries, retention=f"{n} days", tags=[f"t{n}"]),
        ]
    return manifest(*flows, systems=systems, parties=parties) | {"contracts": contracts}


@pytest.mark.parametrize("kind", RULES)
def test_another_rule_with_another_value_looks_at_few_cases(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "attribute number on contract: number\ndata { " + " ".join(f"d{n}" for n in DIFFERENT) + " }\n"
    rules = "".join(f"rule r{n} {{ {RULES[kind].format(n=n)} }}\n" for n in (1, MANY // 2, MANY))
    found = case(head + rules, _estate(kind))
    evaluator = Evaluator(found.policy, found.graph, DAY)
    classes = Classes(evaluator, Kind.STORAGE if kind == "items" else Kind.FLOW)
    first, *others = (Ruling(evaluator, core) for core in core_rules(found.policy, DAY))
    classes.found(first)
    looked_at = list[int]()
    frame = Cases.frame

    def counting(cases: Cases, case: int) -> Frame:
        looked_at.append(case)
        return frame(cases, case)

    monkeypatch.setattr(Cases, "frame", counting)
    for ruling in others:
        looked_at.clear()
        classes.found(ruling)
        assert len(looked_at) <= 6, ruling.core.rule.name


def test_of_two_long_lists_a_rule_judges_one_pair_of_each_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_groups, "_EACH", 0)
    data, purposes = [f"d{n}" for n in range(300)], [f"q{n}" for n in range(200)]
    head = f"data {{ {' '.join(data)} }}\npurpose {{ {' '.join(purposes)} }}\n"
    found = case(
        head + "rule r { forbid flow of (d7, d8) for q9 when retention > 3 days }",
        manifest(flow("long", "crm", "market", data, purposes=purposes, retention="1 year")),
    )
    evaluator = Evaluator(found.policy, found.graph, DAY)
    classes, (core,) = Classes(evaluator, Kind.FLOW), core_rules(found.policy, DAY)
    assert classes.found(Ruling(evaluator, core)).violations == [0]
    (judgement,) = found.judged().judgements
    assert {(each.data, each.purpose) for each in judgement.judged} == {("d7", "q9"), ("d8", "q9")}


def test_more_than_256_parties_of_which_a_rule_asks_about_the_first() -> None:
    numbers = range(300)
    parties = {"us": {"role": "us"}, **{f"v{n:03}": {"role": "service_provider"} for n in numbers}}
    systems = {"shop": {"party": "us"}, **{f"s{n:03}": {"party": f"v{n:03}"} for n in numbers}}
    contracts = {f"c{n:03}": {"with": f"v{n:03}", "covers": {"data": ["email"]}} for n in numbers if n != 7}
    flows = [flow(f"f{n:03}", "shop", f"s{n:03}", ["email" if n < 10 else "clicks"]) for n in numbers]
    found = case(
        "rule r { require recipient under contract (covers data) on flow of email }",
        manifest(*flows, systems=systems, parties=parties) | {"contracts": contracts},
    )
    assert [each.subject for each in found.judged().judgements] == ["f007"]
