"""Build JSON Schemas (draft 2020-12) from small pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NULL: Schema = {"type": "null"}


def whole(title: str, description: str, body: Mapping[str, Any]) -> Schema:
    """A complete schema, with a title and a description."""
    head = {"$schema": DRAFT, "title": title, "description": description}
    return head | {key: value for key, value in body.items() if key not in head}


def ref(name: str) -> Schema:
    """A reference to the entry of `$defs` with that name, which may have any characters."""
    return {"$ref": f"#/$defs/{quote(name)}"}


def either(*schemas: Schema) -> Schema:
    """A schema that accepts what any of these accept."""
    return {"anyOf": list(schemas)}


def list_of(item: Schema, least: int = 0) -> Schema:
    """A list of at least `least` items."""
    return {"type": "array", "items": item} | ({"minItems": least} if least else {})


def map_of(properties: Mapping[str, Schema], required: Sequence[str] = (), *, more: Schema | bool = False) -> Schema:
    """A map with these keys. `more` is the schema of other keys, or whether they are allowed."""
    made: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": more}
    return made | ({"required": list(required)} if required else {})
