"""A resolved policy: every name looked up, every type checked, before any manifest is read.

A `define` is resolved once for each kind of place that it is used from, and then shared. So conditions are directed acyclic graphs:
walk them with `privacy_rules.language.conditions`, which visits each object once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Literal

from privacy_rules.language.declarations import Clause, Define, Header, LeftOut, Mention
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import BUILT_IN, Attribute, Entity, undeclarable
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration, Scalar

MAX_DEPTH = 100
"""How deep conditions may nest, defines included."""


class Side(StrEnum):
    """The party or system whose attribute, path or contract a test is about."""

    SUBJECT = "subject"  # the judged flow, system (also of a storage, joining, use or derivation), party, contract or organisation; in a selector, the end
    SOURCE = "source"  # of a flow
    RECIPIENT = "recipient"  # of a flow
    BOTH = "both"  # a contract between a flow's two ends


class Owner(StrEnum):
    """Which entity of a side declares the attribute."""

    FLOW = "flow"
    ITEM = "item"  # the item of `stores`, `uses` or `transforms`, else its system
    SYSTEM = "system"
    PARTY = "party"  # the party itself, or the party of a system
    CONTRACT = "contract"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in a condition, resolved: `recipient.country` is side RECIPIENT, owner SYSTEM, attribute country.

    (`country` of a system falls back on its party's if the system does not declare one.)
    """

    side: Side
    owner: Owner
    attribute: Attribute
    text: str


How = Literal["only", "partly"]
"""How `collected with` takes several declared collections."""

HOW: Mapping[str, How] = {"only": "only", "partly": "partly"}

Judged = Literal["data", "purpose"]


@dataclass(frozen=True, slots=True)
class Condition:
    """The base of all conditions. `text` is the condition as written, white space folded."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class All(Condition):
    """`a and b`; true if `parts` is empty."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """`a or b`; false if `parts` is empty."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation(Condition):
    """`not a`."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Defined(Condition):
    """The use of a `define`; `body` is shared by all uses from the same kind of place."""

    name: str
    body: Condition


@dataclass(frozen=True, slots=True)
class IsTerm(Condition):
    """`x is (T, U)` for an attribute that is one term, or for roles."""

    reference: Reference
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedIs(Condition):
    """`data is (T, U)`, `purpose is T`; also the limits `of` (flow, storage) and `for`."""

    judged: Judged
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Includes(Condition):
    """`s includes (T, U)` (any) or `s includes all (T, U)`; terms are plain text for a set of text."""

    reference: Reference
    terms: tuple[str, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Within(Condition):
    """`s within (T, U)`; `non_empty` is `s includes only (T, U)`, which an empty set fails."""

    reference: Reference
    terms: tuple[str, ...]
    non_empty: bool = False


@dataclass(frozen=True, slots=True)
class IsDeclared(Condition):
    """`x is declared`; for `data` and `purpose`, whether the judged one is known."""

    reference: Reference | Judged


@dataclass(frozen=True, slots=True)
class Compares(Condition):
    """`x <= 2 years`; `operator` is one of < <= = != >= >."""

    reference: Reference
    operator: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class ComparesFact(Condition):
    """`x <= y`, `x >= today - 12 months`, `x >= y + 30 days`: `other` is None for today.

    `shift` moves a date on the right; its count is negative for `-`.
    """

    reference: Reference
    operator: str
    other: Reference | None
    shift: Duration | None = None

    @property
    def of_both_ends(self) -> bool:
        """Whether one attribute of a flow's two ends is compared: one fact, if both ends are one system."""
        one, other = self.reference, self.other
        if other is None or self.shift is not None or {one.side, other.side} != {Side.SOURCE, Side.RECIPIENT}:
            return False
        return (one.owner, one.attribute) == (other.owner, other.attribute)


@dataclass(frozen=True, slots=True)
class IsFlagged(Condition):
    """The name of a flag by itself."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class UnderContract(Condition):
    """`[source|recipient] under contract [(K)]`; side BOTH is a flow's two ends, SUBJECT a system's or a party's.

    `chain` is `bound to us [by contracts (K)]`: a chain of contracts leads to us, and each satisfies K.
    """

    side: Side
    terms: Condition | None
    chain: bool = False


@dataclass(frozen=True, slots=True)
class OwnedBy(Condition):
    """`[source|recipient] owned by S`: `owner` is true of some owner, direct or not."""

    side: Side
    owner: Condition


@dataclass(frozen=True, slots=True)
class Covers(Condition):
    """`covers data`, `covers purpose`, inside a contract's condition."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class EndMatches(Condition):
    """The limits `from`, `to` and `at`: `selector` holds for that end. SUBJECT is the system itself, or that of the storage or joining."""

    side: Side
    selector: Condition


@dataclass(frozen=True, slots=True)
class IsEntity(Condition):
    """The selectors `party "id"` and `system "id"`, of an end or an owner."""

    entity: Entity
    id: str


@dataclass(frozen=True, slots=True)
class Joins(Condition):
    """`joining of A with B`: the judged pair matches in either order; `other` is None without `with`."""

    terms: tuple[str, ...]
    other: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Derives(Condition):
    """`derivation of A into B`: what the judged transform takes (`word` is `of`), and what it makes (`into`)."""

    word: Literal["of", "into"]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached(Condition):
    """`[end] reached by D [from SEL [avoiding SEL]] [including derived [by METHODS]]`.

    Side SUBJECT is the system, the storage's or joining's system, the end in a selector, or any system of a party.
    For a flow without an end, the side is RECIPIENT. `methods` is None for any method.
    """

    side: Side
    data: tuple[str, ...]
    start: Condition | None
    avoiding: Condition | None
    derived: bool
    methods: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """`[source|recipient] holds D [including derived [by M]]`: a system or a party stores, creates, sends or receives a category of D.

    `received` is the `reached by` of the same data.
    """

    side: Side
    data: tuple[str, ...]
    received: Reached


@dataclass(frozen=True, slots=True)
class CollectedWith(Condition):
    """`collected with (C)`: C is a condition on the collections, as flows.

    With several declared collections, `only` is false if one must fail C, and `partly` is true if one must satisfy C.
    """

    terms: Condition
    how: How | None = None


@dataclass(frozen=True, slots=True)
class WithinCollectedPurposes(Condition):
    """`purpose within collected purposes`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule applies to: a kind, and the limits that narrow it, each a condition."""

    kind: Kind
    limits: tuple[Condition, ...]
    span: Span
    text: str


Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise. Fields that its statement does not have are None or empty.

    In `unless`, nested exceptions are resolved: `unless E unless F` is `E and not F`.
    An alternative of an `allow` is the `and` of its limits and its `when`.
    """

    name: str
    statement: Literal["forbid", "require", "allow", "permit"]
    subject: Subject
    span: Span
    when: Condition | None = None
    unless: Condition | None = None
    required: Condition | None = None
    alternatives: tuple[Condition, ...] = ()
    despite: tuple[str, ...] = ()
    title: str | None = None
    cites: tuple[str, ...] = ()
    severity: Severity = "error"
    hint: str | None = None
    applies_from: date | None = None
    applies_until: date | None = None
    name_span: Span | None = None

    def in_force(self, day: date) -> bool:
        """Return whether the rule is in force on `day`: from its first day until the day before `applies_until`."""
        started = self.applies_from is None or self.applies_from <= day
        return started and (self.applies_until is None or day < self.applies_until)


@dataclass(frozen=True, slots=True)
class Policy:
    """All policy files of one check together. `attributes` includes the built-in ones.

    `rules` are in order of file and place. `files` are the files read, shipped ones (`std/…`) included.
    """

    headers: tuple[Header, ...]
    vocabularies: Mapping[str, Taxonomy]
    attributes: Mapping[tuple[Entity, str], Attribute]
    rules: tuple[Rule, ...]
    clauses: tuple[Clause, ...]
    defines: tuple[Define, ...]
    mentions: tuple[Mention, ...]
    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()

    def rule(self, name: str) -> Rule | None:
        """Return the rule of that name, or None."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def with_severities(self, severities: Mapping[str, Severity]) -> Policy:
        """Return the policy with other severities for the named rules."""
        new = (replace(each, severity=severities.get(each.name, each.severity)) for each in self.rules)
        return replace(self, rules=tuple(new))

    def on(self, day: date) -> Policy:
        """Return the policy with the vocabularies of a day, which judge its flows; itself if it has those already."""
        if all(each.on(day) is each for each in self.vocabularies.values()):
            return self
        return replace(self, vocabularies={name: each.on(day) for name, each in self.vocabularies.items()})

    def only_on(self, day: date) -> Policy:
        """Return the policy with the vocabularies of a day, as if they did not change."""
        return replace(self, vocabularies={key: each.only_on(day) for key, each in self.vocabularies.items()})

    def taxonomy(self, name: str) -> Taxonomy:
        """Return the vocabulary of that name; an undeclared one is empty."""
        return self.vocabularies.get(name) or Taxonomy(name, {})

    def has_built_in(self, entity: Entity, name: str) -> bool:
        """Return whether the name means the built-in attribute, rather than one of the policy's own."""
        return self.attributes.get((entity, name)) == BUILT_IN[entity, name]

    def built_in(self, entity: Entity, name: str) -> Attribute:
        """Return a built-in attribute; one that no manifest declares if the policy has its own attribute of this name instead."""
        built_in = BUILT_IN[entity, name]
        return built_in if self.has_built_in(entity, name) else undeclarable(built_in)

    def of_entity(self, entity: Entity) -> dict[str, Attribute]:
        """Return the attributes of an entity, by name."""
        return {name: found for (owner, name), found in self.attributes.items() if owner is entity}
