"""Relations between open facts: which tests imply which, and whose verdicts they make differ. The conformance cases have what they decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from privacy_rules.checking.checker import judge
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.incremental import Difference, judge_wholly_again
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.subsumed_path_tests import ImpliedTests
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import own_tests
from tests.builders import estate_of, flow, policy_of

DAY = date(2026, 6, 15)
HEAD = "use std.core\ndata { contact { email } }\npurpose { orders }\n"
PARTIES = {
    "acme": {"role": "us", "country": "DE"},
    "globex": {"role": "us", "country": "IN"},
    "vendor": {"role": "service_provider"},
}


def verdicts(rules: str, systems: dict[str, Any], flows: list[dict[str, Any]]) -> dict[str, Verdict]:
    policy = policy_of(HEAD + rules)
    estate = estate_of({"parties": PARTIES, "systems": systems, "flows": flows}, policy)
    return {each.subject: each.verdict for each in judge(policy, FlowGraph.of(estate, policy), DAY).judgements}


@pytest.mark.parametrize(
    ("one", "other", "implied"),
    [
        ("reached by email from us", "reached by email", True),
        ("reached by email", "reached by email from us", False),
        ("reached by email from us", "reached by email from organisation", True),
        ("reached by email from (us, outside)", "reached by email from us", False),
        ('reached by email from party "a"', 'reached by email from party ("a", "b")', True),
        ("reached by email from (kind is saas and zone = \"a\")", "reached by email from (kind is saas)", True),
        ("reached by email from (kind is saas)", "reached by email from (kind is saas or zone = \"a\")", True),
        ("reached by email from us avoiding (kind is saas)", "reached by email from us", True),
        ("reached by email from us avoiding organisation", "reached by email from us avoiding us", True),
        ("reached by email from us avoiding us", "reached by email from us avoiding organisation", False),
        ("reached by email", "reached by email including derived", True),
        ("reached by email including derived", "reached by email", False),
        ("reached by email including derived by hashing", "reached by email including derived by pseudonymisation", True),
        ("reached by email including derived", "reached by email including derived by hashing", False),
        ("reached by email from us", "holds email", True),
        ("holds email", "reached by email", False),
        ("holds email", "holds email including derived", True),
    ],
)  # fmt: skip
def test_what_asks_for_more_implies_what_asks_for_less(one: str, other: str, implied: bool) -> None:
    policy = policy_of(f"{HEAD}rule r {{ forbid system when {one} and not {other} }}")
    (rule,) = policy.rules
    assert rule.when is not None
    first, second = own_tests(rule.when)
    tests = ImpliedTests(policy, [rule.when])
    assert tests.by(first) == ([second] if implied else [])  # type: ignore[arg-type]


@pytest.mark.parametrize("first", ["german", "indian"])
def test_flows_alike_but_for_who_an_unknown_recipient_may_be_have_their_own_verdicts(first: str) -> None:
    """If the recipient is the sender, it has the sender's country. If it is another party, the flow is a disclosure."""
    rules = "rule r { forbid flow when recipient.party.country is IN }\nrule p { permit disclosure despite r }"
    systems = {"de": {"party": "acme"}, "in": {"party": "globex"}, "mailer": {"role": "outside"}}
    ids = {"german": "f2", "indian": "f1"} if first == "indian" else {"german": "f1", "indian": "f2"}
    flows = [
        flow(ids["german"], "de", "mailer", ["email"], purposes=["orders"]),
        flow(ids["indian"], "in", "mailer", ["email"], purposes=["orders"]),
    ]
    assert verdicts(rules, systems, flows) == {ids["indian"]: Verdict.UNDETERMINED}


ENTERING = "rule r { forbid flow from organisation to us when notice unless source.role includes data_subject }"
DESKS = {"desk": {}, "office": {}, "crm": {"party": "acme"}, "mailer": {"party": "vendor"}}


def entering(*, origin: str | None) -> list[dict[str, Any]]:
    said = {} if origin is None else {"origin": [origin]}
    return [
        flow("a", "office", "crm", ["email"], purposes=["orders"], notice=True),
        flow("b", "desk", "crm", ["email"], purposes=["orders"], notice=True),
        flow("out", "crm", "mailer", ["email"], purposes=["orders"], **said),
    ]


@pytest.mark.parametrize("named", ["a", "b"])
def test_only_a_flow_that_an_origin_names_must_be_a_collection(named: str) -> None:
    (other,) = {"a", "b"} - {named}
    assert verdicts(ENTERING, DESKS, entering(origin=named)) == {other: Verdict.UNDETERMINED}


@pytest.mark.parametrize("changed", [entering(origin=None), entering(origin="a")])
def test_a_changed_origin_judges_again_what_it_names(changed: list[dict[str, Any]]) -> None:
    policy = policy_of(HEAD + ENTERING)
    cores = core_rules(policy, DAY)
    before, after = (
        FlowGraph.of(estate_of({"parties": PARTIES, "systems": DESKS, "flows": each}, policy), policy)
        for each in (entering(origin="b"), changed)
    )
    difference = Difference.of(Evaluator(policy, before, DAY), after, cores)
    whole = judge(policy, after, DAY)
    if difference is not None:
        assert judge_wholly_again(difference, judge(policy, before, DAY), cores) == whole
    assert {each.subject for each in whole.judgements} == {"a", "b"} - set(changed[-1].get("origin", ()))
