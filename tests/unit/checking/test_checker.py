from __future__ import annotations

from datetime import date

from privacy_rules.checking.batch_verdicts import Classes
from privacy_rules.checking.checker import judge
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.judgements import Judged, Part
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.language.subject_kinds import Kind
from tests.builders import flow
from tests.unit.checking.judging import DAY, case, manifest

NO_SELLING = """
rule no_selling {
  forbid disclosure of contact to third_party when exchange is (sale, rental)
}
rule noticed { require notice on collection }
rule mandated { permit disclosure of contact to third_party when mandate is law despite no_selling }
"""
SOLD = manifest(
    flow("sold", "crm", "market", ["email"], exchange="sale", mandate="litigation"),
    flow("asked", "browser", "site", ["email"]),
)


def test_each_rule_and_subject_has_one_judgement_and_a_compliant_one_none() -> None:
    assert {key: each.verdict.word for key, each in case(NO_SELLING, SOLD).all().items()} == {
        ("no_selling", "sold"): "violation",
        ("noticed", "asked"): "undetermined",
    }


def test_rules_that_are_not_asked_for_are_not_judged() -> None:
    judged = case(NO_SELLING, SOLD).judged(rules={"noticed"})
    assert [each.rule.name for each in judged.judgements] == ["noticed"]
    assert [each.rule.name for each in judged.counts] == ["noticed"]


def test_a_rule_that_is_asked_for_keeps_the_permits_that_lift_it() -> None:
    lifted = manifest(flow("sold", "crm", "market", ["email"], exchange="sale", mandate="law"))
    assert case(NO_SELLING, lifted).judged(rules={"no_selling"}).judgements == ()


def test_counts_say_what_a_rule_applies_to() -> None:
    counts = {each.rule.name: each for each in case(NO_SELLING, SOLD).judged().counts}
    selling = counts["no_selling"]
    assert (selling.subjects, selling.applies, selling.violations, selling.undetermined) == (2, 1, 1, 0)
    assert counts["noticed"].compliant == 1
    assert set(counts) == {"no_selling", "noticed"}


def test_facts_of_a_datum_do_not_hide_those_of_the_flow_after_another_rule_has_judged_it() -> None:
    rules = """
attribute priority on flow: number
rule emails { forbid flow of email when priority > 0 }
rule tiers { require tier > 5 on flow }
"""
    carries = [{"data": "email", "tier": 9}, "clicks"]
    flows = manifest(
        flow("high", "crm", "market", carries, tier=9, priority=1),
        flow("low", "crm", "market", carries, tier=1, priority=2),
    )
    found = case(rules, flows).all()
    assert ("tiers", "low") in found
    assert ("tiers", "high") not in found


def test_a_violation_says_which_tests_made_it_one_with_their_facts() -> None:
    found = case(NO_SELLING, SOLD).all()["no_selling", "sold"]
    said = {each.text: [(fact.id, fact.attribute, fact.value) for fact in each.facts] for each in found.because}
    assert said["exchange is (sale, rental)"] == [("sold", "exchange", "sale")]
    assert all(each.part is Part.TEST and each.value.word == "true" for each in found.because)


def test_a_permit_that_lifts_nothing_is_no_reason() -> None:
    found = case(NO_SELLING, SOLD).all()["no_selling", "sold"]
    assert not any("mandate" in each.text for each in found.because)


def test_the_reasons_of_an_undetermined_verdict_are_those_that_are_unknown_and_then_those_that_hold() -> None:
    found = case(NO_SELLING, SOLD).all()["noticed", "asked"]
    assert [(each.text, each.value.word) for each in found.because] == [("notice", "unknown"), ("collection", "true")]


def test_a_define_that_fails_twice_is_reported_once() -> None:
    rule = "define told as notice  rule noticed { require told or (told and necessary) on flow }"
    found = case(rule, manifest(flow("a", "browser", "site", ["email"], notice=False, necessary=True))).one()
    assert [each.text for each in found.because] == ["notice"]


def test_every_system_is_a_system_is_no_reason() -> None:
    rule = "rule none { forbid system at us }"
    found = case(rule, manifest()).all()
    assert set(found) == {("none", "crm"), ("none", "site")} | {
        ("none", "dark"),
        ("none", "stray"),
    }
    assert all(each.text != "system" for each in found["none", "crm"].because)


def test_judged_lists_each_pair_that_is_not_compliant_unknown_last() -> None:
    rule = "rule none { forbid flow of contact for marketing }"
    data = manifest(
        flow("told", "site", "crm", ["phone", "email", "clicks"], purposes=["marketing", "delivery"]),
        flow("silent", "site", "crm"),
    )
    found = case(rule, data).all()
    told, silent = found["none", "told"], found["none", "silent"]
    assert [(each.data, each.purpose) for each in told.judged] == [("email", "marketing"), ("phone", "marketing")]
    assert [(each.data, each.purpose) for each in silent.judged] == [(None, None)]
    assert (told.verdict, silent.verdict) == (Verdict.VIOLATION, Verdict.UNDETERMINED)


def test_of_two_items_of_one_category_the_worse_is_reported() -> None:
    rule = "rule wiping { require wiped on storage of email }"
    for items in ([{"data": "email", "wiped": False}, "email"], ["email", {"data": "email", "wiped": False}]):
        data = manifest(systems={"crm": {"party": "we", "stores": items}})
        found = case(rule, data).all()["wiping", "crm"]
        assert [(each.data, each.verdict.word) for each in found.judged] == [("email", "violation")]


def test_a_rule_on_each_kind_of_subject_judges_those() -> None:
    rules = """
    rule parties { require role is us on party }
    rule contracts { require allows_onward on contract }
    rule ours { require trains_employees on organisation }
    rule joins { forbid joining of email with clicks }
    """
    data = manifest(
        systems={"crm": {"party": "we", "joins": [["clicks", "email"]]}},
        contracts={"c": {"with": "mailer", "allows_onward": False}},
        organisation={"trains_employees": False},
    )
    found = {key: each.verdict.word for key, each in case(rules, data).all().items()}
    assert found["contracts", "c"] == "violation"
    assert found["ours", "organisation"] == "violation"
    assert found["joins", "crm"] == "violation"
    assert found["joins", "site"] == "undetermined"
    assert found["parties", "mailer"] == "violation"
    assert ("parties", "we") not in found


def test_the_same_input_gives_the_same_judgements() -> None:
    assert case(NO_SELLING, SOLD).judged().assumptions == case(NO_SELLING, SOLD).judged().assumptions
    first, second = case(NO_SELLING, SOLD).all(), case(NO_SELLING, SOLD).all()
    assert {key: (each.judged, each.missing) for key, each in first.items()} == {
        key: (each.judged, each.missing) for key, each in second.items()
    }


# Which judgements get reasons.

TWO_RULES = """
rule told { require notice on flow }
rule unsold { forbid flow when exchange is sale }
"""
THREE_FLOWS = manifest(
    flow("a", "crm", "market", ["email"]),
    flow("b", "crm", "market", ["email"]),
    flow("c", "crm", "market", ["email"], notice=False, exchange="sale"),
)


def _judged_with(most_explained: int) -> Judged:
    found = case(TWO_RULES, THREE_FLOWS)
    return judge(found.policy, found.graph, DAY, most_explained=most_explained)


def _with_reasons(judged: Judged) -> set[tuple[str, str]]:
    return {(each.rule.name, each.subject) for each in judged.judgements if each.explained}


def test_violations_are_explained_first_then_the_first_of_every_rule() -> None:
    violations = {("told", "c"), ("unsold", "c")}
    assert _with_reasons(_judged_with(2)) == violations
    assert _with_reasons(_judged_with(4)) == violations | {("told", "a"), ("unsold", "a")}
    assert len(_with_reasons(_judged_with(6))) == 6


def test_a_judgement_without_reasons_has_the_same_verdict_and_pairs() -> None:
    def verdicts(judged: Judged) -> dict[tuple[str, str], object]:
        return {(each.rule.name, each.subject): (each.verdict, each.judged) for each in judged.judgements}

    whole, none = _judged_with(6), _judged_with(0)
    assert verdicts(none) == verdicts(whole)
    assert none.counts == whole.counts
    assert all(each.because for each in whole.judgements)
    assert not any(each.because or each.path or each.missing for each in none.judgements)


def test_reasons_end_before_the_paths_through_a_long_chain_fill_the_memory() -> None:
    count = 1_000
    flows = [flow(f"f{n}", f"s{n}", f"s{n + 1}", ["email"]) for n in range(count)]
    systems = {f"s{n}": {"party": "people" if n == 0 else "broker", "stores": []} for n in range(count + 1)}
    found = case(
        "rule none { forbid system when reached by email from data_subject }", manifest(*flows, systems=systems)
    )
    judgements = found.judged().judgements
    assert len(judgements) == count
    assert 0 < sum(each.explained for each in judgements) < count
    assert sum(len(each.path) for each in judgements) < 300_000


# Which judgements are kept.


def _kept(most_kept: int, **more: object) -> Judged:
    found = case(TWO_RULES, {**THREE_FLOWS, **more})
    return judge(found.policy, found.graph, DAY, most_kept=most_kept)


def test_violations_are_kept_first_and_all_are_counted() -> None:
    whole = _judged_with(6)
    for most in range(7):
        kept = _kept(most)
        assert [(each.rule.name, each.subject) for each in kept.judgements] == [
            (each.rule.name, each.subject) for each in whole.judgements[:most]
        ]
        assert kept.counts == whole.counts


def test_what_a_waiver_names_is_kept() -> None:
    waiver = {"rule": "unsold", "subject": "b", "until": date(2027, 1, 1), "reason": "asked", "approved_by": "desk"}
    kept = _kept(1, waivers=[waiver])
    assert [(each.rule.name, each.subject) for each in kept.judgements] == [("told", "c"), ("unsold", "b")]


def test_subjects_that_a_rule_cannot_tell_apart_get_the_same_verdict_by_one_evaluation() -> None:
    flows = [flow(f"f{n}", "crm", "market", ["email"], exchange="sale" if n % 2 else "none") for n in range(50)]
    found = case(TWO_RULES, manifest(*flows))
    evaluator = Evaluator(found.policy, found.graph, DAY)
    classes = Classes(evaluator, Kind.FLOW)
    noticed, unsold = (classes.alike(Ruling(evaluator, core)) for core in core_rules(found.policy, DAY))
    assert list(noticed.sizes) == [50]
    assert list(unsold.sizes) == [25, 25]
    assert [each.violations for each in judge(found.policy, found.graph, DAY).counts] == [0, 25]
