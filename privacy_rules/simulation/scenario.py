"""Changes that are tried out together, and the worlds that result from all or some of them.

trial = Trial(World(policy, estate, day), scenario)
world, wrong = trial.world(trial.all)          # with all changes made
world, wrong = trial.world(frozenset({0}))     # with the first alone
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from privacy_rules.language.policy import Policy
from privacy_rules.simulation.change_set import Changes
from privacy_rules.simulation.world import Diagnostics, Swap, World
from privacy_rules.source.fast_dataclasses import dataclass

Part = frozenset[int]
"""Some steps of a scenario, by number."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes that are made together.

    `read` reads them with the vocabularies of a policy; `steps` describes each change. If there is a swap, it is the
    last step, and the changes are read with the new policy.
    """

    name: str
    steps: tuple[str, ...]
    read: Callable[[Policy], tuple[Changes | None, Diagnostics]]
    swap: Swap | None = None


@dataclass(slots=True)
class Trial:
    """Makes worlds of some steps of a scenario, each once."""

    base: World
    scenario: Scenario
    _worlds: dict[Part, tuple[World | None, Diagnostics]] = field(default_factory=dict)
    _changes: dict[bool, tuple[Changes | None, Diagnostics]] = field(default_factory=dict)

    @property
    def all(self) -> Part:
        """Every step."""
        return frozenset(range(len(self.scenario.steps)))

    def world(self, part: Part) -> tuple[World | None, Diagnostics]:
        """Return the world after these steps, in their order; None if they are impossible without the others."""
        if part not in self._worlds:
            self._worlds[part] = self._made(part)
        return self._worlds[part]

    def _made(self, part: Part) -> tuple[World | None, Diagnostics]:
        swap = self.scenario.swap if len(self.scenario.steps) - 1 in part else None
        changes, wrong = self._read(swap.policy if swap else self.base.policy, swapped=swap is not None)
        if changes is None:
            return None, wrong
        return self.base.after([each for number, each in enumerate(changes) if number in part], swap=swap)

    def _read(self, policy: Policy, *, swapped: bool) -> tuple[Changes | None, Diagnostics]:
        if swapped not in self._changes:
            self._changes[swapped] = self.scenario.read(policy)
        return self._changes[swapped]
