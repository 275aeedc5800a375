"""The names that the unreadable parts of a policy file may declare, so that their uses are not reported, too."""

from __future__ import annotations

from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lost:
    """The names that the unreadable parts of a file may declare; with `anything`, any name."""

    names: frozenset[str] = frozenset()
    anything: bool = False

    def __contains__(self, name: object) -> bool:
        return self.anything or name in self.names

    def __or__(self, other: Lost) -> Lost:
        return Lost(self.names | other.names, self.anything or other.anything)
