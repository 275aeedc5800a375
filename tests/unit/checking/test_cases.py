"""What is decided in every case, and how findings and explanations say it. `dsl/conformance/cases` has what is decided."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.checking.checker import judge
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.judgements import Judgement
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.repeated_facts import RepeatedFacts
from privacy_rules.checking.rule_subjects import explain
from privacy_rules.checking.subjects import named_subject
from privacy_rules.findings.reasons import reasons_of
from privacy_rules.findings.report import Findings
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.reports.flip_conditions import reason_lines
from tests.builders import estate_of, policy_of

DAY = date(2026, 6, 15)
HEAD = "use std.core\ndata { email }\npurpose { orders }\n"
MANIFEST: dict[str, object] = {
    "parties": {"acme": {"role": "us"}, "vendor": {"role": "service_provider"}},
    "systems": {"crm": {"party": "acme"}, "archive": {"party": "acme"}, "mailer": {"party": "vendor"}},
    "flows": [
        {"id": "within", "from": "crm", "to": "archive", "carries": ["email"], "purposes": ["orders"]},
        {"id": "out", "from": "crm", "to": "mailer", "carries": ["email"], "purposes": ["orders"]},
    ],
}


def judged(rules: str, manifest: dict[str, object] = MANIFEST, head: str = HEAD) -> dict[str, Judgement]:
    """The judgements by subject."""
    policy = policy_of(head + rules)
    return {
        each.subject: each for each in judge(policy, FlowGraph.of(estate_of(manifest, policy), policy), DAY).judgements
    }


def in_words(rules: str, subject: str) -> list[str]:
    policy = policy_of(HEAD + rules)
    estate = estate_of(MANIFEST, policy)
    (found,) = (each for each in judged(rules).values() if each.subject == subject)
    return [str(each) for each in reasons_of(Findings.of(policy, estate, DAY).finding(found), DAY)]


def flags(count: int) -> tuple[str, str]:
    """Declarations of so many flags, and a condition that holds whatever they are."""
    names = [f"f{number}" for number in range(count)]
    declared = "".join(f"attribute {each} on flow: flag\n" for each in names)
    return declared, " and ".join(f"({each} or not {each})" for each in names)


def test_a_violation_in_every_case_says_so_and_names_the_open_facts() -> None:
    rules = "rule r { forbid flow when notice or not notice }"
    assert judged(rules)["out"].in_every_case
    assert in_words(rules, "out") == [
        "in every case, whatever `notice` of flow out is",
        "`notice` is unknown: `notice` of flow out is not declared",
    ]


def test_a_violation_by_the_tables_does_not_say_so() -> None:
    assert not judged("rule r { forbid flow of email }")["out"].in_every_case


def test_twelve_flags_are_tried_and_thirteen_are_too_many_cases() -> None:
    declared, condition = flags(12)
    assert judged(f"{declared}rule r {{ forbid flow when {condition} }}")["out"].verdict is Verdict.VIOLATION
    declared, condition = flags(13)
    rules = f"{declared}rule r {{ forbid flow when {condition} }}"
    assert judged(rules)["out"].verdict is Verdict.UNDETERMINED
    assert judged(rules)["out"].too_many_cases
    assert in_words(rules, "out")[0] == "there are too many combinations of the open facts to try them all"


def test_an_undetermined_verdict_with_few_cases_says_nothing_of_cases() -> None:
    assert not judged("rule r { forbid flow when notice }")["out"].too_many_cases


def test_facts_that_are_asked_once_make_no_cases() -> None:
    declared, _ = flags(40)
    once = " and ".join(f"f{number}" for number in range(40))
    rules = f"{declared}rule r {{ forbid flow when {once} and notice unless notice }}"
    assert judged(rules) == {}


@pytest.mark.parametrize("order", [("within", "out"), ("out", "within")])
def test_flows_alike_but_for_whose_their_ends_are_have_their_own_verdicts(order: tuple[str, str]) -> None:
    """Subjects that a rule cannot tell apart share a verdict, so one party at both ends must tell them apart."""
    names = dict(zip(order, ("a", "b"), strict=True))
    flows = [{**each, "id": names[str(each["id"])]} for each in MANIFEST["flows"]]  # type: ignore[dict-item, index]
    policy = policy_of(
        f"{HEAD}attribute certified on party: flag\nrule r {{ forbid flow when source.certified and not recipient.certified }}"
    )
    estate = estate_of({**MANIFEST, "flows": flows}, policy)
    found = judge(policy, FlowGraph.of(estate, policy), DAY).judgements
    assert [each.subject for each in found] == [names["out"]]


def test_what_passes_in_every_case_is_explained_by_the_open_facts() -> None:
    policy = policy_of(HEAD + "rule r { require notice or not notice on flow }")
    (found,) = explain(policy, FlowGraph.of(estate_of(MANIFEST, policy), policy), DAY, "r", "out")
    assert found.verdict is Verdict.COMPLIANT
    assert next(iter(reason_lines(found))) == "passes in every case, whatever `notice` of flow out is"


def test_what_fails_in_every_case_would_not_pass_by_a_change_of_an_open_test() -> None:
    policy = policy_of(HEAD + "rule r { forbid flow of email when notice or not notice }")
    (found,) = explain(policy, FlowGraph.of(estate_of(MANIFEST, policy), policy), DAY, "r", "out")
    assert list(reason_lines(found)) == [
        "fails in every case, whatever `notice` of flow out is",
        "would pass if",
        "  `of email` were false",
    ]


@pytest.mark.parametrize(
    ("rule", "may_have_cases"),
    [
        ("forbid flow when notice and necessary and exchange is sale", False),
        ("forbid flow when notice unless notice", True),
        ("forbid flow when retention >= 0 days", True),
        ("forbid flow when safeguards includes only encryption", True),
        ("forbid flow when source.country = recipient.country", True),
    ],
)
def test_only_pairs_with_a_fact_that_is_asked_twice_or_answers_in_one_way_are_looked_at(
    rule: str, may_have_cases: bool
) -> None:
    policy = policy_of(f"{HEAD}rule r {{ {rule} }}")
    graph = FlowGraph.of(estate_of(MANIFEST, policy), policy)
    evaluator = Evaluator(policy, graph, DAY)
    (core,) = core_rules(policy, DAY)
    _, frame, (pair,) = named_subject(graph, core.rule.subject.kind.family, "out")
    frame.judge(*pair)
    assert RepeatedFacts(evaluator, core)(frame) is may_have_cases


@pytest.mark.parametrize("carries", [["contact", "email"], ["email", "contact"]])
def test_what_one_datum_brings_along_a_path_decides_nothing_about_another(carries: list[str]) -> None:
    """If the vendor is one of the group, its e-mail address reaches us from the group; another contact may not."""
    manifest = {
        "parties": {"acme": {"role": "us"}, "vendor": {}},
        "systems": {"crm": {"party": "vendor"}, "app": {"party": "acme"}, "archive": {"party": "acme"}},
        "flows": [
            {"id": "both", "from": "crm", "to": "app", "carries": carries, "purposes": ["orders"]},
            {"id": "email", "from": "crm", "to": "archive", "carries": ["email"], "purposes": ["orders"]},
        ],
    }
    rule = "rule r {\n  allow sharing only\n    - when reached by email from organisation\n}"
    head = "use std.core\ndata { contact { email } }\npurpose { orders }\n"
    assert {subject: each.verdict for subject, each in judged(rule, manifest, head).items()} == {
        "both": Verdict.UNDETERMINED
    }
