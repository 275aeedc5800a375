"""Locate the cursor in an unfinished manifest by parsing it with a marker in place of the word.

The text is parsed with a mark at the cursor. If that fails, it is parsed with the mark as a key, and then without the
text after the cursor and with all brackets closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, UnreadableError
from privacy_rules.manifest.yaml_reader import read_yaml
from privacy_rules.source.fast_dataclasses import dataclass

_MARK = "cursor__here__cursor"
_BEGUN = re.compile(r"[\w.-]*\Z")
_REST = re.compile(r"[\w.-]*")
_QUIET = re.compile(r"""^(?:[^#'"\n]|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?<=\S)\#)*?(?:(?<=\s)|^)\#""")
_BRACKETS = {"{": "}", "[": "]"}
_LIMIT = 2**22


@dataclass(frozen=True, slots=True)
class ManifestCursor:
    """The word at a cursor: `path` leads to it, as a `key` (without its own last step) or a value.

    `beside` has the other keys of its map. The word is from offset `start` up to `end`; `bare`: not in quotes. `text`
    is the text that was parsed, with the mark.
    """

    path: PathKey
    key: bool
    beside: frozenset[str]
    start: int
    end: int
    bare: bool
    text: str


def manifest_cursor(text: str, offset: int) -> ManifestCursor | None:
    """Return the cursor at an offset of a manifest (line ends folded); None in a comment or in text without structure."""
    begun, rest = _BEGUN.search(text, 0, offset), _REST.match(text, offset)
    start, end = begun.start() if begun else offset, rest.end() if rest else offset
    if _QUIET.match(text[text.rfind("\n", 0, start) + 1 : start]):
        return None
    bare = text[start - 1 : start] not in ("'", '"')
    for tried in _attempts(text, start, end):
        try:
            content, _ = read_yaml(tried, _LIMIT)
        except UnreadableError:
            continue
        found = _find(content.data, ())
        if found:
            path, key, beside = found
            return ManifestCursor(path, key, beside, start, end, bare, tried)
    return None


def _attempts(text: str, start: int, end: int) -> Iterator[str]:
    before, after = text[:start], text[end:]
    yield before + _MARK + after
    yield before + _MARK + ": null" + after
    yield before + _MARK + ": null," + after
    yield before + _MARK + "," + after
    quote = '"' if before.endswith('"') else "'" if before.endswith("'") else ""
    closing = quote + _closing(before)
    yield before + _MARK + closing
    yield before + _MARK + quote + ": null" + _closing(before)


def _closing(before: str) -> str:
    """Return the brackets that close the open ones at the end of a text."""
    opened: list[str] = []
    for found in re.finditer(r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[{}\[\]]""", before):
        if found[0] in _BRACKETS:
            opened.append(_BRACKETS[found[0]])
        elif opened and found[0] == opened[-1]:
            opened.pop()
    return "".join(reversed(opened))


def _find(node: Node, path: PathKey) -> tuple[PathKey, bool, frozenset[str]] | None:
    waiting: list[tuple[Node, PathKey]] = [(node, path)]
    while waiting:
        current, at = waiting.pop()
        if isinstance(current, dict):
            if _MARK in current:
                return at, True, frozenset(current) - {_MARK}
            waiting += [(each, (*at, str(name))) for name, each in current.items()]
        elif isinstance(current, list):
            waiting += [(each, (*at, index)) for index, each in enumerate(current)]
        elif isinstance(current, str) and current == _MARK:
            return at, False, frozenset()
    return None
