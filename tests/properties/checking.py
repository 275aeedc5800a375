"""Samples on their way through loading, the engine and the reference, in a form in which two checks compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from privacy_rules.checking.checker import judge
from privacy_rules.checking.logic import Verdict
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.loader import estate_from_data
from privacy_rules.manifest.model import Estate
from tests.builders import estate_of, policy_of
from tests.properties.strategies import Sample
from tests.properties.world import DAY
from tests.reference.evaluator import Evaluator, Key, Pair, only_test, path_length

TODAY = date.fromisoformat(DAY)


@dataclass(frozen=True)
class Said:
    """What a check says of a rule and a subject that is not compliant."""

    verdict: Verdict
    at_fault: frozenset[Pair]
    path_length: int | None
    """Of a shortest witness path, where `reached by` is the rule's whole condition; None: not to be compared."""

    def __str__(self) -> str:
        pairs = sorted(
            (each.datum or each.pair or "?", each.purpose or "?", each.verdict.word) for each in self.at_fault
        )
        return f"{self.verdict.word} {pairs} path of {self.path_length}"


Check = Mapping[Key, Said]
Checker = Callable[[Policy, Estate, date], Check]


def try_manifest(data: Mapping[str, Any], policy: Policy) -> Estate | None:
    """The estate, or None where a completion is not valid."""
    return estate_from_data(data, policy)[0]


def load(sample: Sample) -> tuple[Policy, Estate]:
    policy = policy_of(sample.policy)
    return policy, estate_of(sample.manifest, policy)


def load_today(sample: Sample) -> tuple[Policy, Estate]:
    """The same with the vocabularies of the day of the checks."""
    policy, estate = load(sample)
    return policy.on(TODAY), estate


def by_reference(policy: Policy, estate: Estate, day: date) -> Check:
    evaluator = Evaluator(policy, estate, day)
    found = {}
    for key, outcome in evaluator.outcomes().items():
        if outcome.verdict is not Verdict.COMPLIANT:
            rule = policy.rule(key[0])
            assert rule is not None
            found[key] = Said(outcome.verdict, outcome.at_fault, path_length(evaluator, rule, key[2], outcome.verdict))
    return found


def by_engine(policy: Policy, estate: Estate, day: date) -> Check:
    found = {}
    for each in judge(policy.on(day), FlowGraph.of(estate, policy.on(day)), day).judgements:
        pairs = frozenset(
            Pair(pair.data, pair.purpose, pair.verdict, pair.pair)
            if each.kind is not Kind.JOINING
            else Pair(None, None, pair.verdict, None if pair.pair is None else _in_order(*pair.pair))
            for pair in each.judged
        )
        # Of a rule that a permit may lift, the path may be the permit's.
        own = only_test(each.rule) is not None and not any(each.rule.name in other.despite for other in policy.rules)
        length = len(each.path) if own else None
        key = (each.rule.name, each.kind, each.subject)
        assert key not in found, f"two judgements of {key}"
        found[key] = Said(each.verdict, pairs, length)
    return found


def engine_counts(policy: Policy, estate: Estate, day: date) -> dict[str, tuple[int, int, int, int]]:
    """By rule: the number of subjects, of those to which it may apply, of violations, and of undetermined verdicts."""
    counts = judge(policy.on(day), FlowGraph.of(estate, policy.on(day)), day).counts
    return {each.rule.name: (each.subjects, each.applies, each.violations, each.undetermined) for each in counts}


def reference_counts(policy: Policy, estate: Estate, day: date) -> dict[str, tuple[int, int, int, int]]:
    found = {each.name: [0, 0, 0, 0] for each in policy.rules if each.statement != "permit" and each.in_force(day)}
    for (rule, _, _), outcome in Evaluator(policy, estate, day).outcomes().items():
        count = found[rule]
        count[0] += 1
        count[1] += outcome.applies
        count[2] += outcome.verdict is Verdict.VIOLATION
        count[3] += outcome.verdict is Verdict.UNDETERMINED
    return {rule: (subjects, applies, bad, open_) for rule, (subjects, applies, bad, open_) in found.items()}


def _in_order(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


def differences(one: Check, other: Check) -> list[str]:
    """In words, what two checks say differently."""
    return [
        f"{key}: {one.get(key, 'compliant')} against {other.get(key, 'compliant')}"
        for key in sorted(set(one) | set(other))
        if not alike(one.get(key), other.get(key))
    ]


def alike(one: Said | None, other: Said | None) -> bool:
    if one is None or other is None:
        return one is other
    lengths = {one.path_length, other.path_length} - {None}
    return (one.verdict, one.at_fault) == (other.verdict, other.at_fault) and len(lengths) < 2
