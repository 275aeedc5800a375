"""An undetermined finding lists facts of which some completion decides it, and of no fewer – held by the reference."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import Any

from hypothesis import given, note

from privacy_rules.checking.checker import judge
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.judgements import Judgement, Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.trial_completions import Completions, Need
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import Entity, Form, own_attribute
from privacy_rules.vocabulary.values import Item, Transform, Value
from tests.properties.checking import TODAY, load_today
from tests.properties.strategies import BYTES, Sample, many, sample_of, samples
from tests.properties.world import Options
from tests.reference.evaluator import Evaluator

FIELDS = {Entity.PARTY: "parties", Entity.SYSTEM: "systems", Entity.FLOW: "flows", Entity.CONTRACT: "contracts"}
MOST_TRIALS = 600
"""More than the engine tries of one set, so that what it found is found again."""


def undetermined(policy: Policy, estate: Estate) -> tuple[FlowGraph, list[Judgement]]:
    graph = FlowGraph.of(estate, policy)
    found = judge(policy, graph, TODAY).judgements
    return graph, [each for each in found if each.verdict is Verdict.UNDETERMINED]


def completed(estate: Estate, values: dict[Missing, Value]) -> Estate:
    """The estate with facts declared, each change of an entity upon the last; those of one item of a list at once."""
    of_items: dict[tuple[Entity, str, Item | Transform], dict[str, Value | None]] = {}
    for need, value in values.items():
        if need.item is not None:
            of_items.setdefault((need.entity, need.id, need.item), dict(need.item.declared))[need.attribute] = value
        elif need.entity is Entity.ORGANISATION:
            estate = replace(estate, organisation=declaring(estate.organisation, need.attribute, value))
        else:
            records = dict(estate.records(need.entity))
            records[need.id] = declaring(records[need.id], need.attribute, value)
            changed: dict[str, Any] = {FIELDS[need.entity]: records}
            estate = replace(estate, **changed)
    for (entity, name, item), own in of_items.items():
        records = dict(estate.records(entity))
        listed: Any = records[name].stated(item.within)
        stating = tuple(item.stating(own) if each == item else each for each in listed)
        records[name] = declaring(records[name], item.within, stating)
        of_kind: dict[str, Any] = {FIELDS[entity]: records}
        estate = replace(estate, **of_kind)
    return estate


def declaring(record: Record, attribute: str, value: Value) -> Record:
    return replace(record, declared={**record.declared, attribute: value})


def is_decided(policy: Policy, estate: Estate, judgement: Judgement) -> bool:
    outcome = Evaluator(policy, estate, TODAY).outcome(judgement.rule, judgement.subject)
    return outcome.verdict is not Verdict.UNDETERMINED


def trials(
    policy: Policy, estate: Estate, completions: Completions, needs: Sequence[Missing], most: int
) -> Iterator[dict[Missing, Value]]:
    """Completions of just these facts: the values that the engine would try, and single terms beside them."""
    domains = [
        [
            *completions.values(Need(each.entity, each.id, each.attribute, each.action, each.item, each.about)),
            *others(policy, each),
        ]
        for each in needs
    ]
    for values in islice(product(*domains), most):
        yield dict(zip(needs, values, strict=True))


def others(policy: Policy, need: Missing) -> Iterable[Value]:
    own = None if need.item is None else own_attribute(need.item.within, need.attribute)
    kind = (own or policy.attributes[need.entity, need.attribute]).type
    if need.action == "narrow" or kind.vocabulary not in ("data", "purpose", "exchange", "choice"):
        return ()
    terms = policy.taxonomy(kind.vocabulary).terms
    if kind.form is Form.ONE:
        return terms
    return [(term,) for term in terms] if kind.form is Form.SET and need.attribute not in ("stores", "uses") else ()


def check_missing(sample: Sample) -> tuple[int, int]:
    """How many undetermined findings there were, and how many of them list facts."""
    policy, estate = load_today(sample)
    graph, found = undetermined(policy, estate)
    cores = {core.rule.name: core for core in core_rules(policy, TODAY)}
    listed = 0
    for judgement in found:
        if not judgement.missing:
            continue
        listed += 1
        if not all(each.proved for each in judgement.missing):
            continue
        completions = Completions(policy, graph, TODAY, cores[judgement.rule.name], judgement)
        every = trials(policy, estate, completions, judgement.missing, MOST_TRIALS)
        decides = any(is_decided(policy, completed(estate, values), judgement) for values in every)
        assert decides, f"{judgement.rule.name} {judgement.subject}: {judgement.missing}"
        for left_out in judgement.missing:
            fewer = [each for each in judgement.missing if each is not left_out]
            for values in trials(policy, estate, completions, fewer, 60):
                still = not is_decided(policy, completed(estate, values), judgement)
                assert still, f"{judgement.rule.name} {judgement.subject}: without {left_out}, {values} decide"
    return len(found), listed


@many
@given(sample=samples(Options()))
def test_missing_facts_decide_and_none_can_be_left_out(sample: Sample) -> None:
    note(str(sample))
    check_missing(sample)


def test_most_undetermined_findings_list_what_is_missing() -> None:
    source, found, listed = random.Random(11), 0, 0
    for _ in range(80):
        if found > 50:
            break
        some, told = check_missing(sample_of(source.randbytes(BYTES), Options()))
        found, listed = found + some, listed + told
    assert found > 50
    assert listed > 0.85 * found, (listed, found)
