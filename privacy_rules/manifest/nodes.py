"""Plain data: a manifest's text is read into this form, with scalars as written, before any attribute is known.

A map is a `dict` with `str` keys, a list is a `list`, and null is None. YAML's plain scalars are `Plain`; its quoted ones
and JSON's strings are `str`. JSON's numbers are `Numeral`, its true and false `bool`. `Unfit` only occurs in data that
came from Python; it is never valid.
"""

from __future__ import annotations

import re
from typing import Any

from privacy_rules.source import codes, invisible_characters
from privacy_rules.source.fast_dataclasses import dataclass

MAX_DEPTH = 100
"""How deep maps and lists may nest."""

Node = Any
"""One of these. Its type is the user's choice, so readers check it each time."""

_SHOWN = 80
_BLANK = re.compile(r"[^\S ]")


class Plain(str):
    """A YAML scalar without quotes; its key decides whether it is text, a number, a flag or a date."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Numeral:
    """A number of JSON or Python, as written."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Unfit:
    """A Python value that no manifest can hold, in words."""

    words: str


class UnreadableError(Exception):
    """The text cannot be read; `at` is the offset of the error."""

    def __init__(self, message: str, at: int, help: str | None = None, code: str = codes.UNREADABLE_DATA) -> None:  # noqa: A002
        super().__init__(message)
        self.message, self.at, self.help, self.code = message, at, help, code


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that is given twice in one map, with the offsets of both."""

    key: str
    at: int
    first: int


@dataclass(frozen=True, slots=True)
class Content:
    """The data that a reader made from a text. `shared`: some values occur in several places (YAML's aliases)."""

    data: Node
    duplicates: tuple[Duplicate, ...] = ()
    shared: bool = False


def is_text(node: Node) -> bool:
    """Whether the node is text: a YAML scalar or a string."""
    return type(node) is str or type(node) is Plain


def visible(text: str, limit: int = _SHOWN) -> str:
    """User input for one line of a message: cropped, with invisible characters and unusual blanks escaped."""
    cropped = text if len(text) <= limit else text[:limit] + "…"
    shown = _BLANK.sub(lambda found: invisible_characters.escape(found[0]), invisible_characters.visible(cropped))
    return shown.replace("`", "'")


def quoted(text: str) -> str:
    """User input in backticks."""
    return f"`{visible(text)}`"


def _first_line(text: str) -> str:
    first, end, _ = text.strip("\n").partition("\n")
    return f"{first} …" if end else text


def describe(node: Node) -> str:
    """A node in words: `a list`, `the number `3``, `` `x` ``."""
    match node:
        case None:
            return "null"
        case bool():
            return f"`{str(node).lower()}`"
        case Plain():
            return quoted(_first_line(node))
        case str():
            return f"the string {quoted(_first_line(node))}"
        case Numeral():
            return f"the number {quoted(node.text)}"
        case list():
            return "a list"
        case dict():
            return "a map"
        case _:
            return str(node.words)
