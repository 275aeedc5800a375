"""Conditions as formulas over variables. Conditions that have the same form are one node.

A variable is anything that has a value: an attribute of one side, the judged datum, a path or a contract as a whole. A
variable has tests. Each combination of answers that a value can give to them is a row of its domain. The solver treats
variables as independent. Facts allow fewer combinations, so what holds for all rows holds for every manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import field
from typing import Literal

from privacy_rules.analysis.step_budget import Effort
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Attribute

Form = Literal["one", "set", "texts", "number", "duration", "date", "text", "flag", "pair", "id", "free", "sure"]
"""What values a variable has: `free` any of the three truth values, `sure` unknown or true, `id` the id of an entity."""


@dataclass(slots=True)
class Variable:
    """A variable, with its tests in the order in which they were added; a row of its domain has an answer for each."""

    key: Hashable
    form: Form
    vocabulary: str = ""
    attribute: Attribute | None = None
    nullable: bool = True
    tests: list[Hashable] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `and`, `or`, `not` of `parts` (numbers of nodes), `const` (its value), `test` (variable, test) or `least`.

    `least` of a node and a truth value is true if the node has at least that value, and else false.
    """

    kind: Literal["and", "or", "not", "const", "test", "least"]
    parts: tuple[int, ...]

    @property
    def below(self) -> tuple[int, ...]:
        """The nodes directly below."""
        return self.parts if self.kind in ("and", "or", "not") else self.parts[:1] if self.kind == "least" else ()


class Formulas:
    """All formulas of one policy: numbered nodes, children before their parents."""

    def __init__(self, effort: Effort | None = None) -> None:
        self.effort = effort or Effort()
        self.nodes: list[Node] = []
        self.variables: list[Variable] = []
        self._numbers: dict[Node, int] = {}
        self._by_key: dict[Hashable, int] = {}
        self._tests: dict[tuple[int, Hashable], int] = {}

    def all_of(self, parts: Iterable[int]) -> int:
        """The `and` of the parts; true if there are none."""
        return self._joined("and", parts, 2)

    def any_of(self, parts: Iterable[int]) -> int:
        """The `or` of the parts; false if there are none."""
        return self._joined("or", parts, 0)

    def negation(self, part: int) -> int:
        """The `not` of a node; a double negation is removed."""
        node = self.nodes[part]
        if node.kind == "not":
            return node.parts[0]
        if node.kind == "const":
            return self.constant(2 - node.parts[0])
        return self._number(Node("not", (part,)))

    def constant(self, value: int) -> int:
        """The node of a constant truth value."""
        return self._number(Node("const", (value,)))

    def least(self, part: int, value: int) -> int:
        """The node that says that a node has at least a truth value."""
        return self._number(Node("least", (part, value)))

    def exactly(self, part: int, value: int) -> int:
        """The node that says that a node has exactly this truth value."""
        return self.all_of([self.least(part, value), self.negation(self.least(part, value + 1))])

    def test(self, variable: Variable, test: Hashable) -> int:
        """The node of a variable's test; variables with the same key are one variable."""
        number = self._by_key.setdefault(variable.key, len(self.variables))
        if number == len(self.variables):
            self.variables.append(variable)
        tests = self.variables[number].tests
        at = self._tests.setdefault((number, test), len(tests))
        if at == len(tests):
            tests.append(test)
        return self._number(Node("test", (number, at)))

    def whole(self, key: Hashable) -> int:
        """The node of a test that is a variable as a whole."""
        return self.test(Variable(key, "free", nullable=False), ())

    def replaced(self, root: int, test: Callable[[int, int], int | None]) -> int:
        """The node with other nodes instead of some tests; `test` returns one for a variable and a test, both by number, or None."""
        made: dict[int, int] = {}
        for number in self.below([root]):
            node = self.nodes[number]
            match node.kind:
                case "and":
                    made[number] = self.all_of(made[part] for part in node.parts)
                case "or":
                    made[number] = self.any_of(made[part] for part in node.parts)
                case "not":
                    made[number] = self.negation(made[node.parts[0]])
                case "least":
                    made[number] = self.least(made[node.parts[0]], node.parts[1])
                case "test":
                    other = test(*node.parts)
                    made[number] = number if other is None else other
                case _:
                    made[number] = number
        return made[root]

    def _joined(self, kind: Literal["and", "or"], parts: Iterable[int], empty: int) -> int:
        """Sort and flatten the parts and remove repeats, so that equal formulas are one node."""
        flat: set[int] = set()
        steps = 4
        for part in parts:
            node = self.nodes[part]
            inner = node.parts if node.kind == kind else (part,)
            flat.update(inner)
            steps += len(inner)
        self.effort.take(steps)
        flat -= {self.constant(empty)}
        if not flat:
            return self.constant(empty)
        return flat.pop() if len(flat) == 1 else self._number(Node(kind, tuple(sorted(flat))))

    def _number(self, node: Node) -> int:
        found = self._numbers.setdefault(node, len(self.nodes))
        if found == len(self.nodes):
            self.nodes.append(node)
        return found

    def below(self, roots: Iterable[int]) -> list[int]:
        """The roots and all nodes below them, children before their parents."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                node = self.nodes[number]
                waiting += node.below
        self.effort.take(len(found))
        return sorted(found)
