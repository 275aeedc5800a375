"""Render values as text in the style of a file: YAML in lines or in brackets, or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from privacy_rules.manifest.write import Data
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible, visible_json
from privacy_rules.vocabulary.values import Duration

_BARE = re.compile(r"[^\W\d][\w./+-]*( [\w./+-]+)*\Z")
_NOT_BARE = frozenset({"null", "true", "false", "yes", "no"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}

Spread = Callable[[str, Data], bool]
"""Whether the value under a key (with `[]`: an item of the list there) gets lines of its own."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written: the spaces of one level, and those before the dashes of a list; the words for flags."""

    json: bool = False
    step: int = 2
    dashes: int = 2
    flags: tuple[str, str] = ("no", "yes")
    colon: str = ": "
    comma: str = ", "

    def leaf(self, value: Data) -> str:
        """A scalar."""
        match value:
            case None:
                return "null"
            case bool():
                return self.flags[value]
            case Decimal():
                return format(value, "f")
            case date() | Duration():
                return f'"{value}"' if self.json else str(value)
            case _:
                return visible_json(json.dumps(value, ensure_ascii=False)) if self.json else _text(str(value))

    def quoted(self, value: str) -> str:
        """Text in double quotes."""
        return _quoted(value)

    def key(self, name: str) -> str:
        """A key."""
        return self.leaf(name)

    def inline(self, value: Data) -> str:
        """A value on one line."""
        match value:
            case Mapping():
                return (
                    "{"
                    + self.comma.join(f"{self.key(key)}{self.colon}{self.inline(each)}" for key, each in value.items())
                    + "}"
                )
            case list():
                return f"[{self.comma.join(map(self.inline, value))}]"
            case _:
                return self.leaf(value)

    def bracketed(self, name: str, value: Data, indent: str, spread: Spread) -> list[str]:
        """A value in brackets, as lines. All but the first are indented."""
        if not isinstance(value, Mapping | list) or not value or not spread(name, value):
            return [self.inline(value)]
        inner = indent + " " * self.step
        items: list[tuple[str, str, Data]] = (
            [(f"{self.key(key)}{self.colon}", str(key), each) for key, each in value.items()]
            if isinstance(value, Mapping)
            else [("", f"{name}[]", each) for each in value]
        )
        lines: list[str] = []
        for head, key, each in items:
            own = self.bracketed(key, each, inner, spread)
            lines += [inner + head + own[0], *own[1:]]
            lines[-1] += ","
        lines[-1] = lines[-1].removesuffix(",")
        opening, closing = "{}" if isinstance(value, Mapping) else "[]"
        return [opening, *lines, indent + closing]

    def keyed(self, key: str, value: Data, indent: str, spread: Spread) -> list[str]:
        """The lines of a key and its value in a block map."""
        head = f"{indent}{self.key(key)}:"
        if isinstance(value, Mapping | list) and value and spread(key, value):
            return [head, *self.below(key, value, indent, spread)]
        return [f"{head} {self.inline(value)}"]

    def below(self, key: str, value: Data, indent: str, spread: Spread) -> list[str]:
        """The lines of a block below its key."""
        if isinstance(value, list):
            inner = indent + " " * self.dashes
            return [line for each in value for line in self.dashed(f"{key}[]", each, inner, spread)]
        inner = indent + " " * self.step
        return [line for name, each in value.items() for line in self.keyed(name, each, inner, spread)]

    def dashed(self, name: str, value: Data, indent: str, spread: Spread) -> list[str]:
        """The lines of an item of a block list."""
        if not isinstance(value, Mapping) or not value or not spread(name, value):
            return [f"{indent}- {self.inline(value)}"]
        lines = [line for key, each in value.items() for line in self.keyed(key, each, f"{indent}  ", spread)]
        return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def _text(value: str) -> str:
    """Text without quotes if YAML reads it as it is, else in double quotes."""
    if _BARE.match(value) and value.lower() not in _NOT_BARE and visible(value) == value:
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    return '"' + "".join(map(_character, value)) + '"'


def _character(each: str) -> str:
    if each in _ESCAPES:
        return _ESCAPES[each]
    code: Any = ord(each)
    if each == " " or (each.isprintable() and visible(each) == each):
        return each
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
