"""An error or warning about the user's input or call, as data: a code, a message, a place, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.words import lower_first

_Result = TypeVar("_Result")


class Level(StrEnum):
    """Errors stop the run (exit code 2); warnings never do so by themselves."""

    ERROR = "error"
    WARNING = "warning"


class Help(str):
    """What to do about a diagnostic, in words and as edits for an editor.

    `replacements` are alternative texts for the diagnostic's place. `line` is a line to add at the top of
    the file, after its `policy` block.
    """

    __slots__ = ("line", "replacements")

    replacements: tuple[str, ...]
    line: str | None

    def __new__(cls, words: str, *replacements: str, line: str | None = None) -> Help:
        made = super().__new__(cls, words)
        made.replacements, made.line = replacements, line
        return made


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning.

    `code` is stable (see `privacy_rules.source.codes`). `message` is lower case, without a full stop, with user input in
    backticks. `help` says what to do; it is a `Help` if an editor can do it. `also` are further places, such as the first
    declaration of a duplicate. `excerpt` is the line that `span` begins on, without its line end, if it is known.
    """

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    also: tuple[Span, ...] = ()
    excerpt: str | None = None
    level: Level = Level.ERROR


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics by place, code and message, each once; those without a place come first."""

    def key(found: Diagnostic) -> tuple[str, int, int, str, str]:
        span = found.span or Span("", 0, 0)
        return span.file, span.line, span.column, found.code, found.message

    return tuple(sorted(dict.fromkeys(diagnostics), key=key))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them stops the run."""
    return any(found.level is Level.ERROR for found in diagnostics)


def lowered(error: Exception) -> str:
    """Return why a file cannot be read or written, in the system's words and our style."""
    words = getattr(error, "strerror", None) or str(error)
    return lower_first(words)


class PrivacyRulesError(Exception):
    """The base of every error that the library raises on purpose."""


class InputError(PrivacyRulesError):
    """The input or the call is wrong; `diagnostics` are its errors, without the warnings."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(each for each in diagnostics if each.level is Level.ERROR)
        super().__init__("\n".join(_line(found) for found in self.diagnostics))


def required(result: _Result | None, diagnostics: Iterable[Diagnostic]) -> _Result:
    """Return the result of a step. Raises InputError if there is none."""
    if result is None:
        raise InputError(diagnostics)
    return result


def refuse(wrong: Sequence[Diagnostic]) -> None:
    """Raise InputError if there are errors."""
    if wrong:
        raise InputError(wrong)


def _line(found: Diagnostic) -> str:
    where = f"{found.span}: " if found.span else ""
    return f"{where}{found.level.value}[{found.code}]: {found.message}"
