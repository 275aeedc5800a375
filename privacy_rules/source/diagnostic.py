"""What a user did wrong, as data: a code, words, a place and a way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from privacy_rules.source.span import Span
from privacy_rules.source.words import lower_first


class Level(StrEnum):
    """Errors stop the run (exit code 2); warnings never do so by themselves."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake. `code` is stable (E1xx language, E2xx manifest, E3xx call, W3xx warnings).

    `message` is lower case, without a full stop, user input in backticks; `help` says the way out;
    `also` are further places (the first declaration of a duplicate); `excerpt` is the text of the
    line that `span` begins on, without its line end, where it is known.
    """

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    also: tuple[Span, ...] = ()
    excerpt: str | None = None
    level: Level = Level.ERROR


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics by place, then code, then words; those without a place come first."""

    def key(found: Diagnostic) -> tuple[str, int, int, str, str]:
        span = found.span or Span("", 0, 0)
        return span.file, span.line, span.column, found.code, found.message

    return tuple(sorted(dict.fromkeys(diagnostics), key=key))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them stops the run."""
    return any(found.level is Level.ERROR for found in diagnostics)


def lowered(error: Exception) -> str:
    """Why a file cannot be read or written, in the words of the system."""
    words = getattr(error, "strerror", None) or str(error)
    return lower_first(words)


class PrivacyRulesError(Exception):
    """The root of every error that the library raises on purpose."""


class InputError(PrivacyRulesError):
    """The input or the call is wrong; `diagnostics` says where and why. Warnings beside the errors are left out."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(each for each in diagnostics if each.level is Level.ERROR)
        super().__init__("\n".join(_line(found) for found in self.diagnostics))


def _line(found: Diagnostic) -> str:
    where = f"{found.span}: " if found.span else ""
    return f"{where}{found.level.value}[{found.code}]: {found.message}"
