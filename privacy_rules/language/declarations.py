"""What a resolved policy declares besides its rules: its header, clauses without rules, defines, and the ids that it names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the prose that no rule checks, with the reason."""

    cited: str
    kind: Literal["definition", "scope", "prose", "gate"]
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Header:
    """A `policy NAME { … }` block; `fields` has those of title, text, version, owner, effective and language that are given."""

    name: str
    fields: Mapping[str, str]
    span: Span
    prose_span: Span | None = None

    @property
    def prose(self) -> Path | None:
        """The file with the prose that the policy encodes: `text`, relative to the header's own file."""
        return Path(self.span.file).parent / self.fields["text"] if "text" in self.fields else None


@dataclass(frozen=True, slots=True)
class Define:
    """A `define` as declared; its resolved bodies are in the conditions that use it."""

    name: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule of a used file that the policy leaves out, with the reason and the place that says so."""

    rule: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity's id that a selector names. If the manifest lacks it, that is a warning."""

    entity: Entity
    id: str
    span: Span
