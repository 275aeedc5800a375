"""Find which changes cause a changed finding: a minimal part of the change set.

Each single change is tried first. Otherwise changes are left out one by one, as long as the result is the same.
"""

from __future__ import annotations

from privacy_rules.simulation.finding_delta import FindingChange, essence
from privacy_rules.simulation.scenario import Part, Trial

MOST_WORLDS = 400
"""How many worlds are made for one scenario. After that, causes are not narrowed down any further."""
_MOST_RECORDS, _OF_EACH = 400_000, 60
"""The worlds of one scenario may have this many records in all, and this many times those of the estate."""
_MOST_ASKED = 100_000
"""How many verdicts are asked for in these worlds."""


class Attribution:
    """Finds causes in the worlds of one scenario."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._worlds_left = min(MOST_WORLDS, _MOST_RECORDS // max(trial.base.estate.size, 1) + _OF_EACH)
        self._asked_left = _MOST_ASKED
        self._made: set[Part] = set()

    def cause(self, change: FindingChange) -> tuple[Part, bool]:
        """Return the steps that cause a changed finding, and whether it is proved that none of them can be left out."""
        if len(self._trial.all) <= 1:
            return self._trial.all, True
        for step in sorted(self._trial.all):
            if self._is_spent:
                return self._trial.all, False
            if self._is_caused_by(frozenset({step}), change):
                return frozenset({step}), True
        return self._cut_down(change)

    def _cut_down(self, change: FindingChange) -> tuple[Part, bool]:
        kept, smaller = self._trial.all, True
        while smaller:
            smaller = False
            for step in sorted(kept):
                if self._is_spent:
                    return kept, False
                if self._is_caused_by(kept - {step}, change):
                    kept, smaller = kept - {step}, True
        return kept, True

    @property
    def _is_spent(self) -> bool:
        return self._worlds_left <= 0 or self._asked_left <= 0

    def _is_caused_by(self, part: Part, change: FindingChange) -> bool:
        """Whether these steps alone have the same result."""
        if part not in self._made:
            self._made.add(part)
            self._worlds_left -= 1
        self._asked_left -= 1
        world, _ = self._trial.world(part)
        if world is None:
            return False
        return essence(world.state(change.rule, change.subject.kind, change.subject.id)) == essence(change.after)
