"""Write data as JSON or YAML in which no character is invisible: an id may hold one that changes the text direction."""

from __future__ import annotations

import json
from typing import Any

import yaml

from privacy_rules.source.invisible_characters import visible_json


def as_json(data: Any, indent: int | None = 2) -> str:
    """JSON text with a line end."""
    return visible_json(json.dumps(data, indent=indent, ensure_ascii=False)) + "\n"


def as_yaml(data: Any) -> str:
    """YAML text. If one of its characters is invisible, all that are not ASCII are escaped."""
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return text if visible_json(text) == text else yaml.safe_dump(data, sort_keys=False)
