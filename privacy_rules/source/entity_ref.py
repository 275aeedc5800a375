"""KIND:ID as people write it: the id as it stands, or as a JSON string, whatever is in it.

aimed('system:ads box') == aimed('system:"ads box"') == ("system", "ads box")
"""

from __future__ import annotations

import json

from privacy_rules.source.invisible_characters import visible_json


def aimed(text: str) -> tuple[str, str]:
    """The kind and the id; without a colon there is no id."""
    kind, _, name = text.partition(":")
    return kind, unquoted(name)


def unquoted(name: str) -> str:
    """The text of a JSON string; any other text is itself."""
    if len(name) > 1 and name[0] == name[-1] == '"':
        try:
            return str(json.loads(name))
        except ValueError:
            return name
    return name


def quoted(name: str) -> str:
    """A text as a JSON string."""
    return visible_json(json.dumps(name, ensure_ascii=False))
