"""The syntax tree of a policy file: every node with its place, before any name is looked up.

Nodes have no methods for comparing and printing, because nothing needs them and creating them took a twentieth of a
cold start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal as OneOf

from privacy_rules.language.lost_names import Lost
from privacy_rules.language.source_text import SourceText
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Word:
    """A name or keyword as written; names may have dots."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Text:
    """A string; `text` is its content, without quotes and escapes."""

    text: str
    span: Span


Item = Word | Text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Literal:
    """A value: `text` as written (for a string, its content); a `list` has `items`.

    `today - 12 months` is `moved`: its text is `- 12 months`, and its one item the name.
    """

    kind: OneOf["date", "number", "quantity", "text", "name", "list", "moved"]
    text: str
    items: tuple[Literal, ...]
    span: Span


# ---- conditions


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Condition:
    """The root of all conditions. `height` counts the conditions nested in it, itself and parentheses included."""

    span: Span
    height: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TooDeep(Condition):
    """A condition that nests too deep, without its parts."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Conjunction(Condition):
    """`a and b`."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Disjunction(Condition):
    """`a or b`."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Negated(Condition):
    """`not a`."""

    part: Condition


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grouped(Condition):
    """`(a)`."""

    part: Condition


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Named(Condition):
    """A name by itself: a flag or a define."""

    name: Word


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IsDeclared(Condition):
    """`x is declared`."""

    name: Word


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HasTerms(Condition):
    """`x is T`, `x includes T`, `x includes all (T, U)`, `x includes only T`, `x within T`; `verb` is the words between."""

    name: Word
    verb: OneOf["is", "includes", "includes all", "includes only", "within"]
    terms: tuple[Item, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WithinCollected(Condition):
    """`purpose within collected purposes`."""

    name: Word


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compared(Condition):
    """`x <= 2 years`, `x <= y`, `x >= today - 12 months`."""

    name: Word
    operator: str
    value: Literal


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UnderContract(Condition):
    """`[end] under contract [(K)]`; `chain` is `[end] bound to us [by contracts (K)]`."""

    end: Word | None
    terms: Condition | None
    chain: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OwnedBy(Condition):
    """`[end] owned by S`."""

    end: Word | None
    owner: Selector


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Covers(Condition):
    """`covers data`, `covers purpose`."""

    judged: Word


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CollectedWith(Condition):
    """`collected with (C)`; `how` is `only` or `partly`, or None."""

    terms: Condition
    how: Word | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reached(Condition):
    """`[end] reached by D [from S] [avoiding S] [including derived [by M]]`; `avoided` is the word."""

    end: Word | None
    data: tuple[Item, ...]
    start: Selector | None
    avoided: Word | None
    avoiding: Selector | None
    derived: bool
    methods: tuple[Item, ...] | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Holds(Condition):
    """`[end] holds D [including derived [by M]]`."""

    end: Word | None
    data: tuple[Item, ...]
    derived: bool
    methods: tuple[Item, ...] | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Roles:
    """A selector of one role or a list of them."""

    items: tuple[Item, ...]
    span: Span
    height: int = 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entity:
    """The selectors `party "id"`, `system "id"` and `party ("id", "id")`."""

    entity: Word
    ids: tuple[Item, ...]
    span: Span
    height: int = 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Matching:
    """A selector by a condition in parentheses."""

    condition: Condition
    span: Span
    height: int


Selector = Roles | Entity | Matching


# ---- rules


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Limit:
    """`of`, `with` and `for` with terms; `from`, `to` and `at` with a selector."""

    word: Word
    terms: tuple[Item, ...]
    selector: Selector | None
    span: Span


LIMITS_OF_TERMS: Mapping[str, str] = {"of": "data", "with": "data", "into": "data", "for": "purpose"}
"""The limits that name terms, each with the vocabulary of these."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Subject:
    """What a rule applies to, with its limits."""

    kind: Word
    limits: tuple[Limit, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Alternative:
    """One `-` of an allow."""

    limits: tuple[Limit, ...]
    when: Condition | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Statement:
    """The statement of a rule; fields that its kind of statement does not have are None or empty.

    `despite`: names of rules, and texts of clauses whose rules are lifted.
    """

    word: Word
    subject: Subject
    when: Condition | None
    unless: tuple[Condition, ...]
    required: Condition | None
    alternatives: tuple[Alternative, ...]
    despite: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Meta:
    """A line about a rule: `title`, `cites`, `hint` (a text), `severity` (a word), `applies` (two dates)."""

    word: Word
    value: Item | None
    begins: Word | None
    ends: Word | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rule:
    """`rule NAME { … }`."""

    name: Word
    metas: tuple[Meta, ...]
    statement: Statement
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Define:
    """`define NAME as …`."""

    name: Word
    condition: Condition
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AttributeType:
    """`flag`, …, `one of V`, `set of V`, `set of text`; `vocabulary` is None for the plain ones."""

    form: str
    vocabulary: Word | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Attribute:
    """`attribute NAME on …: type`."""

    name: Word
    entities: tuple[Word, ...]
    type: AttributeType
    default: Literal | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Above:
    """A parent of a term: `in adequate`, `in adequate from 2016-07-12 until 2020-07-16`."""

    term: Word
    begins: Word | None
    ends: Word | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Term:
    """A term of a vocabulary, with the terms nested in it."""

    name: Word
    parents: tuple[Above, ...]
    description: Text | None
    children: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Vocabulary:
    """A block of terms."""

    name: Word
    terms: tuple[Term, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Adjustment:
    """`without a, b "why"`, which has a reason, or `severity note for a, b`, which has a severity."""

    rules: tuple[Word, ...]
    severity: Word | None
    reason: Text | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Use:
    """`use NAME`, `use "path"`, with what the file's rules are adjusted by."""

    target: Item
    adjustments: tuple[Adjustment, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Clause:
    """`clause "…" is prose "…"`."""

    cited: Text
    kind: Word
    reason: Text
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Policy:
    """`policy NAME { … }`; `fields` are pairs of a field's word and its text."""

    name: Word
    fields: tuple[tuple[Word, Text], ...]
    span: Span


Declaration = Rule | Define | Attribute | Vocabulary | Use | Clause | Policy


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class File:
    """A policy file; `lost` are the names that its syntax errors hide. `shipped`: it comes with the language."""

    source: SourceText
    declarations: tuple[Declaration, ...]
    lost: Lost
    shipped: bool = False
