"""What a text says, whatever it is written in, and why it may say nothing."""

from __future__ import annotations

from dataclasses import dataclass

from privacy_rules.manifest.nodes import Node
from privacy_rules.source import codes

MAX_DEPTH = 100
"""How deep maps and lists may nest."""


class UnreadableError(Exception):
    """The text is not what it should be; `at` is the offset of the place."""

    def __init__(self, message: str, at: int, help: str | None = None, code: str = codes.UNREADABLE_DATA) -> None:  # noqa: A002
        super().__init__(message)
        self.message, self.at, self.help, self.code = message, at, help, code


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key given twice in one map, with the offsets of both."""

    key: str
    at: int
    first: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a text says. `shared`: some of its values stand in several places (YAML's aliases)."""

    data: Node
    duplicates: tuple[Duplicate, ...] = ()
    shared: bool = False
