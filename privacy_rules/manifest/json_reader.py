"""Read JSON text into plain data. Places are found when they are asked for, by scanning the tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from privacy_rules.manifest.nodes import MAX_DEPTH, Content, Duplicate, Node, Numeral, UnreadableError
from privacy_rules.manifest.source_document import KeyedMarks, Marks

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]++')
_TO_BRACKET = re.compile(r'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+')
_OPENING, _CLOSING, _BETWEEN = ("{", "["), ("}", "]"), (",", ":")
_BRACKETS = (*_OPENING, *_CLOSING)
_CONSTANT = re.compile(r"-?(?:NaN|Infinity)\Z")
_SPACE = re.compile(r"[ \t\n\r]*+")


class JsonPlaces:
    """Finds the children of a map or list by scanning its text, once for each that is asked for.

    In the worst case this takes the text's length times the depth, and a manifest is only a few levels deep.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, Marks | None] = {}
        self.root = _SPACE.match(text).end()  # type: ignore[union-attr]

    def children(self, at: int) -> Marks | None:
        if at not in self._known:
            self._known[at] = self._scanned(at)
        return self._known[at]

    def _scanned(self, at: int) -> Marks | None:
        opening = self._text[at : at + 1]
        return self._of_map(at) if opening == "{" else list(self._own_tokens(at)) if opening == "[" else None

    def _of_map(self, at: int) -> KeyedMarks:
        tokens = self._own_tokens(at)
        marks: KeyedMarks = {}
        for key_at, key_end in tokens:
            value_at, value_end = next(tokens)
            marks.setdefault(_string(self._text[key_at:key_end]), (key_at, key_end, value_at, value_end))
        return marks

    def _own_tokens(self, at: int) -> Iterator[tuple[int, int]]:
        """Start and end of each scalar (0 as the end of a map or list) directly inside the map or list at `at`."""
        token = _TOKEN.search(self._text, at + 1)
        while token is not None and token[0] not in _CLOSING:
            after = token.end()
            if token[0] in _OPENING:
                yield token.start(), 0
                after = self._end_of(token.start())
            elif token[0] not in _BETWEEN:
                yield token.span()
            token = _TOKEN.search(self._text, after)

    def _end_of(self, at: int) -> int:
        """The end of the map or list that starts at `at`."""
        depth = 0
        while True:
            depth += 1 if self._text[at] in _OPENING else -1
            if depth == 0:
                return at + 1
            at = _TO_BRACKET.match(self._text, at + 1).end()  # type: ignore[union-attr]


def read_json(text: str) -> tuple[Content, JsonPlaces]:
    """The value of a JSON text. Raises UnreadableError."""
    duplicated = False

    def as_map(pairs: list[tuple[str, Node]]) -> dict[str, Node]:
        nonlocal duplicated
        made = dict(pairs)
        duplicated = duplicated or len(made) != len(pairs)
        return made

    try:
        data = json.loads(
            text, object_pairs_hook=as_map, parse_float=Numeral, parse_int=Numeral, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        from privacy_rules.manifest.json_errors import explained

        raise explained(text, error.pos) from None
    except _ConstantError:
        raise _constant_in(text) from None
    except RecursionError:
        raise _too_deep(text) from None
    if _is_too_deep(data):
        raise _too_deep(text)
    return Content(data, tuple(_duplicates(text)) if duplicated else ()), JsonPlaces(text)


class _ConstantError(Exception):
    """NaN or an infinity."""


def _refuse_constant(_: str) -> Node:
    raise _ConstantError


def _constant_in(text: str) -> UnreadableError:
    found = next(token for token in _TOKEN.finditer(text) if _CONSTANT.match(token[0]))
    return UnreadableError(f"this is not valid JSON: `{found[0]}` is not a number", found.start())


def _is_too_deep(data: Node) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent if type(parent) is list else ())
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _too_deep(text: str) -> UnreadableError:
    """The error for a text that nests too deep, at the first bracket that does."""
    brackets = (found.start() for found in _TOKEN.finditer(text) if found[0] in _BRACKETS)
    at, depth = 0, 0
    while depth <= MAX_DEPTH:
        at = next(brackets)
        depth += 1 if text[at] in _OPENING else -1
    return UnreadableError(f"the data nests deeper than {MAX_DEPTH} levels", at)


def _duplicates(text: str) -> Iterator[Duplicate]:
    """The keys that are given twice in one map of a valid JSON text."""
    stack: list[dict[str, int] | None] = []  # keys of the open maps; None for an open list
    key_next = False
    for found in _TOKEN.finditer(text):
        character = text[found.start()]
        if character in "{[":
            stack.append({} if character == "{" else None)
        elif character in "}]":
            stack.pop()
        elif character == '"' and key_next:
            keys: dict[str, int] = stack[-1]  # type: ignore[assignment]
            key = _string(found[0])
            if key in keys:
                yield Duplicate(key, found.start(), keys[key])
            keys.setdefault(key, found.start())
        key_next = character in "{," and stack[-1] is not None


def _string(token: str) -> str:
    return token[1:-1] if "\\" not in token else str(json.loads(token))
