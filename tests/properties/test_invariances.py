"""What must not matter to a check: order, files, names of ids, and flows that have nothing to do with it."""

from __future__ import annotations

import copy
import json
import random
import re
from pathlib import Path
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.loader import estate, read
from privacy_rules.manifest.model import Estate
from tests.builders import estate_of, policy_of
from tests.properties.checking import TODAY, Check, by_engine, differences, load
from tests.properties.strategies import Sample, many, samples

Data = dict[str, Any]
seeds = st.integers(0, 2**32)


def shuffled_map(source: random.Random, found: Data) -> Data:
    keys = list(found)
    source.shuffle(keys)
    return {key: found[key] for key in keys}


def shuffled_manifest(source: random.Random, manifest: Data) -> Data:
    """The same manifest with its entities, keys and sets in another order."""
    made = shuffled_map(source, copy.deepcopy(manifest))
    for section in ("parties", "systems", "contracts"):
        if section in made:
            made[section] = shuffled_map(
                source, {name: shuffled_map(source, body) for name, body in made[section].items()}
            )
    flows = [shuffled_map(source, flow) for flow in made["flows"]]
    source.shuffle(flows)
    bodies = [*flows, *made["systems"].values(), *made["parties"].values(), *made.get("contracts", {}).values()]
    for body in bodies:
        for value in body.values():
            if isinstance(value, list):
                source.shuffle(value)
    return made | {"flows": flows}


@many
@given(sample=samples(), seed=seeds)
def test_order_does_not_matter(sample: Sample, seed: int) -> None:
    note(str(sample))
    source = random.Random(seed)
    policy, estate = load(sample)
    blocks = list(sample.blocks)
    source.shuffle(blocks)
    other = policy_of("\n".join(blocks))
    shuffled = estate_of(shuffled_manifest(source, sample.manifest), other)
    found = differences(by_engine(policy, estate, TODAY), by_engine(other, shuffled, TODAY))
    assert not found, "\n".join(found)


def split(source: random.Random, manifest: Data, count: int) -> list[Data]:
    """The manifest in several files; each states the defaults that hold for what it declares, and one the shared ones."""
    head = {name: value for name, value in manifest.items() if name in ("manifest", "as_of", "defaults")}
    files: list[Data] = [copy.deepcopy(head) for _ in range(count)]
    if "shared_defaults" in manifest:
        source.choice(files)["shared_defaults"] = copy.deepcopy(manifest["shared_defaults"])
    for section in ("parties", "systems", "contracts"):
        for name, body in manifest.get(section, {}).items():
            source.choice(files).setdefault(section, {})[name] = body
    for flow in manifest["flows"]:
        source.choice(files).setdefault("flows", []).append(flow)
    for name, value in manifest.get("organisation", {}).items():
        source.choice(files).setdefault("organisation", {})[name] = value
    return files


def load_files(files: list[Data], policy: Policy) -> Estate:
    texts = {Path(f"/estate/{number}.json"): json.dumps(data).encode() for number, data in enumerate(files)}
    documents, found = read(list(texts), root=Path("/estate"), texts=texts)
    assert documents is not None, found
    made, found = estate(documents, policy)
    assert made is not None, found
    return made


@many
@given(sample=samples(), seed=seeds, count=st.integers(1, 4))
def test_files_and_their_order_do_not_matter(sample: Sample, seed: int, count: int) -> None:
    note(str(sample))
    source = random.Random(seed)
    policy, estate = load(sample)
    files = split(source, sample.manifest, count)
    source.shuffle(files)
    found = differences(by_engine(policy, estate, TODAY), by_engine(policy, load_files(files, policy), TODAY))
    assert not found, "\n".join(found)


_ID = re.compile(r"[psfc][0-9]+\Z")
_MENTION = re.compile(r'"([ps][0-9]+)"')


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Ids renamed wherever they stand; no term, text or attribute looks like one."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def renamed_check(check: Check, names: dict[str, str]) -> Check:
    return {(rule, kind, names.get(subject, subject)): said for (rule, kind, subject), said in check.items()}


@many
@given(sample=samples(), seed=seeds)
def test_names_of_ids_do_not_matter(sample: Sample, seed: int) -> None:
    note(str(sample))
    source = random.Random(seed)
    ids = [*(f"{letter}{number}" for letter in "psfc" for number in range(9))]
    others = [f"{source.choice(['a b', 'x/y', 'is', 'Ü', '1.0', 'on'])} {number}" for number in range(len(ids))]
    source.shuffle(others)
    names = dict(zip(ids, others, strict=True))
    policy, estate = load(sample)
    text = _MENTION.sub(lambda found: f'"{names[found[1]]}"', sample.policy)
    other = policy_of(text)
    there = by_engine(other, estate_of(renamed(sample.manifest, names), other), TODAY)
    found = differences(renamed_check(by_engine(policy, estate, TODAY), names), there)
    assert not found, "\n".join(found)


def with_a_fresh_flow(policy: Policy, manifest: Data, role: str) -> Data:
    """The manifest and two new parties with a new, fully declared system each and a flow between these."""
    made = copy.deepcopy(manifest)
    made["parties"] |= {"fresh_one": {"role": role}, "fresh_two": {"role": role}}
    contents: Data = {"stores": [], "uses": [], "joins": [], "transforms": []}
    made["systems"] |= {f"fresh_{each}": {"party": f"fresh_{each}", **contents} for each in ("one", "two")}
    flow = {"id": "fresh", "from": "fresh_one", "to": "fresh_two"}
    carries, purposes = list(policy.taxonomy("data").terms), list(policy.taxonomy("purpose").terms)
    made["flows"].append(flow | {"carries": carries, "purposes": purposes})
    return made


@many
@given(sample=samples(), role=st.sampled_from(["service_provider", "data_broker", "data_subject", "public_authority"]))
def test_a_flow_between_fresh_parties_changes_no_other_finding(sample: Sample, role: str) -> None:
    note(str(sample))
    policy, estate = load(sample)
    more = estate_of(with_a_fresh_flow(policy, sample.manifest, role), policy)
    after = {key: said for key, said in by_engine(policy, more, TODAY).items() if not key[2].startswith("fresh")}
    found = differences(by_engine(policy, estate, TODAY), after)
    assert not found, "\n".join(found)


@many
@given(sample=samples())
def test_an_origin_of_a_flow_is_that_of_each_of_its_items(sample: Sample) -> None:
    note(str(sample))
    policy, estate = load(sample)
    made = copy.deepcopy(sample.manifest)
    for flow in made["flows"]:
        if flow.get("carries") and "origin" in flow:
            items = [each if isinstance(each, dict) else {"data": each} for each in flow["carries"]]
            flow["carries"] = [{"origin": flow["origin"]} | item for item in items]
            del flow["origin"]
    found = differences(by_engine(policy, estate, TODAY), by_engine(policy, estate_of(made, policy), TODAY))
    assert not found, "\n".join(found)
