"""The pieces that a JSON Schema (draft 2020-12) is put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NULL: Schema = {"type": "null"}


def whole(title: str, description: str, body: Mapping[str, Any]) -> Schema:
    """A schema that stands by itself."""
    head = {"$schema": DRAFT, "title": title, "description": description}
    return head | {key: value for key, value in body.items() if key not in head}


def ref(name: str) -> Schema:
    """What `$defs` has under a name, of whatever letters."""
    return {"$ref": f"#/$defs/{quote(name)}"}


def either(*schemas: Schema) -> Schema:
    """One of several."""
    return {"anyOf": list(schemas)}


def list_of(item: Schema, least: int = 0) -> Schema:
    """A list of so many items or more."""
    return {"type": "array", "items": item} | ({"minItems": least} if least else {})


def map_of(properties: Mapping[str, Schema], required: Sequence[str] = (), *, more: Schema | bool = False) -> Schema:
    """A map that has these keys and, where `more` says so, others."""
    made: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": more}
    return made | ({"required": list(required)} if required else {})
