"""What `diff` says of two policies is true of every manifest: proofs are held by the engine, examples are confirmed by it.

5,000 pairs of policies are compared by the long run: PRIVACY_RULES_EXAMPLES=2000 pytest tests/properties/test_policy_comparison.py
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.analysis.drafts import subject_of
from privacy_rules.analysis.policy_comparison import Difference, Example, PolicyDifference, compare
from privacy_rules.analysis.search import No
from privacy_rules.checking.checker import judge
from privacy_rules.checking.logic import Verdict
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.testing.mutants import mutants
from tests.builders import estate_of, policy_of
from tests.properties.checking import TODAY, try_manifest
from tests.properties.dice import Dice
from tests.properties.rewritings import in_other_words, splits
from tests.properties.strategies import BYTES, EXAMPLES, Sample, sample_of, some
from tests.properties.world import Options

OPTIONS = Options(rules=3, systems=4, flows=6, parties=4)
OF_THE_POLICY = 602
MANIFESTS = 3
Verdicts = dict[tuple[str, str], Verdict]


def verdicts(policy: Policy, estate: Estate, day: date) -> dict[str, Verdicts]:
    """By rule: the verdicts of subjects that are not compliant."""
    found: dict[str, Verdicts] = {}
    for each in judge(policy, FlowGraph.of(estate, policy), day, most_explained=0).judgements:
        found.setdefault(each.rule.name, {})[each.kind.value, each.subject] = each.verdict
    return found


def together(found: dict[str, Verdicts]) -> Verdicts:
    """The worst verdict of each subject."""
    worst: Verdicts = {}
    for each in found.values():
        for subject, verdict in each.items():
            worst[subject] = max(verdict, worst.get(subject, Verdict.COMPLIANT))
    return worst


def refuted(difference: Difference, before: Verdicts, after: Verdicts) -> str | None:
    """The direction that is proved not to be there, and is there."""
    for subject in before.keys() | after.keys():
        was, is_ = (each.get(subject, Verdict.COMPLIANT) for each in (before, after))
        if was > is_ and difference.looser is No.PROVED:
            return f"looser on {subject}"
        if was < is_ and difference.stricter is No.PROVED:
            return f"stricter on {subject}"
    return None


def hold(found: PolicyDifference, old: Policy, new: Policy, estate: Estate) -> None:
    before, after = verdicts(old, estate, TODAY), verdicts(new, estate, TODAY)
    for each in found.rules:
        was = before.get(each.before.name, {}) if each.before else {}
        is_ = after.get(each.after.name, {}) if each.after else {}
        assert refuted(each.difference, was, is_) is None, each.name
    assert refuted(found.whole, together(before), together(after)) is None


def confirmed(found: PolicyDifference, old: Policy, new: Policy) -> None:
    """Every example has the verdicts that it names."""
    pairs = [(found.whole, None, None), *((each.difference, each.before, each.after) for each in found.rules)]
    for difference, before, after in pairs:
        for example in (difference.looser, difference.stricter):
            if isinstance(example, Example):
                for policy, rule, said in ((old, before, example.before), (new, after, example.after)):
                    estate = try_manifest(example.data, policy)
                    assert estate is not None, example.data
                    judged = verdicts(policy, estate, example.day)
                    if before or after:
                        judged = {rule.name: judged.get(rule.name, {})} if rule else {}
                    of_it = [
                        each
                        for subject, each in together(judged).items()
                        if subject[1] in (subject_of(example.data), "organisation")
                    ]
                    assert said in (*of_it, Verdict.COMPLIANT), example.data
                assert (example.before > example.after) == (example is difference.looser)


def shared(data: bytes, seeds: list[bytes]) -> tuple[Policy, list[Sample]]:
    """A random policy, and samples with manifests for it."""
    found = [sample_of(data[:OF_THE_POLICY] + seed, OPTIONS) for seed in seeds]
    return policy_of(found[0].policy), found


def changed(policy: Policy, dice: Dice) -> Policy:
    """The policy with one of its mutants' rules."""
    some_of = mutants(policy).found
    if not some_of:
        return policy
    rules = {each.name: each for each in dice.pick(some_of).rules}
    return replace(policy, rules=tuple(rules.get(each.name, each) for each in policy.rules))


@given(
    st.binary(min_size=OF_THE_POLICY, max_size=OF_THE_POLICY),
    st.lists(st.binary(min_size=BYTES, max_size=BYTES), min_size=MANIFESTS, max_size=MANIFESTS),
)
@some
def test_no_manifest_refutes_what_is_proved_of_a_changed_policy(data: bytes, seeds: list[bytes]) -> None:
    policy, found = shared(data, seeds)
    other = changed(policy, Dice(seeds[0][::-1]))
    note(
        f"{found[0].policy}\n{[str(rule) for rule, old in zip(other.rules, policy.rules, strict=True) if rule != old]}"
    )
    answer = compare(policy, other, TODAY)
    confirmed(answer, policy, other)
    for sample in found:
        note(str(sample.manifest))
        hold(answer, policy, other, estate_of(sample.manifest, policy))


def seeded(count: int) -> Iterator[tuple[int, Policy]]:
    for seed in range(count):
        yield seed, policy_of(sample_of(random.Random(seed).randbytes(BYTES), OPTIONS).policy)


def test_policies_that_say_the_same_in_other_words_are_proved_equivalent() -> None:
    renamed = 0
    for seed, policy in seeded(EXAMPLES):
        other = in_other_words(policy, Dice(random.Random(seed).randbytes(400)))
        answer = compare(policy, other, TODAY)
        assert {each.name: each.difference.word for each in answer.rules if each.difference.word != "equivalent"} == {}
        assert answer.whole.word == "equivalent"
        renamed += sum(each.status == "renamed" for each in answer.rules)
    assert renamed > 5


def test_a_rule_that_is_split_in_two_leaves_the_policy_equivalent() -> None:
    count = 0
    for _, policy in seeded(EXAMPLES):
        for other in splits(policy):
            count += 1
            whole = compare(policy, other, TODAY).whole
            if whole.word != "equivalent":  # the rule is violated in every case, and each half of it in some
                assert (whole.word, whole.stricter) == ("looser", No.PROVED)
                assert isinstance(whole.looser, Example)
                assert (whole.looser.before, whole.looser.after) == (Verdict.VIOLATION, Verdict.UNDETERMINED)
    assert count > 5


def test_most_changes_are_told_apart_or_proved_equivalent() -> None:
    """So that the properties above are not empty. The policies are much odder than real ones: of the example's edits none is unproved."""
    words = Counter[str]()
    for seed, policy in seeded(EXAMPLES):
        other = changed(policy, Dice(random.Random(seed).randbytes(100)))
        answer = compare(policy, other, TODAY)
        confirmed(answer, policy, other)
        words[answer.whole.word] += 1
    assert words["not proved"] <= sum(words.values()) / 10
    assert words["looser"] + words["stricter"] + words["both"] > 5
