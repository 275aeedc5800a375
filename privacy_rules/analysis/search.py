"""Searches for facts that give formulas certain values, one variable at a time.

Each step chooses a row for one variable, and computes bounds for every formula that depends on it. A branch ends once
some formula can no longer get its value. Steps are counted, not time, so that every machine gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from privacy_rules.analysis.answer_combinations import Rows, Shape
from privacy_rules.analysis.formula import Formulas
from privacy_rules.analysis.term_answers import Row

MOST_STEPS = 400_000
"""How many bounds of nodes may be computed for one question."""

Wish = tuple[int, bool, int]
"""A node, whether its value must be at least (or else less than) a truth value, and that truth value."""
Model = dict[int, dict[int, int]]
"""The answers to the tests of some variables, by number, that suffice for all wishes, whatever the other variables are."""


def no_checkpoint() -> None:
    """Do nothing, so the search continues at once."""


class No(Enum):
    """Why no example is returned: none can exist (PROVED), or none was found (NOT_PROVED)."""

    PROVED = "proved"
    NOT_PROVED = "not proved"


class TooLarge(Exception):  # noqa: N818 -- not an error, but an answer
    """The question has more cases than the search tries."""


class Search:
    """One question: whether all wishes can be true together.

    `given` are answers of variables that are settled. Nodes are numbered anew here, children before parents.
    """

    def __init__(
        self,
        formulas: Formulas,
        rows: Rows,
        wishes: Sequence[Wish],
        checkpoint: Callable[[], None] = no_checkpoint,
        given: Model | None = None,
    ) -> None:
        self._checkpoint, self._effort = checkpoint, formulas.effort
        order = formulas.below(node for node, _, _ in wishes)
        here = {node: number for number, node in enumerate(order)}
        self._nodes = [formulas.nodes[node] for node in order]
        self._kinds = [node.kind for node in self._nodes]
        self._parts = [[here[part] for part in node.below] for node in self._nodes]
        self._wishes = [(here[node], at_least, value) for node, at_least, value in wishes]
        self._shape: Shape = rows.shape(order)
        for variable, answers in (given or {}).items():
            if variable in self._shape:
                tests, found = self._shape[variable]
                self._shape[variable] = tests, _fitting(tests, found, answers)
        self._effort.take(3 * len(order))
        self._tests: dict[int, list[tuple[int, int]]] = {}
        self._above = self._found_above()
        self._cost = {
            variable: sum(1 + len(self._parts[node]) for node in nodes) for variable, nodes in self._above.items()
        }
        self._low, self._high = [0] * len(order), [2] * len(order)
        self._chosen: dict[int, Row] = {}
        self._steps = len(order)
        self._bound(range(len(order)))

    def _found_above(self) -> dict[int, list[int]]:
        """Return the nodes that depend on each variable, without its tests; note the tests with their numbers."""
        on: list[set[int]] = []
        steps = 0
        for number, node in enumerate(self._nodes):
            parts = self._parts[number]
            if node.kind == "test":
                self._tests.setdefault(node.parts[0], []).append((number, node.parts[1]))
                on.append({node.parts[0]})
            elif len(parts) == 1:
                on.append(on[parts[0]])
            else:
                on.append(set[int]().union(*(on[part] for part in parts)))
            steps += sum(len(on[part]) for part in parts)
        self._effort.take(steps)
        found: dict[int, list[int]] = {variable: [] for variable in self._tests}
        for number, node in enumerate(self._nodes):
            if node.kind != "test":
                for variable in on[number]:
                    found[variable].append(number)
        return found

    def possible(self) -> bool:
        """Whether some facts make all wishes true. Raises TooLarge if that takes too many steps."""
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
        """Return facts that make all wishes true, without those that do not matter; None if there are none."""
        if not self.possible():
            return None
        return {
            variable: dict(zip(self._shape[variable][0], row, strict=True)) for variable, row in self._chosen.items()
        }

    def enough(self, model: Model) -> Model | None:
        """Return the answers of a model that are needed for all wishes to be true; None if they are not enough."""
        for variable, answers in model.items():
            self._set(variable, answers)
        if not self._granted():
            return None
        kept = {variable: dict(answers) for variable, answers in model.items()}
        for variable, answers in model.items():
            for test, answer in answers.items():
                del kept[variable][test]
                self._set(variable, kept[variable])
                if not self._granted():
                    kept[variable][test] = answer
            self._set(variable, kept[variable])
        return {variable: answers for variable, answers in kept.items() if answers}

    def _set(self, variable: int, answers: Mapping[int, int]) -> None:
        """Give a variable some answers, and leave its other tests open."""
        for node, test in self._tests.get(variable, ()):
            answer = answers.get(test)
            self._low[node], self._high[node] = (0, 2) if answer is None else (answer, answer)
        self._bound(self._above.get(variable, ()))

    def _granted(self) -> bool:
        return all(map(self._holds, self._wishes))

    def _holds(self, wish: Wish) -> bool:
        node, at_least, value = wish
        return self._low[node] >= value if at_least else self._high[node] < value

    def _tried(self, variable: int) -> bool:
        self._checkpoint()
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
            self._steps += len(above)
            if self._steps > MOST_STEPS:
                raise TooLarge
            self._bound(above)
            if self.possible():
                return True
        self._chosen.pop(variable, None)
        for node, least, most in before:
            low[node], high[node] = least, most
        return False

    def _variable_below(self, node: int) -> int:
        """A variable that has no row yet and leaves the node open."""
        low, high = self._low, self._high
        while self._nodes[node].kind != "test":
            node = next(part for part in self._parts[node] if low[part] != high[part])
        return self._nodes[node].parts[0]

    def true_of(self, model: Model) -> list[bool]:
        """Whether each wish is fulfilled by a model, whatever the values of the variables that it leaves open."""
        for variable, answers in model.items():
            self._set(variable, answers)
        return [self._holds(wish) for wish in self._wishes]

    def _bound(self, numbers: Sequence[int]) -> None:
        low, high = self._low, self._high
        low_of, high_of = low.__getitem__, high.__getitem__
        for number in numbers:
            kind, parts = self._kinds[number], self._parts[number]
            if kind == "and":
                low[number], high[number] = min(map(low_of, parts)), min(map(high_of, parts))
            elif kind == "or":
                low[number], high[number] = max(map(low_of, parts)), max(map(high_of, parts))
            elif kind == "not":
                (part,) = parts
                low[number], high[number] = 2 - high[part], 2 - low[part]
            elif kind == "least":
                (part,), asked = parts, self._nodes[number].parts[1]
                low[number], high[number] = 2 * (low[part] >= asked), 2 * (high[part] >= asked)
            elif kind == "const":
                low[number] = high[number] = self._nodes[number].parts[0]
            # a test may have any value until its variable has a row


def _fitting(tests: Sequence[int], rows: Sequence[Row] | None, answers: Mapping[int, int]) -> list[Row] | None:
    """The rows of some tests that agree with the answers given so far."""
    settled = [(at, answers[test]) for at, test in enumerate(tests) if test in answers]
    if len(settled) == len(tests):
        return [tuple(answer for _, answer in settled)]
    return None if rows is None else [row for row in rows if all(row[at] == answer for at, answer in settled)]
