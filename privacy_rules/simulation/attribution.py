"""Find which changes cause a changed finding: a part of the change set of which nothing can be left out.

Each single change is tried first. Otherwise changes are left out one by one, as long as the result is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from privacy_rules.findings.finding import Finding
from privacy_rules.simulation.finding_delta import Key, Turn, by_key, essence
from privacy_rules.simulation.scenario import Ground, Part, Trial

MOST_WORLDS = 400
"""How many worlds are judged for one scenario. After that, causes are not narrowed down any further."""


def causes(ground: Ground, trial: Trial, turns: Collection[Turn]) -> dict[Key, tuple[Part, bool]]:
    """Return the steps that cause each changed finding, and whether it is proved that none of them can be left out."""
    if len(trial.all) <= 1:
        return {each.key: (trial.all, True) for each in turns}
    seeker = _Seeker(ground, trial, turns)
    return {each.key: seeker.cause(each) for each in turns}


class _Seeker:
    def __init__(self, ground: Ground, trial: Trial, turns: Iterable[Turn]) -> None:
        self._ground, self._trial = ground, trial
        self._rules = {each.rule for each in turns}
        self._found: dict[Part, dict[Key, Finding] | None] = {}

    def cause(self, turn: Turn) -> tuple[Part, bool]:
        for step in sorted(self._trial.all):
            if self._brings(frozenset({step}), turn):
                return frozenset({step}), True
        return self._cut_down(turn)

    def _cut_down(self, turn: Turn) -> tuple[Part, bool]:
        kept, smaller = self._trial.all, True
        while smaller:
            smaller = False
            for step in sorted(kept):
                if self._is_spent:
                    return kept, False
                if self._brings(kept - {step}, turn):
                    kept, smaller = kept - {step}, True
        return kept, True

    @property
    def _is_spent(self) -> bool:
        return len(self._found) >= MOST_WORLDS

    def _brings(self, part: Part, turn: Turn) -> bool:
        """Whether these steps alone have the same result."""
        found = self._findings(part)
        return found is not None and essence(found.get(turn.key)) == essence(turn.after)

    def _findings(self, part: Part) -> dict[Key, Finding] | None:
        if part not in self._found:
            if self._is_spent:
                return None
            world, _ = self._trial.world(part)
            self._found[part] = None
            if world is not None:
                known = {rule.name for rule in world.policy.rules}
                self._found[part] = by_key(self._ground.report_on(world, self._rules & known))
        return self._found[part]
