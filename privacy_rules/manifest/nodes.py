"""What a manifest's text is read into before any attribute is known: plain data, scalars as written.

A map is a `dict` with `str` keys, a list a `list`, null None. YAML's plain scalars are `Plain`, its quoted ones
and JSON's strings `str`; JSON's numbers are `Numeral`, its true and false `bool`. `Unfit` is what data that
came from Python has beside these; it fits no place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from privacy_rules.source import invisible_characters

Node = Any
"""One of the above: the readers ask each time, as what stands there is the user's choice."""

_SHOWN = 80
_BLANK = re.compile(r"[^\S ]")


class Plain(str):
    """A YAML scalar without quotes; its place decides whether it is text, a number, a flag or a date."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Numeral:
    """A JSON number (or one of Python's), as written."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Unfit:
    """A Python value that no manifest could hold, in words."""

    words: str


def is_text(node: Node) -> bool:
    """Whether the node is text: a YAML scalar or a string."""
    return type(node) is str or type(node) is Plain


def visible(text: str, limit: int = _SHOWN) -> str:
    """User input made fit for one line of a message: cropped, with what cannot be seen, and blanks of other kinds, escaped."""
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
    """What stands in a place, in words: `a list`, `the number `3``, `` `x` ``."""
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
