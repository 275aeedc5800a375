"""The kinds of subjects that rules judge: flows, collections, storage, parties and so on."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a rule applies to."""

    FLOW = "flow"
    COLLECTION = "collection"
    SHARING = "sharing"
    DISCLOSURE = "disclosure"
    SYSTEM = "system"
    STORAGE = "storage"
    JOINING = "joining"
    USE = "use"
    DERIVATION = "derivation"
    PARTY = "party"
    CONTRACT = "contract"
    ORGANISATION = "organisation"

    @property
    def family(self) -> Kind:
        """`flow` for the four kinds of flow, else the kind itself. A permit and its rules have the same family."""
        return Kind.FLOW if self in (Kind.COLLECTION, Kind.SHARING, Kind.DISCLOSURE) else self

    @property
    def in_system(self) -> bool:
        """Whether its subjects are declarations of systems about data: what they store, join, use and make."""
        return self in (Kind.STORAGE, Kind.JOINING, Kind.USE, Kind.DERIVATION)

    @property
    def at_system(self) -> bool:
        """Whether its subjects are systems, or belong to systems and have their ids."""
        return self is Kind.SYSTEM or self.in_system
