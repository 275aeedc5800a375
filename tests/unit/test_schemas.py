"""The schemas: what a check takes they take, and much of what it refuses they refuse."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from privacy_rules import engine
from privacy_rules.manifest.header import KEYS as KEYS_OF_A_MANIFEST
from privacy_rules.manifest.loader import estate_from_data
from privacy_rules.schemas.documents import config_schema, findings_schema
from privacy_rules.schemas.json_schema import Schema
from privacy_rules.schemas.key_descriptions import ATTRIBUTES
from privacy_rules.schemas.manifest import manifest_schema
from privacy_rules.schemas.tests import schema_of_tests
from privacy_rules.vocabulary.attributes import BUILT_IN
from tests.builders import policy_of, write
from tests.properties.strategies import Sample, many, samples

ROOT = Path(__file__).parents[2]
CONFORMANCE = ROOT / "dsl" / "conformance"
IAPMO = ROOT / "examples" / "iapmo"
SEEN = frozenset({"E202", "E203", "E204", "E208", "E209", "E213"})
"""The errors that stand in one place of one file, which a schema can see."""
REFUSED = {"E202": 8, "E203": 4, "E204": 11, "E208": 10, "E209": 2, "E213": 3}
"""How many conformance cases with these errors the schema refuses: all of them when this was counted."""
POLICY = """
use std.core
data { contact { name  email }  card }
purpose { orders  newsletter }
vocabulary tier { low "few people"  high }
attribute checked on flow, contract: date
attribute risk on system: number
attribute review on system: duration default 2 years
attribute audited on party, system: flag default no
attribute note on organisation: text
attribute level on system: one of tier
attribute levels on party: set of tier
attribute labels on flow: set of text
rule no_selling { title "Nothing is sold" forbid disclosure when exchange is sale }
rule courts { permit disclosure when mandate is law despite no_selling }
"""


class AsEditorsSee(yaml.SafeLoader):
    """YAML as an editor's language server takes it: the core schema of YAML 1.2, in which a date is a string."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 -- PyYAML's form

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Keys are strings."""
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}  # type: ignore[no-untyped-call]


for tag, first, pattern in (
    ("null", ["~", "n", "N", ""], r"~|null|Null|NULL|"),
    ("bool", list("tTfF"), r"true|True|TRUE|false|False|FALSE"),
    ("int", list("-+0123456789"), r"[-+]?[0-9]+"),
    ("float", list("-+.0123456789"), r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
):
    AsEditorsSee.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), first)  # type: ignore[no-untyped-call]
AsEditorsSee.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
AsEditorsSee.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))


def as_editors_see(file: Path) -> Any:
    text = file.read_text(encoding="utf-8-sig")
    return json.loads(text) if file.suffix == ".json" else yaml.load(text, AsEditorsSee)


def validator(schema: Schema) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def _schema_of(file: Path) -> Draft202012Validator | None:
    """For the policy in a file; None where that is wrong."""
    policy, _ = engine.load_policy([file])
    return validator(manifest_schema(policy)) if policy else None


OPEN = validator(manifest_schema())


def wrong(found: Draft202012Validator, data: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in found.iter_errors(data)]


SHOP = policy_of(POLICY)
CLOSED = validator(manifest_schema(SHOP))


def _cases(*, in_error: bool) -> list[Path]:
    cases = sorted(path.parent for path in CONFORMANCE.glob("*/*/expected.json"))
    return [case for case in cases if bool(_expected_errors(case)) is in_error]


def _expected_errors(case: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((case / "expected.json").read_text(encoding="utf-8")).get("errors", [])
    return found


def _manifests(folder: Path) -> list[Path]:
    return sorted(path for end in ("yaml", "json") for path in folder.rglob(f"*.{end}") if path.name != "expected.json")


# ---- the schemas themselves


@pytest.mark.parametrize(
    "schema",
    [CLOSED.schema, OPEN.schema, config_schema(), findings_schema()],
    ids=["manifest", "open", "config", "findings"],
)
def test_each_schema_is_one_of_the_draft_that_it_names(schema: Schema) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    "schema",
    [CLOSED.schema, OPEN.schema, schema_of_tests(SHOP), schema_of_tests()],
    ids=["of a policy", "of none", "of tests of a policy", "of tests of none"],
)
def test_each_reference_leads_somewhere(schema: Schema) -> None:
    named = {unquote(each) for each in re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema))}
    assert named <= set(schema["$defs"])


def test_each_key_and_each_attribute_has_words() -> None:
    assert tuple(CLOSED.schema["properties"]) == KEYS_OF_A_MANIFEST
    assert set(ATTRIBUTES) == set(BUILT_IN)
    for entity, name in SHOP.attributes:
        assert CLOSED.schema["$defs"][f"{entity}.{name}"]["description"]


def test_an_attribute_of_the_policy_says_its_type_and_its_default() -> None:
    told = {name: found.get("description") for name, found in CLOSED.schema["$defs"].items()}
    assert told["system.level"] == "An attribute that the policy adds. A tier."
    assert told["party.levels"] == "An attribute that the policy adds. A list of tiers."
    assert told["system.review"].endswith("`unlimited`. The default is `2 years`.")
    assert told["flow.purposes"] == "The purposes that it is for; each is judged. A list of purposes, not empty."


def test_terms_and_rules_are_offered_with_what_the_policy_says_of_them() -> None:
    terms = CLOSED.schema["$defs"]["terms.tier"]
    assert terms == {"enum": ["high", "low"], "enumDescriptions": ["", "few people"], "title": "tier"}
    offered = CLOSED.schema["$defs"]["waiver"]["properties"]["rule"]["anyOf"][0]
    assert offered == {"enum": ["no_selling"], "enumDescriptions": ["Nothing is sold"]}


def test_names_of_any_letters_and_terms_that_look_like_truth_values_fit() -> None:
    text = "vocabulary größe { true  klein }\nattribute größe on system: one of größe\nrule r { forbid flow }"
    schema = validator(manifest_schema(policy_of(text)))
    assert [wrong(schema, _system(größe=each)) for each in ("klein", "true", True)] == [[], [], []]
    assert wrong(schema, _system(größe=False)) != []


def test_a_vocabulary_without_terms_takes_nothing() -> None:
    assert wrong(CLOSED, _flow(occasion="checkout")) != []
    assert wrong(CLOSED, _flow(occasion=None)) == []


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
        assert wrong(OPEN, data) == []


def test_the_tests_of_the_example_fit() -> None:
    policy, _ = engine.load_policy([IAPMO / "iapmo.privacy"])
    assert wrong(validator(schema_of_tests(policy)), as_editors_see(IAPMO / "iapmo.tests.yaml")) == []


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


# ---- what it refuses


def _flow(**attributes: Any) -> Schema:
    return {"manifest": 1, "flows": [{"id": "f", "from": "a", "to": "b", **attributes}]}


def _system(**attributes: Any) -> Schema:
    return {"manifest": 1, "systems": {"s": attributes}}


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
    "an unknown category": _flow(carries=["nme"]),
    "a category that is null": _flow(carries=[None]),
    "a lone category": _flow(carries="name"),
    "no categories": _flow(carries=[]),
    "no purposes": _flow(purposes=[]),
    "no origin": _flow(origin=[]),
    "an unknown purpose": _flow(purposes=["marketting"]),
    "an unknown exchange": _flow(exchange="sail"),
    "a term in capitals": _flow(exchange="SALE"),
    "two terms where one belongs": _flow(exchange=["sale"]),
    "an unknown key of a flow": _flow(porpuses=["orders"]),
    "an attribute of systems on a flow": _flow(stores=[]),
    "an attribute of the policy on another entity": _flow(risk=1),
    "a flag that is none": _flow(notice="perhaps"),
    "a flag that is a number": _flow(notice=1),
    "a lone text": _flow(labels="a"),
    "a text that is null": _flow(labels=[None]),
    "a text that is a map": _flow(owner={}),
    "a date with a time": _flow(checked="2026-01-01T00:00:00"),
    "a day of no calendar": _flow(checked="2026-02-30"),
    "an unknown country": {"manifest": 1, "parties": {"p": {"country": "XX"}}},
    "a country in mixed letters": {"manifest": 1, "parties": {"p": {"country": "De"}}},
    "no role": {"manifest": 1, "parties": {"p": {"role": []}}},
    "an unknown role": {"manifest": 1, "parties": {"p": {"role": ["us", "uss"]}}},
    "a parent that is a list": {"manifest": 1, "parties": {"p": {"parent": ["q"]}}},
    "an unknown term of the policy's own": {"manifest": 1, "parties": {"p": {"levels": ["middle"]}}},
    "a number as text": _system(risk="3"),
    "a duration without a unit": _system(retention=30),
    "a duration of an unknown unit": _system(retention="2 decades"),
    "a lone stored category": _system(stores="name"),
    "a stored item without data": _system(stores=[{"retention": "1 year"}]),
    "a stored item of an unknown category": _system(stores=[{"data": "nme"}]),
    "a stored item with what is its system's alone": _system(stores=[{"data": "name", "kind": "saas"}]),
    "a pair of three": _system(joins=[["name", "email", "card"]]),
    "a pair of one": _system(joins=[["name"]]),
    "a lone pair": _system(joins=["name", "card"]),
    "a transform without its end": _system(transforms=[{"from": "name"}]),
    "a transform into nothing": _system(transforms=[{"from": "name", "to": []}]),
    "a transform of several": _system(transforms=[{"from": ["name"], "to": "card"}]),
    "an unknown method": _system(transforms=[{"from": "name", "to": "card", "method": "magic"}]),
    "an unknown key of a transform": _system(transforms=[{"from": "name", "to": "card", "by": "hashing"}]),
    "a lone right": _system(supports="access"),
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
    assert wrong(OPEN, _flow(carries=["whatever"], added=["x"])) == []
    assert wrong(OPEN, _flow(carries="whatever")) != []
    assert wrong(OPEN, {"manifest": 1, "flow": []}) != []
    assert wrong(OPEN, _flow(added={"a": 1})) != []


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


# ---- the configuration and the findings


def test_the_configuration_of_the_example_fits_and_an_unknown_key_does_not() -> None:
    schema = validator(config_schema())
    assert wrong(schema, tomllib.loads((IAPMO / "privacy-rules.toml").read_text(encoding="utf-8"))) == []
    assert wrong(schema, {"fail-on": "undetermined", "manifests": ["services"]}) == []
    assert wrong(schema, {"fail_on": "undetermined"}) != []
    assert wrong(schema, {"fail-on": "everything"}) != []
