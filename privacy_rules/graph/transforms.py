"""Apply the declared transforms of systems, for "must" and for "may"."""

from __future__ import annotations

from privacy_rules.graph.flow_graph import FlowGraph


class Transforming:
    """The transforms that count for one test: of any method, or of `methods` (None: any).

    "Must" works on category names, with declared transforms whose method definitely counts.
    "May" works on leaves; a system that does not declare transforms may turn anything into anything.
    """

    def __init__(self, graph: FlowGraph, methods: tuple[str, ...] | None, *, sure: bool) -> None:
        self._graph, self._sure = graph, sure
        self._methods = None if methods is None else graph.policy.taxonomy("method").below_any(methods)
        self._steps: dict[int, list[tuple[int, int]] | None] = {}
        self._made: dict[tuple[int, int], int] = {}

    def _counts(self, method: str | None) -> bool:
        if self._methods is None:
            return True
        if method is None:
            return not self._sure
        taxonomy = self._graph.policy.taxonomy("method")
        wanted = 1 << taxonomy.index[method] if self._sure else taxonomy.below(method)
        return bool(wanted & self._methods)

    def steps(self, system: int) -> list[tuple[int, int]] | None:
        """The counting transforms of a system as (bits taken, bits made); None: any into any."""
        if system not in self._steps:
            self._steps[system] = self._read(system)
        return self._steps[system]

    def _read(self, system: int) -> list[tuple[int, int]] | None:
        declared = self._graph.systems[system].transforms
        if declared is None:
            return [] if self._sure else None
        data = self._graph.data
        found = []
        for transform in declared:
            if self._counts(transform.method):
                made = 0
                for term in transform.makes:
                    made |= 1 << data.index[term] if self._sure else data.below(term)
                found.append((data.below(transform.takes), made))
        return found

    def transform(self, system: int, held: int) -> int:
        """`held` and everything that the system makes from it, step by step."""
        return held | self.made(system, held)

    def made(self, system: int, held: int) -> int:
        """Return everything that the system makes from `held`, step by step."""
        key = (system, held)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._makes(self.steps(system), held)
        return found

    def _makes(self, steps: list[tuple[int, int]] | None, held: int) -> int:
        if steps is None:
            return self._graph.everything if held else 0
        found, before = 0, -1
        while before != found:
            before = found
            for taken, made in steps:
                if (held | found) & taken:
                    found |= made
        return found

    def first(self, system: int, wanted: tuple[str, ...]) -> int:
        """Return what the first system of a path makes from the wanted categories.

        A transform definitely starts a path only if its input is a wanted category, because the system may not have a
        narrower one.
        """
        data, steps = self._graph.data, self.steps(system)
        below = data.below_any(wanted)
        if steps is None or not self._sure:
            return self._makes(steps, below)
        made = 0
        for transform in self._graph.systems[system].transforms or ():
            if self._counts(transform.method) and below >> data.index[transform.takes] & 1:
                for term in transform.makes:
                    made |= 1 << data.index[term]
        return made | self._makes(steps, made)
