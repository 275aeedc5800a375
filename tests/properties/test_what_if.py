"""Laws of what-if, on random policies and estates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from privacy_rules.checking.checker import judge
from privacy_rules.findings.report import Report, report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation import finding_delta
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.change_words import step_words
from privacy_rules.simulation.compare import Answer, Simulation
from privacy_rules.simulation.finding_delta import by_key, delta, essence, finding_changes
from privacy_rules.simulation.scenario import Scenario, Trial
from privacy_rules.simulation.world import World
from privacy_rules.source import codes
from tests.builders import policy_of
from tests.properties.checking import TODAY, try_manifest
from tests.properties.strategies import Sample, many, samples, some

Data = dict[str, Any]


def scenario(policy: Policy, changes: list[Data]) -> Scenario:
    read, wrong = changes_from_data(changes, policy)
    assert read is not None, wrong
    return Scenario("these", tuple(map(step_words, read)), lambda _: (read, ()))


def asked(policy: Policy, estate: Estate, changes: list[Data]) -> Answer:
    answer, wrong = Simulation(World(policy, estate, TODAY)).run(scenario(policy, changes))
    assume(
        {each.code for each in wrong} != {codes.ORIGIN}
    )  # what an `origin` names may be no collection after a change
    assert answer is not None, wrong
    return answer


def whole_check(world: World) -> Report:
    """The report of a check of one world, with nothing taken over from another."""
    graph = FlowGraph.of(world.estate, world.policy)
    return report(world.policy, world.estate, judge(world.policy, graph, world.day), world.day)


def some_changes(manifest: Data, data: st.DataObject) -> list[Data]:
    """Changes that each can be made by itself: attributes unknown or undeclared, flows gone or doubled, another day."""
    found: list[Data] = []
    taken: set[str] = set()
    flows = {each["id"]: each for each in manifest.get("flows", ())}
    for number in data.draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=5)):
        kind, pick = number % 5, number // 5
        if kind == 0:
            found.append({"as_of": TODAY + timedelta(days=pick % 2000 - 1000)})
        elif kind == 1 and flows:
            flow = sorted(flows)[pick % len(flows)]
            new = f"new-{len(found)}"
            found.append({"add": {"flow": {**flows[flow], "id": new, "origin": None}}})
        elif kind in (2, 3):
            found += _unknown(manifest, pick, taken)
        elif flows:
            flow = sorted(flows)[pick % len(flows)]
            if not {f"flow {flow}", f"remove {flow}"} & taken:
                taken.add(f"remove {flow}")
                found.append({"remove": {"flow": flow}})
    return found


def _unknown(manifest: Data, pick: int, taken: set[str]) -> list[Data]:
    bodies = [("system", name, body) for name, body in manifest.get("systems", {}).items()]
    bodies += [("party", name, body) for name, body in manifest.get("parties", {}).items()]
    bodies += [("flow", each["id"], each) for each in manifest.get("flows", ())]
    if not bodies:
        return []
    kind, name, body = bodies[pick % len(bodies)]
    attributes = sorted(set(body or {}) - {"id", "from", "to", "origin"})
    if not attributes or f"remove {name}" in taken:
        return []
    taken.add(f"{kind} {name}")
    return [{"set": {kind: name, attributes[pick % len(attributes)]: None}}]


def any_changes(manifest: Data, data: st.DataObject) -> list[Data]:
    """Changes that may not all fit together: whole entities gone, attributes taken from another of the kind."""
    found: list[Data] = []
    for number in data.draw(st.lists(st.integers(0, 10_000), max_size=2)):
        section = ("parties", "systems", "contracts")[number % 3]
        kind = {"parties": "party", "systems": "system", "contracts": "contract"}[section]
        bodies = manifest.get(section, {})
        names = sorted(bodies)
        if not names:
            continue
        name, other = names[number // 3 % len(names)], names[number // 7 % len(names)]
        lent = {key: value for key, value in (bodies[other] or {}).items() if key not in ("with", "between")}
        found.append({"remove": {kind: name}} if number % 2 or not lent else {"set": {kind: name, **lent}})
    return found


@some
@given(sample=samples())
def test_an_empty_change_set_changes_nothing(sample: Sample) -> None:
    policy = policy_of(sample.policy)
    estate = try_manifest(sample.manifest, policy)
    if estate is not None:
        answer = asked(policy, estate, [])
        assert not answer.delta.changed
        assert len(answer.delta.stays) == len(whole_check(answer.present).findings)


@some
@given(sample=samples(), data=st.data())
def test_one_change_set_behind_another_is_the_two_combined(sample: Sample, data: st.DataObject) -> None:
    policy = policy_of(sample.policy)
    estate = try_manifest(sample.manifest, policy)
    if estate is None:
        return
    changes = some_changes(sample.manifest, data)
    note(f"{sample}\n{changes}")
    cut = data.draw(st.integers(0, len(changes)))
    whole, _ = Trial(World(policy, estate, TODAY), scenario(policy, changes)).world(frozenset(range(len(changes))))
    first, _ = Trial(World(policy, estate, TODAY), scenario(policy, changes[:cut])).world(frozenset(range(cut)))
    assert whole is not None
    assert first is not None
    rest = changes[cut:]
    second, _ = Trial(first, scenario(policy, rest)).world(frozenset(range(len(rest))))
    assert second is not None
    assert second.day == whole.day
    assert by_key(whole_check(second)).keys() == by_key(whole_check(whole)).keys()
    assert {key: essence(each) for key, each in by_key(whole_check(second)).items()} == {
        key: essence(each) for key, each in by_key(whole_check(whole)).items()
    }


@some
@given(sample=samples(), data=st.data())
def test_of_what_brings_a_turn_nothing_can_be_left_out(sample: Sample, data: st.DataObject) -> None:
    policy = policy_of(sample.policy)
    estate = try_manifest(sample.manifest, policy)
    if estate is None:
        return
    changes = some_changes(sample.manifest, data)
    note(f"{sample}\n{changes}")
    answer = asked(policy, estate, changes)
    words = list(answer.scenario.steps)
    trial = Trial(World(policy, estate, TODAY), answer.scenario)
    for each in answer.in_way("comes", "changes", "goes"):
        assert each.proved
        assert each.brought_by
        part = frozenset(words.index(step) for step in each.brought_by)
        if len(set(words)) < len(words):
            continue  # two steps alike: which of them is meant, words do not say
        brings, _ = trial.world(part)
        assert brings is not None
        assert essence(by_key(whole_check(brings)).get(each.change.key)) == essence(each.change.after)
        for step in part:
            fewer, _ = trial.world(part - {step})
            if fewer is not None:
                assert essence(by_key(whole_check(fewer)).get(each.change.key)) != essence(each.change.after)


def changed(sample: Sample, data: st.DataObject) -> tuple[World, World] | None:
    """An estate before and after random changes, on one day; None where they cannot be made."""
    policy = policy_of(sample.policy)
    estate = try_manifest(sample.manifest, policy)
    if estate is None:
        return None
    changes = [each for each in some_changes(sample.manifest, data) if "as_of" not in each]
    changes += any_changes(sample.manifest, data)
    note(f"{sample}\n{changes}")
    base = World(policy, estate, TODAY)
    world, _ = Trial(base, scenario(policy, changes)).world(frozenset(range(len(changes))))
    return (base, world) if world else None


@many
@given(sample=samples(), data=st.data(), alone=st.sampled_from([0, 200]))
def test_what_differs_is_what_differs_between_two_whole_checks(sample: Sample, data: st.DataObject, alone: int) -> None:
    if worlds := changed(sample, data):
        base, world = worlds
        was, now = whole_check(base), whole_check(world)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(finding_delta, "MOST_ALONE", alone)  # one by one, or class by class
            found = delta(base, world, most=10_000, staying=10_000)
        expected = list(finding_changes(by_key(was), by_key(now)))
        assert [*found.changed] == [(each.way, each.key) for each in expected]
        assert (found.before, found.after) == (was.summary, now.summary)
        staying = by_key(was).keys() & by_key(now).keys() - {each.key for each in expected}
        assert [*found.stays] == sorted(staying)
        assert found.omitted == {}
        for way, (rule, subject) in found.changed:
            before, after = (each.finding(rule, subject.kind, subject.id) for each in worlds)
            assert (way == "comes", way == "goes") == (before is None, after is None)
            for side, one in ((was, before), (now, after)):
                assert essence(one) == essence(by_key(side).get((rule, subject)))


@some
@given(sample=samples(), data=st.data())
def test_what_is_wholly_judged_again_is_reported_word_for_word_as_by_a_whole_check(
    sample: Sample, data: st.DataObject
) -> None:
    if worlds := changed(sample, data):
        base, world = worlds
        assert world.judged() == judge(base.policy, world.graph, TODAY)
