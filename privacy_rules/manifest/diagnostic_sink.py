"""Collects what is wrong with one document: path → place, excerpt and, for a typo, the nearest known name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from privacy_rules.manifest.model import Located, PathKey
from privacy_rules.manifest.nodes import Node, describe, visible
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

_LISTED = 12
MAX_COMPLAINTS = 100_000
"""How many mistakes of one file are told: aliases could make millions of a few."""


def listing(what: str, known: Collection[str]) -> str | None:
    """`what: `a`, `b``, where the known names are few enough to be said."""
    if not known:
        return f"the policy declares no {what}"
    names = ", ".join(f"`{name}`" for name in sorted(known))
    return f"known are {names}" if len(known) <= _LISTED else None


class NoDocument:
    """Data that came from no file: nothing in it has a place."""

    name = ""

    def place(self, path: PathKey, key: bool = False) -> Span | None:  # noqa: ARG002 - there is none
        return None


class TooManyError(Exception):
    """A document has more mistakes than are told."""


class Complaints:
    """The diagnostics of one document. Where it has no places, messages begin with the path."""

    def __init__(self, document: Document | NoDocument, suggestions: Suggestions) -> None:
        self.document: Document | NoDocument = document
        self.suggestions = suggestions
        self.found: list[Diagnostic] = []

    def add(
        self,
        code: str,
        message: str,
        path: PathKey,
        *,
        key: bool = False,
        help: str | None = None,  # noqa: A002 - the diagnostic's own word
        also: tuple[Span, ...] = (),
    ) -> None:
        """Notes a mistake at the value (with `key`, at the key) of a path. Raises TooManyError after the last."""
        if len(self.found) >= MAX_COMPLAINTS:
            raise TooManyError
        span = self.document.place(path, key)
        if span is None:
            message = f"{path_text(path)}: {message}" if path else message
        excerpt = self.document.excerpt(span) if span and isinstance(self.document, Document) else None
        self.found.append(Diagnostic(code, message, span, help, also, excerpt))

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Work that ends with the last mistake that is told."""
        try:
            yield
        except TooManyError:
            last = self.found[-1]
            told = f"this file has more than {MAX_COMPLAINTS} errors; the rest are not told"
            self.found.append(Diagnostic(codes.UNREADABLE_DATA, told, last.span, excerpt=last.excerpt))

    def misfit(self, expected: str, node: Node, path: PathKey, help: str | None = None) -> None:  # noqa: A002
        """Notes a value that does not fit its place (E208)."""
        self.add(codes.UNFIT_VALUE, f"expected {expected}, found {describe(node)}", path, help=help)


def places_of(document: Located, path: PathKey, key: bool = False) -> tuple[Span, ...]:
    """The place as `also` takes it: none where the document has none."""
    span = document.place(path, key)
    return (span,) if span else ()


def path_text(path: PathKey) -> str:
    """A path as a reader would write it: `` `flows[3].carries` ``."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{visible(steps.lstrip('.'), 200)}`"
