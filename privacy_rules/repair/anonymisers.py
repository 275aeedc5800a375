"""Find what an anonymiser on a flow could make from a category, judging by what other systems make from such data."""

from __future__ import annotations

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import Condition, IsTerm, Reached
from privacy_rules.repair.moves import Anonymise

_METHODS = ("anonymisation", "aggregation")


class Anonymisers:
    """The anonymisers that could be put on the flows of one estate."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        methods = graph.policy.taxonomy("method")
        self._methods = 0
        for name in _METHODS:
            self._methods |= methods.below(name) if name in methods else 0
        self._made = self._read()

    def _read(self) -> list[tuple[str, str, str]]:
        """Category, product and method of each transform that anonymises, in order."""
        index = self._graph.policy.taxonomy("method").index
        return sorted(
            (each.takes, made, each.method)
            for system in self._graph.systems
            for each in system.transforms or ()
            if each.method is not None and self._methods >> index[each.method] & 1
            for made in each.makes
        )

    def on(self, flow: str, datum: str, test: Reached | None = None) -> Anonymise | None:
        """Return an anonymiser of a category on a flow; None if there is none, or it would not end the path of the test."""
        if test is not None and test.avoiding is not None and asks_for_anonymisers(test.avoiding):
            return Anonymise(flow, datum, datum, _METHODS[0])
        data = self._graph.data
        for takes, made, method in self._made:
            fits = data.overlaps(takes, datum) and not data.overlaps(made, datum)
            if fits and (test is None or not _counts(self._graph, test, method)):
                return Anonymise(flow, datum, made, method)
        return None

    def any_on(self, flow: int) -> list[Anonymise]:
        """Return the anonymisers for anything that a flow (by number) carries: each gives the flow another start."""
        graph = self._graph
        found = (self.on(graph.flows[flow].id, name) for name in graph.data.names(graph.names[flow]))
        return [each for each in found if each is not None]


def _counts(graph: FlowGraph, test: Reached, method: str) -> bool:
    """Whether a path continues through a transform of the method."""
    if not test.derived:
        return False
    methods = graph.policy.taxonomy("method")
    return test.methods is None or bool(methods.below(method) & methods.below_any(test.methods))


def asks_for_anonymisers(selector: Condition) -> bool:
    """Whether a selector may match a system because it is an anonymiser."""
    return any(
        isinstance(each, IsTerm) and "anonymiser" in each.terms and each.reference.attribute.name == "kind"
        for each in walk(selector)
    )
