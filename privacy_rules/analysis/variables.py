"""What a variable may be: an attribute's value, an id, or a whole test (of contracts, paths, collections, two facts).

Conditions inside it are numbers of nodes. Two tests are the same variable if their conditions are the same.
"""

from __future__ import annotations

from typing import Any

from privacy_rules.language.policy import How, Owner, Side
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity, Type
from privacy_rules.vocabulary.values import Duration, Value

PARTIES_DIFFER = "parties differ"
WITHIN_COLLECTED = "within collected purposes"


@dataclass(frozen=True, slots=True)
class ValueOf:
    """An attribute of a side. Attributes of one name are different variables if two policies declare them differently."""

    side: Side
    owner: Owner
    name: str
    type: Type
    default: Value | None


@dataclass(frozen=True, slots=True)
class EntityOf:
    """The id of the party or system of an end."""

    entity: Entity
    side: Side


@dataclass(frozen=True, slots=True)
class DerivedTerm:
    """What the judged transform takes (`of`) or makes (`into`)."""

    word: str


@dataclass(frozen=True, slots=True)
class ContractTest:
    """`under contract (K)` and `bound to us by contracts (K)` of a side; `terms` is K, or None."""

    side: Side
    terms: int | None
    chain: bool


@dataclass(frozen=True, slots=True)
class OwnerTest:
    """`owned by S` of a side; `owner` is S, asked of a party."""

    side: Side
    owner: int


@dataclass(frozen=True, slots=True)
class CoversTest:
    """`covers data`, `covers purpose`."""

    judged: str


@dataclass(frozen=True, slots=True)
class PathTest:
    """`reached by D`: `start` is asked of the side SOURCE, `middle` (the same) and `avoiding` of the side RECIPIENT.

    `data` and `methods` are terms.
    """

    side: Side
    data: Any
    start: int | None
    middle: int | None
    avoiding: int | None
    derived: bool
    methods: Any


@dataclass(frozen=True, slots=True)
class HoldsTest:
    """`holds D`; `path` is the path by which it may be received."""

    path: PathTest


@dataclass(frozen=True, slots=True)
class CollectedTest:
    """`collected [only|partly] with (C)`; `terms` is C, asked of a flow."""

    how: How | None
    terms: int


Fact = tuple[Side, Owner, str]
"""Whose attribute it is, and its name."""


@dataclass(frozen=True, slots=True)
class FactsTest:
    """A comparison of two facts, or of one with today (`other` is None)."""

    one: Fact
    operator: str
    other: Fact | None
    shift: Duration | None
