"""Collect the diagnostics of one document, each with its place and excerpt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from privacy_rules.manifest.model import Located, PathKey
from privacy_rules.manifest.nodes import Node, describe, visible
from privacy_rules.manifest.shape_hints import after_a_hash, one_value
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

MAX_DIAGNOSTICS = 100_000
"""The most diagnostics that one file can have: aliases can multiply a few errors into millions."""


class NoDocument:
    """Data that came from Python, in which nothing has a place."""

    name = ""

    def place(self, path: PathKey, key: bool = False) -> Span | None:  # noqa: ARG002 - there is none
        return None


class TooManyError(Exception):
    """A document has more errors than are reported."""


class DiagnosticSink:
    """The diagnostics of one document. If it has no places, messages begin with the path."""

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
        """Report an error at the value (with `key`, at the key) of a path. Raises TooManyError beyond `MAX_DIAGNOSTICS`."""
        if len(self.found) >= MAX_DIAGNOSTICS:
            raise TooManyError
        span = self.document.place(path, key)
        if span is None:
            message = f"{path_text(path)}: {message}" if path else message
        excerpt = self.document.excerpt(span) if span and isinstance(self.document, Document) else None
        if help is None and span and excerpt and not key:
            help = after_a_hash(excerpt[span.column - 1 :])  # noqa: A001
        self.found.append(Diagnostic(code, message, span, help, also, excerpt))

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """A context that ends work after `MAX_DIAGNOSTICS`."""
        try:
            yield
        except TooManyError:
            last = self.found[-1]
            message = f"this file has more than {MAX_DIAGNOSTICS} errors; the rest are not shown"
            self.found.append(Diagnostic(codes.UNREADABLE_DATA, message, last.span, excerpt=last.excerpt))

    def misfit(self, expected: str, node: Node, path: PathKey, help: str | None = None) -> None:  # noqa: A002
        """Report a value that does not fit its key (E208)."""
        if not expected.startswith(("a list", "a map")):
            help = one_value(node, path) or help  # noqa: A001
        self.add(codes.UNFIT_VALUE, f"expected {expected}, found {describe(node)}", path, help=help)


def places_of(document: Located, path: PathKey, key: bool = False) -> tuple[Span, ...]:
    """The place of a value as `also` takes it: empty if the document has no places."""
    span = document.place(path, key)
    return (span,) if span else ()


def path_text(path: PathKey) -> str:
    """A path for a message: `` `flows[3].carries` ``."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{visible(steps.lstrip('.'), 200)}`"
