"""Validators of the schemas, a policy for them, and the conformance cases."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from privacy_rules.schemas.json_schema import Schema
from privacy_rules.schemas.manifest import manifest_schema
from tests.builders import policy_of

ROOT = Path(__file__).parents[2]
IAPMO = ROOT / "examples" / "iapmo"
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


OPEN = validator(manifest_schema())


def wrong(found: Draft202012Validator, data: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in found.iter_errors(data)]


SHOP = policy_of(POLICY)
CLOSED = validator(manifest_schema(SHOP))


def flow(**attributes: Any) -> Schema:
    return {"manifest": 1, "flows": [{"id": "f", "from": "a", "to": "b", **attributes}]}


def system(**attributes: Any) -> Schema:
    return {"manifest": 1, "systems": {"s": attributes}}
