"""Whether facts can be such that formulas have certain values: tries the rows that matter, one variable at a time.

Each step gives one variable a row and bounds every formula that depends on it; what can no longer come out as wanted is
left at once. It counts its steps, never the time, so that an answer is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from privacy_rules.lint.solver.domains import Row
from privacy_rules.lint.solver.formula import Formulas
from privacy_rules.lint.solver.row_cache import Rows, Shape

MOST_STEPS = 400_000
"""How many nodes may be bounded for one question."""

Wish = tuple[int, bool, int]
"""A node, whether it is to be at least (else less than) a truth value, and that value."""
Model = dict[int, dict[int, int]]
"""Variables with the answers to their tests, by number, by which all wishes come true whatever the others are."""


def always() -> None:
    """Goes on: nothing else is to be done first."""


class TooLarge(Exception):  # noqa: N818 -- no error: an answer
    """The question has more cases than are tried."""


class Search:
    """One question: whether all wishes can come true together. Nodes have numbers of their own here, parts before wholes."""

    def __init__(
        self, formulas: Formulas, rows: Rows, wishes: Sequence[Wish], turn: Callable[[], None] = always
    ) -> None:
        self._turn, self._effort = turn, formulas.effort
        order = formulas.below(node for node, _, _ in wishes)
        here = {node: number for number, node in enumerate(order)}
        self._nodes = [formulas.nodes[node] for node in order]
        self._parts = [
            [here[part] for part in node.parts] if node.kind in ("and", "or", "not") else [] for node in self._nodes
        ]
        self._wishes = [(here[node], at_least, value) for node, at_least, value in wishes]
        self._shape: Shape = rows.shape(order)
        self._effort.take(3 * len(order))
        self._tests: dict[int, list[tuple[int, int]]] = {}
        self._above = self._found_above()
        self._cost = {
            variable: sum(1 + len(self._parts[node]) for node in nodes) for variable, nodes in self._above.items()
        }
        self._low, self._high = [0] * len(order), [2] * len(order)
        self._chosen: dict[int, Row] = {}
        self._steps = 0
        self._bound(range(len(order)))

    def _found_above(self) -> dict[int, list[int]]:
        """For each variable the nodes that depend on it, its tests aside; those are noted with their numbers."""
        on: list[set[int]] = []
        for number, node in enumerate(self._nodes):
            if node.kind == "test":
                self._tests.setdefault(node.parts[0], []).append((number, node.parts[1]))
                on.append({node.parts[0]})
            else:
                on.append(set[int]().union(*(on[part] for part in self._parts[number])))
                self._effort.take(sum(len(on[part]) for part in self._parts[number]))
        found: dict[int, list[int]] = {variable: [] for variable in self._tests}
        for number, node in enumerate(self._nodes):
            if node.kind != "test":
                for variable in on[number]:
                    found[variable].append(number)
        return found

    def possible(self) -> bool:
        """Whether some facts grant all wishes. Raises TooLarge where that takes too many steps."""
        open_: int | None = None
        for node, at_least, value in self._wishes:
            low, high = self._low[node], self._high[node]
            granted, denied = (low >= value, high < value) if at_least else (high < value, low >= value)
            if denied:
                return False
            if not granted and open_ is None:
                open_ = node
        return open_ is None or self._tried(self._variable_below(open_))

    def model(self) -> Model | None:
        """Facts that grant all wishes, those that do not matter left out; None where none do."""
        if not self.possible():
            return None
        return {
            variable: dict(zip(self._shape[variable][0], row, strict=True)) for variable, row in self._chosen.items()
        }

    def _tried(self, variable: int) -> bool:
        self._turn()
        tests, rows = self._shape[variable]
        if rows is None:
            raise TooLarge
        column = {test: number for number, test in enumerate(tests)}
        asked = [(node, column[test]) for node, test in self._tests[variable]]
        above, low, high = self._above[variable], self._low, self._high
        before = [(node, low[node], high[node]) for node in (*(node for node, _ in asked), *above)]
        for row in rows:
            for node, at in asked:
                low[node] = high[node] = row[at]
            self._chosen[variable] = row
            self._effort.take(self._cost[variable])
            self._bound(above)
            if self.possible():
                return True
        self._chosen.pop(variable, None)
        for node, least, most in before:
            low[node], high[node] = least, most
        return False

    def _variable_below(self, node: int) -> int:
        """A variable without a row that leaves the node open."""
        low, high = self._low, self._high
        while self._nodes[node].kind != "test":
            node = next(part for part in self._parts[node] if low[part] != high[part])
        return self._nodes[node].parts[0]

    def _bound(self, numbers: Sequence[int]) -> None:
        self._steps += len(numbers)
        if self._steps > MOST_STEPS:
            raise TooLarge
        low, high = self._low, self._high
        for number in numbers:
            parts = self._parts[number]
            match self._nodes[number].kind:
                case "and":
                    low[number] = min([low[part] for part in parts])
                    high[number] = min([high[part] for part in parts])
                case "or":
                    low[number] = max([low[part] for part in parts])
                    high[number] = max([high[part] for part in parts])
                case "not":
                    low[number], high[number] = 2 - high[parts[0]], 2 - low[parts[0]]
                case "const":
                    low[number] = high[number] = self._nodes[number].parts[0]
                case _:
                    pass  # a test: any value, until its variable has a row
