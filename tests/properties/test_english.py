"""Plain English drops nothing: over every construct, each term, value and name of a rule stands in what is read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from privacy_rules import engine
from privacy_rules.english.conditions import Conditions
from privacy_rules.english.document import document
from privacy_rules.english.matrix import MOST_TRIALS
from privacy_rules.english.nouns import of_kind
from privacy_rules.english.phrases import Clause, Passage, Phrase
from privacy_rules.english.sentences import in_english
from privacy_rules.english.terms import unmarked
from privacy_rules.language import policy as language
from privacy_rules.language.conditions import rule_conditions
from privacy_rules.language.policy import Condition, Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.registry import DOCUMENTS, View, render
from privacy_rules.vocabulary.values import show
from tests.builders import policy_of
from tests.properties.strategies import Sample, many, samples

CONFORMANCE = Path(__file__).parents[2] / "dsl" / "conformance"


def spoken(name: str) -> list[str]:
    """How a term may stand in a sentence: itself, several of it, or a region's code in parentheses."""
    plain = name.replace("_", " ").lower()
    several = [f"{plain[:-1]}ies"] if plain.endswith("y") else []
    return [r"ours\b", r"us\b"] if name == "us" else [re.escape(each) for each in (plain, *several)]


FIXED = {
    language.UnderContract: ["under a contract", "bound to us by a chain of contracts"],
    language.CollectedWith: ["from collections in which", "from no collection in which"],
    language.WithinCollectedPurposes: ["for which the data were collected"],
    language.IsDeclared: ["stated"],
    language.Holds: ["hold"],
    language.OwnedBy: ["owned, directly or through others, by"],
    language.Reached: ["directly or through other systems"],
}
"""What is always said of a kind of test."""


def named(condition: Condition) -> Iterator[list[str]]:
    """What of a condition has to stand in the sentence, each in one of several forms."""
    yield FIXED.get(type(condition), [""])
    for name in ("terms", "other", "data", "methods"):
        found = getattr(condition, name, None)
        if isinstance(found, tuple):
            yield from map(spoken, found)
    reference = getattr(condition, "reference", None)
    if isinstance(reference, language.Reference) and reference.attribute.span is not None:
        yield [reference.attribute.name]
    match condition:
        case language.IsEntity(id=id_):
            yield [re.escape(f"“{id_.lower()}”")]
        case language.Compares(value=value):
            yield [re.escape(show(value).lower()), "without limit"]
        case language.ComparesFact(other=other, shift=shift):
            own = other is not None and other.attribute.span is not None
            yield [other.attribute.name if other and own else "" if other else "the day of the check"]
            yield [show(replace(shift, count=abs(shift.count))) if shift else ""]
        case language.Covers(judged=judged):
            yield [f"the {judged}"]
        case language.Reached(avoiding=avoiding, derived=derived):
            yield ["a path that avoids" if avoiding else ""]
            yield ["derived from" if derived else ""]
        case language.Defined(name=name):
            yield [f"“{name.replace('_', ' ')}”"]


def holds_all_of(rule: Rule, policy: Policy) -> None:
    said = unmarked(in_english(rule, policy).text).lower()
    conditions = list(rule_conditions(rule))
    inside = {id(each.received) for each in conditions if isinstance(each, language.Holds)}
    for condition in (each for each in conditions if id(each) not in inside):
        for forms in named(condition):
            read_out = [*forms, *(each.replace("_", " ") for each in forms)]
            assert any(re.search(rf"(?<!\w){each}", said) for each in read_out), (forms, said)
    for name in rule.despite:
        assert name in said


@given(samples())
@many
def test_no_part_of_a_random_rule_is_dropped(sample: Sample) -> None:
    policy = policy_of(sample.policy)
    for rule in policy.rules:
        holds_all_of(rule, policy)


def test_no_part_of_a_rule_in_the_conformance_cases_is_dropped() -> None:
    classes: set[type[Condition]] = set()
    for file in sorted(CONFORMANCE.rglob("policy.privacy")):
        policy, _ = engine.load_policy([file])
        if policy is None:
            continue
        for rule in policy.rules:
            holds_all_of(rule, policy)
            classes |= {type(each) for each in rule_conditions(rule)}
    assert classes == {each for each in vars(language).values() if _is_condition(each)}


def _is_condition(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Condition) and thing is not Condition


FLAGS = ("a", "b", "c", "d")
formulas = st.recursive(
    st.sampled_from(FLAGS),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, inner).map(lambda two: f"(({two[0]}) and ({two[1]}))"),
        st.tuples(inner, inner).map(lambda two: f"(({two[0]}) or ({two[1]}))"),
    ),
    max_leaves=8,
)


def holds(phrase: Phrase, true: frozenset[str]) -> bool:
    if isinstance(phrase, Clause):
        return (phrase.rest.removeprefix("marked “").rstrip("”") in true) is not phrase.negated
    values = [holds(each, true) for each in phrase.parts]
    return all(values) if phrase.joiner == "and" else any(values)


@given(formulas, st.sets(st.sampled_from(FLAGS)))
@many
def test_what_is_said_is_true_where_the_condition_is(formula: str, true: set[str]) -> None:
    flags = "\n".join(f"attribute {flag} on flow: flag" for flag in FLAGS)
    policy = policy_of(f"{flags}\nrule r {{ forbid flow when {formula} }}")
    when = policy.rules[0].when
    assert when is not None
    phrase = Conditions(policy).phrase(when, of_kind(Kind.FLOW))
    wanted = eval(formula, {}, {flag: flag in true for flag in FLAGS})
    assert holds(phrase, frozenset(true)) == wanted


def items(passage: Passage) -> Iterator[Passage]:
    yield passage
    for each in passage.items:
        yield from items(each)


@given(samples())
@many
def test_a_text_leads_to_a_list_exactly_where_it_ends_with_a_colon(sample: Sample) -> None:
    policy = policy_of(sample.policy)
    for rule in policy.rules:
        text = in_english(rule, policy)
        for passage in [*text.passages, *(each.meaning for each in text.definitions)]:
            for each in items(passage):
                assert each.text.endswith(":") == bool(each.items)
                assert "  " not in each.text
                assert each.text.strip() == each.text


@given(samples())
@many
def test_any_policy_becomes_a_document(sample: Sample) -> None:
    found = document(policy_of(sample.policy), date(2026, 1, 1))
    assert found.matrix is None or len(found.matrix.cells) * len(found.texts) <= MOST_TRIALS
    for page in (render("policy", each, found, View()) for each in DOCUMENTS["policy"]):
        assert "\ue000" not in page
        assert "\ue001" not in page
