"""What lints claim is true of every manifest, and what they fix says the same as before: held by the engine."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.analysis.implication_filter import Candidates
from privacy_rules.analysis.queries import Questions
from privacy_rules.checking.logic import TRUE
from privacy_rules.language.loader import load_text
from privacy_rules.language.policy import Policy
from privacy_rules.language.scanner import NAME, tokens
from privacy_rules.lint.framework.fixer import FixResult, fix
from privacy_rules.lint.framework.runner import Files, Linted, lint
from tests.builders import estate_of, policy_of, write
from tests.properties.checking import TODAY, by_engine, differences
from tests.properties.claims import Claim, claims, more_rules, unclaimed
from tests.properties.claims_of_several import claims_of_several, unclaimed_of_several
from tests.properties.dice import Dice
from tests.properties.strategies import BYTES, Sample, sample_of, samples, some
from tests.properties.world import Options

OPTIONS = Options(rules=3, systems=4, flows=6, parties=4)
OF_THE_POLICY = 602
"""How many bytes the policy of a sample is made of; the rest makes its manifest."""
MANIFESTS = 3
KINDS = {
    "always-false",
    "always-true",
    "cannot-be-met",
    "cannot-fail",
    "contradicting-rules",
    "idle-exception",
    "idle-permit",
    "implied-condition",
    "lifting-exception",
    "lifting-permit",
    "needless-alternative",
    "never-applies",
    "subsumed-permit",
    "subsumed-rule",
}


def drawn(data: bytes, seeds: list[bytes]) -> tuple[list[Claim], list[Claim], list[Sample]]:
    """The claims of a policy with further rules, those that are not made, and samples with its words and other manifests."""
    policy, shared = with_more_rules(data, seeds)
    return list(claims(policy)), list(unclaimed(policy)), shared


def with_more_rules(data: bytes, seeds: list[bytes]) -> tuple[Policy, list[Sample]]:
    """A policy with further rules, and samples with its words and other manifests."""
    shared = [sample_of(data[:OF_THE_POLICY] + seed, OPTIONS) for seed in seeds]
    assert len({each.policy for each in shared}) == 1
    return more_rules(policy_of(shared[0].policy), Dice(seeds[0][::-1]), 4), shared


def seeded(seed: int) -> tuple[list[Claim], list[Claim], list[Sample]]:
    draw = random.Random(seed)
    return drawn(draw.randbytes(OF_THE_POLICY), [draw.randbytes(BYTES) for _ in range(MANIFESTS)])


def refuted(claim: Claim, sample: Sample) -> bool:
    return claim.fails(estate_of(sample.manifest, claim.policy), TODAY)


@given(
    st.binary(min_size=OF_THE_POLICY, max_size=OF_THE_POLICY),
    st.lists(st.binary(min_size=BYTES, max_size=BYTES), min_size=MANIFESTS, max_size=MANIFESTS),
)
@some
def test_no_manifest_refutes_a_claim(data: bytes, seeds: list[bytes]) -> None:
    found, _, shared = drawn(data, seeds)
    for claim in found:
        for sample in shared:
            if refuted(claim, sample):
                note(str(sample))
                note("\n".join(str(each) for each in claim.policy.rules))
                raise AssertionError(f"{claim.lint} of {claim.rule} against {claim.other}")


def test_each_kind_of_claim_is_made_of_random_policies_and_refuted_where_it_is_not_made() -> None:
    """So that the property above is no empty one: the claims occur, and manifests like these refute what is not claimed."""
    made, wrong, unrefuted = set[str](), set[str](), {"always-true", "always-false", "never-applies"}
    for seed in range(400):
        found, others, shared = seeded(seed)
        made |= {each.lint for each in found}
        wrong |= {each.lint for each in others if each.lint not in wrong | unrefuted and refuted(each, shared[0])}
        if made >= KINDS and wrong >= KINDS - unrefuted:
            return
    raise AssertionError(f"{sorted(KINDS - made)} are not claimed, {sorted(KINDS - wrong)} not refuted")


@given(
    st.binary(min_size=OF_THE_POLICY, max_size=OF_THE_POLICY),
    st.lists(st.binary(min_size=BYTES, max_size=BYTES), min_size=MANIFESTS, max_size=MANIFESTS),
)
@some
def test_no_manifest_refutes_a_claim_about_several_rules(data: bytes, seeds: list[bytes]) -> None:
    policy, shared = with_more_rules(data, seeds)
    for claim in claims_of_several(policy):
        for sample in shared:
            if claim.fails(estate_of(sample.manifest, claim.policy), TODAY):
                note(str(sample))
                note("\n".join(str(each) for each in claim.policy.rules))
                raise AssertionError(f"{claim.lint} of {claim.rule} against {claim.others}")


def test_claims_about_several_rules_are_made_and_refuted_where_they_are_not_made() -> None:
    made, wrong = Counter[str](), set[str]()
    for seed in range(300):
        draw = random.Random(seed)
        policy, shared = with_more_rules(draw.randbytes(OF_THE_POLICY), [draw.randbytes(BYTES)])
        made.update(each.lint for each in claims_of_several(policy) if len(each.others) > 1)
        for each in unclaimed_of_several(policy):
            if each.lint not in wrong and each.fails(estate_of(shared[0].manifest, each.policy), TODAY):
                wrong.add(each.lint)
        if len(made) == len(wrong) == 3:
            return
    raise AssertionError(f"{made} are claimed, {sorted(wrong)} refuted")


def test_no_rule_that_implies_another_is_ruled_out_by_an_example() -> None:
    """Most pairs are never searched: those that are left out are none of which one implies the other."""
    implied = 0
    for seed in range(25):
        if implied > 20:
            return
        draw = random.Random(seed)
        sample = sample_of(draw.randbytes(BYTES), OPTIONS)
        policy = more_rules(policy_of(sample.policy), Dice(draw.randbytes(300)), 8)
        ask = Questions(policy)
        for family in {each.subject.kind.family for each in policy.rules}:
            rules = [each for each in policy.rules if each.subject.kind.family is family]
            nodes = [ask.verdict_of(each) for each in rules if each.statement != "permit"]
            candidates = Candidates(policy, ask.make, nodes)
            for node in nodes:
                example = ask.example([(node, True, TRUE)])
                left = set() if example is None else set(candidates.of(example))
                others = {at for at, other in enumerate(nodes) if example is not None and ask.at_most(node, other)}
                assert others <= left
                implied += len(others) - (example is not None)
    assert implied > 20


# ---- what is fixed


def linted(text: str, folder: Path) -> tuple[Linted, FixResult]:
    path = write(folder / "random.privacy", text)
    files = Files((path,), folder)
    found, wrong = lint(files, TODAY)
    fixed, _ = fix(files, TODAY)
    assert found is not None, wrong
    assert fixed is not None
    return found, fixed


def worse(text: str, dice: Dice) -> str:
    """A policy with terms that stand twice, negations of negations, and comments between its words."""
    made: list[str] = []
    last = 0
    words = list(tokens(text))
    for number, word in enumerate(words[:-1]):
        made.append(text[last : word.start])
        last = word.end
        listed = word.kind == NAME and words[number - 1].text in ("(", ",") and words[number + 1].text in (")", ",")
        named = dice.chance(40) if listed else False
        negates = word.text == "not" and dice.chance(50)
        made.append(f"{word.text}, {word.text}" if named else "not not not" if negates else word.text)
        made.append("  # as it is said\n" if dice.chance(2) else "")
    return "".join(made) + text[last:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fixed")


@given(samples(OPTIONS), st.binary(min_size=300, max_size=300))
@some
def test_what_is_fixed_says_the_same_and_leaves_nothing_to_fix(folder: Path, sample: Sample, data: bytes) -> None:
    text = worse(sample.policy, Dice(data))
    if load_text(text)[0] is None:  # a list that may not have two
        text = sample.policy
    found, fixed = linted(text, folder)
    assert all(each.found.span.file.endswith("random.privacy") for each in found.findings)
    assert [each for each in fixed.linted.findings if each.found.edits] == []
    after = fixed.rewritten[0].after if fixed.rewritten else text
    note(after)
    assert (after != text) == bool(fixed.count)
    assert after.count("# as it is said") == text.count("# as it is said")
    policies = policy_of(text), policy_of(after)
    before, now = (by_engine(each, estate_of(sample.manifest, each), TODAY) for each in policies)
    assert differences(before, now) == []


_USUAL = {"duplicate-term", "double-negation", "broad-and-narrow", "needless-alternative"}


def test_random_policies_have_something_to_fix(folder: Path) -> None:
    count = Counter[str]()
    for seed in range(60):
        if count.keys() >= _USUAL:
            return
        draw = random.Random(seed)
        text = worse(sample_of(draw.randbytes(BYTES), OPTIONS).policy, Dice(draw.randbytes(300)))
        if load_text(text)[0] is not None:
            found, fixed = linted(text, folder)
            assert fixed.count or not any(each.found.edits for each in found.findings)
            count.update(each.lint.name for each in found.findings if each.found.edits)
    assert count.keys() >= _USUAL


def test_a_question_is_answered_alike_whatever_was_asked_before() -> None:
    for seed in range(2):
        sample = sample_of(random.Random(seed).randbytes(BYTES), OPTIONS)
        policy = policy_of(sample.policy)
        assert [str(each) for each in claims(policy)] == [str(each) for each in claims(policy)]
