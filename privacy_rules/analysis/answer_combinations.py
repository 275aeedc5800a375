"""Remember which combinations of answers to the tests of a question each variable can have."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.analysis.domains import rows
from privacy_rules.analysis.formula import Formulas
from privacy_rules.analysis.term_answers import Row
from privacy_rules.language.policy import Policy

Shape = dict[int, tuple[tuple[int, ...], list[Row] | None]]
"""For each variable the numbers of the tests that are asked, and their rows (None if there are too many)."""


class Rows:
    """The rows of a policy's variables."""

    def __init__(self, policy: Policy, formulas: Formulas) -> None:
        self._policy, self._formulas = policy, formulas
        self._known: dict[tuple[int, tuple[int, ...]], list[Row] | None] = {}

    def shape(self, nodes: Sequence[int]) -> Shape:
        """Return the tests that the nodes ask of each variable, with their rows."""
        asked: dict[int, set[int]] = {}
        for number in nodes:
            node = self._formulas.nodes[number]
            if node.kind == "test":
                asked.setdefault(node.parts[0], set()).add(node.parts[1])
        return {variable: self.of(variable, tuple(sorted(tests))) for variable, tests in asked.items()}

    def of(self, number: int, tests: tuple[int, ...]) -> tuple[tuple[int, ...], list[Row] | None]:
        """Return tests of a variable with its rows."""
        key = number, tests
        if key not in self._known:
            variable = self._formulas.variables[number]
            taxonomy = self._policy.taxonomy(variable.vocabulary)
            days = len(taxonomy.change_days) + 1
            self._formulas.effort.take(len(tests) * (len(tests) + days * len(taxonomy.terms)))
            self._known[key] = rows(variable, tests, taxonomy)
        return tests, self._known[key]
