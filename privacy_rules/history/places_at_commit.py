"""Give the errors of a commit's files the places that they have at that commit: `main:estate.yaml:3:1`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span


def at_commit(name: str, label: str, found: Diagnostic) -> Diagnostic:
    """Return the diagnostic with its places at the commit `name`. `label` says in words which commit that is."""
    if found.span is None or not label.endswith(f"`{name}`"):
        found = replace(found, message=f"at {label}: {found.message}")
    if found.span is None:
        return found
    return replace(found, span=_span_at(name, found.span), also=tuple(_places_at(name, found.also)))


def _places_at(name: str, spans: Iterable[Span]) -> Iterable[Span]:
    return (span for each in spans if (span := _span_at(name, each)) is not None)


def _span_at(name: str, span: Span | None) -> Span | None:
    return None if span is None else replace(span, file=f"{name}:{span.file}")
