"""Changes that are tried out together, and the worlds that all or some of them make of the present one.

trial = Trial(World(policy, estate, day), scenario)
world, wrong = trial.world(trial.all)          # with all changes made
world, wrong = trial.world(frozenset({0}))     # with the first alone
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from privacy_rules.checking.origin_checks import diagnose
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import AsOf, Changes
from privacy_rules.simulation.overlay import apply
from privacy_rules.simulation.world import World
from privacy_rules.source.diagnostic import Diagnostic

Diagnostics = tuple[Diagnostic, ...]
Part = frozenset[int]
"""Some steps of a scenario, by number."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A new policy, and the same manifests read with it. `words` name it."""

    words: str
    policy: Policy
    estate: Estate


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes that are made together. `read` reads them with the vocabularies of a policy; `steps` describe each.

    If there is a swap, it is the last step, and the changes are read with the new policy.
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
        swap = self.scenario.swap
        swapped = swap is not None and len(self.scenario.steps) - 1 in part
        policy, estate = (swap.policy, swap.estate) if swap and swapped else (self.base.policy, self.base.estate)
        changes, wrong = self._read(policy, swapped=swapped)
        if changes is None:
            return None, wrong
        chosen = [each for number, each in enumerate(changes) if number in part]
        outcome, wrong = apply(estate, policy, chosen)
        if outcome is None:
            return None, wrong
        days = [each.day for each in chosen if isinstance(each, AsOf)]
        world = World(
            policy, outcome.estate, days[-1] if days else self.base.day, outcome.removed_along, beside=self.base
        )
        wrong = diagnose(policy, world.graph)
        return (None, wrong) if wrong else (world, ())

    def _read(self, policy: Policy, *, swapped: bool) -> tuple[Changes | None, Diagnostics]:
        if swapped not in self._changes:
            self._changes[swapped] = self.scenario.read(policy)
        return self._changes[swapped]
