"""JSON text → its parts. The text is known to be a manifest that could be read."""

from __future__ import annotations

import json
import re
from typing import Any

from privacy_rules.manifest.edit.cst import Entry, Kind, Part, Tree
from privacy_rules.manifest.nodes import Numeral

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]|[^\s{}\[\]:,"]++')
_WORDS = {"true": True, "false": False, "null": None}


def json_tree(text: str) -> Tree:
    """The parts of a JSON text."""
    opened: list[Part] = []
    keys: list[tuple[int, int] | None] = []
    root: Part | None = None
    for found in _TOKEN.finditer(text):
        token, (start, end) = found[0], found.span()
        if token in ("{", "["):
            opened.append(Part(Kind.MAP if text[start] == "{" else Kind.LIST, start, end))
            keys.append(None)
            continue
        if token in ("}", "]"):
            part = opened.pop()
            keys.pop()
            part.end = end
        elif opened and opened[-1].kind is Kind.MAP and keys[-1] is None:
            keys[-1] = start, end
            continue
        else:
            part = Part(Kind.SCALAR, start, end, node=_node(token))
        if not opened:
            root = part
            continue
        key, keys[-1] = keys[-1], None
        opened[-1].entries.append(_entry(text, key, part))
    assert root is not None
    return Tree(text, root, json=True)


def _entry(text: str, key: tuple[int, int] | None, part: Part) -> Entry:
    if key is None:
        return Entry(part.start, part)
    return Entry(key[0], part, _string(text[key[0] : key[1]]), key[1])


def _node(token: str) -> Any:
    if token.startswith('"'):
        return _string(token)
    return _WORDS[token] if token in _WORDS else Numeral(token)


def _string(token: str) -> str:
    """What a string says; few have escapes."""
    return str(json.loads(token)) if "\\" in token else token[1:-1]
