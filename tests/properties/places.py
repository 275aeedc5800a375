"""Where a condition of a random policy is, and so which tests it may be."""

from __future__ import annotations

from dataclasses import dataclass

FAMILY = ["flow", "collection", "sharing", "disclosure"]
KINDS = [
    *FAMILY,
    "disclosure",
    "system",
    "storage",
    "joining",
    "use",
    "derivation",
    "party",
    "contract",
    "organisation",
]


_IN_SYSTEMS = ("storage", "joining", "use", "derivation")


@dataclass(frozen=True)
class Place:
    """Where a condition stands: what it speaks of, and so which tests may stand in it."""

    what: str
    """`flow`, `system`, `storage`, `joining`, `party`, `contract`, `organisation`, `end` in a selector, or `owner` in `owned by`."""
    data: bool = False
    purpose: bool = False
    in_contract: bool = False
    in_collected: bool = False

    @property
    def has_system(self) -> bool:
        return self.what in (*_IN_SYSTEMS, "system", "end")

    @property
    def has_contracts(self) -> bool:
        return self.what in (*_IN_SYSTEMS, "flow", "system", "party") and not self.in_contract

    @property
    def has_paths(self) -> bool:
        return self.what in (*_IN_SYSTEMS, "flow", "system", "party", "end") and not self.in_contract

    @property
    def has_collections(self) -> bool:
        return self.what in ("flow", "storage", "joining", "use") and not self.in_contract and not self.in_collected


def place_of(kind: str) -> Place:
    family = "flow" if kind in FAMILY else kind
    return Place(family, data=family in ("flow", "storage", "use"), purpose=family in ("flow", "use"))
