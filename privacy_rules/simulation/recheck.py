"""Check changed estates with the same result as a whole check, but judge again only what the change can affect.

rejudging = Rejudging()
first, _ = engine.check(Inputs(policy, estate), judging=rejudging)
then, _ = engine.check(Inputs(policy, changed), judging=rejudging)
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from privacy_rules.checking.checker import judge
from privacy_rules.checking.incremental import Base, judge_wholly_again
from privacy_rules.checking.judgements import Judged
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy


class Rejudging:
    """Keeps the first check, and compares later ones with it if policy, day and rules are the same."""

    def __init__(self) -> None:
        self._base: Base | None = None

    def __call__(self, policy: Policy, graph: FlowGraph, day: date, *, rules: Collection[str] | None = None) -> Judged:
        """Return what a whole check would."""
        base = self._base
        if base is None:
            base = self._base = Base(policy, graph, day, rules)
            return base.judged
        alike = (base.policy is policy or base.policy == policy) and base.day == day and base.rules == rules
        judged = judge_wholly_again(base, graph) if alike else None
        return judge(policy, graph, day, rules=rules) if judged is None else judged
