"""Conditions as formulas over variables: alike conditions are one node, whatever their words.

A variable is whatever has a value of its own: an attribute of one side, the judged datum, a path or a contract as a
whole. It has tests, and each way in which its value may answer them is a row of its domain. Variables are taken to be
independent, which is more than facts can be: what holds for each row of each variable holds for every manifest.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from privacy_rules.lint.solver.step_budget import Effort
from privacy_rules.vocabulary.attributes import Attribute

Form = Literal["one", "set", "texts", "number", "duration", "date", "text", "flag", "pair", "id", "free", "sure"]
"""What values a variable has: `free` is any of the three truth values, `sure` is unknown or true, `id` an entity's."""


@dataclass(slots=True)
class Variable:
    """`tests` in the order in which they were met; a row of its domain has an answer for each."""

    key: Hashable
    form: Form
    vocabulary: str = ""
    attribute: Attribute | None = None
    nullable: bool = True
    tests: list[Hashable] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `and`, `or`, `not` of `parts` (numbers of nodes), `const` (its value), or `test` (variable, test)."""

    kind: Literal["and", "or", "not", "const", "test"]
    parts: tuple[int, ...]


class Formulas:
    """All formulas of one policy: nodes by number, each behind those that it is made of."""

    def __init__(self, effort: Effort | None = None) -> None:
        self.effort = effort or Effort()
        self.nodes: list[Node] = []
        self.variables: list[Variable] = []
        self._numbers: dict[Node, int] = {}
        self._by_key: dict[Hashable, int] = {}
        self._tests: dict[tuple[int, Hashable], int] = {}

    def all_of(self, parts: Iterable[int]) -> int:
        """The smallest of the parts; true of none."""
        return self._joined("and", parts, 2)

    def any_of(self, parts: Iterable[int]) -> int:
        """The largest of the parts; false of none."""
        return self._joined("or", parts, 0)

    def negation(self, part: int) -> int:
        """`not`: of a `not` what stands in it."""
        node = self.nodes[part]
        if node.kind == "not":
            return node.parts[0]
        if node.kind == "const":
            return self.constant(2 - node.parts[0])
        return self._number(Node("not", (part,)))

    def constant(self, value: int) -> int:
        """A truth value that depends on nothing."""
        return self._number(Node("const", (value,)))

    def test(self, variable: Variable, test: Hashable) -> int:
        """A test of a variable; of two variables of one key the first is meant."""
        number = self._by_key.setdefault(variable.key, len(self.variables))
        if number == len(self.variables):
            self.variables.append(variable)
        tests = self.variables[number].tests
        at = self._tests.setdefault((number, test), len(tests))
        if at == len(tests):
            tests.append(test)
        return self._number(Node("test", (number, at)))

    def _joined(self, kind: Literal["and", "or"], parts: Iterable[int], empty: int) -> int:
        """Sorted, flat and without repeats, so that alike formulas are one."""
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
        """The nodes that the roots are made of, each behind its parts."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                node = self.nodes[number]
                waiting += node.parts if node.kind in ("and", "or", "not") else ()
        self.effort.take(len(found))
        return sorted(found)
