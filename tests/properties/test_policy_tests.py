"""Policy tests agree with checks: of the changed manifest, of the changed policy, and with explanations in what they saw."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hypothesis import given, note, settings
from hypothesis import strategies as st

from privacy_rules import engine
from privacy_rules.checking.checker import judge
from privacy_rules.checking.judgements import Explained, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.repeated_work import RepeatedWork
from privacy_rules.checking.rule_subjects import explain
from privacy_rules.checking.subjects import entity_of
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.testing.coverage import coverage
from privacy_rules.testing.loader import load as load_tests
from privacy_rules.testing.mutants import mutants
from privacy_rules.testing.mutation_run import Bench, Trial
from privacy_rules.testing.runner import run
from privacy_rules.testing.suite import Case, Expectation, Pair, Suite
from tests.builders import policy_of, write
from tests.properties.checking import TODAY, by_engine, load, try_manifest
from tests.properties.manifests import DEFAULTS
from tests.properties.strategies import EXAMPLES, Sample, many, samples
from tests.properties.test_change_sets import changes_between, shuffled

FIELDS = ("data", "pair", "purpose", "verdict")
fewer = settings(many, max_examples=max(1, EXAMPLES // 3))
few = settings(many, max_examples=max(1, EXAMPLES // 10))
"""A sample has some hundred changes: few samples are many of them."""


@fewer
@given(sample=samples(), data=st.data())
def test_a_case_finds_what_a_check_of_the_changed_manifest_finds(sample: Sample, data: st.DataObject) -> None:
    policy = policy_of(sample.policy)
    before = {key: value for key, value in sample.manifest.items() if key not in ("as_of", *DEFAULTS)}
    after = shuffled(copy.deepcopy(before), data)
    if try_manifest(before, policy) is None or try_manifest(after, policy) is None:
        return
    tests = {"tests": 1, "policy": "p.privacy", "manifest": "m.json", "as_of": TODAY.isoformat()}
    changes = changes_between(before, after)
    tests["cases"] = [{"name": "changed", "changes": changes, "expect": []}]  # type: ignore[assignment]
    note(f"{sample}\n{changes}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name, content in (("m.json", before), ("p.tests.json", tests), ("after.json", after)):
            write(home / name, json.dumps(content))
        write(home / "p.privacy", sample.policy)
        loaded, wrong, _ = load_tests([home / "p.tests.json"], root=home)
        assert loaded is not None, wrong
        results, wrong = run(loaded)
        inputs, told = engine.load([home / "after.json"], [home / "p.privacy"], root=home)
    assert inputs is not None, told
    report, told = engine.check(inputs, day=TODAY)
    assert (results is None) == (report is None), (wrong, told)
    if results is None or report is None:
        return
    found = {(each.rule, each.subject, each.verdict, each.judged) for each in results[0].findings}
    assert found == {(each.rule, each.subject, each.verdict, each.judged) for each in report.findings}
    assert results[0].passed == (not report.findings)


@few
@given(sample=samples())
def test_a_change_is_noticed_where_a_check_by_the_changed_policy_finds_something_else(sample: Sample) -> None:
    policy, estate = load(sample)
    note(str(sample))
    case = Case("as it is", estate, TODAY, _expected(policy, estate))
    trial, before = Trial(policy, [Bench(policy, case, RepeatedWork("", 10**9, ""))]), by_engine(policy, estate, TODAY)
    changes = mutants(policy).found
    for mutant in changes[:: len(changes) // 12 + 1]:
        changed = {each.name: each for each in mutant.rules}
        other = replace(policy, rules=tuple(changed.get(each.name, each) for each in policy.rules))
        after = by_engine(other, estate, TODAY)
        differ = {key for key in before.keys() | after.keys() if _alike(before.get(key)) != _alike(after.get(key))}
        note(mutant.name)
        assert {key[0] for key in differ} <= mutant.affected
        assert trial.is_noticed(mutant) == bool(differ)


def _alike(said: object) -> object:
    return None if said is None else (said.verdict, said.at_fault)  # type: ignore[attr-defined]


def _expected(policy: Policy, estate: Estate) -> tuple[Expectation, ...]:
    judged = judge(policy.on(TODAY), FlowGraph.of(estate, policy.on(TODAY)), TODAY).judgements
    return tuple(
        Expectation(
            each.rule.name,
            each.kind,
            each.subject,
            each.verdict,
            tuple(Pair(FIELDS, pair.data, pair.purpose, pair.pair, pair.verdict) for pair in each.judged),
        )
        for each in judged
    )


@few
@given(sample=samples())
def test_what_is_seen_of_a_rule_is_what_its_explanations_show(sample: Sample) -> None:
    """Tests that are asked of what is judged, verdicts, alternatives and exceptions; what they ask of others aside."""
    policy, estate = load(sample)
    note(str(sample))
    policy = policy.on(TODAY)
    graph = FlowGraph.of(estate, policy)
    found = coverage([(Suite("p.tests.yaml", policy, ()), Case("as it is", estate, TODAY, ()))])
    for rule in found.rules:
        if rule.rule.statement == "permit":
            continue
        verdicts = dict.fromkeys(Verdict, 0)
        shown: dict[tuple[object, str], set[Truth]] = {}
        for subject in sorted(estate.records(entity_of(rule.rule.subject.kind.family))):
            for each in explain(policy, graph, TODAY, rule.rule.name, subject):
                limits = [part for part in each.scope.children if part.part in (Part.SUBJECT, Part.LIMIT)]
                when = [part for part in each.scope.children if part.part is Part.WHEN]
                if limits[0].value:
                    _show(shown, limits[1:])
                if all(part.value for part in limits):
                    verdicts[each.verdict] += 1
                    _show(shown, when)
                if each.scope.value:
                    _show(shown, [part for part in each.requirement.children if part.part is not Part.PERMIT])
        assert rule.verdicts == tuple(verdicts.values())
        for covered in rule.items:
            key = (covered.item.span, covered.item.text)
            if key in shown:
                seen = {value for value in Truth if covered.seen[value]}
                assert shown[key] == seen, covered.item


def _show(shown: dict[tuple[object, str], set[Truth]], nodes: list[Explained]) -> None:
    for node in nodes:
        if node.part in (Part.ALTERNATIVE, Part.EXCEPTION):
            shown.setdefault((node.span, node.text), set()).add(node.value)
        for test in _tests(node):
            shown.setdefault((test.span, test.text), set()).add(test.value)


def _tests(node: Explained) -> Iterator[Explained]:
    if node.part is Part.TEST:
        yield node
    else:
        for child in node.children:
            yield from _tests(child)
