"""The schemas of manifests: what a check takes they take, and much of what it refuses they refuse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from privacy_rules import engine
from privacy_rules.manifest.loader import estate_from_data
from privacy_rules.schemas.json_schema import Schema
from privacy_rules.schemas.manifest import manifest_schema
from privacy_rules.vocabulary.attributes import BUILT_IN
from tests.builders import policy_of, write
from tests.properties.strategies import Sample, many, samples
from tests.unit.schema_validators import (
    CLOSED,
    IAPMO,
    OPEN,
    ROOT,
    SHOP,
    as_editors_see,
    flow,
    system,
    validator,
    wrong,
)

CONFORMANCE = ROOT / "dsl" / "conformance"
SEEN = frozenset({"E202", "E203", "E204", "E208", "E209", "E213"})
"""The errors that stand in one place of one file, which a schema can see."""
REFUSED = {"E202": 8, "E203": 4, "E204": 11, "E208": 10, "E209": 2, "E213": 3}
"""How many conformance cases with these errors the schema refuses: all of them when this was counted."""


@cache
def _schema_of(file: Path) -> Draft202012Validator | None:
    """For the policy in a file; None where that is wrong."""
    policy, _ = engine.load_policy([file])
    return validator(manifest_schema(policy)) if policy else None


def _has_own_built_in(file: Path) -> bool:
    """Whether the policy has an attribute of its own with the name of a built-in one, which nobody knows without the policy."""
    policy, _ = engine.load_policy([file])
    return policy is not None and not all(policy.has_built_in(*key) for key in BUILT_IN)


def _cases(*, in_error: bool) -> list[Path]:
    cases = sorted(path.parent for path in CONFORMANCE.glob("*/*/expected.json"))
    return [case for case in cases if bool(_expected_errors(case)) is in_error]


def _expected_errors(case: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((case / "expected.json").read_text(encoding="utf-8")).get("errors", [])
    return found


def _manifests(folder: Path) -> list[Path]:
    return sorted(path for end in ("yaml", "json") for path in folder.rglob(f"*.{end}") if path.name != "expected.json")


# ---- what a check takes


@pytest.mark.parametrize("case", _cases(in_error=False), ids=lambda case: case.name)
def test_a_conformance_manifest_without_errors_fits(case: Path) -> None:
    schema = _schema_of(case / "policy.privacy")
    assert schema is not None
    manifests = _manifests(case)
    assert manifests
    for manifest in manifests:
        data = as_editors_see(manifest)
        assert wrong(schema, data) == []
        assert _has_own_built_in(case / "policy.privacy") or wrong(OPEN, data) == []


@pytest.mark.parametrize("folder", ["estate", "cases", "variants"])
def test_every_manifest_of_the_example_fits(folder: str) -> None:
    schema = _schema_of(IAPMO / "iapmo.privacy")
    assert schema is not None
    manifests = [IAPMO / "estate.yaml", *(IAPMO / folder).rglob("*.yaml")]
    assert len(manifests) > 1
    assert {str(each): found for each in manifests if (found := wrong(schema, as_editors_see(each)))} == {}


GOOD = """
manifest: 1
name: 2026
policy: []
as_of: 2026-11-01
include: null
defaults: {flow: {exchange: none, checked: 2026-01-01}, system: null, contract: {covers: {data: []}}}
organisation: {note: yes, privacy_contact: ~}
parties:
  1.0: {role: us, country: NO, audited: yes}
  on: {role: [outside, us], country: de, levels: [low, low]}
  nobody:
contracts:
  a: {with: on, until: 2027-01-01, covers: null, allows_onward: No}
  b: {between: [on, 1.0, on], covers: {purposes: [orders]}}
systems:
  crm:
    party: 1.0
    stores: [name, {data: email, retention: unlimited, level: low, risk: null}]
    joins: [[name, card]]
    transforms: [{from: email, to: card, method: hashing}, {from: name, to: [card], method: ~}]
    retention: 2 years
    risk: -0.5
    review: "30 days"
    tags: [a, 1, true]
  empty: {stores: [], joins: null, risk: 1e3}
flows:
  - {id: 2026-01-01, from: crm, to: empty, carries: [name], purposes: [orders], notice: TRUE, labels: [], owner: 12}
waivers:
  - {rule: elsewhere, subject: 7, until: 2026-12-31, reason: 1, approved_by: us, from: , data: [contact]}
"""


def test_every_form_fits_as_the_reader_takes_it(tmp_path: Path) -> None:
    file = write(tmp_path / "privacy.yaml", GOOD)
    documents, found = engine.read([file])
    assert documents is not None, found
    estate, found = engine.hold(documents, SHOP)
    assert estate is not None, found
    assert wrong(CLOSED, as_editors_see(file)) == []


@many
@given(samples())
def test_a_random_manifest_fits_the_schema_of_its_policy(sample: Sample) -> None:
    assert wrong(validator(manifest_schema(policy_of(sample.policy))), sample.manifest) == []
    assert wrong(OPEN, sample.manifest) == []


def _contract(**attributes: Any) -> Schema:
    return {"manifest": 1, "contracts": {"c": attributes}}


def _waiver(**attributes: Any) -> Schema:
    usual = {"rule": "r", "subject": "s", "until": "2026-12-31", "reason": "x", "approved_by": "y"}
    found = {key: value for key, value in {**usual, **attributes}.items() if value != "left out"}
    return {"manifest": 1, "waivers": [found]}


WRONG: dict[str, Schema] = {
    "no version": {},
    "another version": {"manifest": 2},
    "version as text": {"manifest": "1"},
    "unknown key": {"manifest": 1, "flow": []},
    "a lone policy": {"manifest": 1, "policy": "a.privacy"},
    "a policy that is null": {"manifest": 1, "policy": [None]},
    "a day that is none": {"manifest": 1, "as_of": "2026-13-01"},
    "flows by id": {"manifest": 1, "flows": {"f": {"from": "a", "to": "b"}}},
    "parties as a list": {"manifest": 1, "parties": [{"role": "us"}]},
    "a party that is text": {"manifest": 1, "parties": {"p": "us"}},
    "an id with a control character": {"manifest": 1, "parties": {"a\nb": {}}},
    "a contract that is null": {"manifest": 1, "contracts": {"c": None}},
    "defaults of the organisation": {"manifest": 1, "defaults": {"organisation": {}}},
    "a default of an end": {"manifest": 1, "defaults": {"flow": {"from": "a"}}},
    "a default of an id": {"manifest": 1, "defaults": {"flow": {"id": "a"}}},
    "a default of a contract's party": {"manifest": 1, "defaults": {"contract": {"with": "a"}}},
    "an unknown term in defaults": {"manifest": 1, "defaults": {"flow": {"exchange": "sail"}}},
    "an unknown key in defaults": {"manifest": 1, "defaults": {"flow": {"exchnge": "sale"}}},
    "no end": {"manifest": 1, "flows": [{"id": "f", "from": "a"}]},
    "no id": {"manifest": 1, "flows": [{"from": "a", "to": "b"}]},
    "an end that is null": {"manifest": 1, "flows": [{"id": "f", "from": "a", "to": None}]},
    "a flow that is null": {"manifest": 1, "flows": [None]},
    "an unknown category": flow(carries=["nme"]),
    "a category that is null": flow(carries=[None]),
    "a lone category": flow(carries="name"),
    "no categories": flow(carries=[]),
    "no purposes": flow(purposes=[]),
    "no origin": flow(origin=[]),
    "an unknown purpose": flow(purposes=["marketting"]),
    "an unknown exchange": flow(exchange="sail"),
    "a term in capitals": flow(exchange="SALE"),
    "two terms where one belongs": flow(exchange=["sale"]),
    "an unknown key of a flow": flow(porpuses=["orders"]),
    "an attribute of systems on a flow": flow(stores=[]),
    "an attribute of the policy on another entity": flow(risk=1),
    "a flag that is none": flow(notice="perhaps"),
    "a flag that is a number": flow(notice=1),
    "a lone text": flow(labels="a"),
    "a text that is null": flow(labels=[None]),
    "a text that is a map": flow(owner={}),
    "a date with a time": flow(checked="2026-01-01T00:00:00"),
    "a day of no calendar": flow(checked="2026-02-30"),
    "an unknown country": {"manifest": 1, "parties": {"p": {"country": "XX"}}},
    "a country in mixed letters": {"manifest": 1, "parties": {"p": {"country": "De"}}},
    "no role": {"manifest": 1, "parties": {"p": {"role": []}}},
    "an unknown role": {"manifest": 1, "parties": {"p": {"role": ["us", "uss"]}}},
    "a parent that is a list": {"manifest": 1, "parties": {"p": {"parent": ["q"]}}},
    "an unknown term of the policy's own": {"manifest": 1, "parties": {"p": {"levels": ["middle"]}}},
    "a number as text": system(risk="3"),
    "a duration without a unit": system(retention=30),
    "a duration of an unknown unit": system(retention="2 decades"),
    "a lone stored category": system(stores="name"),
    "a stored item without data": system(stores=[{"retention": "1 year"}]),
    "a stored item of an unknown category": system(stores=[{"data": "nme"}]),
    "a stored item with what is its system's alone": system(stores=[{"data": "name", "kind": "saas"}]),
    "a pair of three": system(joins=[["name", "email", "card"]]),
    "a pair of one": system(joins=[["name"]]),
    "a lone pair": system(joins=["name", "card"]),
    "a transform without its end": system(transforms=[{"from": "name"}]),
    "a transform into nothing": system(transforms=[{"from": "name", "to": []}]),
    "a transform of several": system(transforms=[{"from": ["name"], "to": "card"}]),
    "an unknown method": system(transforms=[{"from": "name", "to": "card", "method": "magic"}]),
    "an unknown key of a transform": system(transforms=[{"from": "name", "to": "card", "by": "hashing"}]),
    "a lone right": system(supports="access"),
    "a contract without its parties": _contract(obliges=["audit"]),
    "a contract with both": _contract(**{"with": "a", "between": ["a", "b"]}),
    "a contract with null": _contract(**{"with": None}),
    "a contract between one": _contract(between=["a"]),
    "an unknown key of covers": _contract(**{"with": "a", "covers": {"date": []}}),
    "an unknown category covered": _contract(**{"with": "a", "covers": {"data": ["nme"]}}),
    "covers as a list": _contract(**{"with": "a", "covers": ["name"]}),
    "covers with dots": _contract(**{"with": "a", "covers.data": ["name"]}),
    "an unknown key of the organisation": {"manifest": 1, "organisation": {"dpo": "x"}},
    "a waiver without its end": _waiver(until="left out"),
    "a waiver without a rule": _waiver(rule="left out"),
    "a waiver whose reason is null": _waiver(reason=None),
    "a waiver whose reason is blank": _waiver(reason=" "),
    "a waiver whose day is none": _waiver(until="soon"),
    "a waiver of no data": _waiver(data=[]),
    "a waiver of an unknown category": _waiver(data=["nme"]),
    "an unknown key of a waiver": _waiver(expires="2026-12-31"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_reader_refuses_is_refused(name: str) -> None:
    data = json.loads(json.dumps(WRONG[name]))
    assert wrong(CLOSED, data) != []
    estate, found = estate_from_data({**data, "manifest": data.get("manifest", 2)}, SHOP)
    assert estate is None
    assert {each.code for each in found} & SEEN


def test_older_editors_that_know_draft_7_only_see_the_same(tmp_path: Path) -> None:
    older = Draft7Validator(CLOSED.schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    file = write(tmp_path / "privacy.yaml", GOOD)
    assert older.is_valid(as_editors_see(file))
    assert [name for name, data in WRONG.items() if older.is_valid(data)] == []


def test_conformance_manifests_with_an_error_in_one_place_are_refused() -> None:
    refused: Counter[str] = Counter()
    for case in _cases(in_error=True):
        codes = {each.get("code", "") for each in _expected_errors(case)}
        schema = _schema_of(case / "policy.privacy") if codes <= SEEN else None
        if schema and any(wrong(schema, as_editors_see(file)) for file in _manifests(case)):
            refused.update(codes)
    assert all(refused[code] >= least for code, least in REFUSED.items()), refused


def test_without_a_policy_forms_are_checked_and_terms_are_not() -> None:
    assert wrong(OPEN, flow(carries=["whatever"], added=["x"])) == []
    assert wrong(OPEN, flow(carries="whatever")) != []
    assert wrong(OPEN, {"manifest": 1, "flow": []}) != []
    assert wrong(OPEN, flow(added={"a": 1})) != []


NONSENSE: tuple[Any, ...] = ("nonsense", "", None, [], {}, ["nonsense"], [None], [[]], {"nonsense": "x"}, "2026-11-01")


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every map or list with every key in it."""
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        if key != "manifest":
            yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _broken(data: Schema, number: int) -> Schema:
    """The manifest with something else in one place: nonsense, nothing, or another key."""
    made: Schema = json.loads(json.dumps(data))
    places = list(_places(made))
    number, at = divmod(number, len(places))
    inside, key = places[at]
    what = number % (len(NONSENSE) + 2)
    if what < len(NONSENSE):
        inside[key] = NONSENSE[what]
    elif what == len(NONSENSE) or isinstance(inside, list):
        del inside[key]
    else:
        inside["nonsense"] = inside.pop(key)
    return made


@many
@given(samples(), st.integers(0, 2**32))
def test_a_broken_manifest_is_refused_exactly_where_the_reader_sees_it_in_one_place(
    sample: Sample, number: int
) -> None:
    policy = policy_of(sample.policy)
    data = _broken(sample.manifest, number)
    _, found = estate_from_data(data, policy)
    seen = [each.message for each in found if each.code in SEEN]
    refused = wrong(validator(manifest_schema(policy)), data)
    assert bool(refused) == bool(seen), (seen, refused)
