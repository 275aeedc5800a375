"""Compare a fact with another fact, or with the day of the check: `x <= y`, `x >= today - 12 months`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from privacy_rules.checking.attribute_lookup import read
from privacy_rules.checking.connectives import Test
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.term_tests import COMPARISONS, truth
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import ComparesFact, Policy
from privacy_rules.vocabulary.attributes import NOBODY, Form
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Value, moved

Comparison = Callable[[Value | None, Value | None], int]


def fact_comparison(policy: Policy, graph: FlowGraph, condition: ComparesFact, today: Callable[[], date]) -> Test:
    """Return the comparison as a function of a frame with one judged pair."""
    compare, other = comparison(policy, condition), condition.other
    itself = truth(COMPARISONS[condition.operator](0, 0))
    both_ends = condition.of_both_ends

    def run(frame: Frame) -> int:
        if both_ends and graph.source[frame.flow] == graph.target[frame.flow]:
            return itself
        right = today() if other is None else read(graph, frame, other)[0]
        return compare(read(graph, frame, condition.reference)[0], right)

    return run


def comparison(policy: Policy, condition: ComparesFact) -> Comparison:
    """Return the comparison as a function of the values on the left and on the right (None: not known)."""
    type_ = condition.reference.attribute.type
    if type_.form is Form.ONE:
        return _of_terms(policy.taxonomy(type_.vocabulary or ""), equal=condition.operator == "=")
    holds, shift = COMPARISONS[condition.operator], condition.shift
    of_parents = condition.reference.attribute.is_parent

    def compare(left: Value | None, right: Value | None) -> int:
        if left is None or right is None:
            return UNKNOWN
        if shift is not None and isinstance(right, date):
            right = moved(right, shift)
        if of_parents and left == right == NOBODY:
            return truth(condition.operator == "!=")  # two that nobody owns have no parent in common
        return truth(holds(left, right))

    return compare


def _of_terms(taxonomy: Taxonomy, *, equal: bool) -> Comparison:
    """Two terms are definitely equal only if they are the same term and it has no narrower ones."""

    def compare(left: Value | None, right: Value | None) -> int:
        if not isinstance(left, str) or not isinstance(right, str):
            return UNKNOWN
        if left == right and taxonomy.is_narrowest(left):
            same = TRUE
        else:
            same = UNKNOWN if taxonomy.overlaps(left, right) else FALSE
        return same if equal else TRUE - same

    return compare
