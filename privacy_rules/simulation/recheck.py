"""Judges changed estates as a whole check does, word for word, but anew only where the change can matter.

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
    """What is judged first is kept, and what comes after it held against it where policy, day and rules are the same."""

    def __init__(self) -> None:
        self._base: Base | None = None

    def __call__(self, policy: Policy, graph: FlowGraph, day: date, *, rules: Collection[str] | None = None) -> Judged:
        """What a whole check would say."""
        base = self._base
        if base is None:
            base = self._base = Base(policy, graph, day, rules)
            return base.judged
        alike = (base.policy is policy or base.policy == policy) and base.day == day and base.rules == rules
        judged = judge_wholly_again(base, graph) if alike else None
        return judge(policy, graph, day, rules=rules) if judged is None else judged
