"""The JSON Schema of a map for files from other tools, with the terms of the policy in use."""

from __future__ import annotations

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.importing.term_map import ATTRIBUTES, COLUMNS, NAMES, PARTIES, SECTIONS
from privacy_rules.schemas.attribute_values import terms
from privacy_rules.schemas.json_schema import NULL, Schema, either, list_of, map_of, ref, whole
from privacy_rules.schemas.manifest import manifest_schema
from privacy_rules.vocabulary.taxonomy import noun_of

_WORDS = {
    "data": "Their categories of data, and what each means",
    "classifications": "Their classifications, such as `PII`, and the data that each stands for",
    "tags": "Their tags and labels of fields, and the data that each stands for",
    "purposes": "Their purposes or uses, and what each means",
    "countries": "Their countries or regions",
    "kinds": "Their types of systems",
    "roles": "Their roles of parties",
    "methods": "Their methods of transforming data",
    "safeguards": "Their controls and measures",
    "legal_bases": "Their legal bases",
    "owners": "The names of those who own or run systems, each with the id of a party",
    "services": "The names of observed services, each with the id of a system (for `drift`)",
    "systems": "Attributes of their systems, by id",
    "zones": "Attributes of all systems in a zone or trust boundary",
    COLUMNS: "The columns of tables, each with the attribute that it holds",
    PARTIES: "The parties, as a manifest declares them",
}
"""Each section of a map, in words."""


def map_schema(policy: Policy | None = None) -> Schema:
    """The schema of a map that is used with the policy; None: the policy is not known yet."""
    manifest = manifest_schema(policy)
    found: dict[str, Schema] = {"map": {"description": "The version of the format.", "const": 1}}
    for section, vocabulary in SECTIONS.items():
        term = terms(vocabulary)
        several = f"a list of {noun_of(vocabulary).many}"
        found[section] = _section(section, either(term, {"title": several, **list_of(term)}, NULL))
    for section in (*NAMES, COLUMNS):
        found[section] = _section(section, either(ref("id"), NULL))
    for section in ATTRIBUTES:
        found[section] = _section(section, either(ref("system"), NULL))
    found[PARTIES] = {"description": f"{_WORDS[PARTIES]}.", **manifest["properties"]["parties"]}
    body = {**map_of(found, ["map"]), "$defs": manifest["$defs"]}
    return whole(
        "Map for files from other tools", "What the words of files from other tools mean to a privacy policy.", body
    )


def _section(name: str, value: Schema) -> Schema:
    listed: Schema = {"type": "object", "additionalProperties": value}
    return {"description": f"{_WORDS[name]}.", **either(listed, NULL)}
