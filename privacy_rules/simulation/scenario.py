"""Worlds that are compared: a policy, an estate and a day, and the worlds that some or all changes of a scenario make of it.

trial = Trial(World(policy, estate, day), changes)
world, wrong = trial.world(trial.all)          # with all changes made
world, wrong = trial.world(frozenset({0}))     # with the first alone
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from privacy_rules.checking.checker import judge
from privacy_rules.checking.incremental import Base, judge_again
from privacy_rules.checking.judgements import Judged
from privacy_rules.checking.origin_checks import diagnose
from privacy_rules.findings.report import Report, report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import AsOf, Changes
from privacy_rules.simulation.overlay import apply
from privacy_rules.source.diagnostic import Diagnostic

Diagnostics = tuple[Diagnostic, ...]
Part = frozenset[int]
"""Some steps of a scenario, by number."""


@dataclass(frozen=True, slots=True)
class World:
    """A policy, an estate and a day to judge. `went` lists, in words, what was removed along with something else."""

    policy: Policy
    estate: Estate
    day: date
    went: tuple[str, ...] = ()
    graph: FlowGraph = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "graph", FlowGraph.of(self.estate, self.policy))

    def report(self, rules: Collection[str] | None = None) -> Report:
        """Check this world, by `rules` only if they are given."""
        return self.report_of(judge(self.policy, self.graph, self.day, rules=rules), rules)

    def report_of(self, judged: Judged, rules: Collection[str] | None = None) -> Report:
        """Return the report of what was judged."""
        return report(self.policy, self.estate, judged, self.day, selected=rules)


class Ground:
    """The present world, judged once. In worlds that differ little from it, only the difference is judged again."""

    def __init__(self, world: World) -> None:
        self._base = Base(world.policy, world.graph, world.day)
        self.world, self.report = world, world.report_of(self._base.judged)

    def report_on(self, world: World, rules: Collection[str] | None = None) -> Report:
        """Check another world, by `rules` only if they are given."""
        alike = world.policy is self.world.policy and world.day == self.world.day
        judged = judge_again(self._base, world.graph, rules=rules) if alike else None
        return world.report(rules) if judged is None else world.report_of(judged, rules)


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
        world = World(policy, outcome.estate, days[-1] if days else self.base.day, outcome.went)
        wrong = diagnose(policy, world.graph)
        return (None, wrong) if wrong else (world, ())

    def _read(self, policy: Policy, *, swapped: bool) -> tuple[Changes | None, Diagnostics]:
        if swapped not in self._changes:
            self._changes[swapped] = self.scenario.read(policy)
        return self._changes[swapped]
