from __future__ import annotations

from typing import Any

import pytest

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import conditions, core_rules
from privacy_rules.checking.reachability import Paths
from privacy_rules.language.policy import Reached
from tests.builders import flow
from tests.unit.checking.judging import DAY, case, manifest

COMPLIANT, VIOLATION, OPEN = "compliant", "violation", "undetermined"
UNDECLARED = object()


def _verdict(test: str, **said: Any) -> str:
    told = {name: value for name, value in said.items() if value is not UNDECLARED}
    data = manifest({**flow("a", "crm", "market", ["email"]), **told})
    return case(f"rule only {{ require {test} on flow }}", data).verdicts().get("a", COMPLIANT)


@pytest.mark.parametrize(
    ("test", "labels", "verdict"),
    [
        ('labels includes ("x", "y")', ["y", "z"], COMPLIANT),
        ('labels includes ("x", "y")', ["z"], VIOLATION),
        ('labels includes all ("x", "y")', ["x", "y", "z"], COMPLIANT),
        ('labels includes all ("x", "y")', ["x"], VIOLATION),
        ('labels within ("x", "y")', ["x"], COMPLIANT),
        ('labels within ("x", "y")', ["x", "z"], VIOLATION),
        ('labels within ("x", "y")', [], COMPLIANT),
        ('labels includes "x"', UNDECLARED, OPEN),
        ('labels includes all ("x", "y")', None, OPEN),
    ],
)
def test_sets_of_text_are_tested_letter_by_letter(test: str, labels: Any, verdict: str) -> None:
    assert _verdict(test, labels=labels) == verdict


@pytest.mark.parametrize(
    ("test", "carries", "verdict"),
    [
        ("carries includes contact", ["email", "clicks"], COMPLIANT),
        ("carries includes email", ["contact"], OPEN),
        ("carries includes email", ["clicks"], VIOLATION),
        ("carries includes all (email, clicks)", ["email", "clicks"], COMPLIANT),
        ("carries includes all (email, clicks)", ["contact", "clicks"], OPEN),
        ("carries includes all (email, clicks)", ["email"], VIOLATION),
        ("carries within contact", ["email", "phone"], COMPLIANT),
        ("carries within contact", ["email", "sensitive"], OPEN),
        ("carries within contact", ["email", "health"], VIOLATION),
        ("data is declared", ["email"], COMPLIANT),
        ("data is declared", None, VIOLATION),
        ("purpose is declared", ["email"], VIOLATION),
        ("carries is declared", None, VIOLATION),
    ],
)
def test_sets_of_terms_are_tested_by_what_is_below(test: str, carries: Any, verdict: str) -> None:
    assert _verdict(test, carries=carries) == verdict


@pytest.mark.parametrize(
    ("test", "said", "verdict"),
    [
        ("tier >= 3", {"tier": 3}, COMPLIANT),
        ("tier > 3", {"tier": 3}, VIOLATION),
        ("tier != 3", {"tier": 2.5}, COMPLIANT),
        ("tier = 3", {}, OPEN),
        ("retention <= 2 years", {"retention": "24 months"}, COMPLIANT),
        ("retention < 2 years", {"retention": "unlimited"}, VIOLATION),
        ("exchange is sale", {"exchange": "sale"}, COMPLIANT),
        ("exchange is sale", {"exchange": "rental"}, VIOLATION),
        ("notice", {"notice": None}, OPEN),
        ("lawful", {}, VIOLATION),
        ("lawful", {"lawful": None}, OPEN),
        ("lawful is declared", {}, VIOLATION),
        ('source.zone = "eu"', {}, OPEN),
    ],
)
def test_single_values_are_compared(test: str, said: dict[str, Any], verdict: str) -> None:
    assert _verdict(test, **said) == verdict


def test_tests_with_the_same_starts_share_one_pass_and_answer_each_for_its_own_data() -> None:
    rule = "rule none { forbid system when reached by email or reached by clicks }"
    data = manifest(flow("a", "crm", "post", ["email"]), flow("b", "crm", "market", ["clicks"]))
    found = case(rule, data).all()
    assert {subject: each.path for (_, subject), each in found.items()} == {"post": ("a",), "market": ("b",)}


def test_there_is_no_witness_where_no_path_leads() -> None:
    rule = "rule none { forbid system when reached by email }"
    found = case(rule, manifest(flow("a", "crm", "post", ["email"])))
    (test,) = [each for each in conditions(core_rules(found.policy, DAY)) if isinstance(each, Reached)]
    paths: Paths = Evaluator(found.policy, found.graph, DAY).paths
    crm, post = (found.graph.system_number[each] for each in ("crm", "post"))
    assert paths.witness(test, [crm], sure=True) is None
    assert paths.witness(test, [post], sure=True) == ([(0, found.graph.data.index["email"])], post)


def test_many_subjects_share_one_search() -> None:
    rule = "rule none { forbid system when reached by email from data_subject }"
    flows = [
        flow("a", "browser", "site", ["email"]),
        flow("b", "site", "crm", ["email"]),
        flow("c", "crm", "post", ["email"]),
    ]
    found = case(rule, manifest(*flows)).all()
    assert {subject: each.path for (_, subject), each in found.items()} == {
        "site": ("a",),
        "crm": ("a", "b"),
        "post": ("a", "b", "c"),
    }
