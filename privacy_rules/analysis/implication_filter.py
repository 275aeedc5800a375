"""Rules out most formulas that another one does not imply, without a search for each pair.

An example makes a formula true, and leaves some facts unknown. A formula that is not true for the example is not
implied. Only tests that must hold for a whole formula are examined, so the formulas that are left still need a search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from privacy_rules.analysis.formula import Formulas, Variable
from privacy_rules.analysis.search import Model
from privacy_rules.checking.logic import TRUE
from privacy_rules.checking.term_tests import is_term
from privacy_rules.language.policy import Policy
from privacy_rules.vocabulary.taxonomy import bits


class Candidates:
    """Sets of formulas, as bits: those that need a variable to be known, and those that allow it to have a term."""

    def __init__(self, policy: Policy, formulas: Formulas, nodes: Sequence[int]) -> None:
        self._policy, self._formulas = policy, formulas
        self._all = (1 << len(nodes)) - 1
        self._needs: dict[int, int] = defaultdict(int)
        self._asks: dict[int, int] = defaultdict(int)
        self._takes: dict[tuple[int, str], int] = defaultdict(int)
        for number, node in enumerate(nodes):
            self._note(1 << number, node)

    def _note(self, bit: int, node: int) -> None:
        for variable, test in self._tests(node):
            self._needs[variable] |= bit
            mask = None if test is None else _mask(self._formulas.variables[variable], test)
            if (
                mask is not None and not self._asks[variable] & bit
            ):  # the first of several tests is enough to rule it out
                self._asks[variable] |= bit
                names = self._policy.taxonomy(self._formulas.variables[variable].vocabulary).names(mask)
                self._formulas.effort.take(len(names))
                for term in names:
                    self._takes[variable, term] |= bit

    def _tests(self, node: int) -> Iterator[tuple[int, int | None]]:
        """Yield what must be known for a formula to be true: a variable, and the test that must be true (None if it must be false)."""
        nodes = self._formulas.nodes
        for number in nodes[node].parts if nodes[node].kind == "and" else (node,):
            part = nodes[number]
            if part.kind == "test":
                yield part.parts[0], part.parts[1]
            elif part.kind == "not":
                denied = nodes[part.parts[0]]
                for each in denied.parts if denied.kind == "or" else part.parts:
                    if nodes[each].kind == "test":
                        yield nodes[each].parts[0], None

    def of(self, example: Model) -> list[int]:
        """The numbers of the formulas that may be true for an example."""
        found = self._all
        for variable, needing in self._needs.items():
            if variable not in example:
                found &= ~needing
            elif variable in self._asks and (term := self._term(variable, example[variable])) is not None:
                found &= self._takes.get((variable, term), 0) | ~self._asks[variable]
        return bits(found)

    def beside(self, node: int) -> list[int]:
        """The numbers of the formulas that may be true together with a node, judging by tests of single values only."""
        found = self._all
        for variable, test in self._tests(node):
            of_one = test is not None and self._formulas.variables[variable].form == "one"
            mask = _mask(self._formulas.variables[variable], test) if of_one and test is not None else None
            if mask is not None and variable in self._asks:
                names = self._policy.taxonomy(self._formulas.variables[variable].vocabulary).names(mask)
                taking = reduce(or_, (self._takes.get((variable, each), 0) for each in names), 0)
                found &= taking | ~self._asks[variable]
        return bits(found)

    def _term(self, number: int, answers: dict[int, int]) -> str | None:
        """A term that gives these answers, as the value or as the only element of a set; None if there is none."""
        variable = self._formulas.variables[number]
        masks = [(_mask(variable, test), answer) for test, answer in answers.items()]
        taxonomy = self._policy.taxonomy(variable.vocabulary)
        first = next((mask for mask, answer in masks if mask is not None and answer == TRUE), None)
        for term in () if first is None else taxonomy.names(first):
            if all(mask is not None and is_term(taxonomy, term, mask) == answer for mask, answer in masks):
                return term
        return None


def _mask(variable: Variable, test: int) -> int | None:
    """The terms for which a test of a single term is true; None for any other test."""
    asked = variable.tests[test]
    if variable.form == "one":
        return asked if isinstance(asked, int) else None
    if variable.form == "set" and isinstance(asked, tuple):
        _, mask = asked
        return mask if isinstance(mask, int) else None
    return None
