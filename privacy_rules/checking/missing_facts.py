"""Find the undeclared facts that would decide an undetermined finding: a minimal set.

The explanation of the finding proposes sets (what would make each open test true or false); each is tried by completing
the manifest with values that the rule can distinguish, and judging again. The first set that a completion decides is
reduced until no fact can be left out. Because a decided verdict survives every further completion (monotonicity),
trying single facts is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, islice, product
from math import prod

from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.checking.flips import combined, flips, smallest
from privacy_rules.checking.judgements import Explained, Judgement, Missing, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.trial_completions import Completions, Need, needs_of
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.source.span import Span

Needs = tuple[Need, ...]
_FOR_ONE = 20_000
"""The budget of one finding, in entities read by its trials."""
_MOST_OPTIONS = 32
"""The highest number of sets kept at each part of a rule, smallest first."""


class Missings:
    """Finds missing facts within a budget for the whole check.

    The budget counts work, not time, so that every run has the same result. Once it is spent, a finding lists only the
    first fact that it depends on, and says that this is not proved.
    """

    def __init__(self, policy: Policy, graph: FlowGraph, day: date, budget: int = 150_000) -> None:
        self._policy, self._graph, self._day = policy, graph, day
        self._whole_budget = budget
        self._budget = 0

    def of(
        self, core: CoreRule, judgement: Judgement, explained: Sequence[tuple[Explained, Explained]]
    ) -> tuple[Missing, ...]:
        """Return the missing facts of an undetermined judgement; `explained` has scope and requirement of each undetermined pair."""
        if judgement.verdict is not Verdict.UNDETERMINED:
            return ()
        if self._whole_budget <= 0:
            return self._untried(explained)
        options = proposals(explained)
        completions = Completions(self._policy, self._graph, self._day, core, judgement)
        granted = min(self._whole_budget, _FOR_ONE)
        self._budget = granted - completions.cost - 20 * len(explained)
        found = self._decide(options, completions)
        self._whole_budget -= granted - self._budget
        return self._as_missing(found, proved=self._budget > 0)

    def _untried(self, explained: Sequence[tuple[Explained, Explained]]) -> tuple[Missing, ...]:
        """Return the first fact that the first open pair depends on. Used when the budget is spent."""
        needs = (need for part in explained[0] for need in needs_of(part))
        return self._as_missing(islice(needs, 1), proved=False)

    def _as_missing(self, needs: Iterable[Need], *, proved: bool) -> tuple[Missing, ...]:
        def location(need: Need) -> Span | None:
            record = self._graph.estate.records(need.entity)[need.id]
            return record.location_in_item(need.item, need.attribute) if need.item else record.location(need.attribute)

        return tuple(
            Missing(need.entity, need.id, need.attribute, need.action, location(need), proved, need.item, need.about)
            for need in needs
        )

    def _decide(self, options: list[Needs], completions: Completions) -> Needs:
        for option in options:
            if self._decides(option, completions):
                return self._least(option, completions)
            if self._budget <= 0:
                return options[0]
        return ()

    def _decides(self, needs: Needs, completions: Completions) -> bool:
        domains = [completions.values(need) for need in needs]
        for values in islice(product(*domains), min(prod(map(len, domains)), 512)):
            self._budget -= completions.cost
            if self._budget <= 0:
                return False
            if completions.verdict_with(dict(zip(needs, values, strict=True))) is not Verdict.UNDETERMINED:
                return True
        return False

    def _least(self, needs: Needs, completions: Completions) -> Needs:
        for need in reversed(needs):
            fewer = tuple(each for each in needs if each != need)
            if fewer and self._decides(fewer, completions):
                return self._least(fewer, completions)
        return needs


def proposals(explained: Sequence[tuple[Explained, Explained]]) -> list[Needs]:
    """Return sets of facts that may decide a finding, smallest first: one pair a violation, or all compliant."""
    options: list[Needs] = []
    compliant: list[Needs] = [()]
    for scope, requirement in explained:
        options += _both(_options(scope, Truth.TRUE), _options(requirement, Truth.FALSE))
        either = smallest([*_options(scope, Truth.FALSE), *_options(requirement, Truth.TRUE)], _MOST_OPTIONS)
        compliant = _both(compliant, either)
    most = 4 * _MOST_OPTIONS
    first = (islice(needs_of(part), most + 1) for pair in explained for part in pair)  # more could not be among them
    everything = tuple(dict.fromkeys(chain.from_iterable(first)))
    return smallest([*options, *compliant, *([(need,) for need in everything]), everything], most)


def _options(node: Explained, wanted: Truth) -> list[Needs]:
    return flips(node, wanted, _of_leaf, _MOST_OPTIONS)


def _both(one: list[Needs], other: list[Needs]) -> list[Needs]:
    return combined((one, other), _MOST_OPTIONS)


def _of_leaf(node: Explained, _: Truth) -> list[Needs]:
    """The sets of facts to try because they may decide a node; none if the node is decided already."""
    if node.value is not Truth.UNKNOWN:
        return []
    if node.part is not Part.TEST:  # a define, written out elsewhere in the tree
        return [()]
    needs = list(islice(needs_of(node), _MOST_OPTIONS + 1))  # more could not be among the smallest
    pairs = [(a, b) for i, a in enumerate(needs) for b in needs[i + 1 :]] if len(needs) <= 6 else []
    return [*((need,) for need in needs), *pairs, tuple(needs)]
