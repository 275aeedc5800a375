"""A change set applied to an estate is judged like the changed manifest loaded from scratch."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.overlay import apply
from tests.builders import policy_of
from tests.properties.checking import TODAY, by_engine, differences, load, try_manifest
from tests.properties.manifests import DEFAULTS
from tests.properties.strategies import Sample, many, samples

Data = dict[str, Any]
_SECTIONS = {"party": "parties", "system": "systems", "contract": "contracts"}
_NEEDED = {"id", "from", "to", "with", "between"}


def changes_between(before: Data, after: Data) -> list[Data]:
    """The changes that make the entities and the organisation of one manifest those of another: what is new first, as a party may need it."""
    new: list[Data] = []
    gone: list[Data] = []
    for kind, section in _SECTIONS.items():
        found = _entities(before.get(section, {}), after.get(section, {}), kind)
        new += found[0]
        gone += found[1]
    flows = ({each["id"]: each for each in data.get("flows", ())} for data in (before, after))
    found = _entities(*flows, "flow")
    new, gone = new + found[0], found[1] + gone
    organisation = _altered(before.get("organisation", {}), after.get("organisation", {}))
    return [*new, *([{"set": {"organisation": "organisation", **organisation}}] if organisation else []), *gone]


def _entities(before: Data, after: Data, kind: str) -> tuple[list[Data], list[Data]]:
    new = [{"add": {kind: {**(after[name] or {}), "id": name}}} for name in after if name not in before]
    for name in before.keys() & after.keys():
        changed = _altered(before[name] or {}, after[name] or {})
        if changed:
            new.append({"set": {kind: name, **changed}})
    return new, [{"remove": {kind: name}} for name in before if name not in after]


def _altered(before: Data, after: Data) -> Data:
    changed = {name: value for name, value in after.items() if name not in before or before[name] != value}
    unset = sorted(before.keys() - after.keys())
    return {**changed, **({"unset": unset} if unset else {})}


def applied(policy: Policy, estate: Estate, changes: Iterable[Data]) -> Estate:
    read, wrong = changes_from_data(list(changes), policy)
    assert read is not None, wrong
    outcome, wrong = apply(estate, policy, read)
    assert outcome is not None, wrong
    return outcome.estate


@many
@given(sample=samples(), data=st.data())
def test_a_manifest_turned_into_another_is_judged_like_the_other(sample: Sample, data: st.DataObject) -> None:
    """The other one is what is left when the dice take attributes and entities away or give them anew."""
    policy, _ = load(sample)
    before = {key: value for key, value in sample.manifest.items() if key not in ("manifest", "as_of", *DEFAULTS)}
    after = shuffled(copy.deepcopy(before), data)
    whole, wanted = try_manifest(before, policy), try_manifest(after, policy)
    if whole is None or wanted is None:
        return
    changes = changes_between(before, after)
    note(f"{sample}\n{changes}")
    there = applied(policy, whole, changes)
    assert differences(by_engine(policy, there, TODAY), by_engine(policy, wanted, TODAY)) == []
    assert dict(there.flows) == {name: each for name, each in wanted.flows.items() if name in there.flows}
    assert there.flows.keys() == wanted.flows.keys()


def shuffled(found: Data, data: st.DataObject) -> Data:
    bodies = [
        *found.get("parties", {}).values(),
        *found.get("systems", {}).values(),
        *found.get("contracts", {}).values(),
    ]
    bodies += [*found.get("flows", ()), found.setdefault("organisation", {})]
    for number in data.draw(st.lists(st.integers(0, 200), max_size=12)):
        body = bodies[number % len(bodies)]
        names = sorted(set(body) - _NEEDED)
        if names:
            name = names[number % len(names)]
            if number % 3:
                del body[name]
            else:
                body[name] = None
    flows = found.get("flows", [])
    for number in data.draw(st.lists(st.integers(0, 30), max_size=2)):
        if len(flows) > 1:
            gone = flows.pop(number % len(flows))["id"]
            for body in (*flows, *found["systems"].values()):
                for _, said in naming(body, gone):
                    said["origin"] = [each for each in said["origin"] if each != gone]
                    if not said["origin"]:
                        del said["origin"]
    if data.draw(st.booleans()) and flows:
        flows.append({**flows[0], "id": "new", "origin": None})
    return found


def naming(body: Mapping[str, Any], flow: str) -> list[tuple[str, dict[str, Any]]]:
    """What names a flow as its origin: each map that does, with the attribute of the body that it belongs to."""
    found: list[tuple[str, Any]] = [("origin", body)]
    found += [(name, item) for name in ("carries", "stores") for item in body.get(name) or () if isinstance(item, dict)]
    return [(name, said) for name, said in found if flow in (said.get("origin") or ())]


@many
@given(sample=samples(), number=st.integers(0, 100))
def test_to_take_a_flow_away_and_add_it_again_changes_nothing(sample: Sample, number: int) -> None:
    policy = policy_of(sample.policy)
    manifest = {key: value for key, value in sample.manifest.items() if key not in DEFAULTS}
    estate = try_manifest(manifest, policy)
    if estate is None or not manifest.get("flows"):
        return
    flows = manifest["flows"]
    flow = flows[number % len(flows)]
    bodies = [("flow", each["id"], each) for each in flows if each is not flow]
    bodies += [("system", name, each) for name, each in manifest["systems"].items()]
    again = [
        {"set": {kind: name, **{attribute: body[attribute] for attribute in mentioning}}}
        for kind, name, body in bodies
        if (mentioning := {attribute for attribute, _ in naming(body, flow["id"])})
    ]
    there = applied(policy, estate, [{"remove": {"flow": flow["id"]}}, {"add": {"flow": flow}}, *again])
    assert dict(there.flows) == dict(estate.flows)
    assert differences(by_engine(policy, there, TODAY), by_engine(policy, estate, TODAY)) == []
