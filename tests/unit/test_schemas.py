"""The schemas: each is one of its draft, and describes every key."""

from __future__ import annotations

import json
import re
import tomllib
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from privacy_rules import engine
from privacy_rules.manifest.header import KEYS as KEYS_OF_A_MANIFEST
from privacy_rules.schemas.documents import config_schema, findings_schema
from privacy_rules.schemas.json_schema import Schema
from privacy_rules.schemas.key_descriptions import ATTRIBUTES
from privacy_rules.schemas.manifest import manifest_schema
from privacy_rules.schemas.tests import schema_of_tests
from privacy_rules.vocabulary.attributes import BUILT_IN, METHOD, USED_FOR
from tests.builders import policy_of
from tests.unit.schema_validators import (
    CLOSED,
    IAPMO,
    OPEN,
    SHOP,
    as_editors_see,
    flow,
    system,
    validator,
    wrong,
)

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
    assert set(ATTRIBUTES) == set(BUILT_IN) | {(each.entity, each.name) for each in (METHOD, USED_FOR)}
    for entity, name in SHOP.attributes:
        assert CLOSED.schema["$defs"][f"{entity}.{name}"]["description"]


def test_an_attribute_of_the_policy_says_its_type_and_its_default() -> None:
    told = {name: found.get("description") for name, found in CLOSED.schema["$defs"].items()}
    assert told["system.level"] == "An attribute that the policy adds. A tier."
    assert told["party.levels"] == "An attribute that the policy adds. A list of tiers."
    assert told["system.review"].endswith("`unlimited`. The default is `2 years`.")
    assert told["flow.purposes"] == (
        "The purposes of the flow, or maps with `purpose` and attributes of that purpose only; each is judged. "
        "A list of purposes, not empty."
    )


def test_terms_and_rules_are_offered_with_what_the_policy_says_of_them() -> None:
    terms = CLOSED.schema["$defs"]["terms.tier"]
    assert terms == {"enum": ["high", "low"], "enumDescriptions": ["", "few people"], "title": "tier"}
    offered = CLOSED.schema["$defs"]["waiver"]["properties"]["rule"]["anyOf"][0]
    assert offered == {"enum": ["no_selling"], "enumDescriptions": ["Nothing is sold"]}


def test_names_of_any_letters_and_terms_that_look_like_truth_values_fit() -> None:
    text = "vocabulary größe { true  klein }\nattribute größe on system: one of größe\nrule r { forbid flow }"
    schema = validator(manifest_schema(policy_of(text)))
    assert [wrong(schema, system(größe=each)) for each in ("klein", "true", True)] == [[], [], []]
    assert wrong(schema, system(größe=False)) != []


def test_a_vocabulary_without_terms_takes_nothing() -> None:
    assert wrong(CLOSED, flow(occasion="checkout")) != []
    assert wrong(CLOSED, flow(occasion=None)) == []


def test_the_tests_of_the_example_fit() -> None:
    policy, _ = engine.load_policy([IAPMO / "iapmo.privacy"])
    assert wrong(validator(schema_of_tests(policy)), as_editors_see(IAPMO / "iapmo.tests.yaml")) == []


# ---- the configuration and the findings


def test_the_configuration_of_the_example_fits_and_an_unknown_key_does_not() -> None:
    schema = validator(config_schema())
    assert wrong(schema, tomllib.loads((IAPMO / "privacy-rules.toml").read_text(encoding="utf-8"))) == []
    assert wrong(schema, {"fail-on": "undetermined", "manifests": ["services"]}) == []
    assert wrong(schema, {"fail_on": "undetermined"}) != []
    assert wrong(schema, {"fail-on": "everything"}) != []
