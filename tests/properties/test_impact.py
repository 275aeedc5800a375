"""`impact` against a walk by category that knows nothing of the engine, on random estates."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.simulation.data_paths import Passage
from privacy_rules.simulation.impact import Impact, impact
from privacy_rules.simulation.senders_and_recipients import Holder
from tests.builders import estate_of, flow, policy_of
from tests.properties.checking import TODAY
from tests.properties.strategies import many, some

POLICY = policy_of("""
policy walks {}
use std.core
data { contact { email  phone }  hash  score  figures }
purpose { orders { delivery }  adverts }
rule r { forbid flow of figures }
""")
BELOW = {"contact": {"contact", "email", "phone"}}
CATEGORIES = ("contact", "email", "phone", "hash", "score", "figures")
Node = tuple[str, str]


def below(category: str) -> set[str]:
    return BELOW.get(category, {category})


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Estates of up to seven systems, whose flows and transforms are all declared, or some are not."""
    open_ones = draw(st.booleans())
    names = [f"s{number}" for number in range(draw(st.integers(2, 7)))]
    systems = {}
    for name in names:
        takes = draw(st.lists(st.sampled_from(CATEGORIES), max_size=2))
        made = [{"from": each, "to": draw(st.sampled_from(CATEGORIES))} for each in takes]
        body: dict[str, Any] = {"party": draw(st.sampled_from(["us", "people", "ads", "mail"])), "stores": []}
        if not (open_ones and draw(st.integers(0, 4)) == 0):
            body["transforms"] = made
        systems[name] = body
    flows = []
    for number in range(draw(st.integers(1, 9))):
        ends = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        carries = draw(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2, unique=True))
        one = flow(f"f{number}", *ends, carries, purposes=[draw(st.sampled_from(["orders", "delivery", "adverts"]))])
        if open_ones and draw(st.integers(0, 4)) == 0:
            del one["carries"]
        flows.append(one)
    parties = {"us": {"role": "us", "country": "DE"}, "people": {"role": "data_subject"}}
    outside = {"ads": {"role": "advertiser", "country": "US"}, "mail": {"role": "service_provider", "country": "IE"}}
    return {"manifest": 1, "parties": parties | outside, "systems": systems, "flows": flows}


class Walk:
    """What must (or may) be where: nodes are a system and the category that has arrived there."""

    def __init__(self, manifest: dict[str, Any], *, sure: bool) -> None:
        self.manifest, self.sure = manifest, sure

    def carried(self, one: dict[str, Any]) -> set[str]:
        if "carries" not in one:
            return set() if self.sure else set(CATEGORIES)
        return set(one["carries"]) if self.sure else {each for name in one["carries"] for each in below(name)}

    def sends(self, system: str, category: str) -> set[str]:
        """What a system may send of what has arrived: the same, and what it makes of it, step by step."""
        transforms = self.manifest["systems"][system].get("transforms")
        if transforms is None:
            return {category} if self.sure else set(CATEGORIES)
        found, before = {category}, set[str]()
        while found != before:
            before = set(found)
            for each in transforms:
                if before & below(each["from"]):
                    found |= {each["to"]} if self.sure else below(each["to"])
        return found

    def onward(self, nodes: set[Node]) -> set[Node]:
        found, waiting = set(nodes), list(nodes)
        while waiting:
            system, category = waiting.pop()
            sent = self.sends(system, category)
            for one in self.manifest["flows"]:
                if one["from"] == system:
                    fresh = {(one["to"], each) for each in sent & self.carried(one)} - found
                    found |= fresh
                    waiting += fresh
        return found

    def begun(self, flows: list[dict[str, Any]], category: str | None) -> set[Node]:
        """What the flows bring of a category; None: of what is not declared."""
        found = set()
        for one in flows:
            if category is None and "carries" not in one and not self.sure:
                found |= {(one["to"], each) for each in CATEGORIES}
            elif category is not None and category in one.get("carries", ()):
                found |= {(one["to"], each) for each in ({category} if self.sure else below(category))}
        return found

    def starts(self, flows: list[dict[str, Any]], category: str | None) -> Iterator[tuple[str, set[str]]]:
        """Each system with what it sends that becomes what one of the flows carries of a category."""
        wanted = self.begun(flows, category)
        last = {(one["from"], one["to"], each) for one in flows for end, each in wanted if end == one["to"]}
        for system in self.manifest["systems"]:
            sent = set()
            for first in self.manifest["flows"]:
                if first["from"] != system:
                    continue
                for each in self.carried(first):
                    direct = first in flows and (first["to"], each) in wanted and self._crosses(first, each, category)
                    if direct or self._leads(first["to"], each, flows, category):
                        sent.add(each)
            assert last or not sent
            if sent:
                yield system, sent

    def _crosses(self, one: dict[str, Any], each: str, category: str | None) -> bool:
        return (one["to"], each) in self.begun([one], category)

    def _leads(self, system: str, category: str, flows: list[dict[str, Any]], wanted: str | None) -> bool:
        there = self.onward({(system, category)})
        return any(
            self._crosses(one, each, wanted)
            for one in flows
            for end, held in there
            if end == one["from"]
            for each in self.sends(end, held) & self.carried(one)
        )


def passages(holders: tuple[Holder, ...]) -> dict[tuple[str, str | None], Passage]:
    return {(holder.system, each.category): each for holder in holders for each in holder.passages}


def border(manifest: dict[str, Any], systems: set[str]) -> tuple[list[Any], list[Any]]:
    leaving = [each for each in manifest["flows"] if each["from"] in systems and each["to"] not in systems]
    entering = [each for each in manifest["flows"] if each["to"] in systems and each["from"] not in systems]
    return leaving, entering


def categories_of(flows: list[dict[str, Any]]) -> set[str | None]:
    return {each for one in flows for each in one.get("carries", [None])}


def assert_agrees(
    found: Impact, manifest: dict[str, Any], leaving: list[Any], entering: list[Any], own: set[str]
) -> None:
    expected: dict[tuple[str, str | None], tuple[set[str], bool]] = {}
    for category in categories_of(leaving):
        must, may = (Walk(manifest, sure=sure) for sure in (True, False))
        there, perhaps = (each.onward(each.begun(leaving, category)) for each in (must, may))
        for system in {system for system, _ in there | perhaps} - own:
            expected[system, category] = (
                {each for at, each in there if at == system},
                bool({s for s, _ in there} & {system}),
            )
    gets = passages(found.gets)
    assert {key: (set(each.at_system), each.must) for key, each in gets.items()} == expected
    came: dict[tuple[str, str | None], set[str]] = {}
    keys = set()
    for category in categories_of(entering):
        for sure in (True, False):
            for system, sent in Walk(manifest, sure=sure).starts(entering, category):
                keys.add((system, category))
                if sure:
                    came[system, category] = sent
    gives = passages(found.gives)
    assert gives.keys() == {key for key in keys if key[0] not in own}
    assert {key: set(each.at_system) for key, each in gives.items() if each.must} == {
        key: sent for key, sent in came.items() if key[0] not in own
    }
    for each in (*gets.values(), *gives.values()):
        assert_is_a_path(manifest, each)


def assert_is_a_path(manifest: dict[str, Any], found: Passage) -> None:
    flows = {each["id"]: each for each in manifest["flows"]}
    steps = [flows[each] for each in found.path]
    assert steps
    assert all(one["to"] == other["from"] for one, other in pairwise(steps))
    assert found.system in (steps[-1]["to"], steps[0]["from"])


@given(manifests(), st.data())
@many
def test_data_goes_to_and_comes_from_where_a_walk_by_category_leads(
    manifest: dict[str, Any], data: st.DataObject
) -> None:
    estate = estate_of(manifest, POLICY)
    system = data.draw(st.sampled_from(sorted(manifest["systems"])))
    found = impact(POLICY, estate, TODAY, "system", system)
    assert_agrees(found, manifest, *border(manifest, {system}), {system})
    party = data.draw(st.sampled_from(sorted(manifest["parties"])))
    of_party = {name for name, each in manifest["systems"].items() if each["party"] == party}
    found = impact(POLICY, estate, TODAY, "party", party)
    assert_agrees(found, manifest, *border(manifest, of_party), of_party)


@given(manifests(), st.data())
@some
def test_the_data_of_a_flow_a_purpose_and_a_country_as_well(manifest: dict[str, Any], data: st.DataObject) -> None:
    estate = estate_of(manifest, POLICY)
    one = data.draw(st.sampled_from(manifest["flows"]))
    assert_agrees(impact(POLICY, estate, TODAY, "flow", one["id"]), manifest, [one], [one], set())
    meant = [each for each in manifest["flows"] if each["purposes"] != ["adverts"]]
    assert_agrees(impact(POLICY, estate, TODAY, "purpose", "orders"), manifest, meant, meant, set())
    there = {name for name, each in manifest["systems"].items() if each["party"] == "ads"}
    found = impact(POLICY, estate, TODAY, "country", "us")
    assert_agrees(found, manifest, *border(manifest, there), there)


@given(manifests(), st.sampled_from(CATEGORIES))
@many
def test_a_category_is_where_a_walk_from_every_system_leads(manifest: dict[str, Any], category: str) -> None:
    found = impact(POLICY, estate_of(manifest, POLICY), TODAY, "category", category)
    walk, there = Walk(manifest, sure=True), set[Node]()
    for system, body in manifest["systems"].items():
        first = set(below(category))
        for each in body.get("transforms", ()):
            if each["from"] in below(category):
                first |= walk.sends(system, each["to"])
        for one in manifest["flows"]:
            if one["from"] == system:
                there |= {(one["to"], each) for each in first & walk.carried(one)}
    there = walk.onward(there)
    must = {each.system for each in passages(found.gets).values() if each.must}
    assert must == {system for system, _ in there}


@given(manifests(), st.data())
@some
def test_what_loses_its_only_source_or_recipient(manifest: dict[str, Any], data: st.DataObject) -> None:
    system = data.draw(st.sampled_from(sorted(manifest["systems"])))
    found = impact(POLICY, estate_of(manifest, POLICY), TODAY, "system", system)
    left = [each for each in manifest["flows"] if system not in (each["from"], each["to"])]
    sends, still = (
        {(one["from"], each) for one in flows if one["from"] != one["to"] for each in one.get("carries", ())}
        for flows in (manifest["flows"], left)
    )
    assert {(name, each) for name, gone in found.lost[1] for each in gone} == {
        each for each in sends - still if each[0] != system
    }
    for name, gone in found.lost[0]:
        brought = {each for one in manifest["flows"] if one["to"] == name for each in one.get("carries", ())}
        assert set(gone) <= brought
