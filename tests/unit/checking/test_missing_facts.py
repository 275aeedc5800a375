from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from privacy_rules.checking.checker import judge
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.explanations import Explainer
from privacy_rules.checking.judgements import Explained, Fact, Judgement, Part
from privacy_rules.checking.logic import Truth
from privacy_rules.checking.missing_facts import Missings, proposals
from privacy_rules.checking.subjects import binder, named_subject
from privacy_rules.checking.trial_completions import Completions, Need, needs_of
from privacy_rules.findings.wording import missing_words
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import UNLIMITED, Item, Transform, read_duration
from tests.builders import flow
from tests.unit.checking.judging import DAY, Case, case, manifest


def test_an_undeclared_fact_is_to_be_declared() -> None:
    found = case("rule sold { forbid flow when exchange is sale }", manifest(flow("a", "crm", "market", ["email"])))
    assert found.missing() == [("a", "exchange", "declare")]


def test_a_broad_term_is_to_be_narrowed() -> None:
    rule = "rule none { forbid flow of email }"
    assert case(rule, manifest(flow("a", "crm", "market", ["contact"]))).missing() == [("a", "carries", "narrow")]


def test_a_set_is_narrowed_and_nothing_of_it_dropped() -> None:
    """`email` and `clicks` have nothing below them: what else is carried cannot be left out to decide."""
    rule = "rule r { forbid flow of email when (notice and necessary) or (not notice and not necessary) }"
    found = case(rule, manifest(flow("a", "crm", "market", ["email", "clicks"])))
    assert found.missing() == [("a", "necessary", "declare"), ("a", "notice", "declare")]


def test_a_broad_term_beside_another_is_narrowed() -> None:
    found = case("rule r { forbid flow of email }", manifest(flow("a", "crm", "market", ["clicks", "contact"])))
    assert found.missing() == [("a", "carries", "narrow")]


def test_items_keep_what_they_say_where_stores_is_narrowed() -> None:
    rule = "rule r { require wiped on storage of email unless retained_for includes legal_obligation }"
    items = [{"data": "email"}, {"data": "email", "wiped": False, "retained_for": None}, "clicks"]
    said = {"party": "we", "stores": items, "wiped": True}
    found = case(rule, manifest(systems={"crm": said})).all()["r", "crm"].missing
    assert [(each.attribute, each.action) for each in found] == [("retained_for", "declare")]


def test_two_facts_of_one_item_are_found_together() -> None:
    rule = "rule r { forbid storage of email when (wiped and masked) or (not wiped and not masked) }"
    items = [{"data": "email", "wiped": None, "masked": None}]
    case_ = case(
        "attribute masked on system: flag\n" + rule, manifest(systems={"crm": {"party": "we", "stores": items}})
    )
    found = case_.all()["r", "crm"].missing
    assert [(each.attribute, each.item and each.item.term) for each in found] == [
        ("masked", "email"),
        ("wiped", "email"),
    ]


def test_what_a_system_stores_is_to_be_narrowed() -> None:
    rule = "rule none { forbid storage of email at us }"
    data = manifest(systems={"crm": {"party": "we", "stores": ["contact"]}, "site": {"party": "we", "stores": []}})
    found = case(rule, data).all()
    assert [(each.id, each.attribute, each.action) for each in found["none", "crm"].missing] == [
        ("crm", "stores", "narrow")
    ]


LONG = "rule long { forbid storage of email when retention > 2 years }"


def test_what_an_item_leaves_open_is_to_be_declared_of_the_item() -> None:
    data = manifest(
        systems={
            "crm": {"party": "we", "retention": "1 year", "stores": ["phone", {"data": "email", "retention": None}]}
        }
    )
    (missing,) = case(LONG, data).all()["long", "crm"].missing
    assert (missing.attribute, missing.action, missing.proved) == ("retention", "declare", True)
    assert missing.item == Item("email", (("retention", None),))
    assert missing_words(missing) == "declare `retention` of email in `stores` on system crm"


def test_of_a_system_that_does_not_say_what_it_stores_that_is_to_be_declared_and_not_what_it_says() -> None:
    found = case(LONG, manifest(systems={"crm": {"party": "we", "retention": "1 year"}})).all()["long", "crm"]
    assert [(each.attribute, each.action) for each in found.missing] == [("stores", "declare")]
    facts = [fact for test in found.because for fact in test.facts]
    assert {fact.attribute for fact in facts} == {"stores"}


def test_of_a_system_that_says_neither_both_are_to_be_declared() -> None:
    found = case(LONG, manifest(systems={"crm": {"party": "we"}})).all()["long", "crm"]
    assert "retention" in {fact.attribute for test in found.because for fact in test.facts}


def test_facts_that_only_together_decide_are_listed_together() -> None:
    rule = "rule none { forbid flow when (notice or necessary) and not (notice and necessary) }"
    found = case(rule, manifest(flow("a", "crm", "market", ["email"])))
    assert found.missing() == [("a", "notice", "declare"), ("a", "necessary", "declare")]


def test_of_several_facts_that_would_each_decide_one_is_listed() -> None:
    rule = "rule none { forbid flow when notice and necessary }"
    assert len(case(rule, manifest(flow("a", "crm", "market", ["email"]))).missing()) == 1


def test_a_violation_misses_nothing() -> None:
    found = case("rule none { forbid flow }", manifest(flow("a", "crm", "market", ["email"])))
    assert found.missing() == []


def test_a_define_that_appears_twice_is_asked_for_once() -> None:
    rule = "define told as notice  rule none { forbid flow when told and (told or necessary) }"
    found = case(rule, manifest(flow("a", "crm", "market", ["email"])))
    assert found.missing() == [("a", "notice", "declare")]


def test_no_fact_is_listed_where_none_would_decide() -> None:
    rule = "rule none { require collected with (notice) on storage of email at us }"
    data = manifest(systems={"crm": {"party": "we", "stores": ["email"]}, "site": {"party": "we", "stores": []}})
    assert [each.missing for key, each in case(rule, data).all().items() if key[1] == "crm"] == [()]


def test_a_path_misses_what_its_flows_carry() -> None:
    rule = "rule none { forbid system at third_party when reached by email from data_subject }"
    data = manifest(flow("a", "browser", "crm", ["email"]), flow("b", "crm", "market"))
    found = case(rule, data).all()["none", "market"]
    assert found.path == ("a", "b")
    assert [(each.id, each.attribute, each.action) for each in found.missing] == [("b", "carries", "declare")]


def _undetermined(count: int) -> Case:
    flows = [flow(f"f{number:03}", "crm", "market", ["email"]) for number in range(count)]
    return case("rule none { forbid flow when notice and necessary }", manifest(*flows))


def _complete(found: Case, subject: str, missings: Missings) -> Judgement:
    (core,) = core_rules(found.policy, DAY)
    judgement = next(each for each in found.judged().judgements if each.subject == subject)
    _, frame, bindings = named_subject(found.graph, judgement.kind, subject)
    binder(judgement.kind)(frame, bindings[0])
    explained = Explainer(Evaluator(found.policy, found.graph, DAY)).rule(core, frame)
    return replace(judgement, missing=missings.of(core, judgement, [explained]))


def test_once_the_budget_is_spent_the_smallest_proposal_is_listed_untried() -> None:
    found = _undetermined(1)
    whole = _complete(found, "f000", Missings(found.policy, found.graph, DAY))
    untried = _complete(found, "f000", Missings(found.policy, found.graph, DAY, budget=0))
    assert [each.proved for each in whole.missing] == [True]
    assert untried.missing == tuple(replace(each, proved=False) for each in whole.missing)


@pytest.mark.parametrize("budget", [1, 12, 13, 14, 30, 60])
def test_a_budget_that_ends_midway_gives_the_same_answer_each_time(budget: int) -> None:
    found = _undetermined(3)

    def once() -> list[Any]:
        missings = Missings(found.policy, found.graph, DAY, budget=budget)
        return [_complete(found, name, missings).missing for name in ("f000", "f001", "f002")]

    first = once()
    assert all(first)
    assert first == once()


def test_every_finding_of_a_large_check_lists_something_and_the_same_each_time() -> None:
    found = _undetermined(400)
    first = [each.missing for each in judge(found.policy, found.graph, DAY).judgements]
    assert all(first)
    assert first == [each.missing for each in judge(found.policy, found.graph, DAY).judgements]


# Values that are tried.

FLOW_RULE = """
rule none {
  require tier >= 3 or source.reviewed < 2026-05-01 or retention <= 2 years or protocol = "https"
    or labels includes ("public", "open") or exchange is sale
    on flow of contact to us
}
"""


def _values(entity: Entity, attribute: str, action: str = "declare", **more: Any) -> Sequence[Any]:
    name = {Entity.FLOW: "a", Entity.SYSTEM: "crm", Entity.PARTY: "we", Entity.CONTRACT: "c"}[entity]
    data = manifest(flow("a", "crm", "site", ["contact"], purposes=["service"]), contracts={"c": {"with": "mailer"}})
    data["systems"]["crm"] = {"party": "we", **more}
    found = case(FLOW_RULE, data)
    (core,) = core_rules(found.policy, DAY)
    judgement = found.one()
    completions = Completions(found.policy, found.graph, DAY, core, judgement)
    return completions.values(Need(entity, name, attribute, action))


def test_flags_and_terms_and_limits_of_the_rule_are_tried() -> None:
    assert list(_values(Entity.FLOW, "notice")) == [True, False]
    assert {"sale", "none"} <= {*_values(Entity.FLOW, "exchange"), "none"}
    assert set(_values(Entity.FLOW, "tier")) == {Decimal(2), Decimal(3), Decimal(4)}
    years = read_duration("2 years")
    assert set(_values(Entity.FLOW, "retention")) >= {years, read_duration("0 days"), UNLIMITED}
    assert set(_values(Entity.FLOW, "protocol")) == {"https", "something else"}
    assert set(_values(Entity.FLOW, "labels")) >= {(), ("open",), ("public",), ("open", "public")}


def test_days_around_a_limit_and_the_day_of_the_check_are_tried() -> None:
    days = set(_values(Entity.SYSTEM, "reviewed"))
    assert {date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 2), DAY} <= days


def test_a_number_that_nothing_compares_with_is_tried_around_zero() -> None:
    found = case("rule none { forbid flow when notice }", manifest(flow("a", "crm", "site", ["email"])))
    (core,) = core_rules(found.policy, DAY)
    completions = Completions(found.policy, found.graph, DAY, core, found.one())
    assert set(completions.values(Need(Entity.FLOW, "a", "tier", "declare"))) == {Decimal(0), Decimal(1), Decimal(-1)}


def test_items_pairs_transforms_and_parties_are_tried_in_their_own_form() -> None:
    assert all(isinstance(each, Item) for value in _values(Entity.SYSTEM, "stores") for each in value)
    assert () in _values(Entity.SYSTEM, "joins")
    transforms = _values(Entity.SYSTEM, "transforms")
    assert transforms[0] == ()
    assert all(isinstance(value[0], Transform) for value in transforms[1:])
    assert list(_values(Entity.SYSTEM, "party")) == sorted(["broker", "mailer", "people", "somebody", "we"])


def test_an_origin_is_never_guessed() -> None:
    assert list(_values(Entity.FLOW, "origin")) == []


def test_a_term_is_narrowed_to_what_the_rule_tells_apart_below_it() -> None:
    assert list(_values(Entity.SYSTEM, "kind", "narrow", kind="saas")) == ["saas"]
    assert list(_values(Entity.FLOW, "carries", "narrow")) == []


def test_nothing_else_can_be_narrowed() -> None:
    assert list(_values(Entity.FLOW, "tier", "narrow")) == []


def _open_contracts(count: int) -> Explained:
    def silent(number: int) -> Explained:
        fact = Fact(Entity.CONTRACT, f"c{number:03}", "allows_onward", None, "undeclared", None)
        return Explained(Part.TEST, "allows_onward", Truth.UNKNOWN, facts=(fact, fact))

    return Explained(Part.TEST, "under contract", Truth.UNKNOWN, children=tuple(map(silent, range(count))))


@pytest.mark.parametrize("count", [1, 31, 32, 33, 127, 128, 129, 300])
def test_the_smallest_proposals_do_not_depend_on_how_many_contracts_follow(count: int) -> None:
    scope = Explained(Part.SCOPE, "scope", Truth.TRUE)
    requirement = Explained(Part.REQUIREMENT, "requirement", Truth.UNKNOWN, children=(_open_contracts(count),))
    singles = [(need,) for need in needs_of(requirement)]
    assert len(singles) == count
    found = proposals([(scope, requirement)])
    assert [each for each in found if len(each) == 1] == singles[:128]
    together = tuple(need for (need,) in singles)
    assert (together in found) is (count < 128)


def test_the_first_fact_is_found_without_a_look_at_the_others() -> None:
    class Unseen:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

    tree = _open_contracts(1)
    tree = replace(tree, children=(*tree.children, cast("Explained", Unseen())))
    assert next(needs_of(tree)).id == "c000"


def test_a_collection_that_is_asked_for_paths_may_miss_facts_off_the_subjects_own_paths() -> None:
    rule = "rule clean { require collected with (not recipient reached by clicks from data_broker) on flow to service_provider }"
    data = manifest(
        flow("asked", "browser", "site", ["email"]),
        flow("hits", "market", "site"),
        flow("it", "crm", "post", ["email"], origin=["asked"]),
    )
    assert case(rule, data).missing() == [("hits", "carries", "declare")]


def test_what_a_flow_leaves_open_of_one_datum_is_to_be_declared_of_its_item() -> None:
    items = [{"data": "email", "notice": None}, "phone"]
    data = manifest({**flow("a", "crm", "market", []), "carries": items, "notice": True})
    (missing,) = case("rule told { require notice on flow }", data).all()["told", "a"].missing
    assert missing.item == Item("email", (("notice", None),), "carries")
    assert missing_words(missing) == "declare `notice` of email in `carries` on flow a"


MADE = {"crm": {"party": "we", "transforms": [{"from": "email", "to": "hashed_email"}]}}


@pytest.mark.parametrize(
    "rule",
    [
        "forbid system at third_party when reached by email including derived by pseudonymisation",
        "forbid derivation into hashed_email when method is pseudonymisation",
    ],
)
def test_of_a_transform_without_a_method_that_is_to_be_declared(rule: str) -> None:
    data = manifest(flow("a", "crm", "market", ["hashed_email"]), systems=MADE)
    found = case(f"rule r {{ {rule} }}", data).all()
    judgement = found["r", "market" if "reached" in rule else "crm"]
    (missing,) = judgement.missing
    assert missing_words(missing) == "declare `method` of the transform email to hashed_email on system crm"
    facts = [fact for test in judgement.because for fact in test.facts]
    assert not any(fact.attribute == "transforms" and fact.value is None for fact in facts)


@pytest.mark.parametrize(("kind", "attribute"), [("use", "uses"), ("derivation", "transforms")])
def test_of_a_system_that_does_not_say_what_it_uses_or_makes_that_is_to_be_declared(kind: str, attribute: str) -> None:
    found = case(f"rule r {{ forbid {kind} of email at us }}", manifest(systems={"crm": {"party": "we"}})).all()
    assert [(each.attribute, each.action) for each in found["r", "crm"].missing] == [(attribute, "declare")]


def test_what_a_use_is_for_is_to_be_declared_of_its_item() -> None:
    data = manifest(systems={"crm": {"party": "we", "uses": ["clicks", {"data": "email", "purposes": ["service"]}]}})
    found = case("rule r { forbid use of (clicks, email) for delivery }", data).all()["r", "crm"]
    assert [missing_words(each) for each in found.missing] == [
        "declare `purposes` of clicks in `uses` on system crm",
    ]
