"""Read `KIND:ID` as people write it, with the id plain or as a JSON string.

kind_and_id('system:ads box') == kind_and_id('system:"ads box"') == ("system", "ads box")
"""

from __future__ import annotations

import json

from privacy_rules.source.invisible_characters import visible_json


def kind_and_id(text: str) -> tuple[str, str]:
    """Return the kind and the id; without a colon the id is empty."""
    kind, _, name = text.partition(":")
    return kind, unquoted(name)


def unquoted(name: str) -> str:
    """Return the text of a JSON string; other text is returned as it is."""
    if len(name) > 1 and name[0] == name[-1] == '"':
        try:
            return str(json.loads(name))
        except ValueError:
            return name
    return name


def quoted(name: str) -> str:
    """Return a text as a JSON string."""
    return visible_json(json.dumps(name, ensure_ascii=False))
